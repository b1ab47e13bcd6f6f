// Figures over the tasks of an audience, computed by the database.
package import Model
import StoreCore

package struct TaskStatistics: Sendable {
    package var total: Int64 = 0
    package var byStatus: [TaskStatus: Int64] = [:]
    package var byPriority: [TaskPriority: Int64] = [:]
    package var overdue: Int64 = 0
    /// The last 30 days in the time zone of the reader, oldest first, today last.
    package var completedPerDay: [(day: Day, count: Int64)] = []

    package static let days: Int64 = 30
}

extension Tasks {
    package func statistics(_ audience: TaskAudience, in time: LocalTime, now: Instant) throws -> TaskStatistics {
        var statistics = TaskStatistics()
        let figures = Self.statements(audience, .init(), now: now) {
            """
            SELECT status, priority, count(*), coalesce(sum(CASE WHEN \(Self.isOverdue(at: now)) THEN 1 ELSE 0 END), 0)
            FROM tasks WHERE \($0) GROUP BY status, priority
            """
        }
        for sql in figures {
            let rows = try tx.rows(sql) { row in
                (
                    try row.value(0, as: Int64.self), try row.value(1, as: Int64.self), try row.value(2, as: Int64.self),
                    try row.value(3, as: Int64.self)
                )
            }
            for (status, priority, count, overdue) in rows {
                statistics.total += count
                statistics.overdue += overdue
                statistics.byStatus[try decoded(status), default: 0] += count
                statistics.byPriority[try decoded(priority), default: 0] += count
            }
        }
        let today = time.day(of: now).number
        let first = today - TaskStatistics.days + 1
        let start = time.start(of: Day(number: first))
        let completions = Self.statements(audience, .init(), now: now) {
            """
            SELECT \(Self.day(of: "completed_at", in: time, from: start, to: now)) AS day, count(*) FROM tasks
            WHERE \($0) AND completed_at >= \(start) GROUP BY 1
            """
        }
        let perDay = try self.perDay(completions)
        statistics.completedPerDay = (first...today).map { (Day(number: $0), perDay[$0] ?? 0) }
        return statistics
    }

    /// The number of the day it is there, for instants from `start` to `end`.
    private static func day(of moment: SQL, in time: LocalTime, from start: Instant, to end: Instant) -> SQL {
        let offsets = time.offsets(from: start, to: end)
        let changes = SQL.joined(
            zip(offsets, offsets.dropFirst()).map { "WHEN \(moment) < \($1.from) THEN CAST(\($0.offset) AS BIGINT)" }, by: " ")
        let last = offsets.last?.offset ?? 0
        let rest: SQL = "CAST(\(last) AS BIGINT)"
        let offset: SQL = offsets.count > 1 ? "CASE \(changes) ELSE \(rest) END" : rest
        return "((\(moment)) + \(offset)) / 86400000000"
    }

    /// The sums of statements that each give days with counts.
    private func perDay(_ statements: [SQL]) throws -> [Int64: Int64] {
        try statements.reduce(into: [:]) { counts, sql in
            let rows = try tx.rows(sql) { (try $0.value(0, as: Int64.self), try $0.value(1, as: Int64.self)) }
            counts.merge(rows, uniquingKeysWith: +)
        }
    }
}

/// How tasks came about and were completed, day by day.
package struct BurnUp: Sendable {
    /// In those days.
    package var created: Int64 = 0
    package var completed: Int64 = 0
    /// What there was at the end of each day, from the first to the last that has begun.
    package var days: [(day: Day, tasks: Int64, completed: Int64)] = []
}

extension Tasks {
    /// Without the tasks in the trash: what they were like on a day is not known.
    package func burnUp(_ audience: TaskAudience, _ days: ClosedRange<Day>, in time: LocalTime, now: Instant) throws -> BurnUp {
        let last = min(days.upperBound, time.day(of: now))
        // An imported task may have been completed before it was created here.
        let completion: SQL = "CASE WHEN completed_at < created_at THEN created_at ELSE completed_at END"
        let created = try perDay("created_at", audience, from: days.lowerBound, to: last, in: time)
        let completed = try perDay(completion, audience, from: days.lowerBound, to: last, in: time)
        var burnUp = BurnUp()
        let before = days.lowerBound.number - 1
        var (tasks, done) = (created[before] ?? 0, completed[before] ?? 0)
        for number in stride(from: days.lowerBound.number, through: last.number, by: 1) {
            burnUp.created += created[number] ?? 0
            burnUp.completed += completed[number] ?? 0
            tasks += created[number] ?? 0
            done += completed[number] ?? 0
            burnUp.days.append((Day(number: number), tasks, done))
        }
        return burnUp
    }

    /// Counts by day; everything before `first` counts for the day before it.
    private func perDay(
        _ moment: SQL, _ audience: TaskAudience, from first: Day, to last: Day, in time: LocalTime
    ) throws -> [Int64: Int64] {
        let (start, end) = (time.start(of: first), time.end(of: last))
        return try perDay(
            Self.statements(audience, .init(), now: end) {
                """
                SELECT CASE WHEN \(moment) < \(start) THEN \(first.number - 1)
                    ELSE \(Self.day(of: moment, in: time, from: start, to: end)) END AS day, count(*)
                FROM tasks WHERE \($0) AND \(moment) <= \(end) GROUP BY 1
                """
            })
    }
}
