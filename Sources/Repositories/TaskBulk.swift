// Many new tasks at once: rows, labels, search index and events in statements of a hundred rows.
package import Model
import StoreCore

/// A new task with all that is derived from it: worked out before the transaction, since others wait for that.
package struct PreparedTask: Sendable {
    /// Without its id.
    package let task: TaskItem
    fileprivate let titleKey: String
    fileprivate let labels: String
    fileprivate let labelKeys: [String]
    fileprivate let document: TaskSearch.Document
    fileprivate let changes: StoredChanges

    package init(_ new: NewTask, owner: ID<User>, createdAt: Instant, completedAt: Instant?, at now: Instant) {
        task = TaskItem(
            id: ID(0), title: new.title, description: new.description, status: new.status, priority: new.priority, ownerID: owner,
            assigneeID: new.assigneeID, labels: TaskItem.distinct(new.labels), due: new.due, dueEnd: nil, archived: new.archived,
            completedAt: new.status == .completed ? completedAt ?? now : nil, deletedAt: nil, createdAt: createdAt, updatedAt: now,
            version: 1)
        titleKey = collationKey(task.title)
        labels = jsonText(task.labels)
        labelKeys = Array(Set(task.labels.map(caseFolded)))
        document = TaskSearch.Document(task)
        changes = StoredChanges(task.differences(from: nil))
    }

    fileprivate func withID(_ id: ID<TaskItem>) -> TaskItem {
        var task = task
        task.id = id
        return task
    }

    fileprivate func row(_ id: ID<TaskItem>, _ dueEnd: Instant?) -> [Bind] {
        [
            id.bind, .text(task.title), .text(titleKey), bind(task.description), task.status.bind, task.priority.bind, task.ownerID.bind,
            bind(task.assigneeID), .text(labels), bind(task.dueAt), bind(task.dueOn?.number),
            .int(dueEnd?.microseconds ?? TaskOrder.noDueDate), .bool(task.archived), bind(task.completedAt), task.createdAt.bind,
            task.updatedAt.bind, .int(1),
        ]
    }

    private func bind(_ value: (some Bindable)?) -> Bind { value?.bind ?? .null }
}

extension Tasks {
    /// Ids that nobody else gets.
    package func reserveIDs(_ count: Int) throws -> [ID<TaskItem>] {
        if count == 0 { return [] }
        switch tx.engine {
        case .sqlite:
            // The row that is inserted with an id raises the sequence.
            let last: Int64 = try tx.value("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'tasks'")
            return (1...Int64(count)).map { ID(last + $0) }
        case .postgres:
            return try tx.rows("SELECT nextval(pg_get_serial_sequence('tasks', 'id')) FROM generate_series(1, \(count))") {
                try $0.value(0)
            }
        }
    }

    /// Inserts tasks under ids that were reserved in this transaction, with the events of their creation.
    package func insert(_ tasks: [(id: ID<TaskItem>, task: PreparedTask)], by author: Author, at now: Instant) throws {
        var ends: [ID<User>: DueEnds] = [:]
        try tx.insert(
            try tasks.map { id, task in
                task.row(id, try ends[task.task.ownerID, default: DueEnds(of: task.task.ownerID, tx)].end(of: task.task.due))
            },
            """
            INSERT INTO tasks (id, title, title_key, description, status, priority, owner_id, assignee_id, labels, due_at, due_on, due_end,
                archived, completed_at, created_at, updated_at, version) VALUES
            """)
        try tx.insert(
            tasks.flatMap { id, task in task.labelKeys.map { [id.bind, .text($0)] } },
            "INSERT INTO task_labels (task_id, label_key) VALUES")
        try TaskSearch(tx: tx).insert(tasks.map { ($0.id, $0.task.document) })
        try Events(tx).append(.taskCreated, tasks.map { (.task($0.task.withID($0.id), before: nil), $0.task.changes) }, by: author, at: now)
    }

    /// The greatest id of a task that the user owns or is assigned; 0 when there is none.
    package func lastID(of user: ID<User>) throws -> Int64 {
        let owned: Int64 = try tx.value("SELECT coalesce(max(id), 0) FROM tasks WHERE owner_id = \(user) AND deleted_at IS NULL")
        let assigned: Int64 = try tx.value("SELECT coalesce(max(id), 0) FROM tasks WHERE assignee_id = \(user) AND deleted_at IS NULL")
        return max(owned, assigned)
    }
}
