// Where the data is, as DATABASE_URL names it, and how it is opened.
import Foundation
import Logging
package import Model
import StoreCore
import StorePostgres
import StoreSQLite

package enum DatabaseLocation: Sendable {
    case sqlite(path: String)
    /// A libpq connection URI, with a password perhaps.
    case postgres(Secret)

    package init?(_ text: String) {
        if text.hasPrefix("sqlite:"), text.count > 7 {
            self = .sqlite(path: String(text.dropFirst(7)))
        } else if Self.isPostgres(text) {
            self = .postgres(Secret(text))
        } else {
            return nil
        }
    }

    static func isPostgres(_ text: String) -> Bool { text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") }

    /// The folder of the files that belong to the data, unless another one is configured.
    var folder: String {
        switch self {
        case .sqlite(let path): (path as NSString).deletingLastPathComponent.nonEmpty ?? "."
        case .postgres: "data"
        }
    }

    /// A SQLite file belongs to one process.
    package var isExclusive: Bool {
        if case .sqlite = self { true } else { false }
    }

    /// - Throws: `StoreError`.
    /// - Parameter isPatient: for statements that walk through whole tables.
    func open(connections: Int = 10, replicas: [Secret] = [], isPatient: Bool = false) async throws(StoreError) -> any Store {
        switch self {
        case .sqlite(let path): return try SQLiteStore(path: path)
        case .postgres(let url):
            var options = PostgresStore.Options()
            options.connections = connections
            options.isPatient = isPatient
            // Somebody sits before a command and reads the reason; a server may be started before its database.
            if isPatient { options.startTimeout = .seconds(2) }
            options.replicaURLs = replicas.map(\.value)
            return try await PostgresStore(url: url.value, options: options, logger: Logger(label: "taskflow.database"))
        }
    }
}
