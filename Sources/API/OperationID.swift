// The name of every operation. Whoever switches over it is told by the compiler when one is added.

package enum OperationID: String, CaseIterable, Sendable {
    case register, login, refresh, logout, listSessions, endSession, changePassword, reauthenticate
    case requestPasswordReset, resetPassword, verifyEmail, resendVerification, revertEmail
    case listTokens, createToken, revokeToken
    case getKeys
    case setUp
    case getMe, getMyUsage, updateMe, searchUsers, listUsers, createUser, getUser, updateUser, replaceUser, deleteUser
    case getNotifications, updateNotifications, showUnsubscribe, unsubscribe
    case listTasks, createTask, getTask, updateTask, replaceTask, deleteTask, restoreTask, listTrash, batchTasks, getTaskStats
    case countTasks, listLabels, updateLabel, mergeLabel, deleteLabel
    case getTaskHistory, shareTaskHistory, unshareTaskHistory, exportTasks, importTasks, undoImport, makeReport
    case listTaskLogs, getTaskLog
    case listJobs, getJob, cancelJob, getJobResult
    case listAllJobs, retryJob, listSchedules, runSchedule
    case listWebhooks, createWebhook, getWebhook, updateWebhook, deleteWebhook, rotateWebhookSecret, testWebhook
    case listDeliveries, replayDelivery
    case listChanges, streamChanges
    case listAllUsers, listAllTasks, listAllWebhooks, deleteAnyTask, getInstanceStats, listAudit, verifyAudit
    case getHealth, getReadiness, getMetrics, getOpenAPI

    /// What machines ask to learn whether the process is well.
    package static let probes: Set<OperationID> = [.getHealth, .getReadiness, .getMetrics]
    /// What machines poll, without a rate limit.
    package static let unlimited = probes.union([.getOpenAPI, .getKeys])
}
