// The orders of a task list: for each sort key the SQL expression, the index that serves it, and the cursor of a row.
import Model
import StoreCore

enum TaskOrder {
    static func expression(_ key: TaskSortKey) -> SQL {
        switch key {
        case .createdAt: "created_at"
        case .updatedAt: "updated_at"
        case .dueAt: "due_end"
        case .completedAt: "completed_at"
        case .priority: "priority"
        case .title: "title_key"
        case .status: "status"
        }
    }

    static func cursorKey(_ sort: TaskSort, of task: TaskItem) -> Cursor.Key {
        switch sort.key {
        case .createdAt: .int(task.createdAt.microseconds)
        case .updatedAt: .int(task.updatedAt.microseconds)
        case .dueAt: .int(task.dueEnd?.microseconds ?? absentKey(sort))
        case .completedAt: .int(task.completedAt?.microseconds ?? absentKey(sort))
        case .priority: .int(task.priority.rawValue)
        case .title: .text(collationKey(task.title))
        case .status: .int(task.status.rawValue)
        }
    }

    /// One index for each order of the tasks one owns, is assigned, and of all. The filters used most are decided in
    /// the index, without a look at the row.
    static func indexes(of key: TaskSortKey, on expression: SQL) -> [SQL] {
        let name = SQL(stringLiteral: key.rawValue)
        let filters = SQL(
            stringLiteral: ["status", "priority", "archived"].filter { $0 != key.rawValue }.map { ", " + $0 }.joined())
        return [
            """
            CREATE INDEX tasks_owned_by_\(name) ON tasks (owner_id, \(expression), id\(filters))
            WHERE deleted_at IS NULL
            """,
            """
            CREATE INDEX tasks_assigned_by_\(name) ON tasks (assignee_id, \(expression), id\(filters))
            WHERE deleted_at IS NULL AND assignee_id IS NOT NULL
            """,
            "CREATE INDEX tasks_by_\(name) ON tasks (\(expression), id\(filters)) WHERE deleted_at IS NULL",
        ]
    }

    // MARK: Parts

    /// What `due_end` has without a due date.
    static let noDueDate = Int64.max
    /// The key of a task without a value: before those of all others, or behind them. The last one of due dates is `noDueDate`.
    private static func absentKey(_ sort: TaskSort) -> Int64 { sort.descending == sort.nullsFirst ? .max : .min }

    /// Rows of a list that one index gives in their order. `key` orders them among those of the other parts.
    struct Part {
        var conditions: [SQL]
        var key: SQL
        /// What the index is walked by, before the id.
        var walk: SQL?
    }

    /// How tasks with a value and those without are told apart where they are walked one after the other.
    private struct Division {
        let present: SQL
        let absent: SQL
        /// What the index is walked by, before the id, among those without a value.
        let walk: SQL?
    }

    /// The index has tasks without a due date behind all others. Wherever they are to stand elsewhere, they are walked by themselves. So are
    /// tasks that are not completed: no comparison of a cursor holds for NULL.
    private static func division(_ sort: TaskSort, _ filter: TaskFilter) -> Division? {
        switch sort.key {
        case .dueAt where sort.descending != sort.nullsFirst: Division(present: Tasks.isDated, absent: Tasks.isUndated, walk: nil)
        // Where only completed ones pass, there is no other half.
        case .completedAt where filter.completedAfter != nil || filter.completedBefore != nil: nil
        case .completedAt: Division(present: "completed_at IS NOT NULL", absent: "completed_at IS NULL", walk: "completed_at")
        case .createdAt, .updatedAt, .dueAt, .priority, .title, .status: nil
        }
    }

    /// The parts whose union is what comes after the cursor.
    static func parts(_ sort: TaskSort, _ filter: TaskFilter, after cursor: Cursor?) -> [Part] {
        let key = expression(sort.key)
        guard let division = division(sort, filter) else {
            return [Part(conditions: cursor.map { [after($0, sort, key)] } ?? [], key: key, walk: key)]
        }
        let absentKey = absentKey(sort)
        var present = Part(conditions: [division.present], key: key, walk: key)
        var absent = Part(conditions: [division.absent], key: "CAST(\(absentKey) AS BIGINT)", walk: division.walk)
        guard let cursor else { return [present, absent] }
        let comparison: SQL = sort.descending ? "<" : ">"
        if cursor.key == .int(absentKey) {
            absent.conditions.append("id \(comparison) \(cursor.id)")
            return sort.nullsFirst ? [absent, present] : [absent]
        }
        present.conditions.append(after(cursor, sort, key))
        return sort.nullsFirst ? [present] : [present, absent]
    }

    /// The rows after the cursor. A row-value comparison, so that the index finds the place in one step.
    private static func after(_ cursor: Cursor, _ sort: TaskSort, _ expression: SQL) -> SQL {
        let comparison: SQL = sort.descending ? "<" : ">"
        let key: Bind =
            switch cursor.key {
            case .int(let value): .int(value)
            case .text(let value): .text(value)
            }
        return "(\(expression), id) \(comparison) (\(key), \(cursor.id))"
    }
}
