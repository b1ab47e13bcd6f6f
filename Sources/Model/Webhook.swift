// A subscription: where changes are sent, which ones, and how far it has come.

package struct Webhook: Equatable, Sendable {
    package var id: ID<Webhook>
    package var ownerID: ID<User>
    package var url: String
    /// What is sent; empty is everything.
    package var kinds: [FeedChange.Kind]
    package var scope: FeedScope
    package var isActive: Bool
    /// Why the server stopped it.
    package var disabledReason: String?
    /// The place in the feed behind which its next change stands.
    package var position: Int64
    /// How often the next change was sent in vain.
    package var failures: Int64
    /// Sealed; see `WebhookSecret`.
    package var secret: [UInt8]
    package var formerSecret: [UInt8]?
    /// Until then messages are signed with the former secret too.
    package var formerUntil: Instant?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64

    package init(
        id: ID<Webhook>, ownerID: ID<User>, url: String, kinds: [FeedChange.Kind], scope: FeedScope, isActive: Bool,
        disabledReason: String?, position: Int64, failures: Int64, secret: [UInt8], formerSecret: [UInt8]?, formerUntil: Instant?,
        createdAt: Instant, updatedAt: Instant, version: Int64
    ) {
        self.id = id
        self.ownerID = ownerID
        self.url = url
        self.kinds = kinds
        self.scope = scope
        self.isActive = isActive
        self.disabledReason = disabledReason
        self.position = position
        self.failures = failures
        self.secret = secret
        self.formerSecret = formerSecret
        self.formerUntil = formerUntil
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    package func wants(_ change: FeedChange) -> Bool { kinds.isEmpty || kinds.contains(change.happened) }

    /// How long the secret before the last rotation still signs.
    package static let formerLifetime: Duration = .seconds(86_400)
    /// How long deliveries can be looked at.
    package static let retention: Duration = .seconds(30 * 86_400)
    /// How many of one webhook.
    package static let keptDeliveries: Int64 = 10_000

    /// The waits after each attempt that failed; together one day. Then the subscription is stopped.
    private static let waits: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(28_800), .seconds(30_295),
    ]

    /// - Returns: `nil` when it is time to stop.
    package static func wait(afterFailure failure: Int64) -> Duration? {
        waits.indices.contains(Int(failure) - 1) ? waits[Int(failure) - 1] : nil
    }
}

package struct NewWebhook: Sendable {
    package var url: String
    package var kinds: [FeedChange.Kind]
    package var scope: FeedScope

    package init(url: String, kinds: [FeedChange.Kind], scope: FeedScope) {
        self.url = url
        self.kinds = kinds
        self.scope = scope
    }
}

package struct WebhookChanges: Sendable {
    package var url: String?
    package var kinds: [FeedChange.Kind]?
    package var isActive: Bool?

    package init(url: String?, kinds: [FeedChange.Kind]?, isActive: Bool?) {
        self.url = url
        self.kinds = kinds
        self.isActive = isActive
    }
}

/// One message to one subscription, and what became of it.
package struct WebhookDelivery: Sendable {
    package enum State: Int64, CaseIterable, Sendable {
        /// Will be tried again.
        case pending = 0
        case delivered = 1
        case failed = 2

        package var word: String { "\(self)" }
    }

    package var id: ID<WebhookDelivery>
    package var webhookID: ID<Webhook>
    package var cursor: FeedCursor
    package var kind: FeedChange.Kind
    package var state: State
    package var attempts: Int64
    /// What was sent.
    package var request: String
    /// Of the last attempt; `nil` when there was no answer.
    package var status: Int64?
    /// The beginning of the last answer.
    package var answer: String?
    /// Why the last attempt failed without an answer.
    package var error: String?
    package var milliseconds: Int64?
    package var createdAt: Instant
    package var attemptedAt: Instant
    /// When it is sent again, as long as it is pending and its webhook active. Its job knows; the row does not.
    package var nextAttemptAt: Instant?

    package init(
        id: ID<WebhookDelivery>, webhookID: ID<Webhook>, cursor: FeedCursor, kind: FeedChange.Kind, state: State, attempts: Int64,
        request: String, status: Int64?, answer: String?, error: String?, milliseconds: Int64?, createdAt: Instant, attemptedAt: Instant
    ) {
        self.id = id
        self.webhookID = webhookID
        self.cursor = cursor
        self.kind = kind
        self.state = state
        self.attempts = attempts
        self.request = request
        self.status = status
        self.answer = answer
        self.error = error
        self.milliseconds = milliseconds
        self.createdAt = createdAt
        self.attemptedAt = attemptedAt
    }

    /// The same for every attempt: receivers know a repetition by it. When the database was set back, what comes then has other ids.
    package var messageID: String { Self.messageID(webhookID, cursor) }
    package static func messageID(_ webhook: ID<Webhook>, _ cursor: FeedCursor) -> String { "msg_\(webhook)_\(cursor.text)" }
    /// Of a test message, by the job that sends it.
    package static func messageID(_ webhook: ID<Webhook>, testBy job: ID<Job>) -> String { "msg_\(webhook)_test-\(job)" }
}

/// How one attempt ended.
package struct WebhookAttempt: Sendable {
    package var status: Int64?
    package var answer: String?
    package var error: String?
    package var milliseconds: Int64?

    package init(status: Int64? = nil, answer: String? = nil, error: String? = nil, milliseconds: Int64? = nil) {
        self.status = status
        self.answer = answer
        self.error = error
        self.milliseconds = milliseconds
    }

    package var hasSucceeded: Bool { status.map { (200..<300).contains($0) } ?? false }
    /// 410: nobody wants it any more.
    package var isUnwanted: Bool { status == 410 }
    package var words: String { status.map { "The receiver answered with \($0)." } ?? error ?? "The receiver did not answer." }
}
