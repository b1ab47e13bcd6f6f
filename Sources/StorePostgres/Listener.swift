// Hears what transactions announce, of every process on the database (LISTEN), and says so when it cannot.
import CPostgres
import Dispatch
import Foundation
import Logging
import StoreCore
import Synchronization

final class Listener: Sendable {
    /// How often a silent connection is asked whether it is still there, in nanoseconds: what others end here counts until then.
    static let heartbeat: UInt64 = 500_000_000

    private struct State {
        var handlers: [@Sendable (Announcement) -> Void] = []
        var isHearing = false
        var isClosed = false
    }

    private let connector: Connector
    private let logger: Logger
    private let state = Mutex(State())

    init(_ connector: Connector, _ logger: Logger) {
        self.connector = connector
        self.logger = logger
        Thread.detachNewThread { [self] in
            while !isClosed {
                hear()
                tell(.deaf)
                if !isClosed { Thread.sleep(forTimeInterval: 0.1) }
            }
        }
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    func add(_ handler: @escaping @Sendable (Announcement) -> Void) {
        let isHearing = state.withLock { state in
            state.handlers.append(handler)
            return state.isHearing
        }
        // What changes meanwhile may be told by the other thread first.
        var told = isHearing
        while true {
            handler(told ? .hearing : .deaf)
            let now = state.withLock { $0.isHearing }
            if now == told { return }
            told = now
        }
    }

    /// Ends within one heartbeat.
    func close() { state.withLock { $0.isClosed = true } }

    private func tell(_ announcement: Announcement) {
        let handlers = state.withLock { state in
            switch announcement {
            case .deaf: state.isHearing = false
            case .hearing: state.isHearing = true
            case .message: break
            }
            return state.handlers
        }
        for handler in handlers { handler(announcement) }
    }

    private func hear() {
        do {
            let link = try connector.connect()
            _ = try link.run("LISTEN \(announcementChannel)", [], isKept: false) { _ in }
            tell(.hearing)
            while !isClosed {
                _ = ready(PQsocket(link.connection), POLLIN, until: DispatchTime.now().uptimeNanoseconds + Self.heartbeat)
                // The answer to a statement brings along what was announced before it.
                _ = try link.run("SELECT 1", [], isKept: true) { _ in }
                while let notification = PQnotifies(link.connection) {
                    let message = String(cString: notification.pointee.extra)
                    PQfreemem(notification)
                    tell(.message(message))
                }
            }
        } catch {
            // The pool says when the database is away.
            logger.debug("announcements of other instances are not heard", metadata: ["reason": "\(error)"])
        }
    }
}
