// Streaming replicas: a read goes to one only when it has every change that was acknowledged before the read began.
import Logging
import Metrics
import StoreCore
import Synchronization

/// The rule is stronger than reading one's own writes, and needs no memory of who wrote what on which instance: a read first learns how
/// far the primary is, then takes a replica that has come that far (Ongaro and Ousterhout, “Raft”, 6.4: the read index).
final class Replicas: Sendable {
    /// Connections to each replica.
    private static let connections = 5

    struct Copy: Sendable {
        let pool: Pool
        fileprivate let position: Position
        private let lag: Gauge

        fileprivate init(_ pool: Pool, _ position: Position, number: Int) {
            self.pool = pool
            self.position = position
            lag = Gauge(label: "taskflow_replica_lag_bytes", dimensions: [("replica", "\(number)")])
        }

        fileprivate func hasReached(_ place: Place, _ own: Place) -> Bool {
            if own.timeline == place.timeline { lag.record(max(0, place.offset - own.offset)) }
            return own.includes(place)
        }

        /// It did not answer. Until it does nobody waits for it: reads go elsewhere.
        func doubt() { position.doubt() }
    }

    private let primary: Position
    private let copies: [Copy]
    private let turn = Mutex(0)

    init(_ urls: [String], of primary: Pool, logger: Logger) {
        self.primary = Position(
            of: primary,
            """
            SELECT ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::bigint,
                pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint
            """)
        copies = urls.enumerated().map { number, url in
            let pool = Pool(
                Connector(url: url, patience: Patience()), size: Self.connections, attempts: 0, name: "replica \(number + 1)",
                logger: logger)
            // A replica that was promoted is no copy any more: it gives no row. The timeline of one that follows a new primary is known
            // with its next restart point only; nothing else tells it to a role without privileges.
            let position = Position(
                of: pool,
                """
                SELECT timeline_id::bigint, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint
                FROM pg_control_checkpoint() WHERE pg_is_in_recovery()
                """)
            return Copy(pool, position, number: number + 1)
        }
    }

    /// A replica that has every change acknowledged until now, or nil.
    func upToDate() async -> Copy? {
        guard let needed = try? await primary.fresh() else { return nil }
        let first = turn.withLock { turn in
            turn = (turn + 1) % copies.count
            return turn
        }
        for offset in 0..<copies.count {
            let copy = copies[(first + offset) % copies.count]
            if copy.position.isDoubtful { continue }
            if copy.hasReached(needed, copy.position.known) { return copy }
            do {
                if copy.hasReached(needed, try await copy.position.fresh()) { return copy }
            } catch {
                copy.doubt()
            }
        }
        return nil
    }

    func close() async {
        for copy in copies { await copy.pool.close() }
    }
}

/// A place in the log. Each promotion begins a new timeline, which has what the promoted server had: a replica that was ahead of it has a
/// longer log, and another one.
private struct Place {
    var timeline: Int64 = 0
    var offset: Int64 = 0

    func includes(_ other: Place) -> Bool { timeline == other.timeline && offset >= other.offset }
}

/// How far a server is in its log. Questions that wait together share one answer, which is never older than the question.
private final class Position: Sendable {
    private struct State {
        var known = Place()
        /// The last question got no answer, or a read did not.
        var isDoubtful = false
        var isAsking = false
        var waiting: [CheckedContinuation<Place, any Error>] = []
    }

    private let pool: Pool
    private let query: Query<Place>
    private let state = Mutex(State())

    init(of pool: Pool, _ sql: SQL) {
        self.pool = pool
        query = Query(sql, isBrief: true) { Place(timeline: try $0.value(0), offset: try $0.value(1)) }
    }

    /// The last answer. A server does not go back in its log.
    var known: Place { state.withLock { $0.known } }

    var isDoubtful: Bool { state.withLock { $0.isDoubtful } }

    /// Asks again and again, until there is an answer.
    func doubt() {
        let wasDoubtful = state.withLock { state in
            defer {
                state.isDoubtful = true
                // A server that starts again begins further back in its log.
                state.known = Place()
            }
            return state.isDoubtful
        }
        if wasDoubtful { return }
        Task { [weak self] in
            while let position = self, position.isDoubtful, position.pool.isOpen {
                _ = try? await position.fresh()
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    func fresh() async throws -> Place {
        if let answer = try await askIfNobodyDoes() { return answer }
        return try await withCheckedThrowingContinuation { continuation in
            let mustAsk = state.withLock { state in
                state.waiting.append(continuation)
                return !state.isAsking
            }
            if mustAsk { Task { await answerWaiting() } }
        }
    }

    private func askIfNobodyDoes() async throws -> Place? {
        let mayAsk = state.withLock { state in
            if state.isAsking { return false }
            state.isAsking = true
            return true
        }
        guard mayAsk else { return nil }
        let answer = await ask()
        // Under load somebody always waits: that is not this one's to see to.
        Task { await answerWaiting() }
        return try answer.get()
    }

    private func ask() async -> Result<Place, any Error> {
        do {
            let place = try await pool.rows(query).first ?? Place()
            state.withLock { state in
                state.known = place
                state.isDoubtful = false
            }
            return .success(place)
        } catch {
            return .failure(error)
        }
    }

    /// Those who came while a question was out wait for the next one: the answer to that one could be older than they are.
    private func answerWaiting() async {
        while true {
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                state.isAsking = !state.waiting.isEmpty
                return state.waiting
            }
            if waiting.isEmpty { return }
            let answer = await ask()
            for continuation in waiting { continuation.resume(with: answer) }
        }
    }
}
