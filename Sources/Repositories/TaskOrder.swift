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
        case .position: "position"
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
        case .position: .int(task.position)
        }
    }

    // MARK: Indexes

    /// What older steps made: one index for each order of the tasks one owns, is assigned, and of all.
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

    /// Each is an entry that every new task pays for, so only these orders have one, and the others share them (decision 0042). The filters
    /// used most are decided in the index, without a look at the row.
    static let fewerIndexes: [SQL] =
        [
            "tasks_owned_by_created_at", "tasks_owned_by_updated_at", "tasks_owned_by_priority", "tasks_owned_by_status",
            "tasks_owned_by_completed_at", "tasks_assigned_by_created_at", "tasks_assigned_by_updated_at", "tasks_assigned_by_priority",
            "tasks_assigned_by_status", "tasks_assigned_by_completed_at", "tasks_by_due_at", "tasks_by_priority", "tasks_by_title",
            "tasks_by_status", "tasks_by_position", "tasks_by_completed_at", "tasks_due",
        ].map { "DROP INDEX IF EXISTS \(SQL(stringLiteral: $0))" }
        + [
            """
            CREATE INDEX tasks_owned_by_created_at ON tasks (owner_id, created_at, id, status, priority, archived, updated_at)
            WHERE deleted_at IS NULL
            """,
            """
            CREATE INDEX tasks_assigned_by_created_at ON tasks (assignee_id, created_at, id, status, priority, archived, updated_at, owner_id)
            WHERE deleted_at IS NULL AND assignee_id IS NOT NULL
            """,
            """
            CREATE INDEX tasks_owned_by_completed_at ON tasks (owner_id, completed_at, id, priority, archived)
            WHERE deleted_at IS NULL AND completed_at IS NOT NULL
            """,
            """
            CREATE INDEX tasks_assigned_by_completed_at ON tasks (assignee_id, completed_at, id, priority, archived)
            WHERE deleted_at IS NULL AND completed_at IS NOT NULL AND assignee_id IS NOT NULL
            """,
            """
            CREATE INDEX tasks_by_completed_at ON tasks (completed_at, id, priority, archived)
            WHERE deleted_at IS NULL AND completed_at IS NOT NULL
            """,
            "CREATE INDEX tasks_by_due_at ON tasks (status, due_end, id, priority, archived) WHERE deleted_at IS NULL",
            "CREATE INDEX tasks_by_status ON tasks (status, priority, id, archived) WHERE deleted_at IS NULL",
        ]

    /// Whether an index has all rows of the list in this order, so that a page costs the same however many there are. Otherwise those of the
    /// audience are read in an index and the first of them are kept.
    static func isWalked(_ sort: TaskSort, _ scope: TaskScope) -> Bool {
        switch sort.key {
        case .createdAt, .dueAt: true
        case .updatedAt, .priority, .status, .completedAt: scope == .all
        case .title, .position: scope != .all
        }
    }

    // MARK: Parts

    /// What `due_end` has without a due date.
    static let noDueDate = Int64.max
    /// The key of a task without a value: before those of all others, or behind them. The last one of due dates is `noDueDate`.
    private static func absentKey(_ sort: TaskSort) -> Int64 { sort.descending == sort.nullsFirst ? .max : .min }

    /// Rows of a list that one index gives. `key` orders them among those of the other parts.
    struct Part {
        var conditions: [SQL]
        var key: SQL
        /// What the rows are ordered by, before the id.
        var walk: SQL?
        /// The table, with the index that SQLite is to read where it would take another one: no statistics tell it which has all columns.
        var table: SQL = "tasks"
    }

    /// The parts whose union is what comes after the cursor.
    static func parts(_ sort: TaskSort, _ filter: TaskFilter, _ scope: TaskScope, after cursor: Cursor?) -> [Part] {
        let key = expression(sort.key)
        switch sort.key {
        case .createdAt, .updatedAt:
            return [Part(conditions: cursor.map { [after($0, sort, key)] } ?? [], key: key, walk: key)]
        case .title, .position:
            var part = Part(conditions: cursor.map { [after($0, sort, key)] } ?? [], key: key, walk: key)
            let index = SQL(stringLiteral: "tasks_owned_by_\(sort.key.rawValue)")
            if scope == .all { part.table = .choice(sqlite: "tasks INDEXED BY \(index)", postgres: "tasks") }
            return [part]
        case .status, .priority:
            guard scope == .all else { return [Part(conditions: cursor.map { [after($0, sort, key)] } ?? [], key: key, walk: key)] }
            let parts = levels(filter).compactMap { level -> Part? in
                let value = sort.key == .status ? level.status.rawValue : level.priority.rawValue
                var part = Part(conditions: level.conditions, key: constant(value), walk: nil)
                guard let cursor, case .int(let reached) = cursor.key else { return part }
                if value == reached { part.conditions.append(after(cursor, sort)) }
                return (sort.descending ? value > reached : value < reached) ? nil : part
            }
            // A cursor behind all that the filter lets through.
            return parts.isEmpty ? [Part(conditions: ["1 = 0"], key: constant(0), walk: nil)] : parts
        case .dueAt:
            let halves =
                // The index has tasks without a due date behind all others. Wherever they are to stand elsewhere, they are walked by themselves.
                sort.descending == sort.nullsFirst
                ? [Part(conditions: cursor.map { [after($0, sort, key)] } ?? [], key: key, walk: key)]
                : Self.halves(sort, after: cursor, present: Tasks.isDated, absent: [Tasks.isUndated])
            return scope != .all
                ? halves
                : statuses(filter).flatMap { status in
                    halves.map { Part(conditions: ["status = \(status)"] + $0.conditions, key: $0.key, walk: $0.walk) }
                }
        case .completedAt:
            // Where only completed ones pass, there is no other half.
            let isOneHalf = filter.completedAfter != nil || filter.completedBefore != nil || Set(filter.statuses) == [.completed]
            if isOneHalf {
                return [Part(conditions: [isCompleted] + (cursor.map { [after($0, sort, key)] } ?? []), key: key, walk: key)]
            }
            // No comparison of a cursor holds for NULL: open tasks are walked by themselves.
            let open: [SQL] =
                scope == .all
                ? levels(filter).filter { $0.status != .completed }.map { all(of: $0.conditions) }
                : ["status < 2"]
            return halves(sort, after: cursor, present: isCompleted, absent: open)
        }
    }

    /// Written out, so that the indexes of such tasks are used.
    private static let isCompleted: SQL = "completed_at IS NOT NULL"

    /// The index of everybody's tasks has them by these, and by id among those of one level.
    private struct Level {
        let status: TaskStatus
        let priority: TaskPriority

        var conditions: [SQL] { ["status = \(status)", "priority = \(priority)"] }
    }

    private static func statuses(_ filter: TaskFilter) -> [TaskStatus] {
        TaskStatus.allCases.filter { filter.statuses.isEmpty || filter.statuses.contains($0) }
    }

    private static func levels(_ filter: TaskFilter) -> [Level] {
        let priorities = TaskPriority.allCases.filter { filter.priorities.isEmpty || filter.priorities.contains($0) }
        return statuses(filter).flatMap { status in priorities.map { Level(status: status, priority: $0) } }
    }

    /// Tasks with a value and, each part by id, those without.
    private static func halves(_ sort: TaskSort, after cursor: Cursor?, present: SQL, absent: [SQL]) -> [Part] {
        let key = expression(sort.key)
        let absentKey = absentKey(sort)
        var present = Part(conditions: [present], key: key, walk: key)
        var absent = absent.map { Part(conditions: [$0], key: constant(absentKey), walk: nil) }
        guard let cursor else { return [present] + absent }
        if cursor.key == .int(absentKey) {
            for index in absent.indices { absent[index].conditions.append(after(cursor, sort)) }
            return sort.nullsFirst ? absent + [present] : absent
        }
        present.conditions.append(after(cursor, sort, key))
        return sort.nullsFirst ? [present] : [present] + absent
    }

    private static func constant(_ key: Int64) -> SQL { "CAST(\(key) AS BIGINT)" }

    /// The rows after the cursor among those of its key.
    private static func after(_ cursor: Cursor, _ sort: TaskSort) -> SQL {
        let comparison: SQL = sort.descending ? "<" : ">"
        return "id \(comparison) \(cursor.id)"
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
