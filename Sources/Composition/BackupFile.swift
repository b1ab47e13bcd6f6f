// A backup, verified before anybody relies on it.
import Foundation
import Repositories
import StoreCore
import StoreSQLite

package struct BackupFile: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package struct Contents: Sendable, CustomStringConvertible {
        package var schema: Int64
        package var rows: [(table: String, count: Int64)]

        package var description: String {
            "schema version \(schema), " + rows.map { "\($0.count) \($0.table)" }.joined(separator: ", ")
        }
    }

    package enum Problem: Error, CustomStringConvertible {
        case missing(String)
        case notABackup(String)
        case damaged(String)

        package var description: String {
            switch self {
            case .missing(let path): "there is no file \(path)"
            case .notABackup(let path): "\(path) is not a TaskFlow database"
            case .damaged(let reason): "the backup is damaged: \(reason)"
            }
        }
    }

    /// Checks every page, every reference and the schema version, and counts the rows.
    /// - Throws: `Problem`, `StoreError.newerSchema`.
    package func verify() async throws -> Contents {
        guard FileManager.default.fileExists(atPath: path) else { throw Problem.missing(path) }
        // Looked at in a copy: opening a database writes beside it.
        let scratch = FileManager.default.temporaryDirectory.appending(path: "taskflow-verify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: scratch) }
        let copy = scratch.appending(path: "copy.sqlite").path
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        let store: SQLiteStore
        do { store = try SQLiteStore(path: copy) } catch { throw Problem.notABackup(path) }
        let contents = try await contents(of: store)
        try await store.close()
        return contents
    }

    private func contents(of store: SQLiteStore) async throws -> Contents {
        let unhealthy = try await store.diagnose().filter { !$0.isHealthy }
        guard unhealthy.isEmpty else { throw Problem.damaged(unhealthy.map { "\($0.check): \($0.finding)" }.joined(separator: "; ")) }
        _ = try await migrator.pending(store)
        return try await store.read { tx in
            let schema = try migrator.current(tx)
            guard schema > 0 else { throw Problem.notABackup(path) }
            let rows = try ["users", "tasks", "events"].map { table in
                (table, try tx.value("SELECT count(*) FROM \(SQL(stringLiteral: table))", as: Int64.self))
            }
            return Contents(schema: schema, rows: rows)
        }
    }

    /// Puts a verified backup in the place of the database. The caller holds the lock of the data folder.
    package func restore(to database: String, force: Bool) async throws -> Contents {
        let contents = try await verify()
        let files = FileManager.default
        if files.fileExists(atPath: database) {
            guard force else {
                throw SettingsError("\(database) exists: with --force it is kept as \(database).before-restore and replaced")
            }
        }
        let incoming = database + ".incoming"
        try? files.removeItem(atPath: incoming)
        try files.copyItem(atPath: path, toPath: incoming)
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: incoming)
        for suffix in ["", "-wal", "-shm"] where files.fileExists(atPath: database + suffix) {
            let kept = "\(database).before-restore\(suffix)"
            try? files.removeItem(atPath: kept)
            try files.moveItem(atPath: database + suffix, toPath: kept)
        }
        try files.moveItem(atPath: incoming, toPath: database)
        return contents
    }
}
