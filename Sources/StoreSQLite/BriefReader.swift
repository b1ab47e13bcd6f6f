// One connection for brief reads, through SQLite's own interface. It is used by one thread at a time, and never waits for a lock of the file.
import GRDBSQLite
import StoreCore

/// The rows have more than `atOnceBytes` of text.
struct TooLong: Error {}

struct BriefReader: ~Copyable {
    private let database: OpaquePointer
    private let begin: OpaquePointer
    private let end: OpaquePointer
    /// By their texts, of which there are few: those that callers can vary are not kept.
    private var statements: [String: OpaquePointer] = [:]
    private var hasSnapshot = false

    /// - Throws: `StoreError`.
    init(path: String) throws(StoreError) {
        let opened = try Self.open(path)
        (database, begin, end) = (opened.database, opened.begin, opened.end)
    }

    private static func open(_ path: String) throws(StoreError) -> (database: OpaquePointer, begin: OpaquePointer, end: OpaquePointer) {
        var opened: OpaquePointer?
        do throws(StoreError) {
            let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
            guard code == SQLITE_OK, let database = opened else { throw StoreError(code, "\(path) cannot be opened for reading") }
            for pragma in SQLiteStore.pragmas {
                let code = sqlite3_exec(database, pragma, nil, nil, nil)
                guard code == SQLITE_OK else { throw StoreError(code, String(cString: sqlite3_errmsg(database)), sql: pragma) }
            }
            return (database, try prepare("BEGIN", database), try prepare("COMMIT", database))
        } catch {
            sqlite3_close_v2(opened)
            throw error
        }
    }

    /// - Parameter keepsSnapshot: whether the next read may see what this one sees. To begin a snapshot costs as much as a short read.
    /// - Throws: `TooLong`, what reading a row throws, or `StoreError`, which is `busy` where SQLite would have to wait.
    mutating func rows<Element>(_ query: Query<Element>, keepsSnapshot: Bool) throws -> [Element] {
        let (text, binds) = query.sql.rendered(for: .sqlite)
        let statement = try query.sql.isKept ? kept(text) : Self.prepare(text, database)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
            if !query.sql.isKept { sqlite3_finalize(statement) }
        }
        if keepsSnapshot, !hasSnapshot {
            hasSnapshot = sqlite3_step(begin) == SQLITE_DONE
            sqlite3_reset(begin)
        }
        try bindValues(binds, to: statement, text)
        let row = Row(StatementRow(statement))
        var (elements, bytes) = ([Element](), 0)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                let element = try query.read(row)
                bytes += query.textBytes(element)
                guard bytes <= atOnceBytes else { throw TooLong() }
                elements.append(element)
            case SQLITE_DONE: return elements
            case let code:
                throw StoreError(sqlite3_extended_errcode(database), "\(String(cString: sqlite3_errmsg(database))) (\(code))", sql: text)
            }
        }
    }

    mutating func releaseSnapshot() {
        guard hasSnapshot else { return }
        hasSnapshot = false
        sqlite3_step(end)
        sqlite3_reset(end)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_finalize(begin)
        sqlite3_finalize(end)
        sqlite3_close_v2(database)
    }

    private mutating func kept(_ text: String) throws(StoreError) -> OpaquePointer {
        if let statement = statements[text] { return statement }
        let statement = try Self.prepare(text, database)
        statements[text] = statement
        return statement
    }

    private static func prepare(_ text: String, _ database: OpaquePointer) throws(StoreError) -> OpaquePointer {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(database, text, -1, &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw StoreError(sqlite3_extended_errcode(database), String(cString: sqlite3_errmsg(database)), sql: text)
        }
        return statement
    }
}
