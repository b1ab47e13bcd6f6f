// The orders of a task list: for each sort key the SQL expression, the index that serves it, and the cursor of a row.
import Model
import StoreCore

enum TaskOrder {
    /// No due date sorts after every due date, as the column `due_key` has it: a cursor cannot find its place in the index of an
    /// expression.
    private static let noDueDate = Int64.max

    static func expression(_ key: TaskSortKey) -> SQL {
        switch key {
        case .createdAt: "created_at"
        case .updatedAt: "updated_at"
        case .dueAt: "due_key"
        case .priority: "priority"
        case .title: "title_key"
        case .status: "status"
        }
    }

    static func cursorKey(_ key: TaskSortKey, of task: TaskItem) -> Cursor.Key {
        switch key {
        case .createdAt: .int(task.createdAt.microseconds)
        case .updatedAt: .int(task.updatedAt.microseconds)
        case .dueAt: .int(task.dueAt?.microseconds ?? noDueDate)
        case .priority: .int(task.priority.rawValue)
        case .title: .text(caseFolded(task.title))
        case .status: .int(task.status.rawValue)
        }
    }

    /// One index for each order of the tasks one owns, is assigned, and of all. The filters used most are decided in
    /// the index, without a look at the row.
    static var indexes: [SQL] {
        TaskSortKey.allCases.flatMap { key -> [SQL] in
            let name = SQL(stringLiteral: key.rawValue)
            let filters = SQL(
                stringLiteral: ["status", "priority", "archived"].filter { $0 != key.rawValue }.map { ", " + $0 }.joined())
            return [
                """
                CREATE INDEX tasks_owned_by_\(name) ON tasks (owner_id, \(expression(key)), id\(filters))
                WHERE deleted_at IS NULL
                """,
                """
                CREATE INDEX tasks_assigned_by_\(name) ON tasks (assignee_id, \(expression(key)), id\(filters))
                WHERE deleted_at IS NULL AND assignee_id IS NOT NULL
                """,
                "CREATE INDEX tasks_by_\(name) ON tasks (\(expression(key)), id\(filters)) WHERE deleted_at IS NULL",
            ]
        }
    }

    /// The rows after the cursor. A row-value comparison, so that the index finds the place in one step.
    static func after(_ cursor: Cursor, _ sort: TaskSort) -> SQL {
        let comparison: SQL = sort.descending ? "<" : ">"
        let key: Bind =
            switch cursor.key {
            case .int(let value): .int(value)
            case .text(let value): .text(value)
            }
        return "(\(expression(sort.key)), id) \(comparison) (\(key), \(cursor.id))"
    }
}
