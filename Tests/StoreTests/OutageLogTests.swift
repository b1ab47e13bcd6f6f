// An outage is a line when it begins, one a minute while it lasts, and one when it is over.
import Logging
import StoreCore
import Synchronization
import TestKit
import Testing

@Suite struct OutageLogTests {
    private final class Lines: LogHandler, Sendable {
        private let lines = Mutex<[String]>([])
        let seconds = Mutex(0)
        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }
        var logLevel: Logger.Level {
            get { .info }
            set {}
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }

        func log(event: LogEvent) {
            let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
            lines.withLock { $0.append((["\(event.level) \(event.message)"] + facts).joined(separator: " ")) }
        }

        var all: [String] { lines.withLock { $0 } }
    }

    private let lines = Lines()

    private func log() -> OutageLog {
        let start = ContinuousClock.now
        let lines = lines
        return OutageLog(
            Logger(label: "test") { _ in lines }, failing: "the database does not answer", working: "the database answers again",
            now: { start + .seconds(lines.seconds.withLock { $0 }) })
    }

    @Test("Ten minutes of failures, four a second, are twelve lines")
    func outage() {
        let log = log()
        for quarter in 0..<2400 {
            lines.seconds.withLock { $0 = quarter / 4 }
            log.failed("connection refused")
        }
        lines.seconds.withLock { $0 = 600 }
        log.worked()
        log.worked()
        #expect(lines.all.count == 11)
        #expect(lines.all.first == "warning the database does not answer reason=connection refused")
        #expect(lines.all.dropFirst().first == "warning the database does not answer failures=241 reason=connection refused seconds=60")
        #expect(lines.all.last == "notice the database answers again failures=2400 seconds=600")
    }

    @Test("Without an outage nothing is said, and the next one begins anew")
    func calm() {
        let log = log()
        log.worked()
        #expect(lines.all.isEmpty)
        log.failed("one")
        log.worked()
        log.failed("two")
        #expect(lines.all.map { $0.prefix(30) }.count == 3)
        #expect(lines.all.last == "warning the database does not answer reason=two")
    }

    @Test("What a store says itself is not repeated")
    func store() async throws {
        let engine = try await numbersStore().store
        let log = log()
        log.failed(StoreError.unavailable("gone"), in: engine)
        #expect(lines.all.isEmpty == engine.reportsOutages)
        #expect(engine.reportsOutages == (EngineUnderTest.current == .postgres))
        log.failed(StoreError.full, in: engine)
        #expect(lines.all.count == 1)
    }
}
