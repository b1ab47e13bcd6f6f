// Holds a transaction open until the test has done what it wants to do meanwhile.
import Dispatch

final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let held = AsyncStream<Void>.makeStream()

    /// Called inside a transaction: says that it is held, and waits for `open`.
    func hold() {
        held.continuation.yield()
        semaphore.wait()
    }

    func isHeld() async {
        for await _ in held.stream { return }
    }

    func open() { semaphore.signal() }
}
