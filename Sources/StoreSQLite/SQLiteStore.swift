// The embedded engine: one file, one writing connection, several reading ones.
import Foundation
import GRDB
import GRDBSQLite
package import StoreCore

package final class SQLiteStore: Store {
    package let engine = Engine.sqlite
    private let pool: DatabasePool
    private let writer: GroupWriter

    /// Opens the file, or makes it. The caller holds the lock of the folder: no other process may write here.
    /// - Throws: `StoreError`.
    package init(path: String, readers: Int = 4) throws(StoreError) {
        do {
            var configuration = GRDB.Configuration()
            configuration.label = "taskflow"
            configuration.maximumReaderCount = readers
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA trusted_schema = OFF")
                try database.execute(sql: "PRAGMA temp_store = MEMORY")
                try database.execute(sql: "PRAGMA cache_size = -16384")
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL when it turns on WAL, and NORMAL loses acknowledged changes when the power fails.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
                guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                    throw StoreError.unavailable("synchronous=FULL is not in force")
                }
            }
            self.pool = pool
            writer = GroupWriter(pool)
        } catch {
            throw StoreError(any: error)
        }
    }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        do {
            return try await pool.read { try body(Tx(SQLiteConnection($0))) }
        } catch let error as DatabaseError {
            throw StoreError(any: error)
        }
    }

    package func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await writer.write(body)
    }

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
            Diagnosis("engine", "SQLite \(libraryVersion)"),
            Diagnosis("integrity", integrity.joined(separator: "; "), isHealthy: integrity == ["ok"]),
            Diagnosis("foreign keys", "\(orphans) broken", isHealthy: orphans == 0),
            Diagnosis("journal mode", mode, isHealthy: mode == "wal"),
            Diagnosis("synchronous", synchronous == 2 ? "FULL" : "\(synchronous ?? -1)", isHealthy: synchronous == 2),
        ]
    }

    /// The log is folded into the file, which is then whole by itself.
    package func close() async throws {
        _ = try await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try pool.close()
    }

    /// The library's version, for health answers.
    package static var libraryVersion: String { String(cString: sqlite3_libversion()) }
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
