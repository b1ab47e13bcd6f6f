// Subscriptions and their deliveries.
package import Model
package import StoreCore

let webhookTables: [SQL] = [
    """
    CREATE TABLE webhooks (
        id \(.identity),
        owner_id BIGINT NOT NULL REFERENCES users (id),
        url TEXT NOT NULL,
        kinds TEXT NOT NULL,
        scope TEXT NOT NULL,
        is_active BOOLEAN NOT NULL,
        disabled_reason TEXT,
        position BIGINT NOT NULL,
        failures BIGINT NOT NULL,
        secret \(.bytes) NOT NULL,
        former_secret \(.bytes),
        former_until BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL
    )
    """,
    "CREATE INDEX webhooks_of ON webhooks (owner_id, id)",
    "CREATE INDEX webhooks_of_all ON webhooks (id) WHERE scope = 'all'",
    """
    CREATE TABLE webhook_deliveries (
        id \(.identity),
        webhook_id BIGINT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
        position BIGINT NOT NULL,
        mark BIGINT NOT NULL,
        kind TEXT NOT NULL,
        state SMALLINT NOT NULL,
        attempts BIGINT NOT NULL,
        request TEXT NOT NULL,
        status BIGINT,
        answer TEXT,
        error TEXT,
        milliseconds BIGINT,
        created_at BIGINT NOT NULL,
        attempted_at BIGINT NOT NULL,
        UNIQUE (webhook_id, position)
    )
    """,
    "CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_id, id)",
    "CREATE INDEX webhook_deliveries_at ON webhook_deliveries (created_at)",
]

