// A piece of work that waits for a connection.
import StoreCore

struct Job: Sendable {
    enum Work: Sendable {
        /// One statement outside of any transaction; many share a trip.
        case query(QueryText, reset: @Sendable () -> Void, each: @Sendable (Row) throws -> Void)
        /// A transaction that reads. The body keeps its outcome to itself.
        case reading(@Sendable (Tx) -> Void)
        /// A transaction that changes; many share one. The body keeps its outcome to itself and says whether it succeeded.
        case writing(@Sendable (Tx) -> Bool)
    }

    enum Kind: Int, CaseIterable {
        case query
        case reading
        case writing
    }

    let work: Work
    /// Tells the caller: an error of the connection or the transaction, or nil for the work's own outcome.
    let finish: @Sendable ((any Error)?) -> Void
    /// Uptime in nanoseconds.
    let since: UInt64
    /// How often it was begun and given back.
    var attempts = 0
    /// It was begun again because of a row that another transaction inserted first.
    var hasMetDuplicate = false
    /// It has spoilt a transaction that others shared, or was in one that was spoilt.
    var isAlone = false

    var kind: Kind {
        switch work {
        case .query: .query
        case .reading: .reading
        case .writing: .writing
        }
    }
}
