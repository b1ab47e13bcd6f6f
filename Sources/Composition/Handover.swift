// Hands values from a transaction, which is synchronous and may block, to a task, which may not.
import Dispatch
import Synchronization

/// Runs both sides at once. `send` blocks while two values wait; when one side fails, so does the other.
func handOver<Value: Sendable, Result: Sendable>(
    _ produce: @escaping @Sendable (_ send: @escaping @Sendable (Value) throws -> Void) async throws -> Result,
    to consume: (Value) async throws -> Void
) async throws -> Result {
    let handover = Handover<Value>()
    async let result = handover.close(after: produce)
    do {
        for await value in handover.values {
            try await consume(value)
            handover.room.signal()
        }
    } catch {
        handover.abandon()
        throw error
    }
    return try await result
}

private final class Handover<Value: Sendable>: Sendable {
    let values: AsyncStream<Value>
    /// A semaphore must not end below its first value, so the room is given afterwards.
    let room = DispatchSemaphore(value: 0)
    private let continuation: AsyncStream<Value>.Continuation
    private let isAbandoned = Mutex(false)

    init() {
        (values, continuation) = AsyncStream.makeStream()
        for _ in 0..<2 { room.signal() }
    }

    func close<Result: Sendable>(after produce: (@escaping @Sendable (Value) throws -> Void) async throws -> Result) async throws -> Result
    {
        defer { continuation.finish() }
        return try await produce { [self] in try send($0) }
    }

    private func send(_ value: Value) throws {
        room.wait()
        if isAbandoned.withLock({ $0 }) { throw CancellationError() }
        continuation.yield(value)
    }

    func abandon() {
        isAbandoned.withLock { $0 = true }
        room.signal()
    }
}
