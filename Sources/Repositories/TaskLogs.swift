// The daily log: written by ranges of tasks, read by day.
package import Model
package import StoreCore

package struct TaskLogs {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    private static let columns: SQL = "id, task_id, log_date, status, priority, title, description, owner_id, assignee_id"

    private static func read(_ row: Row) throws -> TaskLog {
        TaskLog(
            id: try row.value(0), taskID: try row.value(1), day: Day(number: try row.value(2)), status: try decoded(row.value(3)),
            priority: try decoded(row.value(4)), title: try row.value(5), description: try row.value(6), ownerID: try row.value(7),
            assigneeID: try row.value(8))
    }

    /// The time zones of the accounts, and the day that it is in each.
    package func today(at now: Instant) throws -> [String: Day] {
        let zones: [String] = try tx.rows("SELECT DISTINCT time_zone FROM users") { try $0.value(0) }
        return Dictionary(uniqueKeysWithValues: zones.map { ($0, LocalTime($0).day(of: now)) })
    }

    /// Writes the rows that are missing of the day that it is for the owner, for the active tasks with these ids.
    /// - Returns: how many.
    package func write(_ today: [String: Day], of ids: ClosedRange<Int64>) throws -> Int {
        if today.isEmpty { return 0 }
        let days = today.sorted { $0.key < $1.key }.map { "(CAST(\($0.key) AS TEXT), CAST(\($0.value.number) AS BIGINT))" as SQL }
        let sql: SQL = """
            WITH today (zone, day) AS (VALUES \(SQL.joined(days, by: ", ")))
            INSERT INTO task_logs (task_id, log_date, status, priority, title, description, owner_id, assignee_id)
            SELECT tasks.id, today.day, status, priority, title, description, owner_id, assignee_id
            FROM tasks JOIN users ON users.id = owner_id JOIN today ON today.zone = users.time_zone
            WHERE tasks.id BETWEEN \(ids.lowerBound) AND \(ids.upperBound) AND NOT archived AND tasks.deleted_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM task_logs AS old WHERE old.task_id = tasks.id AND old.log_date = today.day)
            ON CONFLICT (task_id, log_date) DO NOTHING
            """
        return try tx.run(sql.unkept)
    }

    /// Tasks from an id on, not beyond `last`, whose rows one transaction may write.
    package func range(from first: Int64, through last: Int64) throws -> ClosedRange<Int64> {
        let limit = TransactionBudget.Limits.insertion.rows
        var budget = TransactionBudget(.insertion)
        let sizes: [(id: Int64, bytes: Int64)] = try tx.rows(
            """
            SELECT id, \(octets(of: "title")) + coalesce(\(octets(of: "description")), 0) FROM tasks
            WHERE id BETWEEN \(first) AND \(last) ORDER BY id LIMIT \(limit)
            """
        ) { (try $0.value(0), try $0.value(1)) }
        for (id, bytes) in sizes {
            budget.spend(bytes: Int(bytes))
            if budget.isSpent { return first...id }
        }
        return first...last
    }

    package func find(_ id: ID<TaskLog>) throws -> TaskLog? {
        try tx.first("SELECT \(Self.columns) FROM task_logs WHERE id = \(id)", Self.read)
    }

    package struct Filter: Sendable {
        package var day: Day?
        package var taskID: ID<TaskItem>?

        package init(day: Day? = nil, taskID: ID<TaskItem>? = nil) {
            self.day = day
            self.taskID = taskID
        }

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let day { conditions.append("log_date = \(day.number)") }
            if let taskID { conditions.append("task_id = \(taskID)") }
            return conditions
        }
    }

    /// The rows of tasks that `user` owned or was assigned then and may see now; everybody's without a user. The newest day first.
    package func list(_ filter: Filter, of user: ID<User>?, after cursor: Cursor?, offset: Int64, limit: Int64) throws -> [TaskLog] {
        let branches = Self.branches(filter, of: user, after: cursor).map { conditions -> SQL in
            """
            SELECT * FROM (SELECT \(Self.columns) FROM task_logs WHERE \(all(of: conditions))
            ORDER BY log_date DESC, id DESC LIMIT \(limit + offset)) AS branch
            """
        }
        return try tx.rows(
            """
            SELECT \(Self.columns) FROM (\(SQL.joined(branches, by: " UNION ALL "))) AS page
            ORDER BY log_date DESC, id DESC LIMIT \(limit) OFFSET \(offset)
            """, Self.read)
    }

    package func count(_ filter: Filter, of user: ID<User>?) throws -> Int64 {
        try Self.branches(filter, of: user, after: nil).reduce(0) { sum, conditions in
            sum + (try tx.value("SELECT count(*) FROM task_logs WHERE \(all(of: conditions))", as: Int64.self))
        }
    }

    private static func branches(_ filter: Filter, of user: ID<User>?, after cursor: Cursor?) -> [[SQL]] {
        var common = filter.conditions
        if let cursor, case .int(let day) = cursor.key { common.append("(log_date, id) < (\(day), \(cursor.id))") }
        guard let user else { return [common] }
        // Who was assigned a task then and is not any more has lost sight of it.
        let isStillTheirs: SQL =
            "EXISTS (SELECT 1 FROM tasks WHERE tasks.id = task_id AND tasks.assignee_id = \(user) AND deleted_at IS NULL)"
        return [
            common + ["owner_id = \(user)"],
            common + ["assignee_id = \(user)", "owner_id <> \(user)", isStillTheirs],
        ]
    }
}
