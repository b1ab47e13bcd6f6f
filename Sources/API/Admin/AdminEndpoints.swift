// Figures and the audit over HTTP.
import Payloads
import Services
import Wire

struct AdminEndpoints {
    let admin: AdminService
    let auditor: AuditService

    private static let statisticsSchema = OutputSchema<InstanceStatistics>("InstanceStats", uses: [userCounts, TaskSchemas.statistics]) {
        field("users", userCounts.shape) { $0 }
        field("tasks", TaskSchemas.statistics.shape) { $0.tasks }
        field("events", .count, "Everything recorded so far.") { $0.events }
    }

    private static let userCounts = OutputSchema<InstanceStatistics>("UserCounts") {
        field("total", .count) { $0.users }
        field("active", .count) { $0.activeUsers }
        field("admins", .count) { $0.admins }
    }

    var statistics: Endpoint {
        .read(
            .getInstanceStats, "/api/v1/admin/stats", "Figures over the whole installation", tag: .administration, for: .admin,
            .query(TaskSchemas.zone), gives: .ok(Self.statisticsSchema, "The figures.")
        ) { try await admin.statistics(in: $1, by: $0) }
    }

    var audit: Endpoint {
        .read(
            .listAudit, "/api/v1/admin/audit", "Everything that happened", tag: .administration, for: .admin,
            .query(EventSchemas.auditQuery), gives: .page(EventSchemas.page, "A page of events, the last one first.")
        ) { try await admin.audit($1.filter, $1.page) }
    }

    var verifyAudit: Endpoint {
        .read(
            .verifyAudit, "/api/v1/admin/audit/verify", "Verify that the audit is what was recorded", tag: .administration, for: .admin,
            .query(AuditSchemas.query), gives: .ok(AuditSchemas.report, "What was found.")
        ) { try await auditor.verify(against: $1) }
    }
}
