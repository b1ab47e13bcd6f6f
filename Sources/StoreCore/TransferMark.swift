// Marks a database that a transfer is filling: until the mark is gone nobody may serve it.

package struct TransferMark {
    private static let table = "unfinished_transfer"

    private let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    /// What the rows come from, as `set` was told; `nil` when there is no mark.
    package func source() throws -> Int64? {
        guard try tx.hasTable(Self.table) else { return nil }
        return try tx.value("SELECT source FROM unfinished_transfer")
    }

    package func set(source: Int64) throws {
        try tx.run("CREATE TABLE unfinished_transfer (source BIGINT NOT NULL)")
        try tx.run("INSERT INTO unfinished_transfer (source) VALUES (\(source))")
    }

    package func remove() throws { try tx.run("DROP TABLE unfinished_transfer") }
}

extension Tx {
    func hasTable(_ name: String) throws -> Bool {
        let count: SQL = .choice(
            sqlite: "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = \(name)",
            postgres: "SELECT count(*) FROM pg_tables WHERE tablename = \(name) AND schemaname = current_schema()")
        return try value(count, as: Int64.self) > 0
    }
}
