// Reads the change feed: for one reader, from any place, at the price of the page.
package import Model
package import StoreCore

package struct Feed {
    /// A sealed event of a task.
    package struct Entry: Sendable {
        package var cursor: FeedCursor
        package var at: Instant
        package var actorID: ID<User>?
        package var action: Action
        package var taskID: ID<TaskItem>
    }

    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    /// The end of the feed.
    package func end() throws -> FeedCursor {
        let head = try EventChain(tx).head()
        return head.position == 0 ? .start : FeedCursor(position: head.position, hash: head.hash)
    }

    /// Whether the feed has this place.
    package func has(_ cursor: FeedCursor) throws -> Bool {
        if cursor == .start { return true }
        let hash = try tx.first("SELECT hash FROM event_chain WHERE position = \(cursor.position)") { try $0.value(0, as: [UInt8].self) }
        return hash.map { FeedCursor(position: cursor.position, hash: $0) == cursor } ?? false
    }

    /// What concerns the reader, or everybody's, behind a position.
    package func list(of reader: ID<User>?, after position: Int64, limit: Int64) throws -> [Entry] {
        try tx.rows(Self.listing(reader ?? EventChain.everybody, after: position, limit: limit)) { row in
            Entry(
                cursor: FeedCursor(position: try row.value(0), hash: try row.value(1)), at: try row.value(2), actorID: try row.value(3),
                action: try decoded(row.value(4)), taskID: try row.value(5))
        }
    }

    static func listing(_ reader: ID<User>, after position: Int64, limit: Int64) -> SQL {
        """
        SELECT c.position, c.hash, e.at, e.actor_id, e.action, e.subject_id
        FROM event_audience a \(.orderedJoin) event_chain c ON c.position = a.position \(.orderedJoin) events e ON e.id = c.event_id
        WHERE a.user_id = \(reader) AND a.position > \(position) ORDER BY a.position LIMIT \(limit)
        """
    }
}

extension Tasks {
    /// Those of the ids that there are, also from the trash.
    package func find(_ ids: Set<ID<TaskItem>>) throws -> [ID<TaskItem>: TaskItem] {
        if ids.isEmpty { return [:] }
        let sql: SQL = "SELECT \(Self.columns) FROM tasks WHERE id IN (\(list: ids.sorted()))"
        let found = try tx.rows(ids.count == 1 ? sql : sql.unkept, Self.read)
        return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
