// Holds a transaction open until the test has done what it wants to do meanwhile.
import Dispatch
import Synchronization

final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let meeting = Mutex(0)
    private let held = AsyncStream<Void>.makeStream()

    /// Called inside a transaction: says that it is held, and waits for `open`.
    func hold() {
        held.continuation.yield()
        semaphore.wait()
    }

    /// Waits, in a transaction, until as many have come; those who come later do not wait.
    func meet(_ count: Int) {
        let isLast = meeting.withLock { met in
            met += 1
            return met >= count
        }
        if isLast { for _ in 1..<count { semaphore.signal() } } else { semaphore.wait() }
    }

    func isHeld() async {
        for await _ in held.stream { return }
    }

    func open() { semaphore.signal() }
}
