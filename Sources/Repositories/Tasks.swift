// Tasks: rows, labels and the search index, always together.
package import Model
package import StoreCore

package struct Tasks {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    private var search: TaskSearch { .init(tx: tx) }

    static let columns: SQL =
        """
        id, title, description, status, priority, owner_id, assignee_id, labels, due_at, archived, completed_at, deleted_at, created_at,
        updated_at, version, due_on, due_end, position
        """

    @Sendable static func read(_ row: Row) throws -> TaskItem {
        let day = try row.value(15, as: Int64?.self).map { Day(number: $0) }
        let end = try row.value(16, as: Instant.self)
        return TaskItem(
            id: try row.value(0), title: try row.value(1), description: try row.value(2), status: try decoded(row.value(3)),
            priority: try decoded(row.value(4)), ownerID: try row.value(5), assigneeID: try row.value(6),
            labels: try texts(fromJSON: row.value(7)), due: Due(at: try row.value(8), on: day),
            dueEnd: end.microseconds == TaskOrder.noDueDate ? nil : end, archived: try row.value(9), completedAt: try row.value(10),
            deletedAt: try row.value(11), createdAt: try row.value(12), updatedAt: try row.value(13), version: try row.value(14),
            position: try row.value(17))
    }

    /// The task, also from the trash.
    package static func byID(_ id: ID<TaskItem>) -> Query<TaskItem> {
        Query("SELECT \(columns) FROM tasks WHERE id = \(id)", isBrief: true, textBytes: \.textBytes, read)
    }

    package func find(_ id: ID<TaskItem>) throws -> TaskItem? { try tx.first(Self.byID(id)) }

    /// The task as it is now and stays until the transaction ends.
    package func lock(_ id: ID<TaskItem>) throws -> TaskItem? {
        try tx.first("SELECT \(Self.columns) FROM tasks WHERE id = \(id) \(.forUpdate)", Self.read)
    }

    package func insert(_ new: NewTask, owner: ID<User>, at now: Instant) throws -> TaskItem {
        let labels = TaskItem.distinct(new.labels)
        let completedAt = new.status == .completed ? now : nil
        var ends = DueEnds(of: owner, tx)
        let dueEnd = try ends.end(of: new.due)
        let id = try tx.insert(into: "tasks") { id in
            """
            INSERT INTO tasks (id, title, title_key, description, status, priority, owner_id, assignee_id, labels, due_at, due_on, due_end,
                archived, completed_at, created_at, updated_at, version)
            VALUES (\(id), \(new.title), \(collationKey(new.title)), \(new.description), \(new.status), \(new.priority), \(owner),
                \(new.assigneeID), \(jsonText(labels)), \(new.due?.instant), \(new.due?.day?.number),
                \(dueEnd?.microseconds ?? TaskOrder.noDueDate), \(new.archived), \(completedAt), \(now), \(now), 1)
            """
        }
        let task = TaskItem(
            id: ID(id), title: new.title, description: new.description, status: new.status, priority: new.priority, ownerID: owner,
            assigneeID: new.assigneeID, labels: labels, due: new.due, dueEnd: dueEnd, archived: new.archived, completedAt: completedAt,
            deletedAt: nil, createdAt: now, updatedAt: now, version: 1)
        try insertLabels(of: task)
        try search.insert(task)
        return task
    }

    /// Writes `new` over `old`, the row as it was read in this transaction.
    /// - Parameter words: of both, where they were folded before.
    /// - Returns: the task as stored, its version one higher; `nil` when the row has another version than `old`.
    package func update(
        _ old: TaskItem, to new: TaskItem, words: (old: TaskWords, new: TaskWords)? = nil, at now: Instant
    ) throws -> TaskItem? {
        var task = new
        task.version = old.version + 1
        task.updatedAt = now
        if task.due != old.due {
            var ends = DueEnds(of: task.ownerID, tx)
            task.dueEnd = try ends.end(of: task.due)
        }
        let changed = try tx.run(
            """
            UPDATE tasks SET title = \(task.title), title_key = \(collationKey(task.title)), description = \(task.description),
                status = \(task.status), priority = \(task.priority), assignee_id = \(task.assigneeID), labels = \(jsonText(task.labels)),
                due_at = \(task.dueAt), due_on = \(task.dueOn?.number), due_end = \(task.dueEnd?.microseconds ?? TaskOrder.noDueDate),
                archived = \(task.archived), place = \(task.position), completed_at = \(task.completedAt), deleted_at = \(task.deletedAt),
                updated_at = \(task.updatedAt), version = \(task.version)
            WHERE id = \(task.id) AND version = \(old.version)
            """)
        guard changed == 1 else { return nil }
        if task.labels != old.labels {
            try tx.enqueue("DELETE FROM task_labels WHERE task_id = \(task.id)")
            try insertLabels(of: task)
        }
        try search.update(from: old, to: task, words)
        return task
    }

    /// Removes the row for good.
    package func delete(_ task: TaskItem) throws {
        try search.delete(task)
        try tx.run("DELETE FROM task_labels WHERE task_id = \(task.id)")
        try tx.run("DELETE FROM tasks WHERE id = \(task.id)")
    }

    /// Some of them, as they are now and stay until the transaction ends.
    package func lockAssigned(to user: ID<User>, limit: Int) throws -> [TaskItem] {
        try tx.rows(
            """
            SELECT \(Self.columns) FROM tasks WHERE assignee_id = \(user) AND deleted_at IS NULL ORDER BY id LIMIT \(limit) \(.forUpdate)
            """, Self.read)
    }

    /// Deleted after `since`, newest deletion first; of everybody without an owner.
    package func trash(of owner: ID<User>?, since: Instant, after cursor: Cursor?, offset: Int64, limit: Int64) throws -> [TaskItem] {
        var conditions = Self.inTrash(of: owner, since: since)
        if let cursor, case .int(let key) = cursor.key { conditions.append("(deleted_at, id) < (\(key), \(cursor.id))") }
        return try tx.rows(
            """
            SELECT \(Self.columns) FROM tasks WHERE \(all(of: conditions)) ORDER BY deleted_at DESC, id DESC
            LIMIT \(limit) OFFSET \(offset)
            """, Self.read)
    }

    /// Those in the trash with all the words in the title or the labels, the last deleted first. Words of deleted tasks are not indexed: of
    /// those that were deleted last so many are looked through.
    package func searchTrash(
        _ query: SearchQuery, of owner: ID<User>?, since: Instant
    ) throws -> [(id: ID<TaskItem>, deletedAt: Instant)] {
        var found: [(id: ID<TaskItem>, deletedAt: Instant)] = []
        let sql: SQL = """
            SELECT id, deleted_at, title, labels FROM tasks WHERE \(all(of: Self.inTrash(of: owner, since: since)))
            ORDER BY deleted_at DESC, id DESC LIMIT \(Self.trashSearched)
            """
        func match(_ row: Row) throws -> (id: ID<TaskItem>, deletedAt: Instant)? {
            let words = try TaskWords(title: row.value(2), description: nil, labels: texts(fromJSON: row.value(3)))
            return query.matches(words.title + words.labels) ? (try row.value(0), try row.value(1)) : nil
        }
        try tx.batches(of: 1000, sql, match) { found += $0.compactMap(\.self) }
        return found
    }

    package static let trashSearched: Int64 = 20_000

    package func trash(_ ids: [ID<TaskItem>]) throws -> [TaskItem] {
        if ids.isEmpty { return [] }
        let sql: SQL = "SELECT \(Self.columns) FROM tasks WHERE id IN (\(list: ids)) ORDER BY deleted_at DESC, id DESC"
        return try tx.rows(sql.unkept, Self.read)
    }

    package func trashCount(of owner: ID<User>?, since: Instant) throws -> Int64 {
        try tx.value("SELECT count(*) FROM tasks WHERE \(all(of: Self.inTrash(of: owner, since: since)))")
    }

    private static func inTrash(of owner: ID<User>?, since: Instant) -> [SQL] {
        ["deleted_at IS NOT NULL", "deleted_at > \(since)"] + (owner.map { ["owner_id = \($0)"] } ?? [])
    }

    /// Puts tasks into the search index that came into the table as rows.
    func index(_ ids: ClosedRange<Int64>) throws {
        let tasks = try tx.rows(
            "SELECT \(Self.columns) FROM tasks WHERE id BETWEEN \(ids.lowerBound) AND \(ids.upperBound) ORDER BY id", Self.read)
        for task in tasks { try search.insert(task) }
    }

    private func insertLabels(of task: TaskItem) throws {
        for key in Set(task.labels.map(caseFolded)) {
            try tx.enqueue("INSERT INTO task_labels (task_id, label_key) VALUES (\(task.id), \(key))")
        }
    }
}