package struct Webhooks {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    private static let columns: SQL =
        """
        id, owner_id, url, kinds, scope, is_active, disabled_reason, position, failures, secret, former_secret, former_until, created_at,
        updated_at, version
        """

    private static func read(_ row: Row) throws -> Webhook {
        Webhook(
            id: try row.value(0), ownerID: try row.value(1), url: try row.value(2),
            kinds: try row.value(3, as: String.self).split(separator: " ").map { try decoded(String($0)) },
            scope: try decoded(row.value(4)), isActive: try row.value(5), disabledReason: try row.value(6), position: try row.value(7),
            failures: try row.value(8), secret: try row.value(9), formerSecret: try row.value(10), formerUntil: try row.value(11),
            createdAt: try row.value(12), updatedAt: try row.value(13), version: try row.value(14))
    }

    package func find(_ id: ID<Webhook>) throws -> Webhook? {
        try tx.first("SELECT \(Self.columns) FROM webhooks WHERE id = \(id) AND NOT is_deleted", Self.read)
    }

    /// The subscription as it is now and stays until the transaction ends.
    package func lock(_ id: ID<Webhook>) throws -> Webhook? {
        try tx.first("SELECT \(Self.columns) FROM webhooks WHERE id = \(id) AND NOT is_deleted \(.forUpdate)", Self.read)
    }

    package func list(of owner: ID<User>) throws -> [Webhook] {
        try tx.rows("SELECT \(Self.columns) FROM webhooks WHERE owner_id = \(owner) AND NOT is_deleted ORDER BY id DESC", Self.read)
    }

    /// Everybody's, the newest first.
    package func listAll(before id: Int64?, offset: Int64, limit: Int64) throws -> [Webhook] {
        let condition: SQL = id.map { "AND id < \($0)" } ?? ""
        return try tx.rows(
            "SELECT \(Self.columns) FROM webhooks WHERE NOT is_deleted \(condition) ORDER BY id DESC LIMIT \(limit) OFFSET \(offset)",
            Self.read)
    }

    /// Active ones whose last message did not arrive.
    package func failing() throws -> Int64 {
        try tx.value("SELECT count(*) FROM webhooks WHERE is_active AND failures > 0 AND NOT is_deleted")
    }

    package func count() throws -> Int64 { try tx.value("SELECT count(*) FROM webhooks WHERE NOT is_deleted") }

    /// The active subscriptions that events for these people may be for, each with its owner.
    package func active(for users: Set<ID<User>>) throws -> [(id: ID<Webhook>, owner: ID<User>)] {
        guard !users.isEmpty else { return [] }
        let read = { (row: Row) in (id: try row.value(0, as: ID<Webhook>.self), owner: try row.value(1, as: ID<User>.self)) }
        let mine = try tx.rows(
            ("SELECT id, owner_id FROM webhooks WHERE owner_id IN (\(list: users.sorted())) AND scope = 'mine' AND is_active" as SQL)
                .unkept,
            read)
        return mine + (try tx.rows("SELECT id, owner_id FROM webhooks WHERE scope = 'all' AND is_active", read))
    }

    package func insert(_ new: NewWebhook, owner: ID<User>, secret: [UInt8], position: Int64, at now: Instant) throws -> ID<Webhook> {
        try tx.value(
            """
            INSERT INTO webhooks (owner_id, url, kinds, scope, is_active, position, failures, secret, created_at, updated_at, version)
            VALUES (\(owner), \(new.url), \(Self.words(new.kinds)), \(new.scope.rawValue), \(true), \(position), 0, \(secret), \(now),
                \(now), 1)
            RETURNING id
            """)
    }

    private static func words(_ kinds: [FeedChange.Kind]) -> String { kinds.map(\.rawValue).joined(separator: " ") }

    /// Writes everything but the place in the feed, which is the deliveries' own.
    package func update(_ webhook: Webhook, at now: Instant) throws {
        try tx.run(
            """
            UPDATE webhooks SET url = \(webhook.url), kinds = \(Self.words(webhook.kinds)), is_active = \(webhook.isActive),
                disabled_reason = \(webhook.disabledReason), failures = \(webhook.failures), secret = \(webhook.secret),
                former_secret = \(webhook.formerSecret), former_until = \(webhook.formerUntil), updated_at = \(now), version = version + 1
            WHERE id = \(webhook.id)
            """)
    }

    /// How far the deliveries have come. A later place stays.
    package func advance(_ id: ID<Webhook>, to position: Int64, failures: Int64) throws {
        try tx.run("UPDATE webhooks SET position = \(position), failures = \(failures) WHERE id = \(id) AND position <= \(position)")
    }

    // MARK: Deletion

    static let deletionSchema: [SQL] = [
        "ALTER TABLE webhooks ADD COLUMN is_deleted BOOLEAN NOT NULL DEFAULT FALSE",
        "CREATE INDEX webhooks_deleted ON webhooks (id) WHERE is_deleted",
    ]

    /// From now on there is no such webhook. Its row and its deliveries, which may be many megabytes, are removed in portions later.
    package func delete(_ id: ID<Webhook>) throws { _ = try delete(where: "id = \(id)") }

    /// - Returns: how many there were.
    package func deleteAll(of owner: ID<User>) throws -> Int { try delete(where: "owner_id = \(owner)") }

    /// Stops those that are active.
    /// - Returns: how many.
    package func disableAll(of owner: ID<User>, reason: String, at now: Instant) throws -> Int {
        try tx.run(
            """
            UPDATE webhooks SET is_active = \(false), disabled_reason = \(reason), updated_at = \(now), version = version + 1
            WHERE owner_id = \(owner) AND is_active
            """)
    }

    private func delete(where condition: SQL) throws -> Int {
        try tx.run(
            """
            UPDATE webhooks SET is_deleted = TRUE, is_active = FALSE, url = '', secret = \([UInt8]()), former_secret = NULL
            WHERE \(condition) AND NOT is_deleted
            """)
    }

    /// Removes some deliveries of webhooks that are deleted, and those webhooks that have none left.
    /// - Returns: how much was removed.
    package func removeDeleted(limit: Int64) throws -> Int {
        let deliveries = try tx.run(
            """
            DELETE FROM webhook_deliveries WHERE id IN (
                SELECT d.id FROM webhooks AS w JOIN webhook_deliveries AS d ON d.webhook_id = w.id WHERE w.is_deleted LIMIT \(limit))
            """)
        if deliveries > 0 { return deliveries }
        return try tx.run("DELETE FROM webhooks WHERE id IN (SELECT id FROM webhooks WHERE is_deleted LIMIT \(limit))")
    }

    // MARK: Deliveries

    private static let deliveryColumns = deliveryColumns(request: "request")

    private static func deliveryColumns(request: SQL) -> SQL {
        "id, webhook_id, position, mark, kind, state, attempts, \(request), status, answer, error, milliseconds, created_at, attempted_at"
    }

    private static func readDelivery(_ row: Row) throws -> WebhookDelivery {
        WebhookDelivery(
            id: try row.value(0), webhookID: try row.value(1),
            cursor: FeedCursor(position: try row.value(2), mark: UInt32(truncatingIfNeeded: try row.value(3, as: Int64.self))),
            kind: try decoded(row.value(4)), state: try decoded(row.value(5)), attempts: try row.value(6), request: try row.value(7),
            status: try row.value(8), answer: try row.value(9), error: try row.value(10), milliseconds: try row.value(11),
            createdAt: try row.value(12), attemptedAt: try row.value(13))
    }

    package func delivery(_ id: ID<WebhookDelivery>, of webhook: ID<Webhook>) throws -> WebhookDelivery? {
        try tx.first(
            "SELECT \(Self.deliveryColumns) FROM webhook_deliveries WHERE id = \(id) AND webhook_id = \(webhook)", Self.readDelivery)
    }

    /// What is sent for a change is what was sent the first time, so that one message id never stands for two messages.
    package func request(_ webhook: ID<Webhook>, at position: Int64) throws -> String? {
        try tx.first("SELECT request FROM webhook_deliveries WHERE webhook_id = \(webhook) AND position = \(position)") { try $0.value(0) }
    }

    /// Keeps what is about to be sent.
    package func keep(_ request: String, _ webhook: ID<Webhook>, _ cursor: FeedCursor, _ kind: FeedChange.Kind, at now: Instant) throws {
        try tx.run(
            """
            INSERT INTO webhook_deliveries (webhook_id, position, mark, kind, state, attempts, request, created_at, attempted_at)
            VALUES (\(webhook), \(cursor.position), \(Int64(cursor.mark)), \(kind.rawValue), \(WebhookDelivery.State.pending.rawValue), 0, \(request),
                \(now), \(now))
            """)
    }

    /// Notes an attempt to send what is kept.
    /// - Parameter state: `nil` when the attempt says nothing of it.
    package func note(
        _ attempt: WebhookAttempt, _ state: WebhookDelivery.State?, _ webhook: ID<Webhook>, at position: Int64, now: Instant
    ) throws {
        try tx.run(
            """
            UPDATE webhook_deliveries SET state = coalesce(\(state?.rawValue), state), attempts = attempts + 1, status = \(attempt.status),
                answer = \(attempt.answer), error = \(attempt.error), milliseconds = \(attempt.milliseconds), attempted_at = \(now)
            WHERE webhook_id = \(webhook) AND position = \(position)
            """)
    }

    /// Newest first.
    package func deliveries(of webhook: ID<Webhook>, before id: Int64?, offset: Int64, limit: Int64) throws -> [WebhookDelivery] {
        let condition: SQL = id.map { "AND id < \($0)" } ?? ""
        return try tx.rows(
            """
            SELECT \(Self.deliveryColumns) FROM webhook_deliveries WHERE webhook_id = \(webhook) \(condition) ORDER BY id DESC
            LIMIT \(limit) OFFSET \(offset)
            """, Self.readDelivery)
    }

    /// The newest delivery of each webhook that has one, without what was sent, which may be long.
    package func lastDeliveries(of webhooks: [ID<Webhook>]) throws -> [ID<Webhook>: WebhookDelivery] {
        guard !webhooks.isEmpty else { return [:] }
        let found = try tx.rows(
            ("""
            SELECT \(Self.deliveryColumns(request: "''")) FROM webhook_deliveries WHERE id IN (
                SELECT (SELECT max(d.id) FROM webhook_deliveries AS d WHERE d.webhook_id = w.id)
                FROM webhooks AS w WHERE w.id IN (\(list: webhooks)))
            """ as SQL).unkept, Self.readDelivery)
        return Dictionary(found.map { ($0.webhookID, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func deliveryCount(of webhook: ID<Webhook>) throws -> Int64 {
        try tx.value("SELECT count(*) FROM webhook_deliveries WHERE webhook_id = \(webhook)")
    }

    /// Removes some of the oldest deliveries of a webhook that has more than it keeps.
    package func trimDeliveries(of webhook: ID<Webhook>, limit: Int64) throws {
        try tx.run(
            """
            DELETE FROM webhook_deliveries WHERE id IN (
                SELECT id FROM webhook_deliveries WHERE webhook_id = \(webhook) AND id <= (
                    SELECT id FROM webhook_deliveries WHERE webhook_id = \(webhook) ORDER BY id DESC LIMIT 1 OFFSET \(Webhook.keptDeliveries))
                ORDER BY id LIMIT \(limit))
            """)
    }

    /// Removes some deliveries from before `instant`.
    /// - Returns: how many.
    package func deleteDeliveries(before instant: Instant, limit: Int64) throws -> Int {
        try tx.run(
            """
            DELETE FROM webhook_deliveries WHERE id IN (
                SELECT id FROM webhook_deliveries WHERE created_at < \(instant) ORDER BY created_at LIMIT \(limit))
            """)
    }
}
