// Holds a transaction open until the test has done what it wants to do meanwhile. Every wait is bounded: whoever is waited for may have
// failed, and the test is to say so.
import Dispatch
import Synchronization
import TestKit
import Testing

final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let meeting = Mutex(0)
    private let held = Mutex(false)

    private func wait() { _ = semaphore.wait(timeout: .now() + 30) }

    /// Called inside a transaction: says that it is held, and waits for `open`.
    func hold() {
        held.withLock { $0 = true }
        wait()
    }

    /// Waits, in a transaction, until as many have come; those who come later do not wait.
    func meet(_ count: Int) {
        let isLast = meeting.withLock { met in
            met += 1
            return met >= count
        }
        if isLast { for _ in 1..<count { semaphore.signal() } } else { wait() }
    }

    func isHeld(sourceLocation: SourceLocation = #_sourceLocation) async {
        await eventually(sourceLocation: sourceLocation) { held.withLock { $0 } }
    }

    func open() { semaphore.signal() }
}
