// The embedded engine: one file, one writing connection, several reading ones.
import Foundation
import GRDB
import GRDBSQLite
package import StoreCore
import Synchronization

package final class SQLiteStore: Store {
    package let engine = Engine.sqlite
    private let pool: DatabasePool
    private let writer: GroupWriter
    private let listeners = Listeners()
    private let briefReaders: BriefReaders

    /// Of every connection.
    static let pragmas = ["PRAGMA trusted_schema = OFF", "PRAGMA temp_store = MEMORY", "PRAGMA cache_size = -16384"]

    /// Opens the file, or makes it. The caller holds the lock of the folder: no other process may write here.
    /// - Throws: `StoreError`.
    package init(path: String, readers: Int = 4) throws(StoreError) {
        do {
            var configuration = GRDB.Configuration()
            configuration.label = "taskflow"
            configuration.maximumReaderCount = readers
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { database in
                for pragma in Self.pragmas { try database.execute(sql: pragma) }
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL when it turns on WAL, and NORMAL loses acknowledged changes when the power fails.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
                // Pages of 4 KiB: a page that many changes write is copied into the file once for all of them.
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 10000")
                guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                    throw StoreError.unavailable("synchronous=FULL is not in force")
                }
            }
            self.pool = pool
            briefReaders = try BriefReaders(path: path, count: readers)
            writer = GroupWriter(pool, briefReaders) { [listeners] in listeners.tell(.message($0)) }
        } catch {
            throw StoreError(any: error)
        }
    }

    /// Whether another process has the file open, whatever folder it has locked.
    /// - Throws: `StoreError`.
    package static func isInUse(_ path: String) throws(StoreError) -> Bool {
        do {
            let queue = try DatabaseQueue(path: path)
            // Each connection keeps a shared lock on a file with a write-ahead log; a transaction in this mode wants it alone.
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
                try database.execute(sql: "BEGIN IMMEDIATE")
                try database.execute(sql: "ROLLBACK")
            }
            try queue.close()
            return false
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return true
        } catch {
            throw StoreError(any: error)
        }
    }

    package func read<Value: Sendable>(
        from _: ReadSource, _ body: @escaping @Sendable (Tx) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.read { try body(Tx(SQLiteConnection($0))) }
        } catch let error as DatabaseError {
            throw StoreError(any: error)
        }
    }

    package func rows<Element>(_ query: Query<Element>, from _: ReadSource) async throws -> [Element] {
        if let rows = try rowsAtOnce(query) { return rows }
        do {
            // One statement sees one moment by itself.
            return try await pool.unsafeRead { try Tx(SQLiteConnection($0)).rows(query) }
        } catch let error as DatabaseError {
            throw StoreError(any: error)
        }
    }

    package func rowsAtOnce<Element>(_ query: Query<Element>) throws -> [Element]? {
        query.isBrief ? try briefReaders.rows(query) : nil
    }

    package func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await writer.write(body)
    }

    /// The lock of the data folder keeps every other process away.
    package func maintain<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await writer.write(body)
    }

    /// There are no other processes, so nothing is ever missed.
    package func listen(_ handler: @escaping @Sendable (Announcement) -> Void) {
        listeners.add(handler)
        handler(.hearing)
    }

    /// Copies the database as of now into a new file, while readers and writers go on.
    package func backup(to path: String) async throws {
        do {
            let copy = try DatabaseQueue(path: path)
            try pool.backup(to: copy)
            // One file that needs no log beside it.
            try await copy.writeWithoutTransaction { _ = try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        } catch {
            throw StoreError(any: error)
        }
    }

    package func diagnose() async throws -> [Diagnosis] {
        do {
            let synchronous = try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            return try await pool.read { try Self.diagnose($0, synchronous: synchronous) }
        } catch let error as DatabaseError {
            throw StoreError(any: error)
        }
    }

    private static func diagnose(_ database: Database, synchronous: Int?) throws -> [Diagnosis] {
        let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)")
        let orphans = try GRDB.Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "?"
        return [
            Diagnosis("engine", libraryVersion),
            Diagnosis("integrity", integrity.joined(separator: "; "), isHealthy: integrity == ["ok"]),
            Diagnosis("foreign keys", "\(orphans) broken", isHealthy: orphans == 0),
            Diagnosis("journal mode", mode, isHealthy: mode == "wal"),
            Diagnosis("synchronous", synchronous == 2 ? "FULL" : "\(synchronous ?? -1)", isHealthy: synchronous == 2),
        ]
    }

    /// The log is folded into the file, which is then whole by itself.
    package func close() async throws {
        briefReaders.close()
        _ = try await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try pool.close()
    }

    package func version() -> String { Self.libraryVersion }

    private static var libraryVersion: String { "SQLite \(String(cString: sqlite3_libversion()))" }
}

private final class Listeners: Sendable {
    private let handlers = Mutex<[@Sendable (Announcement) -> Void]>([])

    func add(_ handler: @escaping @Sendable (Announcement) -> Void) { handlers.withLock { $0.append(handler) } }
    func tell(_ announcement: Announcement) { handlers.withLock { $0 }.forEach { $0(announcement) } }
}

extension StoreError {
    init(any error: any Error) {
        self =
            switch error {
            case let error as StoreError: error
            case let error as DatabaseError: .init(error.extendedResultCode.rawValue, error.message ?? "")
            default: .unavailable("\(error)")
            }
    }
}
