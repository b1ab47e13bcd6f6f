// Connections to one server, and the work that waits for them.
import Dispatch
import Logging
import StoreCore
import Synchronization

final class Pool: Sendable {
    private let queue: JobQueue
    private let ended = DispatchGroup()

    /// - Parameters:
    ///   - attempts: how often work is begun again; 0 when another connection may lead to an older state.
    ///   - name: the server in log lines.
    init(_ connector: Connector, size: Int, attempts: Int = 4, name: String = "the database", logger: Logger) {
        var limits = JobQueue.Limits()
        // After a restart of the server every idle connection is dead, and one piece of work may meet them all.
        limits.attempts = attempts == 0 ? 0 : max(attempts, size)
        limits.writers = min(limits.writers, max(1, size - 1))
        queue = JobQueue(limits)
        let outage = OutageLog(logger, failing: "\(name) does not answer", working: "\(name) answers again")
        for _ in 0..<size { ConnectionWorker(queue, connector, outage, logger).start(ended) }
    }

    deinit { queue.close() }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await outcome { outcome in
            .reading { tx in
                let result = Result { try body(tx) }
                outcome.withLock { $0 = result }
            }
        }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await outcome { outcome in
            .writing { tx in
                let result = Result { try body(tx) }
                outcome.withLock { $0 = result }
                if case .success = result { return true }
                return false
            }
        }
    }

    func rows<Element: Sendable>(_ query: Query<Element>) async throws -> [Element] {
        // Others must not wait behind a query that may take long.
        guard query.isBrief else { return try await read { try $0.rows(query) } }
        let (text, binds) = query.sql.rendered(for: .postgres)
        return try await outcome { (outcome: Outcome<[Element]>) in
            .query(
                QueryText(text: text, binds: binds, isKept: query.sql.isKept), reset: { outcome.withLock { $0 = .success([]) } },
                each: { row in
                    let element = try query.read(row)
                    outcome.withLock { outcome in
                        if case .success(var elements)? = outcome {
                            outcome = nil
                            elements.append(element)
                            outcome = .success(elements)
                        }
                    }
                })
        }
    }

    private func outcome<Value: Sendable>(_ work: (Outcome<Value>) -> Job.Work) async throws -> Value {
        let outcome = Outcome<Value>()
        let work = work(outcome)
        return try await withCheckedThrowingContinuation { continuation in
            queue.submit(
                Job(
                    work: work,
                    finish: { error in
                        if let error { return continuation.resume(throwing: error) }
                        continuation.resume(with: outcome.withLock { $0 } ?? .failure(StoreError.busy))
                    }, since: DispatchTime.now().uptimeNanoseconds))
        }
    }

    var isOpen: Bool { !queue.isClosed }

    func close() async {
        queue.close()
        await withCheckedContinuation { continuation in ended.notify(queue: .global()) { continuation.resume() } }
        // What the last connection gave back.
        queue.abandon("the store is closed")
    }
}

/// What a piece of work came to. Written by one connection at a time.
final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func withLock<Out>(_ body: (inout sending Result<Value, any Error>?) -> Out) -> Out {
        result.withLock { body(&$0) }
    }
}
