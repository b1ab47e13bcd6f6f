// One small named world: a whole server on a free port over an empty database, and five people.
//
//   root  admin
//   ada   user, owns tasks
//   bob   user, is assigned some of them
//   eve   user, has nothing to do with any of it
//   dan   user, deactivated after he logged in
package import API
import ChangeLedger
package import Composition
import Credentials
import Foundation
package import HTTPServer
package import HTTPTypes
import JobRunner
package import Live
import Logging
package import Model
import Repositories
import ServiceLifecycle
import Services
import StoreCore
import Synchronization
package import Testing
import Web
package import Wire

package struct Person: Sendable {
    package let id: Int64
    package let email: String
    package let username: String
    package let accessToken: String
    package let refreshToken: String

    package static let password = "a long enough one"

    /// The same person with another token.
    package func with(accessToken: String) -> Person {
        Person(id: id, email: email, username: username, accessToken: accessToken, refreshToken: refreshToken)
    }
}

package struct World: Sendable {
    package let installation: Installation
    package let server: APIServer
    package let clock: ManualClock
    package let port: Int
    private let options: Options
    private let contract: Contract

    package var client: TestClient { TestClient(port: port) }

    /// What a test may change of the server.
    package struct Options: Sendable {
        package var limits: RateLimits?
        package var arguments: [String] = []
        package var bodyLimit: Int?
        package var fileLimit: Int?
        package var deadlines = ConnectionDeadlines()
        package var following = ChangeHub.Limits()
        /// Watches what the server does with its database.
        package var observer: StoreObserver?

        package init(fileLimit: Int? = nil) { self.fileLimit = fileLimit }
    }

    /// Starts a server, runs the test against it, stops it and removes what it left.
    package static func run(
        _ options: Options = Options(), _ test: @escaping @Sendable (World) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await withTemporaryFolder { assets in
                // A small web interface: to read and to compress the real one takes time.
                try SampleAssets.write(to: URL(filePath: assets), webAppOnly: true)
                let database = try await EngineUnderTest.newDatabase(in: folder)
                let arguments = [
                    "--database-url", database.url, "--taskflow-data", folder, "--taskflow-database-connections", "4", "--port", "0",
                    "--taskflow-rate-limits", "off", "--taskflow-assets", assets,
                ]
                let settings = try Settings(arguments: arguments + options.arguments, environment: [:])
                try await run(settings, options, clock: ManualClock(), test)
                try await database.drop()
            }
        }
    }

    /// Runs the test against a second server on the same database. A file has one server only.
    package func withAnotherInstance(_ test: @escaping @Sendable (World) async throws -> Void) async throws {
        try await Self.run(installation.settings, options, clock: clock, test)
    }

    private static func run(
        _ settings: Settings, _ options: Options, clock: ManualClock, _ test: @escaping @Sendable (World) async throws -> Void
    ) async throws {
        let installation = try await Installation(
            settings, DataFolder(settings.dataFolder, isExclusive: settings.database.isExclusive), clock: clock.wallClock, random: .system,
            migrating: true, hashing: .init(memory: 8, passes: 1, lanes: 1), following: options.following,
            observing: { store in options.observer.map { ObservedStore(store, $0) } ?? store })
        var configuration = installation.apiConfiguration
        configuration.limits = options.limits
        configuration.deadlines = options.deadlines
        if let fileLimit = options.fileLimit { configuration.fileLimit = fileLimit }
        if let bodyLimit = options.bodyLimit { configuration.bodyLimit = bodyLimit }
        let server = installation.server(configuration, metrics: PrometheusMetrics(), logger: silentLogger)
        let contract = try Contract.of(server, fileLimit: configuration.fileLimit)
        try await serve(server, installation) { port in
            try await test(
                World(
                    installation: installation, server: server, clock: clock, port: port, options: options, contract: contract))
        }
        try await installation.close()
    }

    private static func serve(_ server: APIServer, _ installation: Installation, _ body: @escaping @Sendable (Int) async throws -> Void)
        async throws
    {
        let pages = WebPages(installation.settings.assets, isProduction: installation.settings.isProduction)
        let (ports, running) = AsyncStream<Int>.makeStream()
        let service = server.service(pages: pages.all) { port in
            running.yield(port)
            running.finish()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            group.addTask { try await installation.sealer.run() }
            group.addTask { try await installation.rooms.hub.run() }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { throw CancellationError() }
            defer { group.cancelAll() }
            try await body(port)
        }
    }

    // MARK: Work

    /// Does everything that is queued and due, and what follows from it.
    package func work() async throws { try await installation.workers(places: 4, logger: silentLogger).runDue() }

    // MARK: People

    /// An account with the fast hash of the tests, logged in over HTTP.
    package func person(_ name: String, role: Role = .user) async throws -> Person {
        let email = "\(name)@example.com"
        let registration = Registration(user: NewUser(email: email, username: name, role: role), password: Person.password)
        let change = try await installation.rooms.users.create(registration, by: .system(.commandLine, "test"))
        let user = try await installation.rooms.ledger.perform(change)
        let session = try await login(email)
        return Person(
            id: user.id.value, email: email, username: name, accessToken: try #require(session.string("access_token")),
            refreshToken: try #require(session.string("refresh_token")))
    }

    package func login(_ email: String, password: String = Person.password) async throws -> Reply {
        try await send(.post, "/api/v1/auth/login", json: ["email": .string(email), "password": .string(password)])
    }

    /// All that somebody finds who gets hold of the database: its files, or its rows.
    package func storedTexts() async throws -> [String] {
        switch installation.settings.database {
        case .sqlite(let path): return try [path, path + "-wal"].compactMap(contents)
        case .postgres:
            return try await installation.store.read { tx in
                let rows = try Table.all.filter { $0.name != "idempotent_answers" }.flatMap { table in
                    let table = SQL(stringLiteral: table.name)
                    return try tx.rows("SELECT \(table)::text FROM \(table)") { try $0.value(0, as: String.self) }
                }
                let answers = try tx.rows(
                    "SELECT scope || operation || encode(key_hash, 'escape') || encode(sealed, 'escape') FROM idempotent_answers"
                ) {
                    try $0.value(0, as: String.self)
                }
                return rows + answers
            }
        }
    }

    // MARK: Requests

    /// Sends a request, and checks that the answer is one that the document describes.
    @discardableResult
    package func send(
        _ method: HTTPRequest.Method, _ path: String, as person: Person? = nil, token: String? = nil, json: JSON? = nil,
        body: [UInt8]? = nil,
        headers: [(String, String)] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        var headers = headers
        if let token = token ?? person?.accessToken { headers.append(("Authorization", "Bearer \(token)")) }
        let bytes = json.map { Array($0.text.utf8) } ?? body
        if json != nil { headers.append(("Content-Type", "application/json")) }
        let reply = try await client.send(method, path, headers: headers, body: bytes)
        for fault in contract.faults(of: reply, to: method, path) {
            Issue.record("\(method) \(path): \(fault)", sourceLocation: sourceLocation)
        }
        return reply
    }

    /// A task of that person.
    package func task(_ title: String, of owner: Person, _ fields: JSON = [:]) async throws -> Int64 {
        let reply = try await send(.post, "/api/v1/tasks", as: owner, json: fields.with("title", .string(title)))
        return try #require(reply.int("id"), "\(reply.text)")
    }
}

/// Runs `body` with a new empty folder and removes it afterwards.
package func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tf-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
