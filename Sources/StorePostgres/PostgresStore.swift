// The engine for more than one machine: a pool of connections to PostgreSQL, and to its streaming replicas.
import Dispatch
import Foundation
package import Logging
package import StoreCore
import Synchronization

package final class PostgresStore: Store {
    package let engine = Engine.postgres
    private let primary: Pool
    private let replicas: Replicas?
    private let listener: Listener
    private let url: String

    package struct Options: Sendable {
        /// Connections to the primary.
        package var connections = 10
        package var replicaURLs: [String] = []
        /// Statements take as long as they take: for one command that walks through whole tables, never for a server.
        package var isPatient = false
        /// How long the start waits for the database.
        package var startTimeout: Duration = .seconds(30)

        package init() {}
    }

    /// Opens the pool and waits for its first connection.
    /// - Parameter url: a libpq connection URI.
    /// - Throws: `StoreError.unavailable` when there is none in time; the text has libpq's reason.
    package init(url: String, options: Options = Options(), logger: Logger) async throws(StoreError) {
        self.url = url
        try await Self.waitForConnection(url, options.startTimeout, logger)
        // A group gives up early on a row that somebody holds: its changes then wait one by one.
        let connector =
            options.isPatient
            ? Connector(url: url, patience: .endless) : Connector(url: url, patience: Patience(), lockTimeout: 100_000_000)
        primary = Pool(connector, size: options.connections, logger: logger)
        replicas = options.replicaURLs.isEmpty ? nil : Replicas(options.replicaURLs, of: primary, logger: logger)
        listener = Listener(Connector(url: url, patience: Patience(statement: Listener.heartbeat)), logger)
    }

    package var reportsOutages: Bool { true }

    /// A store that nobody closed leaves no thread behind.
    deinit { listener.close() }

    private static func waitForConnection(_ url: String, _ timeout: Duration, _ logger: Logger) async throws(StoreError) {
        let end = ContinuousClock.now + timeout
        var pause = Duration.milliseconds(100)
        while true {
            do {
                return try await onThread { _ = try Connector(url: url, patience: Patience()).connect() }
            } catch {
                let reason = (error as? LinkLost)?.reason ?? "\(error)"
                guard ContinuousClock.now + pause < end else { throw .unavailable(reason) }
                logger.warning("waiting for the database", metadata: ["reason": "\(reason)"])
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
    }

    package func read<Value: Sendable>(
        from source: ReadSource, _ body: @escaping @Sendable (Tx) throws -> Value
    ) async throws -> Value {
        if source == .anyCopy, let copy = await replicas?.upToDate() {
            // A replica may cancel a query that stands in the way of its replay; the primary does not.
            do { return try await copy.pool.read(body) } catch is StoreError { copy.doubt() }
        }
        return try await primary.read(body)
    }

    package func rows<Element>(_ query: Query<Element>, from source: ReadSource) async throws -> [Element] {
        if source == .anyCopy, let copy = await replicas?.upToDate() {
            do { return try await copy.pool.rows(query) } catch is StoreError { copy.doubt() }
        }
        return try await primary.rows(query)
    }

    package func rowsAtOnce<Element>(_: Query<Element>) -> [Element]? { nil }

    package func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await primary.write(body)
    }

    package func maintain<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        let connector = Connector(url: url, patience: .endless)
        do {
            return try await onThread {
                let link = try connector.connect()
                try link.beginWriting()
                let tx = Tx(link)
                do {
                    try tx.lock("taskflow maintenance")
                    let value = try body(tx)
                    try link.commit()
                    return value
                } catch {
                    _ = try? link.rollBack()
                    throw error
                }
            }
        } catch let error as LinkLost {
            throw StoreError.unavailable(error.reason)
        }
    }

    package func listen(_ handler: @escaping @Sendable (Announcement) -> Void) { listener.add(handler) }

    package func close() async throws {
        listener.close()
        await replicas?.close()
        await primary.close()
    }
}

/// Runs `body` on a thread of its own: it may block.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
