// What tests wait for instead of time.
import Synchronization
package import Testing

/// Opens once; whoever waits goes on then.
package final class Signal: Sendable {
    private let isGiven = Mutex(false)

    package init() {}

    package func give() { isGiven.withLock { $0 = true } }
    /// Waits for a bounded time: whoever was to give it may have failed.
    package func given(sourceLocation: SourceLocation = #_sourceLocation) async {
        await eventually(sourceLocation: sourceLocation) { isGiven.withLock { $0 } }
    }
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
