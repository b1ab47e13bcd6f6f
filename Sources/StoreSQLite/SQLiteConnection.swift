// Runs statements on a GRDB connection through SQLite's own interface: prepared once, columns read by index.
import GRDB
import GRDBSQLite
import StoreCore

final class SQLiteConnection: Connection {
    let engine = Engine.sqlite
    private let database: Database
    /// Why SQLite rolled the transaction back by itself, the changes of others included. Statements that followed would stand outside of
    /// any transaction and be committed one by one, so every one of them fails for the same reason.
    private(set) var lost: StoreError?

    /// Whether a statement may have changed the database since this was set to `false`.
    var hasWritten = false

    /// What the transaction says to those who listen.
    var announcements: [String] = []

    init(_ database: Database) { self.database = database }

    func enqueue(_ text: String, _ binds: [Bind], isKept: Bool) throws { _ = try run(text, binds, isKept: isKept) { _ in } }

    func require(_ text: String, _ binds: [Bind], isKept: Bool, _ verdict: @escaping (StoreCore.Row?) throws -> Void) throws {
        var isFound = false
        _ = try run(text, binds, isKept: isKept) { row in
            if !isFound { try verdict(row) }
            isFound = true
        }
        if !isFound { try verdict(nil) }
    }

    func nextID(of table: String) -> Int64? { nil }

    func announce(_ message: String) { announcements.append(message) }

    func run(_ text: String, _ binds: [Bind], isKept: Bool, _ each: (StoreCore.Row) throws -> Void) throws -> Int {
        if let lost { throw lost }
        let wasInside = database.isInsideTransaction
        let prepared: Statement
        do {
            prepared = try isKept ? database.cachedStatement(sql: text) : database.makeStatement(sql: text)
        } catch let error as DatabaseError {
            throw StoreError(error.extendedResultCode.rawValue, error.message ?? "", sql: text)
        }
        let statement = prepared.sqliteStatement
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
            // A statement that nobody keeps ends with its object.
            withExtendedLifetime(prepared) {}
        }
        try bindValues(binds, to: statement, text)
        let row = StoreCore.Row(StatementRow(statement))
        if sqlite3_stmt_readonly(statement) == 0 { hasWritten = true }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try each(row)
            case SQLITE_DONE: return Int(sqlite3_changes(database.sqliteConnection))
            case let code:
                let message = String(cString: sqlite3_errmsg(database.sqliteConnection))
                let error = StoreError(sqlite3_extended_errcode(database.sqliteConnection), "\(message) (\(code))", sql: text)
                if wasInside, !database.isInsideTransaction { lost = error }
                throw error
            }
        }
    }
}

func bindValues(_ binds: [Bind], to statement: OpaquePointer, _ text: String) throws(StoreError) {
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (place, bind) in binds.enumerated() {
        let index = Int32(place + 1)
        let code: Int32
        switch bind {
        case .null: code = sqlite3_bind_null(statement, index)
        case .int(let value): code = sqlite3_bind_int64(statement, index, value)
        case .bool(let value): code = sqlite3_bind_int64(statement, index, value ? 1 : 0)
        case .text(var value):
            code = value.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(statement, index, $0.baseAddress ?? emptyText, Int32($0.count), copied)
                }
            }
        case .blob(let value):
            code = value.withUnsafeBytes { bytes in
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, bytes.baseAddress, Int32(bytes.count), copied)
            }
        }
        guard code == SQLITE_OK else { throw StoreError(code, "binding \(index) failed", sql: text) }
    }
}

/// A null pointer would bind NULL instead of the empty text.
private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = UnsafePointer(UnsafeMutablePointer<CChar>.allocate(capacity: 1))

final class StatementRow: RowSource {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }
    func int(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }
    func bool(_ column: Int) -> Bool { sqlite3_column_int64(statement, Int32(column)) != 0 }

    func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(statement, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// The second byte of SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE and _ROWID: macros that Swift cannot see.
private let duplicateCodes: Set<Int32> = [6, 8, 10]

extension StoreError {
    /// Source: SQLite, “Result and Error Codes”.
    init(_ code: Int32, _ message: String, sql: String = "") {
        self =
            switch code & 0xff {
            case SQLITE_CONSTRAINT:
                duplicateCodes.contains(code >> 8) ? .duplicate(message) : .constraint(message)
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT: .busy
            case SQLITE_FULL: .full
            case SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_PERM, SQLITE_PROTOCOL:
                .unavailable("SQLite \(code): \(message)")
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt(message)
            default: .statement("SQLite \(code): \(message) in \(sql)")
            }
    }
}
