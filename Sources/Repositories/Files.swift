// Files as pieces in rows: written while they arrive, read while they are sent, on whichever machine.
package import Model
package import StoreCore

package struct Files {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    static let schema: [SQL] = [
        """
        CREATE TABLE files (
            id \(.identity),
            owner_id BIGINT NOT NULL REFERENCES users (id),
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            size BIGINT NOT NULL,
            sha256 \(.bytes),
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX files_expired ON files (expires_at, id)",
        """
        CREATE TABLE file_chunks (
            file_id BIGINT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
            number BIGINT NOT NULL,
            bytes \(.bytes) NOT NULL,
            PRIMARY KEY (file_id, number)
        )
        """,
    ]

    private static let columns: SQL = "id, owner_id, name, media_type, size, expires_at"

    @Sendable private static func read(_ row: Row) throws -> StoredFile {
        StoredFile(
            id: try row.value(0), ownerID: try row.value(1), name: try row.value(2), mediaType: try row.value(3), size: try row.value(4),
            expiresAt: try row.value(5))
    }

    /// A file without contents.
    package func insert(_ name: String, _ mediaType: String, of owner: ID<User>, at now: Instant, expires: Instant) throws -> ID<StoredFile>
    {
        try tx.value(
            """
            INSERT INTO files (owner_id, name, media_type, size, created_at, expires_at)
            VALUES (\(owner), \(name), \(mediaType), 0, \(now), \(expires)) RETURNING id
            """)
    }

    package func find(_ id: ID<StoredFile>) throws -> StoredFile? {
        try tx.first("SELECT \(Self.columns) FROM files WHERE id = \(id)", Self.read)
    }

    /// Adds pieces behind those that are there; `number` is that of the first, from 0.
    /// - Parameter expires: the file stays at least until then.
    package func append(_ chunks: [[UInt8]], to id: ID<StoredFile>, at number: Int64, expires: Instant? = nil) throws {
        if chunks.isEmpty { return }
        for (offset, chunk) in chunks.enumerated() {
            try tx.enqueue("INSERT INTO file_chunks (file_id, number, bytes) VALUES (\(id), \(number + Int64(offset)), \(chunk))")
        }
        let size = Int64(chunks.reduce(0) { $0 + $1.count })
        let least = expires ?? Instant(microseconds: 0)
        try tx.enqueue(
            """
            UPDATE files SET size = size + \(size), expires_at = CASE WHEN expires_at < \(least) THEN \(least) ELSE expires_at END
            WHERE id = \(id)
            """)
    }

    /// The number that the next piece gets.
    package func nextNumber(_ id: ID<StoredFile>) throws -> Int64 {
        try tx.value("SELECT coalesce(max(number) + 1, 0) FROM file_chunks WHERE file_id = \(id)")
    }

    package static func chunk(_ number: Int64, of id: ID<StoredFile>) -> Query<[UInt8]> {
        Query("SELECT bytes FROM file_chunks WHERE file_id = \(id) AND number = \(number)", isBrief: true) { try $0.value(0) }
    }

    /// The same, as long as the time of the file is not over.
    package static func liveChunk(_ number: Int64, of id: ID<StoredFile>, at now: Instant) -> Query<[UInt8]> {
        Query(
            """
            SELECT bytes FROM file_chunks JOIN files ON id = file_id WHERE file_id = \(id) AND number = \(number) AND expires_at > \(now)
            """, isBrief: true
        ) { try $0.value(0) }
    }

    /// The file is whole, and stays until `expires`.
    /// - Throws: `Failure.unavailable` when it is gone or about to be: whoever sent it must send it again.
    package func keep(_ id: ID<StoredFile>, sha256: [UInt8], at now: Instant, until expires: Instant) throws {
        let kept = try tx.run(
            "UPDATE files SET sha256 = \(sha256), expires_at = \(expires) WHERE id = \(id) AND sha256 IS NULL AND expires_at > \(now)")
        guard kept == 1 else { throw Failure.unavailable(retryAfter: 1) }
    }

    /// Ends the time of all files of an account: nobody downloads them any more.
    /// - Returns: how many there were.
    package func expireAll(of owner: ID<User>, at now: Instant) throws -> Int {
        try tx.run("UPDATE files SET expires_at = \(now) WHERE owner_id = \(owner) AND expires_at > \(now)")
    }

    package func expire(_ id: ID<StoredFile>, at now: Instant) throws {
        try tx.run("UPDATE files SET expires_at = \(now) WHERE id = \(id)")
    }

    /// Removes pieces of files whose time is over, and the files that have none left.
    /// - Returns: how much was removed.
    package func deleteExpired(at now: Instant, limit: Int64) throws -> Int {
        let pieces = try tx.run(
            """
            DELETE FROM file_chunks WHERE (file_id, number) IN (
                SELECT file_id, number FROM file_chunks JOIN files ON id = file_id WHERE expires_at <= \(now) LIMIT \(limit))
            """)
        if pieces > 0 { return pieces }
        return try tx.run(
            "DELETE FROM files WHERE id IN (SELECT id FROM files WHERE expires_at <= \(now) ORDER BY expires_at LIMIT \(limit))")
    }

    /// Removes pieces of one file that nobody has kept, and the file when none is left.
    /// - Returns: how much was removed.
    package func discard(_ id: ID<StoredFile>, limit: Int64) throws -> Int {
        // Locked, so that a transaction that keeps it and is just being committed is waited for.
        let isLoose = try tx.first("SELECT 1 FROM files WHERE id = \(id) AND sha256 IS NULL \(.forUpdate)") { _ in true } ?? false
        guard isLoose else { return 0 }
        let pieces = try tx.run(
            "DELETE FROM file_chunks WHERE file_id = \(id) AND number IN (SELECT number FROM file_chunks WHERE file_id = \(id) LIMIT \(limit))"
        )
        return pieces > 0 ? pieces : try tx.run("DELETE FROM files WHERE id = \(id)")
    }
}
