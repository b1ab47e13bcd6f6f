// Subscriptions as their owners see and change them.
import BackgroundWork
package import ChangeLedger
package import Credentials
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

    package struct Shown: Sendable {
        package let webhook: Webhook
        /// The newest; what was sent is left out.
        package let last: WebhookDelivery?
        /// When it is shown.
        package let secret: String?

        /// Where it leads, without what else the URL has.
        package var host: String? { WebhookURL(webhook.url)?.host }

        package init(_ webhook: Webhook, last: WebhookDelivery? = nil, secret: String? = nil) {
            self.webhook = webhook
            self.last = last
            self.secret = secret
        }
    }

    package func list(of actor: Actor) async throws -> [Shown] {
        try await store.read { tx in try Self.shown(try Webhooks(tx).list(of: actor.userID), tx) }
    }

    /// Everybody's, for those who look after the server.
    package func listAll(_ page: PageRequest) async throws -> Page<Shown> {
        try await store.read { tx in
            try Page(
                page, order: "webhooks", key: { .int($0.webhook.id.value) }, id: \.webhook.id.value, total: { try Webhooks(tx).count() }
            ) {
                try Self.shown(try Webhooks(tx).listAll(before: $0?.id, offset: $1, limit: $2), tx)
            }
        }
    }

    package func get(_ id: ID<Webhook>, by actor: Actor) async throws -> Shown {
        try await store.read { tx in try Self.shown(try Self.allowed(try Webhooks(tx).find(id), by: actor), tx) }
    }

    package func deliveries(of id: ID<Webhook>, _ page: PageRequest, by actor: Actor) async throws -> Page<WebhookDelivery> {
        try await store.read { tx in
            let webhook = try Self.allowed(try Webhooks(tx).find(id), by: actor)
            let next = try Jobs(tx).due([WebhookDeliverer.uniqueKey(id)]).values.first
            return try Page(
                page, order: "deliveries", key: { .int($0.id.value) }, id: \.id.value, total: { try Webhooks(tx).deliveryCount(of: id) }
            ) {
                try Webhooks(tx).deliveries(of: id, before: $0?.id, offset: $1, limit: $2).map { $0.expected(at: next, by: webhook) }
            }
        }
    }

    private static func shown(_ webhooks: [Webhook], _ tx: Tx) throws -> [Shown] {
        let last = try Webhooks(tx).lastDeliveries(of: webhooks.map(\.id))
        let next = try Jobs(tx).due(webhooks.map { WebhookDeliverer.uniqueKey($0.id) })
        return webhooks.map { webhook in
            let delivery = last[webhook.id]?.expected(at: next[WebhookDeliverer.uniqueKey(webhook.id)], by: webhook)
            return Shown(webhook, last: delivery)
        }
    }

    private static func shown(_ webhook: Webhook, secret: String? = nil, _ tx: Tx) throws -> Shown {
        Shown(webhook, last: try shown([webhook], tx).first?.last, secret: secret)
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
            return Shown(try Self.allowed(try webhooks.find(id), by: actor), secret: secret.text)
        }
    }

    package func update(
        _ id: ID<Webhook>, _ changes: WebhookChanges, if precondition: Precondition, repeating repeated: Repeated<Webhook>, by actor: Actor
    ) throws -> Change<Shown> {
        if let url = changes.url { try requireURL(url) }
        return Change(by: .user(actor)) { entry in
            let old = try Self.allowed(try Webhooks(entry.tx).lock(id), by: actor)
            try precondition.require(old.version)
            try repeated.require(old)
            var webhook = old
            webhook.url = changes.url ?? webhook.url
            webhook.kinds = changes.kinds ?? webhook.kinds
            if let isActive = changes.isActive, isActive != webhook.isActive {
                webhook.isActive = isActive
                webhook.disabledReason = nil
                webhook.failures = 0
            }
            guard webhook != old else { return try Self.shown(old, entry.tx) }
            try Webhooks(entry.tx).update(webhook, at: entry.now)
            try entry.record(.webhookUpdated, .webhook(id))
            // What happened while it was stopped is waiting.
            if webhook.isActive {
                try entry.enqueue(try WebhookDeliverer.job(id, of: webhook.ownerID))
                try Jobs(entry.tx).hasten(WebhookDeliverer.uniqueKey(id), at: entry.now)
            }
            return try Self.shown(try Self.allowed(try Webhooks(entry.tx).find(id), by: actor), entry.tx)
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
            return try Self.shown(try Self.allowed(try Webhooks(entry.tx).find(id), by: actor), secret: secret.text, entry.tx)
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
            return try WebhookDeliverer.queueReplay(of: delivery, of: id, for: actor.userID, entry)
        }
    }

    /// Sends a message that tells of no change, whether the webhook is active or not.
    package func test(_ id: ID<Webhook>, by actor: Actor) -> Change<Job> {
        Change(by: .user(actor)) { entry in
            _ = try Self.allowed(try Webhooks(entry.tx).find(id), by: actor)
            return try WebhookDeliverer.queueTest(of: id, for: actor.userID, entry)
        }
    }

    private func requireURL(_ text: String) throws {
        guard let url = WebhookURL(text) else {
            throw Failure.invalid([.init("url", "must be an absolute http or https URL without a password")])
        }
        guard url.isSecure || reachable.hasOpenNetworks else { throw Failure.invalid([.init("url", "must begin with https://")]) }
        guard reachable.mayContain(url) else {
            let isPublic = url.literalAddresses.contains(where: reachable.contains)
            throw Failure.invalid([
                .init("url", isPublic ? "must begin with https://" : "must have a public address, and \(url.host) is not public")
            ])
        }
    }

    private static func allowed(_ webhook: Webhook?, by actor: Actor) throws -> Webhook {
        guard let webhook else { throw Failure.notFound(.webhook) }
        try actor.may(see: webhook).require(.webhook)
        return webhook
    }
}

extension WebhookDelivery {
    /// - Parameter next: when the job of the webhook is due, if it waits.
    fileprivate func expected(at next: Instant?, by webhook: Webhook) -> WebhookDelivery {
        var delivery = self
        let isNext = state == .pending && webhook.isActive && cursor.position > webhook.position
        delivery.nextAttemptAt = isNext ? next : nil
        return delivery
    }
}
