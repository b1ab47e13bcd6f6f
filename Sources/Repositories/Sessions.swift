// Sessions and their chains of refresh tokens. Of a token only its SHA-256 is kept.
package import Model
package import StoreCore

package struct Sessions {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    private static let columns: SQL =
        "id, user_id, created_at, last_used_at, expires_at, revoked_at, device, address, authenticated_at"

    private static func read(_ row: Row) throws -> Session {
        Session(
            id: try row.value(0), userID: try row.value(1), createdAt: try row.value(2), lastUsedAt: try row.value(3),
            expiresAt: try row.value(4), revokedAt: try row.value(5), device: try row.value(6), address: try row.value(7),
            authenticatedAt: try row.value(8))
    }

    package func find(_ id: ID<Session>) throws -> Session? {
        try tx.first("SELECT \(Self.columns) FROM sessions WHERE id = \(id)", Self.read)
    }

    /// Neither revoked nor expired nor without a refresh for too long, newest first.
    package func live(of user: ID<User>, at now: Instant) throws -> [Session] {
        try tx.rows(
            """
            SELECT \(Self.columns) FROM sessions WHERE user_id = \(user) AND revoked_at IS NULL AND expires_at > \(now)
                AND last_used_at > \(now - Session.refreshLifetime)
            ORDER BY id DESC
            """, Self.read)
    }

    /// `chainKey` makes the successor of a refresh token of this session; whoever has only the row or only a token cannot.
    package func insert(user: ID<User>, chainKey: [UInt8], origin: Origin, at now: Instant) throws -> Session {
        let device = origin.userAgent.map(Session.device)
        let expiresAt = now + Session.lifetime
        let id: ID<Session> = try tx.value(
            """
            INSERT INTO sessions (user_id, chain_key, device, address, created_at, last_used_at, expires_at, authenticated_at)
            VALUES (\(user), \(chainKey), \(device), \(origin.address), \(now), \(now), \(expiresAt), \(now)) RETURNING id
            """)
        return Session(
            id: id, userID: user, createdAt: now, lastUsedAt: now, expiresAt: expiresAt, revokedAt: nil, device: device,
            address: origin.address, authenticatedAt: now)
    }

    /// The password of the account was entered in this session.
    package func noteAuthentication(_ id: ID<Session>, at now: Instant) throws {
        try tx.run("UPDATE sessions SET authenticated_at = \(now) WHERE id = \(id)")
    }

    /// Gives a row when the password was entered in this session lately.
    package static func recent(_ id: ID<Session>, at now: Instant) -> Query<Bool> {
        Query(
            "SELECT 1 FROM sessions WHERE id = \(id) AND authenticated_at > \(now - Session.recentAuthentication)", isBrief: true
        ) { _ in true }
    }

    /// The last sessions of an account, ended or not, the newest first.
    package func last(of user: ID<User>, limit: Int64) throws -> [Session] {
        try tx.rows(
            "SELECT \(Self.columns) FROM sessions WHERE user_id = \(user) ORDER BY created_at DESC, id DESC LIMIT \(limit)", Self.read)
    }

    package func touch(_ id: ID<Session>, at now: Instant) throws {
        try tx.run("UPDATE sessions SET last_used_at = \(now) WHERE id = \(id)")
    }

    /// - Returns: whether it was live until now.
    @discardableResult
    package func revoke(_ id: ID<Session>, at now: Instant) throws -> Bool {
        try tx.run("UPDATE sessions SET revoked_at = \(now) WHERE id = \(id) AND revoked_at IS NULL") == 1
    }

    /// - Returns: how many were live until now.
    @discardableResult
    package func revokeAll(of user: ID<User>, except id: ID<Session>? = nil, at now: Instant) throws -> Int {
        let others: SQL = id.map { " AND id <> \($0)" } ?? ""
        return try tx.run("UPDATE sessions SET revoked_at = \(now) WHERE user_id = \(user) AND revoked_at IS NULL\(others)")
    }

    package struct RefreshToken: Sendable {
        package var session: ID<Session>
        package var generation: Int64
        package var expiresAt: Instant
        package var usedAt: Instant?
        package var chainKey: [UInt8]
    }

    /// With its session as they are now and stay until the transaction ends.
    package func refreshToken(hash: [UInt8]) throws -> RefreshToken? {
        try tx.first(
            """
            SELECT t.session_id, t.generation, t.expires_at, t.used_at, s.chain_key
            FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = \(hash) \(.forUpdate)
            """
        ) {
            RefreshToken(
                session: try $0.value(0), generation: try $0.value(1), expiresAt: try $0.value(2), usedAt: try $0.value(3),
                chainKey: try $0.value(4))
        }
    }

    /// The newest generation of the chain.
    package func newestGeneration(of session: ID<Session>) throws -> Int64 {
        try tx.value("SELECT coalesce(max(generation), 0) FROM refresh_tokens WHERE session_id = \(session)")
    }

    package func insertRefreshToken(hash: [UInt8], session: ID<Session>, generation: Int64, expiresAt: Instant) throws {
        try tx.run(
            """
            INSERT INTO refresh_tokens (hash, session_id, generation, expires_at)
            VALUES (\(hash), \(session), \(generation), \(expiresAt))
            """)
    }

    /// The one statement that decides who rotates a token.
    /// - Returns: whether this call was the first to use it.
    package func use(refreshToken hash: [UInt8], at now: Instant) throws -> Bool {
        try tx.run("UPDATE refresh_tokens SET used_at = \(now) WHERE hash = \(hash) AND used_at IS NULL") == 1
    }
}
