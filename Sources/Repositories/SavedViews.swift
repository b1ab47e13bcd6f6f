// Views that people have saved, in their order.
package import Model
package import StoreCore

package struct SavedViews {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    static let schema: [SQL] = [
        """
        CREATE TABLE views (
            id \(.identity),
            owner_id BIGINT NOT NULL REFERENCES users (id),
            name TEXT NOT NULL,
            layout TEXT NOT NULL,
            query TEXT NOT NULL,
            pinned BOOLEAN NOT NULL,
            position BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL
        )
        """,
        "CREATE INDEX views_of ON views (owner_id, position)",
    ]

    private static let columns: SQL = "id, name, layout, query, pinned, position, created_at, updated_at, version"

    @Sendable private static func read(_ row: Row) throws -> SavedView {
        SavedView(
            id: try row.value(0), name: try row.value(1), layout: try decoded(row.value(2)), query: try row.value(3),
            pinned: try row.value(4), position: try row.value(5), createdAt: try row.value(6), updatedAt: try row.value(7),
            version: try row.value(8))
    }

    package func find(_ id: ID<SavedView>, of owner: ID<User>) throws -> SavedView? {
        try tx.first("SELECT \(Self.columns) FROM views WHERE id = \(id) AND owner_id = \(owner)", Self.read)
    }

    package func list(of owner: ID<User>) throws -> [SavedView] {
        try tx.rows("SELECT \(Self.columns) FROM views WHERE owner_id = \(owner) ORDER BY position, id", Self.read)
    }

    /// Keeps the owner's views as they are for others until the transaction ends: the order spans rows.
    package func lock(of owner: ID<User>) throws { try tx.lock("views of \(owner)") }

    package func insert(_ new: NewView, owner: ID<User>, position: Int64, at now: Instant) throws -> ID<SavedView> {
        try tx.value(
            """
            INSERT INTO views (owner_id, name, layout, query, pinned, position, created_at, updated_at, version)
            VALUES (\(owner), \(new.name), \(new.layout.rawValue), \(new.query), \(new.pinned), \(position), \(now), \(now), 1)
            RETURNING id
            """)
    }

    /// Writes everything but the place in the order.
    package func update(_ view: SavedView, at now: Instant) throws {
        try tx.run(
            """
            UPDATE views SET name = \(view.name), layout = \(view.layout.rawValue), query = \(view.query), pinned = \(view.pinned),
                updated_at = \(now), version = version + 1
            WHERE id = \(view.id)
            """)
    }

    /// - Parameter ids: all views of the owner, in their new order.
    package func order(_ ids: [ID<SavedView>]) throws {
        for (index, id) in ids.enumerated() {
            let position = Int64(index) + 1
            try tx.enqueue("UPDATE views SET position = \(position) WHERE id = \(id) AND position <> \(position)")
        }
    }

    package func delete(_ id: ID<SavedView>) throws { try tx.run("DELETE FROM views WHERE id = \(id)") }

    package func deleteAll(of owner: ID<User>) throws { try tx.run("DELETE FROM views WHERE owner_id = \(owner)") }
}
