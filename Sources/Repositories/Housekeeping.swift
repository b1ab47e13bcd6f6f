// What clean-ups find: rows whose time is over, some at a time.
package import Model
import StoreCore

extension Tasks {
    /// Some tasks whose due date has passed, those behind a place in their order.
    /// - Returns: where each stands, and whether that date was announced.
    package func overdue(
        at now: Instant, after place: (end: Instant, id: ID<TaskItem>)?, limit: Int64
    ) throws -> [(end: Instant, id: ID<TaskItem>, isAnnounced: Bool)] {
        try tx.rows(Self.overdueListing(at: now, after: place, limit: limit)) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
    }

    static func overdueListing(at now: Instant, after place: (end: Instant, id: ID<TaskItem>)?, limit: Int64) -> SQL {
        let after: SQL = place.map { "AND (due_end, id) > (\($0.end), \($0.id))" } ?? ""
        // The index has tasks by their state and then by due date.
        let branches = [TaskStatus.pending, .inProgress].map { status -> SQL in
            """
            SELECT * FROM (
                SELECT due_end, id FROM tasks WHERE status = \(status) AND due_end < \(now) AND NOT archived AND deleted_at IS NULL \(after)
                ORDER BY due_end, id LIMIT \(limit)
            ) AS branch
            """
        }
        return """
            SELECT found.due_end, found.id, EXISTS (
                SELECT 1 FROM overdue_notices AS old WHERE old.task_id = tasks.id AND CASE WHEN tasks.due_on IS NULL
                    THEN old.due_on IS NULL AND old.due_at = tasks.due_at ELSE old.due_on = tasks.due_on END)
            FROM (SELECT * FROM (\(SQL.joined(branches, by: " UNION ALL "))) AS branches ORDER BY due_end, id LIMIT \(limit)) AS found
            \(.orderedJoin) tasks USING (id) ORDER BY found.due_end, found.id
            """
    }

    /// Remembers that the present due date was announced as missed.
    package func noteOverdue(_ task: TaskItem) throws {
        try tx.enqueue(
            """
            INSERT INTO overdue_notices (task_id, due_at, due_on) VALUES (\(task.id), \(task.dueEnd), \(task.dueOn?.number))
            ON CONFLICT (task_id) DO UPDATE SET due_at = excluded.due_at, due_on = excluded.due_on
            """)
    }

    /// Some tasks that were deleted before `instant`; they stay as they are until the transaction ends.
    package func lockTrash(before instant: Instant, limit: Int64) throws -> [TaskItem] {
        try tx.rows(
            """
            SELECT \(Self.columns) FROM tasks WHERE deleted_at IS NOT NULL AND deleted_at <= \(instant)
            ORDER BY deleted_at, id LIMIT \(limit) \(.forUpdate)
            """, Self.read)
    }

    /// The highest id of all tasks; 0 without any.
    package func lastID() throws -> Int64 { try tx.value("SELECT coalesce(max(id), 0) FROM tasks") }
}

extension Sessions {
    /// Removes some refresh tokens that expired before `instant`.
    /// - Returns: how many.
    package func deleteExpiredTokens(before instant: Instant, limit: Int64) throws -> Int {
        try tx.run(
            """
            DELETE FROM refresh_tokens WHERE hash IN (
                SELECT hash FROM refresh_tokens WHERE expires_at < \(instant) ORDER BY expires_at LIMIT \(limit) \(.skippingLocked))
            """)
    }

    /// Removes some sessions that expired before `instant` and whose refresh tokens are gone.
    /// - Returns: how many.
    package func deleteExpired(before instant: Instant, limit: Int64) throws -> Int {
        try tx.run(
            """
            DELETE FROM sessions WHERE id IN (
                SELECT id FROM sessions WHERE expires_at < \(instant)
                    AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE session_id = sessions.id)
                ORDER BY expires_at LIMIT \(limit) \(.skippingLocked))
            """)
    }
}
