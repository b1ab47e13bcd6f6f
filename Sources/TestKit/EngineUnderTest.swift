// The engine that this run of the tests is about. `make test` runs them once for each.
import Foundation
package import Logging
package import StoreCore
import StorePostgres
import StoreSQLite
package import Testing

package enum EngineUnderTest {
    /// The server that TEST_DATABASE_URL names, with a role that may create databases; nil is a run on SQLite.
    package static let serverURL: String? = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"]

    package static var current: Engine { serverURL == nil ? .sqlite : .postgres }

    /// A new database, empty and used by nobody else.
    /// - Parameter folder: where it is, if it is a file.
    package static func newDatabase(in folder: String) async throws -> TestDatabase {
        guard let serverURL else { return TestDatabase(url: "sqlite:\(folder)/taskflow.sqlite", name: nil) }
        let name = "tf_" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)
        try await server(serverURL, "CREATE DATABASE \(SQL(stringLiteral: name))")
        let base = serverURL[..<(serverURL.lastIndex(of: "/") ?? serverURL.endIndex)]
        return TestDatabase(url: "\(base)/\(name)", name: name)
    }

    fileprivate static func server(_ url: String, _ statement: SQL) async throws {
        var options = PostgresStore.Options()
        options.connections = 1
        let store = try await PostgresStore(url: url, options: options, logger: silentLogger)
        // Brief queries run outside of any transaction, as these must.
        _ = try await store.rows(Query(statement.unkept, isBrief: true) { _ in true }, from: .primary)
        try await store.close()
    }
}

package struct TestDatabase: Sendable {
    package let url: String
    private let name: String?

    fileprivate init(url: String, name: String?) {
        self.url = url
        self.name = name
    }

    package func open(connections: Int = 4) async throws -> any Store {
        guard name != nil else { return try SQLiteStore(path: String(url.dropFirst("sqlite:".count))) }
        var options = PostgresStore.Options()
        options.connections = connections
        return try await PostgresStore(url: url, options: options, logger: silentLogger)
    }

    /// Ends whoever still uses it. A file goes with its folder.
    package func drop() async throws {
        guard let name, let serverURL = EngineUnderTest.serverURL else { return }
        try await EngineUnderTest.server(serverURL, "DROP DATABASE \(SQL(stringLiteral: name)) WITH (FORCE)")
    }
}

extension Trait where Self == ConditionTrait {
    /// About something that only this engine has.
    package static func only(_ engine: Engine) -> Self {
        .enabled(if: EngineUnderTest.current == engine, "this run is on the other engine")
    }
}

/// What tests break on purpose is not worth a line.
package let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
