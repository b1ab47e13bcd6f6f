// One run of a job, as its handler sees it: what it is about, and every way to say how it goes.
package import ChangeLedger
import Foundation
package import Model
import Repositories
package import StoreCore

/// Thrown by a handler when trying again would not help; `reason` is for the owner of the job.
package struct JobFailure: Error {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}

/// Thrown by a handler when it may go better later; `reason` is for the owner of the job.
package struct JobSetback: Error {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}

/// The job is somebody else's now: the lease ran out before this worker gave a sign of life.
package struct LeaseLost: Error {
    package init() {}
}

/// Thrown by the effects of a completion that find something left to do: the job goes on.
package struct MoreToDo: Error {
    package init() {}
}

package struct JobRun: Sendable {
    package let job: Job
    package let claim: JobClaim
    private let ledger: Ledger

    package init(_ job: Job, _ claim: JobClaim, _ ledger: Ledger) {
        self.job = job
        self.claim = claim
        self.ledger = ledger
    }

    package var store: any Store { ledger.store }
    package var clock: WallClock { ledger.clock }
    var meter: QuotaMeter { ledger.meter }

    /// - Throws: `JobFailure` when the job was queued by a program that meant something else by it.
    package func payload<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(job.payload.utf8))
        } catch {
            throw JobFailure("The data of the job cannot be read.")
        }
    }

    /// Makes one step of the job together with the news of it: both or neither are kept.
    /// - Throws: `LeaseLost` when the job is somebody else's now, `CancellationError` when it is to be cancelled; nothing is kept then.
    package func step<Value: Sendable>(
        _ body: @escaping @Sendable (Entry) throws -> (value: Value, progress: JobProgress)
    ) async throws -> Value {
        try Task.checkCancellation()
        let (value, effects) = try await store.write { tx in
            let entry = entry(tx)
            let (value, progress) = try body(entry)
            guard let isCancelling = try Jobs(tx).report(progress, claim) else { throw LeaseLost() }
            guard !isCancelling else { throw CancellationError() }
            return (value, entry.effects)
        }
        effects.forEach { $0() }
        return value
    }

    /// Makes a change that is no step of the job: it counts also when the job is somebody else's by now.
    package func write<Value: Sendable>(_ body: @escaping @Sendable (Entry) throws -> Value) async throws -> Value {
        let (value, effects) = try await store.write { tx in
            let entry = entry(tx)
            return (try body(entry), entry.effects)
        }
        effects.forEach { $0() }
        return value
    }

    /// Keeps the completion of the job, and its last effects in the same transaction.
    /// - Throws: `LeaseLost`, or what the effects throw; nothing is kept then.
    package func complete(_ completion: JobCompletion) async throws {
        let effects = try await store.write { tx in
            let entry = entry(tx)
            // First, so that nobody queues the like of it as long as this run decides whether something is left to do.
            guard try Jobs(tx).complete(claim, result: completion.result, at: entry.now) else { throw LeaseLost() }
            try completion.effects?(entry)
            return entry.effects
        }
        effects.forEach { $0() }
    }

    private func entry(_ tx: Tx) -> Entry { ledger.entry(tx, by: .job(job.id, for: job.ownerID)) }
}

/// What a handler gives back when all is done.
package struct JobCompletion: Sendable {
    /// What came of it, as a JSON object.
    package let result: String?
    /// What must be kept together with the end of the job.
    package let effects: (@Sendable (Entry) throws -> Void)?

    package init(result: String? = nil, effects: (@Sendable (Entry) throws -> Void)? = nil) {
        self.result = result
        self.effects = effects
    }
}

extension NewJob {
    /// A job with what it is about.
    package init(
        _ kind: JobKind, owner: ID<User>? = nil, about payload: some Encodable, uniqueKey: String? = nil, runAt: Instant? = nil,
        priority: JobPriority? = nil, share: ID<User>? = nil
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(payload), as: UTF8.self)
        self.init(kind, owner: owner, payload: text, uniqueKey: uniqueKey, runAt: runAt, priority: priority, share: share)
    }
}
