// The table of contents: every endpoint of TaskFlow, one line each.

package struct Endpoints {
    let auth: AuthEndpoints
    let users: UserEndpoints
    let notifications: NotificationEndpoints
    let preferences: PreferencesEndpoints
    let views: ViewEndpoints
    let tasks: TaskEndpoints
    let labels: LabelEndpoints
    let quickAdd: QuickAddEndpoints
    let exports: ExportEndpoints
    let downloads: DownloadEndpoints
    let imports: ImportEndpoints
    let reports: ReportEndpoints
    let taskLogs: TaskLogEndpoints
    let jobs: JobEndpoints
    let webhooks: WebhookEndpoints
    let changes: ChangeEndpoints
    let admin: AdminEndpoints
    let service: ServiceEndpoints

    package var all: [Endpoint] {
        [
            auth.register,  // POST   /api/v1/auth/register
            auth.login,  // POST   /api/v1/auth/login
            auth.refresh,  // POST   /api/v1/auth/refresh
            auth.logout,  // POST   /api/v1/auth/logout
            auth.sessions,  // GET    /api/v1/auth/sessions
            auth.endSession,  // DELETE /api/v1/auth/sessions/{id}
            auth.changePassword,  // POST   /api/v1/auth/password
            auth.reauthenticate,  // POST   /api/v1/auth/reauthenticate
            auth.requestReset,  // POST   /api/v1/auth/password-reset
            auth.reset,  // POST   /api/v1/auth/password-reset/confirm
            auth.verifyEmail,  // POST   /api/v1/auth/verify-email
            auth.resendVerification,  // POST   /api/v1/auth/verify-email/resend
            auth.revertEmail,  // POST   /api/v1/auth/revert-email
            auth.tokens,  // GET    /api/v1/auth/tokens
            auth.createToken,  // POST   /api/v1/auth/tokens
            auth.revokeToken,  // DELETE /api/v1/auth/tokens/{id}
            auth.publicKeys,  // GET    /.well-known/jwks.json
            auth.setUp,  // POST   /api/v1/setup

            users.me,  // GET    /api/v1/users/me
            users.myUsage,  // GET    /api/v1/users/me/usage
            users.updateMe,  // PATCH  /api/v1/users/me
            users.search,  // GET    /api/v1/users/search
            users.lookUp,  // GET    /api/v1/users/lookup
            users.list,  // GET    /api/v1/users
            users.create,  // POST   /api/v1/users
            users.get,  // GET    /api/v1/users/{id}
            users.update,  // PATCH  /api/v1/users/{id}
            users.replace,  // PUT    /api/v1/users/{id}
            users.delete,  // DELETE /api/v1/users/{id}
            notifications.get,  // GET    /api/v1/users/me/notifications
            notifications.update,  // PATCH  /api/v1/users/me/notifications
            preferences.get,  // GET    /api/v1/users/me/preferences
            preferences.update,  // PATCH  /api/v1/users/me/preferences
            views.list,  // GET    /api/v1/views
            views.create,  // POST   /api/v1/views
            views.get,  // GET    /api/v1/views/{id}
            views.update,  // PATCH  /api/v1/views/{id}
            views.delete,  // DELETE /api/v1/views/{id}
            notifications.show,  // GET    /api/v1/unsubscribe
            notifications.unsubscribe,  // POST   /api/v1/unsubscribe

            tasks.list,  // GET    /api/v1/tasks
            tasks.create,  // POST   /api/v1/tasks
            tasks.trash,  // GET    /api/v1/tasks/trash
            tasks.batch,  // POST   /api/v1/tasks/batch
            tasks.counts,  // GET    /api/v1/tasks/counts
            tasks.statistics,  // GET    /api/v1/tasks/stats
            tasks.undo,  // POST   /api/v1/changes/{request_id}/undo
            quickAdd.parse,  // POST   /api/v1/tasks/parse
            exports.export,  // GET    /api/v1/tasks/export
            downloads.create,  // POST   /api/v1/downloads
            downloads.use,  // GET    /api/v1/downloads/{secret}
            imports.start,  // POST   /api/v1/tasks/import
            imports.undo,  // POST   /api/v1/imports/{id}/undo
            reports.make,  // POST   /api/v1/reports
            tasks.get,  // GET    /api/v1/tasks/{id}
            tasks.update,  // PATCH  /api/v1/tasks/{id}
            tasks.replace,  // PUT    /api/v1/tasks/{id}
            tasks.delete,  // DELETE /api/v1/tasks/{id}
            tasks.restore,  // POST   /api/v1/tasks/{id}/restore
            tasks.move,  // POST   /api/v1/tasks/{id}/move
            tasks.history,  // GET    /api/v1/tasks/{id}/history
            tasks.shareHistory,  // PUT    /api/v1/tasks/{id}/history/shared
            tasks.unshareHistory,  // DELETE /api/v1/tasks/{id}/history/shared

            labels.list,  // GET    /api/v1/labels
            labels.update,  // PATCH  /api/v1/labels/{name}
            labels.merge,  // POST   /api/v1/labels/{name}/merge
            labels.delete,  // DELETE /api/v1/labels/{name}

            taskLogs.list,  // GET    /api/v1/task-logs
            taskLogs.get,  // GET    /api/v1/task-logs/{id}

            jobs.list,  // GET    /api/v1/jobs
            jobs.get,  // GET    /api/v1/jobs/{id}
            jobs.cancel,  // POST   /api/v1/jobs/{id}/cancel
            changes.list,  // GET    /api/v1/changes
            changes.stream,  // GET    /api/v1/events

            webhooks.list,  // GET    /api/v1/webhooks
            webhooks.create,  // POST   /api/v1/webhooks
            webhooks.get,  // GET    /api/v1/webhooks/{id}
            webhooks.update,  // PATCH  /api/v1/webhooks/{id}
            webhooks.delete,  // DELETE /api/v1/webhooks/{id}
            webhooks.rotate,  // POST   /api/v1/webhooks/{id}/rotate-secret
            webhooks.test,  // POST   /api/v1/webhooks/{id}/test
            webhooks.deliveries,  // GET    /api/v1/webhooks/{id}/deliveries
            webhooks.replay,  // POST   /api/v1/webhooks/{id}/deliveries/{delivery_id}/replay
            jobs.result,  // GET    /api/v1/jobs/{id}/result

            users.listAll,  // GET    /api/v1/admin/users
            tasks.listAll,  // GET    /api/v1/admin/tasks
            tasks.deleteAny,  // DELETE /api/v1/admin/tasks/{id}
            webhooks.listAll,  // GET    /api/v1/admin/webhooks
            admin.statistics,  // GET    /api/v1/admin/stats
            admin.audit,  // GET    /api/v1/admin/audit
            admin.verifyAudit,  // GET    /api/v1/admin/audit/verify
            jobs.listAll,  // GET    /api/v1/admin/jobs
            jobs.retry,  // POST   /api/v1/admin/jobs/{id}/retry
            jobs.schedules,  // GET    /api/v1/admin/schedules
            jobs.runSchedule,  // POST   /api/v1/admin/schedules/{name}/run

            service.healthz,  // GET    /healthz
            service.readyz,  // GET    /readyz
            service.metrics,  // GET    /metrics
            service.openAPI,  // GET    /api/v1/openapi.json
            service.instance,  // GET    /api/v1/instance
        ]
    }
}
