// Makes changes: one change, one transaction, one record.
package import Crypto
package import Model
import Repositories
package import StoreCore
import Synchronization

/// An Idempotency-Key as one request sent it (draft-ietf-httpapi-idempotency-key-header).
package struct IdempotencyKey: Sendable {
    /// Whose key: keys of different callers never meet.
    package var scope: String
    package var operation: String
    package var key: String
    /// SHA-256 of everything that makes the request: path, query and body.
    package var request: [UInt8]

    package init(scope: String, operation: String, key: String, request: [UInt8]) {
        self.scope = scope
        self.operation = operation
        self.key = key
        self.request = request
    }

    package static let keyLength: ClosedRange<Int> = 1...255

    var place: IdempotentAnswers.Place {
        .init(scope: scope, operation: operation, keyHash: Array(SHA256.hash(data: Array(key.utf8))))
    }
}

package final class Ledger: Sendable {
    package let store: any Store
    package let clock: WallClock
    /// The first seals answers, all open them.
    let secrets: [SymmetricKey]
    private let recorded: @Sendable () -> Void
    private let inFlight = Mutex<Set<String>>([])
    /// One step of a large change at a time: the changes of others go between.
    let turns = Turns()

    package let meter: QuotaMeter

    /// - Parameters:
    ///   - secrets: what stored answers are sealed with, one at least.
    ///   - recorded: called after the commit of a change that recorded events.
    package init(
        store: any Store, clock: WallClock, secrets: [SymmetricKey], quotas: Quotas = Quotas(), recorded: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.clock = clock
        meter = QuotaMeter(quotas, store: store, clock: clock)
        self.recorded = recorded
        self.secrets = secrets
    }

    /// Makes the change and returns its result.
    /// - Throws: `Failure`, `StoreError`.
    package func perform<Out: Sendable>(_ change: Change<Out>) async throws -> Out {
        let made = try await store.write { [self] tx in try make(change, tx, at: clock.now()) }
        made.effects.forEach { $0() }
        return try made.result.get()
    }

    /// Prepares and makes a change at most once for its key and returns the answer, the stored one when there is one: then nothing is
    /// prepared, so no check of today can refuse what was done yesterday.
    /// `render` turns result or failure into what is sent; failures that may pass are not stored.
    /// - Throws: `Failure`, `StoreError`.
    package func once<Out: Sendable, Answer: Codable & Sendable>(
        _ key: IdempotencyKey, answer render: @escaping @Sendable (Result<Out, Failure>) -> Answer,
        prepare: () async throws -> Change<Out>
    ) async throws -> (answer: Answer, isReplay: Bool) {
        let release = try claim(key)
        defer { release() }
        if let earlier = try await storedAnswer(to: key, as: Answer.self) { return (earlier.answer, true) }
        let change = try await prepare()
        try await meter.requireRoomForAnswer(of: change.author)
        let sealingKey = key.sealingKey(secrets[0])
        typealias Made = (answer: Answer, effects: [@Sendable () -> Void], newBytes: Int?)
        let made = try await store.write { [self] tx -> Made in
            let now = clock.now()
            // Another instance may be at it, or have been faster.
            guard try IdempotentAnswers(tx).claim(key.place) else { throw Failure.conflict(.idempotencyInProgress) }
            if let earlier = try storedAnswer(to: key, as: Answer.self, tx, at: now) { return (earlier.answer, [], nil) }
            let (result, effects) = try attempt(change, tx, at: now)
            let answer = render(result)
            return (answer, effects, try store(StoredAnswer(answer), sealingKey, to: key, tx, at: now))
        }
        made.effects.forEach { $0() }
        if let bytes = made.newBytes { meter.noteAnswer(bytes, of: change.author) }
        return (made.answer, made.newBytes == nil)
    }

    /// Keeps other requests of this process from the key.
    /// - Returns: what gives it free.
    func claim(_ key: IdempotencyKey) throws(Failure) -> @Sendable () -> Void {
        let name = "\(key.scope) \(key.operation) \(key.key)"
        guard inFlight.withLock({ $0.insert(name).inserted }) else { throw Failure.conflict(.idempotencyInProgress) }
        return { [self] in _ = inFlight.withLock { $0.remove(name) } }
    }

    func storedAnswer<Answer>(to key: IdempotencyKey, as type: Answer.Type) async throws -> StoredAnswer<Answer>? {
        try await store.read { [self] in try storedAnswer(to: key, as: type, $0, at: clock.now()) }
    }

    /// - Returns: how many bytes are stored.
    @discardableResult
    func store<Answer>(
        _ answer: StoredAnswer<Answer>, _ sealingKey: SymmetricKey, to key: IdempotencyKey, _ tx: Tx, at now: Instant
    ) throws -> Int {
        let sealed = try answer.sealed(with: sealingKey)
        try IdempotentAnswers(tx).insert(key.place, sealed: sealed, at: now)
        return sealed.count
    }

    /// - Throws: `Failure.idempotencyMismatch` when the key was used for another request.
    func storedAnswer<Answer>(
        to key: IdempotencyKey, as type: Answer.Type, _ tx: Tx, at now: Instant
    ) throws -> StoredAnswer<Answer>? {
        guard let sealed = try IdempotentAnswers(tx).find(key.place, at: now) else { return nil }
        guard let answer = StoredAnswer<Answer>(opening: sealed, for: key, with: secrets) else { throw Failure.idempotencyMismatch }
        return answer
    }

    /// An open transaction in somebody's hand. Whoever opens it runs its effects after the commit.
    package func entry(_ tx: Tx, by author: Author, at now: Instant? = nil) -> Entry {
        Entry(tx: tx, now: now ?? clock.now(), author: author, quotas: meter.quotas, recorded: recorded)
    }

    typealias Made<Out: Sendable> = (result: Result<Out, Failure>, effects: [@Sendable () -> Void])

    private func make<Out>(_ change: Change<Out>, _ tx: Tx, at now: Instant) throws -> Made<Out> {
        let entry = entry(tx, by: change.author, at: now)
        if case .user(let actor) = change.author { try Standing.require(actor, tx, at: now) }
        do {
            return (.success(try change.make(entry)), entry.effects)
        } catch let kept as KeptFailure {
            return (.failure(kept.failure), entry.effects)
        }
    }

    /// Like `make`, but a failure that is final is a result, and what the change did before it is undone.
    func attempt<Out>(_ change: Change<Out>, _ tx: Tx, at now: Instant) throws -> Made<Out> {
        do {
            return try tx.savepoint { try make(change, tx, at: now) }
        } catch let failure as Failure where failure.isFinal {
            return (.failure(failure), [])
        }
    }
}

extension Failure {
    /// Trying the same again would fail the same way.
    fileprivate var isFinal: Bool {
        switch self {
        case .limited, .unavailable, .unfinished, .unauthenticated, .forbidden(.reauthenticationRequired): false
        default: true
        }
    }
}
