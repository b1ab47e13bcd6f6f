// How quotas and their use look on the wire.
import Model
import Services
import Wire

enum UsageSchemas {
    private static let one = OutputSchema<(Quota, UsageReport)>("QuotaUsage") {
        field("used", .count, example: 12) { $0.1.used[$0.0] ?? 0 }
        field("limit", .count, "Beyond it a request is answered with 409 quota_exceeded.", example: 1000) { $0.1.quotas.limit($0.0) }
    }

    static let usage = OutputSchema<UsageReport>("Usage", uses: [one]) {
        field("tasks", one.shape, "Tasks that you own, those in the trash included. Tasks, text and labels may be some seconds old.") {
            (.tasks, $0)
        }
        field("text", one.shape, "Bytes of their titles, descriptions and labels.") { (.text, $0) }
        field("labels", one.shape, "Different labels on them.") { (.labels, $0) }
        field("changes", one.shape, "Bytes of texts that you wrote into existing tasks since your day began, by way of this server.") {
            (.changes, $0)
        }
        field("files", one.shape, "Bytes of your files: imports that have not ended, results of reports and imports.") { (.files, $0) }
        field("answers", one.shape, "Bytes of answers that are kept for Idempotency-Key.") { (.answers, $0) }
        field("tokens", one.shape, "Personal access tokens.") { (.tokens, $0) }
        field("sessions", one.shape, "A log-in beyond the limit ends the session that was used least recently.") { (.sessions, $0) }
        field("webhooks", one.shape) { (.webhooks, $0) }
        field("views", one.shape) { (.views, $0) }
        field("jobs", one.shape, "Jobs of yours that wait.") { (.jobs, $0) }
        field("exports", one.shape, "Exports that are being sent by this server.") { (.exports, $0) }
    }
}
