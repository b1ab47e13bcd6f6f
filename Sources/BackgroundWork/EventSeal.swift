// The key to the chain of events: who has the database but not the key can neither change the log unseen nor write another one.
package import Credentials
import Crypto
package import Model
import Repositories
package import StoreCore

package struct EventSeal: Sendable {
    /// The first seals, all verify.
    private let secrets: [SymmetricKey]

    package init(_ keys: SigningKeys) { secrets = keys.sealSecrets }

    package enum Outcome: Sendable, Equatable {
        /// Another instance is at it.
        case busy
        /// So many events; whom those of them concern that the feed shows.
        case sealed(Int, audience: Set<ID<User>>)
    }

    /// Seals what waits, the lowest ids first. Such transactions follow one another, so that positions appear in order and without a gap.
    package func seal(_ tx: Tx, limit: Int, at now: Instant) throws -> Outcome {
        let chain = EventChain(tx)
        guard try chain.claim() else { return .busy }
        let events = try chain.waiting(limit: limit)
        guard !events.isEmpty else { return .sealed(0, audience: []) }
        var head = try chain.head()
        var links: [EventChain.Link] = []
        var audiences: [(position: Int64, users: [ID<User>])] = []
        for event in events {
            head = next(head, event)
            links.append(.init(position: head.position, eventID: event.id, hash: head.hash, event: event))
            if let audience = event.audience { audiences.append((head.position, EventChain.users(audience))) }
        }
        try chain.append(links, audiences: audiences)
        let audience = audiences.reduce(into: Set<ID<User>>()) { $0.formUnion($1.users) }
        // What events lead to: it happens for each of them, and slows down no change.
        try WebhookDeliverer.queue(for: audience, tx, at: now)
        try NewsMails(outbox: Outbox(tx: tx, now: now)).queue(after: events)
        return .sealed(events.count, audience: audience)
    }

    /// Whether one of these keys sealed the last event; `nil` when nothing is sealed.
    package func hasSealedTheEnd(_ tx: Tx) throws -> Bool? {
        guard let (link, previous) = try EventChain(tx).end(), let event = link.event else { return nil }
        return hashes(event.canonical(at: link.position), after: previous).contains(link.hash)
    }

    private func next(_ head: EventChain.Head, _ event: SealableEvent) -> EventChain.Head {
        let position = head.position + 1
        return .init(position: position, hash: hash(event.canonical(at: position), after: head.hash, secrets[0]))
    }

    /// The hash of a row under each key.
    package func hashes(_ canonical: [UInt8], after previous: [UInt8]) -> [[UInt8]] { secrets.map { hash(canonical, after: previous, $0) } }

    private func hash(_ canonical: [UInt8], after previous: [UInt8], _ secret: SymmetricKey) -> [UInt8] {
        var code = HMAC<SHA256>(key: secret)
        code.update(data: previous)
        code.update(data: canonical)
        return Array(code.finalize())
    }
}
