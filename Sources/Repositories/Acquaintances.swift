// Who may learn the name of whom.
package import Model
import StoreCore

extension Users {
    /// How many of the latest changes by somebody are looked at: nobody's past makes the answer slow.
    private static let looks: Int64 = 1000

    /// Those of the accounts whose name the reader may know, by id.
    /// - Parameter reader: themselves, those who own or are assigned a task that they see, and those who lately changed one; `nil` may
    ///   know everybody.
    package func known(_ ids: Set<ID<User>>, to reader: ID<User>?) throws -> [User] {
        let found = try tx.rows(Self.byID(ids))
        guard let reader else { return found.sorted { $0.id < $1.id } }
        var known = try sharing(ids, with: reader).union([reader])
        for user in found where !known.contains(user.id) {
            if try hasChangedTask(seenBy: reader, user.id) { known.insert(user.id) }
        }
        return found.filter { known.contains($0.id) }.sorted { $0.id < $1.id }
    }

    private func sharing(_ ids: Set<ID<User>>, with reader: ID<User>) throws -> Set<ID<User>> {
        let others: SQL = "(\(list: ids.map(\.value).sorted()))"
        // Each part goes once through tasks of the reader, by an index.
        let sql: SQL = """
            SELECT assignee_id FROM tasks WHERE owner_id = \(reader) AND assignee_id IN \(others) AND deleted_at IS NULL
            UNION SELECT assignee_id FROM tasks WHERE owner_id = \(reader) AND assignee_id IN \(others) AND deleted_at IS NOT NULL
            UNION SELECT owner_id FROM tasks WHERE assignee_id = \(reader) AND owner_id IN \(others) AND deleted_at IS NULL
            """
        return Set(try tx.rows(sql.unkept) { try $0.value(0) })
    }

    private func hasChangedTask(seenBy reader: ID<User>, _ actor: ID<User>) throws -> Bool {
        try tx.first(
            """
            SELECT 1 FROM (SELECT subject, subject_id FROM events WHERE actor_id = \(actor) ORDER BY id DESC LIMIT \(Self.looks)) AS e
            JOIN tasks AS t ON t.id = e.subject_id
            WHERE e.subject = 'task' AND (t.owner_id = \(reader) OR (t.assignee_id = \(reader) AND t.deleted_at IS NULL)) LIMIT 1
            """
        ) { _ in true } ?? false
    }
}
