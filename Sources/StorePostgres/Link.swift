// One connection over libpq, driven by one thread: statements travel in a pipeline, and every wait has a deadline.
import CPostgres
import Dispatch
import Foundation
import StoreCore

/// The connection is gone. What was not being committed has not happened.
struct LinkLost: Error {
    let reason: String
    /// Another connection would fare no better.
    var isOverdue = false
}

/// How long things may take, in nanoseconds.
struct Patience: Sendable {
    var connect: UInt64 = 3_000_000_000
    /// One answer of the database; the database itself gives up a statement a little earlier.
    var statement: UInt64 = 3_000_000_000

    /// For the schema, where an index may take its time.
    static let endless = Patience(statement: .max)
}

final class Link: Connection {
    let engine = Engine.postgres
    let connection: OpaquePointer
    private let patience: Patience
    private let canceller: Canceller
    private var deadline: UInt64 = 0

    /// Why the connection cannot be used any more.
    private(set) var lost: LinkLost?
    /// Where in `expected` the answer to a COMMIT stands.
    private var commitPosition: Int?
    private var position = 0
    /// A COMMIT was sent, and the server has not refused a statement before it.
    private var isCommitting: Bool { commitPosition != nil && !hasRefused }
    private var hasRefused = false
    /// What the transaction met since `begin`.
    private(set) var transaction = Transaction()

    struct Transaction {
        var isReadOnly = false
        /// What a verdict threw: whoever catches it must not get on as if nothing had been, so every statement throws it again.
        var refusal: (any Error)?
        /// Statements that may have changed something, or have failed: what is between two counts would have to be undone.
        var traces = 0
        /// It lost against another one and can be made again: deadlock, serialization failure, lock not to be had in time.
        var hasConflict = false
        /// It met a row that another one inserted first: made again, it will see that row.
        var hasDuplicate = false
        /// Changes that share it.
        var count = 1
        /// Ids of new rows that were not used yet, by table. They are fetched within the transaction: later ones have higher ids.
        var ids: [String: [Int64]] = [:]
        /// It wanted to change something on a server that takes no changes (now): another connection may find the one that does.
        var isMisplaced = false
    }

    /// What the server will answer, in order.
    private enum Expected {
        case preparation(of: String)
        case silence
        case verdict((Row?) throws -> Void)
        case rows
        case sync
    }
    private var expected: [Expected] = []
    private var awaitsVerdict = false
    private var names: [String: String] = [:]
    private var nameCount = 0
    /// Statements kept at most; later ones are prepared each time.
    private static let keptStatements = 500

