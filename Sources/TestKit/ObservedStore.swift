// A database that is watched: which transactions a test has caused, and what they did. It is also the place to break in between two of them.
import StoreCore
import Synchronization

package final class StoreObserver: Sendable {
    /// What one transaction, or one read, has asked for.
    package struct Work: Sendable {
        package var isWrite: Bool
        package var statements: [String] = []
        /// Bytes of the texts and byte strings that went with the statements.
        package var bytes = 0
    }

    private let log = Mutex<[Work]>([])
    private let hook = Mutex<(@Sendable (Work) async throws -> Void)?>(nil)

    package init() {}

    /// In the order in which they ended.
    package var works: [Work] { log.withLock { $0 } }

    /// Transactions that changed rows of that table.
    package func writes(to table: String) -> [Work] {
        works.filter { work in
            work.isWrite
                && work.statements.contains { text in
                    ["INSERT INTO \(table) ", "UPDATE \(table) ", "DELETE FROM \(table) "].contains { text.contains($0) }
                }
        }
    }

    package func forget() { log.withLock { $0 = [] } }

    /// Calls `body` before each transaction is told to whoever waits for it; what it throws is told instead. The transaction stands.
    package func afterWrites(_ body: (@Sendable (Work) async throws -> Void)?) { hook.withLock { $0 = body } }

    fileprivate func note(_ work: Work) async throws {
        log.withLock { $0.append(work) }
        if work.isWrite { try await hook.withLock({ $0 })?(work) }
    }
}

final class ObservedStore: Store {
    private let store: any Store
    private let observer: StoreObserver

    init(_ store: any Store, _ observer: StoreObserver) {
        self.store = store
        self.observer = observer
    }

    var engine: Engine { store.engine }
    func version() async throws -> String { try await store.version() }
    func listen(_ handler: @escaping @Sendable (Announcement) -> Void) { store.listen(handler) }
    var reportsOutages: Bool { store.reportsOutages }
    func diagnose() async throws -> [Diagnosis] { try await store.diagnose() }
    func close() async throws { try await store.close() }

    func maintain<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await store.maintain(body)
    }

    func read<Value: Sendable>(from source: ReadSource, _ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        let (value, work) = try await store.read(from: source) { try Self.observe($0, isWrite: false, body) }
        try await observer.note(work)
        return value
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        let (value, work) = try await store.write { try Self.observe($0, isWrite: true, body) }
        try await observer.note(work)
        return value
    }

    func rows<Element>(_ query: Query<Element>, from source: ReadSource) async throws -> [Element] {
        let rows = try await store.rows(query, from: source)
        try await observer.note(.init(isWrite: false, statements: [query.sql.rendered(for: engine).text]))
        return rows
    }

    /// What is watched may be waited for.
    func rowsAtOnce<Element>(_: Query<Element>) -> [Element]? { nil }

    private static func observe<Value>(
        _ tx: Tx, isWrite: Bool, _ body: (Tx) throws -> Value
    ) throws -> (Value, StoreObserver.Work) {
        let connection = ObservedConnection(tx.connection, isWrite: isWrite)
        let value = try body(Tx(connection))
        return (value, connection.work)
    }
}

private final class ObservedConnection: Connection {
    private let connection: any Connection
    private(set) var work: StoreObserver.Work

    init(_ connection: any Connection, isWrite: Bool) {
        self.connection = connection
        work = .init(isWrite: isWrite)
    }

    private func note(_ text: String, _ binds: [Bind]) {
        work.statements.append(text)
        for bind in binds {
            switch bind {
            case .text(let text): work.bytes += text.utf8.count
            case .blob(let bytes): work.bytes += bytes.count
            case .null, .int, .bool: break
            }
        }
    }

    var engine: Engine { connection.engine }

    func run(_ text: String, _ binds: [Bind], isKept: Bool, _ each: (Row) throws -> Void) throws -> Int {
        note(text, binds)
        return try connection.run(text, binds, isKept: isKept, each)
    }

    func enqueue(_ text: String, _ binds: [Bind], isKept: Bool) throws {
        note(text, binds)
        try connection.enqueue(text, binds, isKept: isKept)
    }

    func require(_ text: String, _ binds: [Bind], isKept: Bool, _ verdict: @escaping (Row?) throws -> Void) throws {
        note(text, binds)
        try connection.require(text, binds, isKept: isKept, verdict)
    }

    func announce(_ message: String) throws { try connection.announce(message) }

    func nextID(of table: String) throws -> Int64? { try connection.nextID(of: table) }
}
