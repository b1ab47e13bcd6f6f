// How quotas and their use look on the wire.
import Model
import Services
import Wire

enum UsageSchemas {
    private static let one = OutputSchema<(Quota, UsageReport)>("QuotaUsage") {
        field("used", .count, example: 12) { $0.1.used[$0.0] ?? 0 }
        field(
            "limit", .count,
            "The limit; beyond it a request is answered with 409 quota_exceeded.", example: 1000
        ) { $0.1.quotas.limit($0.0) }
    }

    static let usage = OutputSchema<UsageReport>("Usage", uses: [one]) {
        field(
            "tasks", one.shape,
            "Tasks that you own, including those in the trash. The figures for tasks, text and labels may be some seconds old."
        ) {
            (.tasks, $0)
        }
        field("text", one.shape, "Bytes of the titles, descriptions and labels of your tasks.") { (.text, $0) }
        field("labels", one.shape, "Different labels on your tasks.") { (.labels, $0) }
        field(
            "changes", one.shape,
            "Bytes of text that you wrote into existing tasks in the current period of 24 hours, counted by this server."
        ) {
            (.changes, $0)
        }
        field("files", one.shape, "Bytes of your files: unfinished imports, results of reports and imports.") { (.files, $0) }
        field("answers", one.shape, "Bytes of answers that are stored for Idempotency-Key.") { (.answers, $0) }
        field("tokens", one.shape, "Personal access tokens.") { (.tokens, $0) }
        field("sessions", one.shape, "Sessions. A login beyond the limit ends the least recently used session.") { (.sessions, $0) }
        field("webhooks", one.shape) { (.webhooks, $0) }
        field("views", one.shape) { (.views, $0) }
        field("jobs", one.shape, "Your waiting jobs.") { (.jobs, $0) }
        field("exports", one.shape, "Exports that this server is sending.") { (.exports, $0) }
    }
}
