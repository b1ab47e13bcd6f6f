// Opens the database that DATABASE_URL names, or says in a sentence why it cannot be used.
import Foundation
import Logging
import Model
import Repositories
import StoreCore
import StorePostgres
import StoreSQLite

extension DatabaseLocation {
    /// - Parameter isPatient: for statements that walk through whole tables.
    /// - Throws: `SettingsError` for a file that is no database, or not ours; `StoreError`.
    func open(connections: Int = 10, replicas: [Secret] = [], isPatient: Bool = false) async throws -> any Store {
        switch self {
        case .sqlite(let path):
            try Self.check(path)
            return try SQLiteStore(path: path)
        case .postgres(let url):
            var options = PostgresStore.Options()
            options.connections = connections
            options.isPatient = isPatient
            // Somebody sits before a command and reads the reason; a server may be started before its database.
            if isPatient { options.startTimeout = .seconds(2) }
            options.replicaURLs = replicas.map(\.value)
            let store = try await PostgresStore(url: url.value, options: options, logger: Logger(label: "taskflow.database"))
            let foreign = try await store.read { try migrator.foreignTables($0) }
            guard foreign.isEmpty else { throw Self.notOurs("the PostgreSQL database of DATABASE_URL", foreign) }
            return store
        }
    }

    private static func notOurs(_ database: String, _ tables: [String]) -> SettingsError {
        let named = tables.prefix(3).joined(separator: ", ")
        return SettingsError(
            "\(database) belongs to another program (its tables: \(named)\(tables.count > 3 ? " and \(tables.count - 3) more" : "")): "
                + "TaskFlow needs a database of its own, name another one in DATABASE_URL")
    }

    /// What can be said of a file before it is opened, with its whole path.
    private static func check(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
        let whole = path.wholePath
        guard !isFolder.boolValue else {
            throw SettingsError("\(whole) is a folder: name a file in it, DATABASE_URL=sqlite:\(whole)/taskflow.sqlite")
        }
        guard access(path, R_OK | W_OK) == 0 else { throw SettingsError("\(whole) cannot be opened: \(SystemReason(errno))") }
        guard DatabaseFile.isDatabase(path) else {
            throw SettingsError(
                "\(whole) is not a database: name another file in DATABASE_URL, or put a backup in its place with `taskflow restore --force`"
            )
        }
        let foreign = try DatabaseFile.look(path) { try migrator.foreignTables($0) }
        guard foreign.isEmpty else { throw notOurs(whole, foreign) }
    }

    /// For everything that may not make a database.
    /// - Throws: `SettingsError` where there is no file.
    func requireFile() throws {
        guard case .sqlite(let path) = self, !FileManager.default.fileExists(atPath: path) else { return }
        throw SettingsError(
            "there is no database at \(path.wholePath): `taskflow serve` or `taskflow migrate` makes one, DATABASE_URL or --config names another"
        )
    }

    /// The same for a database of a server.
    func requireSchema(_ store: any Store) async throws {
        guard try await store.read({ try migrator.current($0) }) == 0 else { return }
        let place = if case .sqlite(let path) = self { path.wholePath } else { "the place that DATABASE_URL names" }
        throw SettingsError("there is no TaskFlow database at \(place), only an empty one: `taskflow serve` or `taskflow migrate` fills it")
    }
}
