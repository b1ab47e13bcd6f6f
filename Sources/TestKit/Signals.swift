// What tests wait for instead of time.
import Synchronization

/// Opens once; whoever waits goes on then.
package final class Signal: Sendable {
    private let stream = AsyncStream<Void>.makeStream()

    package init() {}

    package func give() { stream.continuation.finish() }
    package func given() async { for await _ in stream.stream {} }
}

/// Counts from 1.
package final class Counter: Sendable {
    private let value = Mutex(0)

    package init() {}

    package var count: Int { value.withLock { $0 } }

    @discardableResult
    package func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}
