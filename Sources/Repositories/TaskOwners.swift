// Whose tasks somebody is about to edit.
package import Model
import StoreCore

extension Tasks {
    /// The owners of those tasks that the editor owns or is assigned, and how many of them each owns.
    /// - Parameter editor: `nil` for who may edit all tasks.
    package func owners(of ids: [ID<TaskItem>], editor: ID<User>?) throws -> [(owner: ID<User>, count: Int)] {
        let isTheirs: SQL = editor.map { " AND (owner_id = \($0) OR assignee_id = \($0))" } ?? ""
        let sql: SQL = "SELECT owner_id, count(*) FROM tasks WHERE id IN (\(list: ids))\(isTheirs) GROUP BY owner_id"
        return try tx.rows(ids.count == 1 ? sql : sql.unkept) { (try $0.value(0), Int(try $0.value(1, as: Int64.self))) }
    }
}
