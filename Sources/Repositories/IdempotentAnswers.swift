// The answers of requests that carried an Idempotency-Key, sealed so that reading them here is of no use.
package import Model
package import StoreCore

package struct IdempotentAnswers {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    /// How long an answer is kept.
    package static let lifetime: Duration = .seconds(24 * 3600)

    package struct Place: Sendable {
        /// Whose key it is.
        package var scope: String
        package var operation: String
        package var keyHash: [UInt8]

        package init(scope: String, operation: String, keyHash: [UInt8]) {
            self.scope = scope
            self.operation = operation
            self.keyHash = keyHash
        }
    }

    /// Whose keys are those of a user.
    package static func scope(of user: ID<User>) -> String { "user \(user)" }

    /// Keeps everybody else from the same key until the transaction ends.
    /// - Returns: `false` when another transaction has it now.
    package func claim(_ place: Place) throws -> Bool {
        try tx.tryLock("\(place.scope) \(place.operation) \(place.keyHash)")
    }

    package func find(_ place: Place, at now: Instant) throws -> [UInt8]? {
        try tx.first(
            """
            SELECT sealed FROM idempotent_answers
            WHERE scope = \(place.scope) AND operation = \(place.operation) AND key_hash = \(place.keyHash)
                AND created_at > \(now - Self.lifetime)
            """
        ) { try $0.value(0) }
    }

    package func delete(_ place: Place) throws {
        try tx.enqueue(
            """
            DELETE FROM idempotent_answers
            WHERE scope = \(place.scope) AND operation = \(place.operation) AND key_hash = \(place.keyHash)
            """)
    }

    /// Replaces an answer that is too old to be found. A few old answers of others go with each new one, so that the table stays small
    /// without a clean-up that somebody has to run.
    package func insert(_ place: Place, sealed: [UInt8], at now: Instant) throws {
        try tx.enqueue(
            """
            DELETE FROM idempotent_answers WHERE (scope, operation, key_hash) IN (
                SELECT scope, operation, key_hash FROM idempotent_answers WHERE created_at <= \(now - Self.lifetime)
                ORDER BY created_at LIMIT 4 \(.skippingLocked))
            """)
        try tx.enqueue(
            """
            INSERT INTO idempotent_answers (scope, operation, key_hash, sealed, created_at)
            VALUES (\(place.scope), \(place.operation), \(place.keyHash), \(sealed), \(now))
            ON CONFLICT (scope, operation, key_hash) DO UPDATE
            SET sealed = excluded.sealed, created_at = excluded.created_at
            """)
    }
}
