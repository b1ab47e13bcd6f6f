// Asks the server to stop a statement that nobody waits for any more.
import CPostgres
import Foundation
import Synchronization

/// libpq's cancel request waits for the server to answer, which a frozen one never does: it is sent from a thread that may be given up,
/// and never from more than a few.
final class Canceller: Sendable {
    private static let threads = 2
    private let running = Mutex(0)

    func cancel(_ connection: OpaquePointer) {
        let mayRun = running.withLock { running in
            guard running < Self.threads else { return false }
            running += 1
            return true
        }
        guard mayRun else { return }
        nonisolated(unsafe) let cancelRequest = PQgetCancel(connection)
        Thread.detachNewThread { [self] in
            var message = [CChar](repeating: 0, count: 256)
            PQcancel(cancelRequest, &message, Int32(message.count))
            PQfreeCancel(cancelRequest)
            running.withLock { $0 -= 1 }
        }
    }
}
