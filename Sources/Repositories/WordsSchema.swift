// What is derived from texts, made anew for the rows of an older database: keys of titles in the order of the Unicode collation, names without
// accents, the words of every script.
import Model
import StoreCore

/// Rows that are read at a time: descriptions of 80 kB make 16 MB of them.
private let portion: Int64 = 200

/// Reads no column that a later step adds.
@Sendable func makeTextKeys(_ tx: Tx) throws {
    try tx.run("DROP TABLE task_search")
    let schema = TaskSearch.schema(for: tx.engine)
    for statement in schema.prefix(1) { try tx.run(statement.unkept) }
    var last: Int64 = 0
    while let next = try makeKeysOfTasks(after: last, tx) { last = next }
    // An index that is made of rows takes half the time of one that grows with them.
    for statement in schema.dropFirst() { try tx.run(statement.unkept) }
    last = 0
    while let next = try makeKeysOfUsers(after: last, tx) { last = next }
}

/// - Returns: the last id of the portion; `nil` when there was none.
private func makeKeysOfTasks(after last: Int64, _ tx: Tx) throws -> Int64? {
    let tasks = try tx.rows(
        """
        SELECT id, title, description, labels, owner_id, assignee_id, deleted_at FROM tasks WHERE id > \(last) ORDER BY id LIMIT \(portion)
        """
    ) { row in
        let title: String = try row.value(1)
        let words = TaskWords(title: title, description: try row.value(2), labels: try texts(fromJSON: row.value(3)))
        let isDeleted = try row.value(6, as: Int64?.self) != nil
        let document = try TaskSearch.Document(owner: row.value(4), assignee: row.value(5), words)
        return (id: try row.value(0, as: ID<TaskItem>.self), key: collationKey(title), document: isDeleted ? .none : document)
    }
    for task in tasks { try tx.enqueue("UPDATE tasks SET title_key = \(task.key) WHERE id = \(task.id)") }
    try TaskSearch(tx: tx).insert(tasks.map { ($0.id, $0.document) })
    return tasks.last?.id.value
}

private func makeKeysOfUsers(after last: Int64, _ tx: Tx) throws -> Int64? {
    let users = try tx.rows("SELECT id, name FROM users WHERE id > \(last) AND name IS NOT NULL ORDER BY id LIMIT \(portion)") { row in
        (id: try row.value(0, as: Int64.self), name: try row.value(1, as: String.self))
    }
    for user in users { try tx.enqueue("UPDATE users SET name_key = \(searchFolded(user.name)) WHERE id = \(user.id)") }
    return users.last?.id
}
