// The one writer: changes that wait together share a transaction and so one fsync. If one of them fails, they are made again with a savepoint each.
import Dispatch
import GRDB
import Metrics
import StoreCore
import Synchronization

/// A change waiting for its turn.
private struct Waiting: Sendable {
    /// Runs the change, in a savepoint or not, and says whether it was made; its outcome stays inside until the commit is known.
    let attempt: @Sendable (_ tx: Tx, _ inSavepoint: Bool) -> Bool
    /// Tells the caller: the error of the transaction that all shared, or nil for the change's own outcome.
    let finish: @Sendable ((any Error)?) -> Void
}

final class GroupWriter: Sendable {
    private struct State {
        var waiting: [Waiting] = []
        var isRunning = false
    }

    /// More waiting changes than this are refused: a queue without a bound only hides the overload.
    static let capacity = 4096
    /// Changes a transaction takes at most, so that the first does not wait for ever.
    static let groupSize = 256
    /// No further change joins a transaction that has taken this long, in nanoseconds: large changes do not share one.
    private static let groupTime: UInt64 = 50_000_000

    private let pool: DatabasePool
    private let readers: BriefReaders
    private let announce: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "taskflow.store.writer", qos: .userInitiated)
    private let state = Mutex(State())
    private let commits = Timer(label: "taskflow_store_commit_seconds")
    private let changes = Counter(label: "taskflow_store_changes_total")
    private let depth = Gauge(label: "taskflow_store_write_queue_depth")

    /// - Parameters:
    ///   - readers: see each commit at once.
    ///   - announce: told what a transaction announced, once it is on disk and before anybody else hears of it.
    init(_ pool: DatabasePool, _ readers: BriefReaders, announce: @escaping @Sendable (String) -> Void) {
        self.pool = pool
        self.readers = readers
        self.announce = announce
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let outcome = Mutex<Result<Value, any Error>?>(nil)
            let waiting = Waiting { tx, inSavepoint in
                let result = Result { inSavepoint ? try tx.savepoint { try body(tx) } : try body(tx) }
                outcome.withLock { $0 = result }
                if case .success = result { return true }
                return false
            } finish: { error in
                if let error { return continuation.resume(throwing: error) }
                continuation.resume(with: outcome.withLock { $0 } ?? .failure(StoreError.busy))
            }
            enqueue(waiting)
        }
    }

    private func enqueue(_ change: Waiting) {
        let (isFull, mustStart) = state.withLock { state in
            guard state.waiting.count < Self.capacity else { return (true, false) }
            state.waiting.append(change)
            defer { state.isRunning = true }
            return (false, !state.isRunning)
        }
        if isFull { change.finish(StoreError.busy) }
        if mustStart { queue.async { self.drain() } }
    }

    private func drain() {
        while true {
            let group = state.withLock { state in
                let group = Array(state.waiting.prefix(Self.groupSize))
                state.waiting.removeFirst(group.count)
                state.isRunning = !group.isEmpty
                depth.record(state.waiting.count)
                return group
            }
            guard !group.isEmpty else { return }
            let start = DispatchTime.now()
            let (error, made) = commit(group)
            commits.recordNanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds))
            let (done, rest) = (group.prefix(made), group.dropFirst(made))
            if !rest.isEmpty { state.withLock { $0.waiting.insert(contentsOf: rest, at: 0) } }
            changes.increment(by: done.count)
            for change in done { change.finish(error) }
        }
    }

    /// - Returns: no error when the transaction is on disk, otherwise nothing of it happened; and how many changes of the group were in it.
    private func commit(_ group: [Waiting]) -> (error: (any Error)?, made: Int) {
        pool.writeWithoutTransaction { make(group, $0, inSavepoints: false) }
    }

    /// - Parameter inSavepoints: whether a change can be undone alone. Not at first: most changes do not fail, and at each savepoint SQLite writes
    ///   out its index of words.
    private func make(_ group: [Waiting], _ database: Database, inSavepoints: Bool) -> (error: (any Error)?, made: Int) {
        let connection = SQLiteConnection(database)
        let tx = Tx(connection)
        let end = DispatchTime.now().uptimeNanoseconds + Self.groupTime
        var made = 0
        do {
            try tx.run("BEGIN IMMEDIATE")
            for change in group {
                if made > 0, DispatchTime.now().uptimeNanoseconds >= end { break }
                made += 1
                let said = connection.announcements.count
                connection.hasWritten = false
                let isMade = change.attempt(tx, inSavepoints)
                // A full disk or a failing one makes SQLite roll everything back, the changes of others included.
                if let lost = connection.lost { return (lost, group.count) }
                guard !isMade else { continue }
                connection.announcements.removeSubrange(said...)
                if !inSavepoints, connection.hasWritten {
                    try tx.run("ROLLBACK")
                    return group.count == 1 ? (nil, 1) : make(group, database, inSavepoints: true)
                }
            }
            _ = try readers.during { try tx.run("COMMIT") }
            connection.announcements.forEach(announce)
            return (nil, made)
        } catch {
            if database.isInsideTransaction { _ = try? tx.run("ROLLBACK") }
            // Whoever waited for a transaction that could not begin need not wait on.
            return (error, made == 0 ? group.count : made)
        }
    }
}
