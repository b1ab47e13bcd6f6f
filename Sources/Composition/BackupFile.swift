// A backup, verified before anybody relies on it.
package import Foundation
import Model
import Repositories
import StoreCore
import StoreSQLite

package struct BackupFile: Sendable {
    package let path: String

    /// A symbolic link stands for the file that it leads to.
    package init(_ path: String) { self.path = URL(filePath: path).resolvingSymlinksInPath().path }

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
        case foreign([String])
        case damaged(String)

        package var description: String {
            switch self {
            case .missing(let path): "there is no file \(path.wholePath)"
            case .notABackup(let path): "\(path) is not a TaskFlow database"
            case .foreign(let differences): "the schema is not that of a TaskFlow backup: \(differences.prefix(5).joined(separator: "; "))"
            case .damaged(let reason): "the backup is damaged: \(reason)"
            }
        }
    }

    /// Checks every page, every reference and the whole schema, and counts the rows.
    /// - Throws: `Problem`, `StoreError.newerSchema`.
    package func verify() async throws -> Contents { try await withCopy { try await contents(of: $0) } }

    /// Looked at in a copy: opening a database writes beside it, and a backup is not to be touched.
    private func withCopy<Value>(_ body: (SQLiteStore) async throws -> Value) async throws -> Value {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { throw Problem.missing(path) }
        let scratch = files.temporaryDirectory.appending(path: "taskflow-verify-\(UUID().uuidString)")
        try files.createDirectory(at: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? files.removeItem(at: scratch) }
        let copy = scratch.appending(path: "copy.sqlite").path
        // A database that was not closed cleanly has its last changes in the log beside it.
        for suffix in ["", "-wal"] where files.fileExists(atPath: path + suffix) {
            try files.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        let store: SQLiteStore
        do { store = try SQLiteStore(path: copy) } catch { throw Problem.notABackup(path) }
        let value = try await body(store)
        try await store.close()
        return value
    }

    private func contents(of store: SQLiteStore) async throws -> Contents {
        let unhealthy = try await store.diagnose().filter { !$0.isHealthy }
        guard unhealthy.isEmpty else { throw Problem.damaged(unhealthy.map { "\($0.check): \($0.finding)" }.joined(separator: "; ")) }
        _ = try await migrator.pending(store)
        guard try await store.read({ try migrator.current($0) }) > 0 else { throw Problem.notABackup(path) }
        let differences = try await SchemaCheck.differences(of: store)
        guard differences.isEmpty else { throw Problem.foreign(differences) }
        return try await store.read { tx in
            let schema = try migrator.current(tx)
            let rows = try ["users", "tasks", "events"].map { table in
                (table, try tx.value("SELECT count(*) FROM \(SQL(stringLiteral: table))", as: Int64.self))
            }
            return Contents(schema: schema, rows: rows)
        }
    }

    // MARK: A folder of backups

    /// The file of a backup that is made now: names sort by time.
    package static func path(in folder: String, now: Date) -> String {
        let digits = now.ISO8601Format().filter(\.isNumber)
        return "\(folder)/\(namePrefix)\(digits.prefix(8))-\(digits.suffix(6))\(nameSuffix)"
    }

    private static let (namePrefix, nameSuffix) = ("taskflow-", ".sqlite")

    /// Removes the oldest of the backups that `path(in:now:)` named. Other files stay.
    /// - Returns: what was removed.
    static func removeOldest(in folder: String, keeping count: Int) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            let time = name.dropFirst(namePrefix.count).dropLast(nameSuffix.count)
            return name.hasPrefix(namePrefix) && name.hasSuffix(nameSuffix) && time.count == 15
                && time.allSatisfy { $0.isNumber || $0 == "-" }
        }
        let old = names.sorted().dropLast(max(1, count)).map { "\(folder)/\($0)" }
        for path in old { try FileManager.default.removeItem(atPath: path) }
        return old
    }

    /// Restores the backup into a scratch copy and brings that to the schema of this program. Nothing else is touched.
    /// - Returns: what is in it, and the schema that it would have.
    /// - Throws: `Problem`, `StoreError`.
    package func rehearse() async throws -> (contents: Contents, schema: Int64) {
        try await withCopy { store in
            let contents = try await contents(of: store)
            try await migrator.migrate(store, at: WallClock.system.now().microseconds)
            return (contents, migrator.newest)
        }
    }

    /// Copies a database of any engine, as it is at one moment, into a new file, while servers go on.
    func write(from location: DatabaseLocation) async throws {
        let source = try await location.open(connections: 2, isPatient: true)
        guard try await migrator.pending(source).isEmpty else {
            throw SettingsError("the database has an older schema: run taskflow migrate first")
        }
        let file = try SQLiteStore(path: path)
        try await migrator.migrate(file, at: WallClock.system.now().microseconds)
        let copy = InstallationCopy(source: source, target: file, report: { _ in })
        let (digests, last) = try await copy.run { tx in (try InstallationCopy.digests(tx), try InstallationCopy.lastIDs(tx)) }
        try InstallationCopy.compare(digests, try await file.read { try InstallationCopy.digests($0) })
        try await file.write { try InstallationCopy.setLastIDs(last, $0) }
        try await source.close()
        try await file.close()
        // Empty now: closing has folded the log in.
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    /// Puts a verified backup in the place of the database. The caller holds the lock of the data folder.
    /// The new database is whole and on disk before it takes the name of the old one, in one step.
    package func restore(to database: String, force: Bool) async throws -> Contents {
        let files = FileManager.default
        let database = URL(filePath: database).resolvingSymlinksInPath().path
        let exists = files.fileExists(atPath: database)
        if exists, !force { throw SettingsError("\(database) exists: with --force it is kept as \(database).before-restore and replaced") }
        let incoming = database + ".incoming"
        try? files.removeItem(atPath: incoming)
        let restored = try await withCopy { store in
            let contents = try await contents(of: store)
            try await store.backup(to: incoming)
            return contents
        }
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: incoming)
        try flush(incoming)
        if exists { try await keep(database) }
        guard rename(incoming, database) == 0 else {
            throw SettingsError("\(database) cannot be replaced: \(SystemReason(errno))")
        }
        try flush(database.folderAbove)
        return restored
    }

    /// The old database under a second name. A log left beside would be taken for the new one's, so it is folded in or moved.
    private func keep(_ database: String) async throws {
        let files = FileManager.default
        if let old = try? SQLiteStore(path: database) { try? await old.close() }
        let kept = database + ".before-restore"
        for suffix in ["", "-wal", "-shm"] { try? files.removeItem(atPath: kept + suffix) }
        for suffix in ["-wal", "-shm"] where files.fileExists(atPath: database + suffix) {
            try files.moveItem(atPath: database + suffix, toPath: kept + suffix)
        }
        try files.linkItem(atPath: database, toPath: kept)
    }

    private func flush(_ path: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Problem.missing(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SettingsError("\(path) cannot be written to disk: \(SystemReason(errno))") }
    }
}
