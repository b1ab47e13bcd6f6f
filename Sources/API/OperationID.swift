// The name of every operation. Whoever switches over it is told by the compiler when one is added.

package enum OperationID: String, CaseIterable, Sendable {
    case register, login, refresh, logout, listSessions, endSession, changePassword, reauthenticate
    case requestPasswordReset, resetPassword, verifyEmail, resendVerification, revertEmail
    case listTokens, createToken, revokeToken
    case getKeys
    case setUp
    case getMe, getMyUsage, updateMe, searchUsers, lookUpUsers, listUsers, createUser, getUser, updateUser, replaceUser, deleteUser
    case getNotifications, updateNotifications, showUnsubscribe, unsubscribe
    case getPreferences, updatePreferences, listViews, createView, getView, updateView, deleteView
    case listTasks, createTask, getTask, updateTask, replaceTask, deleteTask, restoreTask, listTrash, batchTasks, moveTask, undoChange
    case getTaskStats, countTasks, listLabels, updateLabel, mergeLabel, deleteLabel
    case getTaskHistory, shareTaskHistory, unshareTaskHistory, exportTasks, importTasks, undoImport, makeReport
    case parseTask, createDownload, useDownload
    case listTaskLogs, getTaskLog
    case listJobs, getJob, cancelJob, getJobResult
    case listAllJobs, retryJob, listSchedules, runSchedule
    case listWebhooks, createWebhook, getWebhook, updateWebhook, deleteWebhook, rotateWebhookSecret, testWebhook
    case listDeliveries, replayDelivery
    case listChanges, streamChanges
    case listAllUsers, listAllTasks, listAllWebhooks, deleteAnyTask, getInstanceStats, listAudit, verifyAudit
    case getHealth, getReadiness, getMetrics, getOpenAPI, getInstance
}
