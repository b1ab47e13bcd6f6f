// A database: transactions that are asynchronous outside and synchronous inside.

package protocol Store: Sendable {
    var engine: Engine { get }

    /// The engine's name and version.
    func version() async throws -> String

    /// Runs `body` on a consistent snapshot that includes every write acknowledged before the call.
    /// - Throws: what `body` throws, or `StoreError`.
    func read<Value: Sendable>(from source: ReadSource, _ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value

    /// The rows of one statement, every write acknowledged before the call included. Cheaper than `read`.
    /// - Throws: what reading a row throws, or `StoreError`.
    func rows<Element>(_ query: Query<Element>, from source: ReadSource) async throws -> [Element]

    /// The same of a brief query, on the calling thread, which may be that of an event loop. It waits for nobody and takes no longer than a
    /// hundred rows that an index leads to, with `atOnceBytes` of text.
    /// - Returns: `nil` where it would: the query is not brief or its rows are longer, all connections are in use, or answers come over a wire.
    /// - Throws: what reading a row throws, or `StoreError`.
    func rowsAtOnce<Element>(_ query: Query<Element>) throws -> [Element]?

    /// Runs `body` in a transaction and returns after it is on disk; what `body` throws undoes all it did. `body` may run more than once,
    /// each time as if for the first.
    /// - Throws: what `body` throws, or `StoreError`.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value

    /// Like `write`, but alone among all processes, and however long it takes: for the schema.
    func maintain<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value

    /// Calls `handler` for what transactions announce, of this process and of all others, from now on.
    func listen(_ handler: @escaping @Sendable (Announcement) -> Void)

    /// Whether the store logs itself that its database is away.
    var reportsOutages: Bool { get }

    /// Everything an operator should know: name and value, healthy or not.
    func diagnose() async throws -> [Diagnosis]

    /// Ends all connections; nothing may be called after.
    func close() async throws
}

/// Bytes of text that are read, and may be written, without letting others have their turn.
package let atOnceBytes = 64 << 10

extension Store {
    package var reportsOutages: Bool { false }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await read(from: .primary, body)
    }
}

/// Who may answer a read.
package enum ReadSource: Sendable {
    /// The database that takes the writes: for everything that decides what somebody may do.
    case primary
    /// A copy too, when it has every write that was acknowledged before the call.
    case anyCopy
}

/// What `Store.listen` hears.
package enum Announcement: Sendable, Equatable {
    /// A transaction announced this and is on disk.
    case message(String)
    /// Announcements of other processes may be lost from now on.
    case deaf
    /// Nothing is lost from now on; what was announced before may have been.
    case hearing
}

package struct Diagnosis: Sendable, Codable {
    package var check: String
    package var finding: String
    package var isHealthy: Bool

    package init(_ check: String, _ finding: String, isHealthy: Bool = true) {
        self.check = check
        self.finding = finding
        self.isHealthy = isHealthy
    }
}
