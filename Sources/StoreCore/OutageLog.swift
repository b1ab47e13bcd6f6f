// An outage in the log: a line when it begins, one a minute with the number of failures while it lasts, and one when it is over.
package import Logging
import Synchronization

package final class OutageLog: Sendable {
    private struct Outage {
        var began: ContinuousClock.Instant
        var lastLine: ContinuousClock.Instant
        var failures = 1
    }

    private static let interval: Duration = .seconds(60)

    private let logger: Logger
    private let failing: String
    private let working: String
    private let now: @Sendable () -> ContinuousClock.Instant
    private let outage = Mutex<Outage?>(nil)

    /// - Parameters:
    ///   - failing: what is said while it lasts, for example “the database does not answer”.
    ///   - working: what is said at its end, for example “the database answers again”.
    package init(
        _ logger: Logger, failing: String, working: String, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.logger = logger
        self.now = now
        self.failing = failing
        self.working = working
    }

    /// Another attempt has failed.
    package func failed(_ reason: String) {
        let now = now()
        let line = outage.withLock { outage -> Logger.Metadata? in
            guard var present = outage else {
                outage = Outage(began: now, lastLine: now)
                return [:]
            }
            present.failures += 1
            let isDue = now - present.lastLine >= Self.interval
            if isDue { present.lastLine = now }
            outage = present
            return isDue ? Self.figures(of: present, at: now) : nil
        }
        guard var line else { return }
        line["reason"] = "\(reason)"
        logger.warning("\(failing)", metadata: line)
    }

    /// The same for what uses a store. A store that tells of its own outages is not repeated.
    package func failed(_ error: any Error, in store: any Store) {
        if store.reportsOutages, case .unavailable? = error as? StoreError { return }
        failed("\(error)")
    }

    /// An attempt has succeeded. It costs next to nothing when there was no outage.
    package func worked() {
        let ended = outage.withLock { outage -> Outage? in
            defer { outage = nil }
            return outage
        }
        if let ended { logger.notice("\(working)", metadata: Self.figures(of: ended, at: now())) }
    }

    private static func figures(of outage: Outage, at now: ContinuousClock.Instant) -> Logger.Metadata {
        ["failures": "\(outage.failures)", "seconds": "\((now - outage.began).components.seconds)"]
    }
}
