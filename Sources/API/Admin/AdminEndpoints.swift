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
        field("events", .count, "All events recorded so far.") { $0.events }
    }

    private static let userCounts = OutputSchema<InstanceStatistics>("UserCounts") {
        field("total", .count) { $0.users }
        field("active", .count) { $0.activeUsers }
        field("admins", .count) { $0.admins }
    }

    var statistics: Endpoint {
        .read(
            .getInstanceStats, "/api/v1/admin/stats", "Get statistics of the whole installation", tag: .administration, for: .admin,
            .query(TaskSchemas.zone), gives: .ok(Self.statisticsSchema, "The statistics.")
        ) { try await admin.statistics(in: $1, by: $0) }
    }

    var audit: Endpoint {
        .read(
            .listAudit, "/api/v1/admin/audit", "List the audit", tag: .administration, for: .admin,
            .query(EventSchemas.auditQuery), gives: .page(EventSchemas.page, "A page of events, the newest first.")
        ) { try await admin.audit($1.filter, $1.page) }
    }

    var verifyAudit: Endpoint {
        .read(
            .verifyAudit, "/api/v1/admin/audit/verify", "Verify the audit", tag: .administration, for: .admin,
            .query(AuditSchemas.query), gives: .ok(AuditSchemas.report, "The result of the verification.")
        ) { try await auditor.verify(against: $1) }
    }
}