    /// Takes over an open connection and makes it a session of ours.
    init(_ connection: OpaquePointer, patience: Patience, canceller: Canceller, settings: [(String, String)]) throws {
        self.connection = connection
        self.patience = patience
        self.canceller = canceller
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
            throw LinkLost(reason: String(cString: PQerrorMessage(connection)))
        }
        for (name, value) in settings {
            try enqueue("SELECT set_config($1, $2, false)", [.text(name), .text(value)], isKept: false)
        }
        try synchronize()
    }

    deinit { PQfinish(connection) }

    // MARK: Statements

    func run(_ text: String, _ binds: [Bind], isKept: Bool, _ each: (Row) throws -> Void) throws -> Int {
        try send(text, binds, isKept: isKept, answer: .rows)
        return try synchronize(each)
    }

    func enqueue(_ text: String, _ binds: [Bind], isKept: Bool) throws {
        try send(text, binds, isKept: isKept, answer: .silence)
        // Its own answer would tell, but comes too late for a change that throws meanwhile.
        if !text.hasPrefix("SAVEPOINT") { transaction.traces += 1 }
    }

    func require(_ text: String, _ binds: [Bind], isKept: Bool, _ verdict: @escaping (Row?) throws -> Void) throws {
        try send(text, binds, isKept: isKept, answer: .verdict(verdict))
        awaitsVerdict = true
    }

    /// One trip gives an id to each change of the group.
    func nextID(of table: String) throws -> Int64? {
        if let id = transaction.ids[table]?.popLast() { return id }
        var ids: [Int64] = []
        _ = try run(
            "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)", [.text(table), .int(Int64(transaction.count))],
            isKept: true
        ) { ids.append(try $0.value(0)) }
        transaction.ids[table] = ids.reversed()
        return transaction.ids[table]?.popLast()
    }

    func announce(_ message: String) throws {
        try enqueue("SELECT pg_notify('\(announcementChannel)', $1)", [.text(message)], isKept: true)
    }

    /// Sends statements that share one trip and no transaction; `each` gets the number of the statement and a row of it.
    func run(_ queries: [QueryText], _ each: (Int, Row) throws -> Void) throws {
        do {
            for query in queries { try send(query.text, query.binds, isKept: query.isKept, answer: .rows) }
        } catch {
            // The answers to those that were sent must not meet the next readers.
            if lost == nil { try synchronize() }
            throw error
        }
        var number = 0
        try synchronize(each: { try each(number, $0) }, next: { number += 1 })
    }

    // MARK: Transactions

    /// - Parameter count: changes that share the transaction.
    func beginWriting(of count: Int = 1) throws {
        transaction = Transaction()
        transaction.count = count
        // Whatever the role's default: after a wait for a lock the next statement must see what the other transaction did.
        try post("BEGIN ISOLATION LEVEL READ COMMITTED")
    }

    /// Everything in the transaction sees one moment.
    func beginReading() throws {
        transaction = Transaction()
        transaction.isReadOnly = true
        try post("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    private func post(_ text: String) throws { try send(text, [], isKept: true, answer: .silence) }

    /// Ends a transaction that changed nothing, without waiting for the answer.
    func finishReading() throws {
        try post("COMMIT")
        try push()
    }

    /// - Throws: `StoreError.undecided` when nobody can know what became of it.
    func commit() throws {
        // The server would commit before anybody here had judged.
        if awaitsVerdict { try synchronize() }
        commitPosition = expected.count
        try post("COMMIT")
        defer { commitPosition = nil }
        do {
            try synchronize()
        } catch let error as LinkLost {
            throw isCommitting && transaction.traces > 0 ? StoreError.undecided : error
        }
        guard lastTag == "COMMIT" else { throw StoreError.statement("a change went on after one of its statements had failed") }
    }

    func rollBack() throws {
        if lost != nil { return }
        transaction.refusal = nil
        try post("ROLLBACK")
        try synchronize()
        // Only now: the same change on another connection must find the locks of this one free.
        if transaction.isMisplaced { throw lose("PostgreSQL takes no changes here") }
    }

    // MARK: The wire

    private func send(_ text: String, _ binds: [Bind], isKept: Bool, answer: Expected) throws {
        if let lost { throw lost }
        if let refusal = transaction.refusal { throw refusal }
        let sent = try Parameters.with(binds) { parameters -> Bool in
            if let name = names[text] { return send(name, parameters, answer) }
            guard isKept, names.count < Self.keptStatements else {
                expected.append(answer)
                return PQsendQueryParams(
                    connection, text, parameters.count, nil, parameters.values, parameters.lengths, parameters.formats, 1) == 1
            }
            let name = "s\(nameCount)"
            nameCount += 1
            guard PQsendPrepare(connection, name, text, 0, nil) == 1 else { return false }
            names[text] = name
            expected.append(.preparation(of: text))
            return send(name, parameters, answer)
        }
        guard sent else { throw lose() }
    }

    private func send(_ name: String, _ parameters: Parameters, _ answer: Expected) -> Bool {
        expected.append(answer)
        return PQsendQueryPrepared(
            connection, name, parameters.count, parameters.values, parameters.lengths, parameters.formats, 1) == 1
    }

    private func push() throws {
        expected.append(.sync)
        guard PQpipelineSync(connection) == 1 else { throw lose() }
    }

    private var lastTag = ""

    @discardableResult
    private func synchronize(_ each: (Row) throws -> Void = { _ in }) throws -> Int { try synchronize(each: each, next: {}) }

    /// Waits for all that was sent.
    /// - Returns: how many rows the last statement gave or changed.
    @discardableResult
    private func synchronize(each: (Row) throws -> Void, next: () -> Void) throws -> Int {
        try push()
        deadline = patience.statement == .max ? .max : DispatchTime.now().uptimeNanoseconds + patience.statement
        let expected = self.expected
        self.expected.removeAll(keepingCapacity: true)
        awaitsVerdict = false
        var count = 0
        var failure: (any Error)?
        func note(_ error: any Error) { if failure == nil { failure = error } }
        for (index, answer) in expected.enumerated() {
            position = index
            do {
                switch answer {
                case .preparation(let text):
                    do { _ = try receive { _ in } } catch {
                        names[text] = nil
                        throw error
                    }
                case .silence: count = try receive { _ in }
                case .verdict(let verdict):
                    var isFound = false
                    func judge(_ row: Row?) throws {
                        if isFound { return }
                        isFound = true
                        do { try verdict(row) } catch {
                            transaction.refusal = error
                            throw error
                        }
                    }
                    _ = try receive(judge)
                    try judge(nil)
                case .rows:
                    defer { next() }
                    count = try receive(each)
                case .sync:
                    PQclear(try nextResult())
                    // What was sent before the last push belongs to a transaction that somebody has read already.
                    if index < expected.count - 1 { failure = nil }
                }
            } catch let error as LinkLost {
                throw error
            } catch {
                note(error)
            }
        }
        if let failure { throw failure }
        return count
    }

    /// Takes the results of one command.
    private func receive(_ each: (Row) throws -> Void) throws -> Int {
        var count = 0
        var failure: (any Error)?
        while let result = try nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK:
                note(result)
                let source = ResultRow(result)
                let row = Row(source)
                count = Int(PQntuples(result))
                do {
                    while failure == nil, source.advance() { try each(row) }
                } catch {
                    failure = error
                }
                if let changed = Int(String(cString: PQcmdTuples(result))) { count = changed }
            case PGRES_COMMAND_OK:
                note(result)
                count = Int(String(cString: PQcmdTuples(result))) ?? 0
            case PGRES_EMPTY_QUERY: failure = StoreError.statement("a statement is empty")
            case PGRES_PIPELINE_ABORTED: if failure == nil { failure = StoreError.statement("a statement before this one failed") }
            default: failure = try error(of: result)
            }
        }
        if let failure { throw failure }
        return count
    }

    private func note(_ result: OpaquePointer) {
        lastTag = String(cString: PQcmdStatus(result))
        switch lastTag.prefix(while: { $0 != " " }) {
        case "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP": transaction.traces += 1
        default: break
        }
    }

    private func error(of result: OpaquePointer) throws -> any Error {
        let problem = SQLProblem(result)
        transaction.traces += 1
        switch problem.kind {
        case .misplaced: transaction.isMisplaced = !transaction.isReadOnly
        case .lost:
            // The server answers in order: a COMMIT behind a statement that ended the session was never read.
            if let commitPosition, position < commitPosition, !problem.code.isEmpty { hasRefused = true }
            throw lose(problem.description)
        case .conflict: transaction.hasConflict = true
        case .duplicate: transaction.hasDuplicate = true
        case .other: break
        }
        return problem.error
    }

    private func nextResult() throws -> OpaquePointer? {
        while true {
            let isFlushing = PQflush(connection)
            guard isFlushing >= 0 else { throw lose() }
            if PQisBusy(connection) == 0 {
                let result = PQgetResult(connection)
                if PQstatus(connection) == CONNECTION_BAD {
                    let reason = result.map { SQLProblem($0).description }
                    PQclear(result)
                    throw lose(reason)
                }
                return result
            }
            guard wait(for: isFlushing == 1 ? POLLIN | POLLOUT : POLLIN) else { throw giveUp() }
            guard PQconsumeInput(connection) == 1 else { throw lose() }
        }
    }

    private func wait(for events: Int32) -> Bool { ready(PQsocket(connection), events, until: deadline) }

    /// A database that does not answer: it is asked to stop, and its connection is closed, for it may be frozen for ever. A commit is
    /// never asked to stop: one that waits for its standby would then be acknowledged without it.
    private func giveUp() -> LinkLost {
        if !isCommitting { canceller.cancel(connection) }
        return lose("no answer within \(patience.statement / 1_000_000) ms", isOverdue: true)
    }

    private func lose(_ reason: String? = nil, isOverdue: Bool = false) -> LinkLost {
        if let lost { return lost }
        let loss = LinkLost(reason: reason ?? String(cString: PQerrorMessage(connection)), isOverdue: isOverdue)
        lost = loss
        return loss
    }
}

/// A statement of a query, ready to send.
struct QueryText: Sendable {
    let text: String
    let binds: [Bind]
    let isKept: Bool
}

let announcementChannel = "taskflow"

/// Waits for a socket.
/// - Returns: `false` when the deadline passed first.
func ready(_ socket: Int32, _ events: Int32, until deadline: UInt64) -> Bool {
    var descriptor = pollfd(fd: socket, events: Int16(events), revents: 0)
    while true {
        var timeout: Int32 = -1
        if deadline != .max {
            let now = DispatchTime.now().uptimeNanoseconds
            guard now < deadline else { return false }
            timeout = Int32(min((deadline - now) / 1_000_000 + 1, 1_000_000))
        }
        let count = poll(&descriptor, 1, timeout)
        if count > 0 { return true }
        if count < 0, errno != EINTR { return true }
    }
}
