// What a store says when it cannot do as asked, the same words for every engine. Texts are for the log, never for a client.

package enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A unique index refused a row; the text names it.
    case duplicate(String)
    /// A foreign key or CHECK refused a row.
    case constraint(String)
    /// Too many writes are waiting, or a lock was not to be had in time. Nothing was changed.
    case busy
    /// The disk is full. Nothing was changed.
    case full
    /// The disk or the connection failed, or the store is read-only. Nothing that was acknowledged is affected.
    case unavailable(String)
    /// The connection broke while the transaction was being committed: it is on disk whole or not at all, and nobody here knows which.
    case undecided
    /// A row or the file is not what it should be.
    case corrupt(String)
    /// The database was written by a newer version of the program.
    case newerSchema(String)
    /// `taskflow transfer` was filling the database when it was stopped.
    case unfinishedTransfer
    /// The statement itself is wrong: a bug.
    case statement(String)

    /// It lies with the disk, the connection or the server, and not with what was asked: the same may do later.
    package var isTransient: Bool {
        switch self {
        case .full, .unavailable, .undecided: true
        case .duplicate, .constraint, .busy, .corrupt, .newerSchema, .unfinishedTransfer, .statement: false
        }
    }

    package var description: String {
        switch self {
        case .duplicate(let text): "a row exists already: \(text)"
        case .constraint(let text): "a constraint refused a row: \(text)"
        case .busy: "the database is busy"
        case .full: "the disk is full"
        case .unavailable(let text): "the database cannot be used: \(text)"
        case .undecided: "the connection broke during the commit: whether the change was made is not known"
        case .corrupt(let text): "the database is damaged: \(text)"
        case .unfinishedTransfer: "a transfer into this database is not finished: run the same taskflow transfer again"
        case .newerSchema(let text), .statement(let text): text
        }
    }
}
