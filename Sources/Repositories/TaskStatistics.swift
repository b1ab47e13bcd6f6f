// Figures over the tasks of an audience, computed by the database.
package import Model
import StoreCore

package struct TaskStatistics: Sendable {
    package var total: Int64 = 0
    package var byStatus: [TaskStatus: Int64] = [:]
    package var byPriority: [TaskPriority: Int64] = [:]
    package var overdue: Int64 = 0
    /// The last 30 days, oldest first, today last.
    package var completedPerDay: [(day: Day, count: Int64)] = []

    package static let days: Int64 = 30
}

extension Tasks {
    package func statistics(_ audience: TaskAudience, now: Instant) throws -> TaskStatistics {
        var statistics = TaskStatistics()
        let scope = Self.condition(audience)
        try tx.rows(
            """
            SELECT status, priority, count(*), coalesce(sum(CASE WHEN due_at < \(now) AND status <> 2 THEN 1 ELSE 0 END), 0)
            FROM tasks WHERE deleted_at IS NULL AND \(scope) GROUP BY status, priority
            """
        ) { row in
            (
                try row.value(0, as: Int64.self), try row.value(1, as: Int64.self), try row.value(2, as: Int64.self),
                try row.value(3, as: Int64.self)
            )
        }
        .forEach { status, priority, count, overdue in
            statistics.total += count
            statistics.overdue += overdue
            statistics.byStatus[try decoded(status), default: 0] += count
            statistics.byPriority[try decoded(priority), default: 0] += count
        }
        let today = now.day.number
        let first = today - TaskStatistics.days + 1
        let counts = try tx.rows(
            """
            SELECT completed_at / 86400000000 AS day, count(*) FROM tasks
            WHERE deleted_at IS NULL AND \(scope) AND completed_at >= \(Day(number: first).start) GROUP BY 1
            """
        ) { (try $0.value(0, as: Int64.self), try $0.value(1, as: Int64.self)) }
        let perDay = Dictionary(counts, uniquingKeysWith: +)
        statistics.completedPerDay = (first...today).map { (Day(number: $0), perDay[$0] ?? 0) }
        return statistics
    }

    private static func condition(_ audience: TaskAudience) -> SQL {
        switch audience.scope {
        case .owned: "owner_id = \(audience.user)"
        case .assigned: "assignee_id = \(audience.user)"
        case .mine: "(owner_id = \(audience.user) OR assignee_id = \(audience.user))"
        case .all: "1 = 1"
        }
    }
}
