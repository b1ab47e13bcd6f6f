// Verifies that the event log is what was recorded, and signs where it ends.
import BackgroundWork
package import Credentials
package import Model
package import Repositories
package import StoreCore
import Synchronization

package struct AuditReport: Sendable {
    package var sealed: Int64 = 0
    package var pending: Int64 = 0
    package var head = EventChain.Head.empty
    /// The first of them.
    package var faults: [AuditFault] = []

    package var isIntact: Bool { faults.isEmpty }

    package static let limit = 100
}

package struct AuditFault: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
        case changed, removed, inserted, reordered, truncated
    }

    package var kind: Kind
    package var position: Int64?
    package var eventID: Int64?
    package var detail: String

    init(_ kind: Kind, position: Int64? = nil, eventID: Int64? = nil, _ detail: String) {
        self.kind = kind
        self.position = position
        self.eventID = eventID
        self.detail = detail
    }
}

package final class AuditService: Sendable {
    private let store: any Store
    private let clock: WallClock
    private let keys: SigningKeys
    private let seal: EventSeal
    private let isVerifying = Mutex(false)

    package init(store: any Store, clock: WallClock, keys: SigningKeys) {
        self.store = store
        self.clock = clock
        self.keys = keys
        seal = EventSeal(keys)
    }

    package func checkpoint() async throws -> String {
        let head = try await store.read { try EventChain($0).head() }
        return try AuditCheckpoint(head: head, at: clock.now()).signed(by: keys)
    }

    /// Walks the whole log, at one moment. One at a time: it keeps a connection busy.
    /// - Throws: `Failure.invalid` for a checkpoint that was not signed here; `Failure.unavailable` while another one runs.
    package func verify(against signed: String?) async throws -> AuditReport {
        let checkpoint = try signed.map { text in
            guard let checkpoint = AuditCheckpoint(text, keys: keys) else {
                throw Failure.invalid([.init("query:checkpoint", "was not signed by a key of this installation, or was changed")])
            }
            return checkpoint
        }
        let isFree = isVerifying.withLock { isVerifying in
            defer { isVerifying = true }
            return !isVerifying
        }
        guard isFree else { throw Failure.unavailable(retryAfter: 5) }
        defer { isVerifying.withLock { $0 = false } }
        return try await store.read { [seal] tx in
            var walk = ChainWalk(seal: seal, checkpoint: checkpoint)
            try EventChain(tx).walk(batchesOf: 1000) { links in for link in links { walk.take(link) } }
            return try walk.finish(EventChain(tx))
        }
    }
}
