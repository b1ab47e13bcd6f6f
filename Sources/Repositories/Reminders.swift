// What people are to be reminded of: tasks that are due on their tomorrow, and the figures of their week.
package import Model
package import StoreCore

package struct Reminders {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    /// `TaskItem.isOpen`, in the words that an index over the status answers.
    private static let open: SQL = "t.status < 2 AND NOT t.archived AND t.deleted_at IS NULL"

    /// The time zones that people live in.
    package func timeZones() throws -> [String] {
        try tx.rows("SELECT DISTINCT time_zone FROM users WHERE is_active AND deleted_at IS NULL ORDER BY time_zone") { try $0.value(0) }
    }

    /// Some tasks of people in that zone that are due on a day there and that they were not told of, by person.
    package func due(on day: Day, zone: String, limit: Int64) throws -> [(user: ID<User>, task: ID<TaskItem>, due: Due)] {
        let isDue = Tasks.isDue(on: day, in: LocalTime(zone))
        // The index has tasks by their state and then by due date, so the states are named one by one.
        func branch(_ role: SQL) -> SQL {
            """
            SELECT u.id AS user_id, t.id AS task_id, t.due_at AS due_at, t.due_on AS due_on, t.due_end AS due_end
            FROM tasks t JOIN users u ON u.id = \(role)
            WHERE \(Self.open) AND t.status IN (0, 1) AND \(Tasks.isDated) AND \(isDue) AND u.time_zone = \(zone) AND \(Mails.wants(.dueTomorrow))
                AND NOT EXISTS (
                    SELECT 1 FROM mail_tasks AS told JOIN mails AS m ON m.id = told.mail_id
                    WHERE told.task_id = t.id AND m.user_id = u.id AND m.kind = 'due_tomorrow'
                        AND (told.due_at = t.due_at OR told.due_on = t.due_on))
            """
        }
        let found: [(ID<User>, ID<TaskItem>, Due?)] = try tx.rows(
            """
            SELECT user_id, task_id, due_at, due_on FROM (\(branch("t.owner_id")) UNION \(branch("t.assignee_id"))) AS found
            ORDER BY user_id, due_end, task_id LIMIT \(limit)
            """
        ) { row in
            let day = try row.value(3, as: Int64?.self).map { Day(number: $0) }
            return (try row.value(0), try row.value(1), Due(at: try row.value(2), on: day))
        }
        return found.compactMap { user, task, due in due.map { (user, task, $0) } }
    }

    /// Some people in that zone who have open tasks and got no digest since `monday`.
    package func withoutDigest(since monday: Instant, zone: String, limit: Int64) throws -> [ID<User>] {
        func has(_ role: SQL) -> SQL { "EXISTS (SELECT 1 FROM tasks AS t WHERE \(role) = u.id AND \(Self.open))" }
        return try tx.rows(
            """
            SELECT u.id FROM users AS u
            WHERE u.time_zone = \(zone) AND \(Mails.wants(.weeklyDigest)) AND (\(has("t.owner_id")) OR \(has("t.assignee_id")))
                AND NOT EXISTS (
                    SELECT 1 FROM mails AS d WHERE d.user_id = u.id AND d.kind = 'weekly_digest' AND d.created_at >= \(monday))
            ORDER BY u.id LIMIT \(limit)
            """
        ) { try $0.value(0) }
    }

    package struct Week: Sendable {
        package var open: Int64
        package var overdue: Int64
        /// Open, due until the end of the week and not overdue, the earliest first.
        package var due: [TaskItem]
    }

    /// How many tasks of somebody are open and overdue, and some that are due until the end of `last` where they are.
    package func week(of user: ID<User>, now: Instant, until last: Day, in time: LocalTime, limit: Int64) throws -> Week {
        var counts: (open: Int64, overdue: Int64) = (0, 0)
        for part in Self.open(of: user) {
            let sql: SQL = "SELECT count(*), count(CASE WHEN \(Tasks.isOverdue(at: now)) THEN 1 END) FROM tasks AS t WHERE \(part)"
            guard let found = try tx.first(sql, { (try $0.value(0, as: Int64.self), try $0.value(1, as: Int64.self)) }) else { continue }
            counts.open += found.0
            counts.overdue += found.1
        }
        let due = try tx.rows(Self.dueListing(of: user, now: now, until: last, in: time, limit: limit), Tasks.read)
        return Week(open: counts.open, overdue: counts.overdue, due: due)
    }

    /// Parts of somebody's open tasks, each found by an index: an OR would be found by none.
    private static func open(of user: ID<User>) -> [SQL] {
        ["t.owner_id = \(user) AND \(open)", "t.assignee_id = \(user) AND t.owner_id <> \(user) AND \(open)"]
    }

    static func dueListing(of user: ID<User>, now: Instant, until last: Day, in time: LocalTime, limit: Int64) -> SQL {
        let parts = open(of: user).map { part -> SQL in
            """
            SELECT * FROM (
                SELECT \(Tasks.columns) FROM tasks AS t WHERE \(part) AND t.due_end >= \(now) AND \(Tasks.isDated)
                    AND (t.due_at <= \(time.end(of: last)) OR t.due_on <= \(last.number))
                ORDER BY t.due_end, t.id LIMIT \(limit)
            ) AS part
            """
        }
        return "SELECT * FROM (\(SQL.joined(parts, by: " UNION ALL "))) AS week ORDER BY due_end, id LIMIT \(limit)"
    }
}
