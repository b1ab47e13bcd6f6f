// Links to files that work once. Of a link only the SHA-256 of its secret is kept.
package import Model
package import StoreCore

package struct DownloadLinks {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    static let schema: [SQL] = [
        """
        CREATE TABLE download_links (
            hash \(.bytes) PRIMARY KEY,
            user_id BIGINT NOT NULL REFERENCES users (id),
            session_id BIGINT,
            access_token_id BIGINT,
            path TEXT NOT NULL,
            expires_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX download_links_expired ON download_links (expires_at)",
    ]

    package func insert(_ hash: [UInt8], _ link: DownloadLink) throws {
        var (session, token) = (ID<Session>?.none, ID<AccessToken>?.none)
        switch link.credential {
        case .session(let id): session = id
        case .token(let id): token = id
        }
        try tx.run(
            """
            INSERT INTO download_links (hash, user_id, session_id, access_token_id, path, expires_at)
            VALUES (\(hash), \(link.userID), \(session), \(token), \(link.path), \(link.expiresAt))
            """)
    }

    /// The link, which is gone with that.
    package func take(_ hash: [UInt8]) throws -> DownloadLink? {
        try tx.first(
            "DELETE FROM download_links WHERE hash = \(hash) RETURNING user_id, session_id, access_token_id, path, expires_at"
        ) { row -> DownloadLink? in
            let session = try row.value(1, as: ID<Session>?.self).map { Actor.Credential.session($0) }
            let token = try row.value(2, as: ID<AccessToken>?.self).map { Actor.Credential.token($0) }
            guard let credential = session ?? token else { return nil }
            return DownloadLink(userID: try row.value(0), credential: credential, path: try row.value(3), expiresAt: try row.value(4))
        } ?? nil
    }

    /// Removes some links whose time was over at `instant`.
    package func deleteExpired(at instant: Instant, limit: Int64) throws {
        try tx.run(
            """
            DELETE FROM download_links WHERE hash IN (
                SELECT hash FROM download_links WHERE expires_at <= \(instant) ORDER BY expires_at LIMIT \(limit) \(.skippingLocked))
            """)
    }
}
