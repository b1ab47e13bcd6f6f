// Subscriptions as their owners see and change them.
package import Model
package import Outbound
import Repositories
package import StoreCore

package struct WebhookService: Sendable {
    let store: any Store
    let secrets: WebhookSecrets
    let reachable: ReachableAddresses
    let random: RandomSource

    package init(store: any Store, secrets: WebhookSecrets, reachable: ReachableAddresses, random: RandomSource) {
        self.store = store
        self.secrets = secrets
        self.reachable = reachable
        self.random = random
    }

    package typealias Shown = (webhook: Webhook, secret: String?)

    package func list(of actor: Actor) async throws -> [Webhook] { try await store.read { try Webhooks($0).list(of: actor.userID) } }

    package func get(_ id: ID<Webhook>, by actor: Actor) async throws -> Webhook {
        try await store.read { try Self.allowed(try Webhooks($0).find(id), by: actor) }
    }

    package func deliveries(of id: ID<Webhook>, _ page: PageRequest, by actor: Actor) async throws -> Page<WebhookDelivery> {
        try await store.read { tx in
            _ = try Self.allowed(try Webhooks(tx).find(id), by: actor)
            return try Page(
                page, order: "deliveries", key: { .int($0.id.value) }, id: \.id.value, total: { try Webhooks(tx).deliveryCount(of: id) }
            ) {
                try Webhooks(tx).deliveries(of: id, before: $0?.id, offset: $1, limit: $2)
            }
        }
    }

    // MARK: Changes

    /// It begins with the next change.
    package func create(_ new: NewWebhook, by actor: Actor) throws -> Change<Shown> {
        try requireURL(new.url)
        if new.scope == .all, !actor.isAdmin { throw Failure.forbidden(.adminOnly) }
        let secret = try secrets.generate(random)
        return Change(by: .user(actor)) { entry in
            let webhooks = Webhooks(entry.tx)
            try entry.quotas.require(.webhooks, .webhooks, of: actor.userID, entry.tx, at: entry.now)
            let end = try Feed(entry.tx).end()
            let id = try webhooks.insert(new, owner: actor.userID, secret: secret.sealed, position: end.position, at: entry.now)
            try entry.record(.webhookCreated, .webhook(id))
            try entry.outbox.put(NewMail(.webhookCreated, to: actor.userID, key: "webhook \(id)", about: .webhook(id)))
            return (try Self.allowed(try webhooks.find(id), by: actor), secret.text)
        }
    }

    package func update(
        _ id: ID<Webhook>, _ changes: WebhookChanges, if precondition: Precondition, by actor: Actor
    ) throws -> Change<Webhook> {
        if let url = changes.url { try requireURL(url) }
        return Change(by: .user(actor)) { entry in
            var webhook = try Self.allowed(try Webhooks(entry.tx).lock(id), by: actor)
            try precondition.require(webhook.version)
            webhook.url = changes.url ?? webhook.url
            webhook.kinds = changes.kinds ?? webhook.kinds
            if let isActive = changes.isActive, isActive != webhook.isActive {
                webhook.isActive = isActive
                webhook.disabledReason = nil
                webhook.failures = 0
            }
            try Webhooks(entry.tx).update(webhook, at: entry.now)
            try entry.record(.webhookUpdated, .webhook(id))
            // What happened while it was stopped is waiting.
            if webhook.isActive {
                try entry.enqueue(try WebhookDeliverer.job(id, of: webhook.ownerID))
                try Jobs(entry.tx).hasten(WebhookDeliverer.uniqueKey(id), at: entry.now)
            }
            return try Self.allowed(try Webhooks(entry.tx).find(id), by: actor)
        }
    }

    /// A new secret. Messages are signed with the old one too for a day, so that receivers can be changed one after the other.
    package func rotate(_ id: ID<Webhook>, by actor: Actor) throws -> Change<Shown> {
        let secret = try secrets.generate(random)
        return Change(by: .user(actor)) { entry in
            var webhook = try Self.allowed(try Webhooks(entry.tx).lock(id), by: actor)
            webhook.formerSecret = webhook.secret
            webhook.formerUntil = entry.now + Webhook.formerLifetime
            webhook.secret = secret.sealed
            try Webhooks(entry.tx).update(webhook, at: entry.now)
            try entry.record(.webhookRotated, .webhook(id))
            return (try Self.allowed(try Webhooks(entry.tx).find(id), by: actor), secret.text)
        }
    }

    package func delete(_ id: ID<Webhook>, if precondition: Precondition, by actor: Actor) -> Change<Void> {
        Change(by: .user(actor)) { entry in
            guard let webhook = try Webhooks(entry.tx).lock(id) else { throw Failure.notFound(.webhook) }
            try actor.may(delete: webhook).require(.webhook)
            try precondition.require(webhook.version)
            try Webhooks(entry.tx).delete(id)
            try entry.record(.webhookDeleted, .webhook(id))
        }
    }

    /// Sends a message once more, as it was, whatever became of it.
    package func replay(_ delivery: ID<WebhookDelivery>, of id: ID<Webhook>, by actor: Actor) -> Change<Job> {
        Change(by: .user(actor)) { entry in
            _ = try Self.allowed(try Webhooks(entry.tx).find(id), by: actor)
            guard try Webhooks(entry.tx).delivery(delivery, of: id) != nil else { throw Failure.notFound(.delivery) }
            let key = "replay \(delivery)"
            let about = WebhookDeliverer.Replay(webhook: id.value, delivery: delivery.value)
            try entry.enqueue(try NewJob(.replayWebhook, owner: actor.userID, about: about, uniqueKey: key))
            guard let job = try Jobs(entry.tx).unfinished(key) else { throw Failure.unavailable(retryAfter: 1) }
            return job
        }
    }

    private func requireURL(_ text: String) throws {
        guard let url = WebhookURL(text) else {
            throw Failure.invalid([.init("url", "must be an absolute http or https URL without a password")])
        }
        guard url.isSecure || reachable.hasOpenNetworks else { throw Failure.invalid([.init("url", "must begin with https://")]) }
    }

    private static func allowed(_ webhook: Webhook?, by actor: Actor) throws -> Webhook {
        guard let webhook else { throw Failure.notFound(.webhook) }
        try actor.may(see: webhook).require(.webhook)
        return webhook
    }
}
