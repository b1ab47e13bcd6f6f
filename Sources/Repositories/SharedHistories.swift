// Whether the assignee of a task may read what was before the assignment.
package import Model
import StoreCore

extension Tasks {
    package func isHistoryShared(_ id: ID<TaskItem>) throws -> Bool {
        try tx.first("SELECT 1 FROM shared_histories WHERE task_id = \(id)") { _ in true } ?? false
    }

    /// - Returns: whether that changes anything.
    package func setHistoryShared(_ isShared: Bool, _ id: ID<TaskItem>) throws -> Bool {
        let sql: SQL =
            isShared
            ? "INSERT INTO shared_histories (task_id) VALUES (\(id)) ON CONFLICT DO NOTHING"
            : "DELETE FROM shared_histories WHERE task_id = \(id)"
        return try tx.run(sql) == 1
    }
}
