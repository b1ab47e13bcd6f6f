// What events lead to: queued in the transaction that seals them, so that it happens for each of them and slows down no change.
import Model
import Repositories
import StoreCore

struct FollowUps: Sendable {
    /// - Parameter audience: whom the sealed events concern that the feed shows.
    func queue(for audience: Set<ID<User>>, _ tx: Tx, at now: Instant) throws {
        for webhook in try Webhooks(tx).active(for: audience) { try Jobs(tx).insert(try WebhookDeliverer.job(webhook), at: now) }
    }
}
