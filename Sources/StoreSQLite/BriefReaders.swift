// Connections for reads that are over before a thread could be handed them: they run where they are asked for.
import GRDB
import StoreCore
import Synchronization

final class BriefReaders: Sendable {
    private let connections: [DatabaseQueue]
    private let turn = Atomic<Int>(0)

    init(path: String, count: Int, _ configuration: GRDB.Configuration) throws {
        var configuration = configuration
        configuration.readonly = true
        connections = try (0..<count).map { _ in try DatabaseQueue(path: path, configuration: configuration) }
    }

    func rows<Element>(_ query: Query<Element>) throws -> [Element] {
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).newValue
        return try connections[Int(UInt(bitPattern: turn) % UInt(connections.count))].unsafeRead {
            try Tx(SQLiteConnection($0)).rows(query)
        }
    }

    func close() throws { for connection in connections { try connection.close() } }
}
