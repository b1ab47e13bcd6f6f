// Personal access tokens. Of a token only its SHA-256 is kept.
package import Model
package import StoreCore

package struct AccessTokens {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    private static let columns: SQL = "id, user_id, name, scopes, created_at, last_used_at, expires_at"

    @Sendable private static func read(_ row: Row) throws -> AccessToken {
        let scopes = try row.value(3, as: String.self).split(separator: " ").map { try decoded(String($0)) as Scope }
        return AccessToken(
            id: try row.value(0), userID: try row.value(1), name: try row.value(2), scopes: scopes, createdAt: try row.value(4),
            lastUsedAt: try row.value(5), expiresAt: try row.value(6))
    }

    package static func byHash(_ hash: [UInt8]) -> Query<AccessToken> {
        Query("SELECT \(columns) FROM access_tokens WHERE hash = \(hash)", isBrief: true, read)
    }

    package func find(_ id: ID<AccessToken>) throws -> AccessToken? {
        try tx.first("SELECT \(Self.columns) FROM access_tokens WHERE id = \(id)", Self.read)
    }

    package func list(of user: ID<User>) throws -> [AccessToken] {
        try tx.rows("SELECT \(Self.columns) FROM access_tokens WHERE user_id = \(user) ORDER BY id DESC", Self.read)
    }

    package func insert(
        user: ID<User>, name: String, hash: [UInt8], scopes: [Scope], expiresAt: Instant?, at now: Instant
    ) throws -> AccessToken {
        let words = scopes.map(\.rawValue).joined(separator: " ")
        let id: ID<AccessToken> = try tx.value(
            """
            INSERT INTO access_tokens (user_id, name, hash, scopes, created_at, expires_at)
            VALUES (\(user), \(name), \(hash), \(words), \(now), \(expiresAt)) RETURNING id
            """)
        return AccessToken(id: id, userID: user, name: name, scopes: scopes, createdAt: now, lastUsedAt: nil, expiresAt: expiresAt)
    }

    package func touch(_ id: ID<AccessToken>, at now: Instant) throws {
        try tx.run("UPDATE access_tokens SET last_used_at = \(now) WHERE id = \(id)")
    }

    @discardableResult
    package func delete(_ id: ID<AccessToken>) throws -> Bool { try tx.run("DELETE FROM access_tokens WHERE id = \(id)") == 1 }

    /// - Returns: how many there were.
    @discardableResult
    package func deleteAll(of user: ID<User>) throws -> Int { try tx.run("DELETE FROM access_tokens WHERE user_id = \(user)") }
}
