// A change that is prepared but not yet made. Services return it, the ledger makes it: in one transaction, with its events, its
// follow-ups and, when the request has an Idempotency-Key, its stored answer.
package import Model
package import Repositories
package import StoreCore

package struct Change<Out: Sendable>: Sendable {
    package let author: Author
    package let make: @Sendable (Entry) throws -> Out

    package init(by author: Author, _ make: @escaping @Sendable (Entry) throws -> Out) {
        self.author = author
        self.make = make
    }

    /// The same change with another result.
    package func map<Other: Sendable>(_ transform: @escaping @Sendable (Out) throws -> Other) -> Change<Other> {
        .init(by: author) { try transform(try make($0)) }
    }
}

/// A change of many items that may be too large for one transaction: it is made in steps, each a change of its own that is kept whatever
/// becomes of the later ones.
package struct SteppedChange<Item: Sendable>: Sendable {
    package struct Steps: Sendable {
        package let count: Int
        /// Ids of the items, when they were chosen by something that changes with the change itself: whoever goes on with it goes on with these.
        package let chosen: [Int64]?
        /// Prepares the change of the items from a place on. It results in what became of the first of them, of one at least.
        package let step: @Sendable (_ first: Int) async throws -> Change<[Item]>

        package init(count: Int, chosen: [Int64]? = nil, step: @escaping @Sendable (_ first: Int) async throws -> Change<[Item]>) {
            self.count = count
            self.chosen = chosen
            self.step = step
        }
    }

    package let author: Author
    /// - Parameter chosen: the items that were chosen when the change began, for one that goes on.
    package let begin: @Sendable (_ chosen: [Int64]?) async throws -> Steps

    package init(by author: Author, begin: @escaping @Sendable (_ chosen: [Int64]?) async throws -> Steps) {
        self.author = author
        self.begin = begin
    }

    package init(by author: Author, count: Int, step: @escaping @Sendable (_ first: Int) async throws -> Change<[Item]>) {
        self.init(by: author) { _ in Steps(count: count, step: step) }
    }
}

/// The open transaction of a change.
package final class Entry {
    package let tx: Tx
    package let now: Instant
    package let author: Author
    /// What one user may have at most.
    package let quotas: Quotas
    package private(set) var effects: [@Sendable () -> Void] = []
    private let recorded: @Sendable () -> Void
    private var hasRecorded = false

    init(tx: Tx, now: Instant, author: Author, quotas: Quotas, recorded: @escaping @Sendable () -> Void) {
        self.tx = tx
        self.now = now
        self.author = author
        self.quotas = quotas
        self.recorded = recorded
    }

    /// Appends to the event log.
    package func record(_ action: Action, _ topic: Topic, _ changes: [FieldChange] = []) throws {
        try Events(tx).append(action, topic, changes, by: author, at: now)
        noteRecorded()
    }

    /// Inserts many new tasks under ids that were reserved in this transaction, and records them.
    package func insert(_ tasks: [(id: ID<TaskItem>, task: PreparedTask)]) throws {
        try Tasks(tx).insert(tasks, by: author, at: now)
        noteRecorded()
    }

    private func noteRecorded() {
        if !hasRecorded { afterCommit(recorded) }
        hasRecorded = true
    }

    /// Queues work that follows from the change: it is there exactly when the change is.
    /// - Returns: `nil` when a job with the same unique key is queued or running.
    /// - Throws: `Failure.quota` when a user asks for it of whom enough jobs wait.
    @discardableResult
    package func enqueue(_ job: NewJob) throws -> ID<Job>? {
        if case .user = author, let owner = job.ownerID { try quotas.require(.jobs, .jobs, of: owner, tx, at: now) }
        return try Jobs(tx).insert(job, at: now)
    }

    /// Runs `effect` once the change is on disk and before anybody is told: caches forget, waiters wake.
    package func afterCommit(_ effect: @escaping @Sendable () -> Void) { effects.append(effect) }
}

/// Thrown by a change that did what it had to do and refuses all the same: what it did is kept, then the caller gets the failure.
package struct KeptFailure: Error {
    package let failure: Failure

    package init(_ failure: Failure) { self.failure = failure }
}
