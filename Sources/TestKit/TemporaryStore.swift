// A store of its own for one test, on the engine under test, gone when the test is over.
import Foundation
package import StoreCore

package final class TemporaryStore: Sendable {
    package let store: any Store
    private let database: TestDatabase
    private let folder: URL

    /// - Parameters:
    ///   - migrator: the steps to make before the store is handed out; `nil` leaves it empty.
    ///   - connections: to a server.
    package init(migrator: Migrator? = nil, connections: Int = 4) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "taskflow-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try await EngineUnderTest.newDatabase(in: folder.path)
        store = try await database.open(connections: connections)
        if let migrator { try await migrator.migrate(store, at: 0) }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
        let (store, database) = (store, database)
        if store.engine == .postgres {
            Task.detached {
                try? await store.close()
                try? await database.drop()
            }
        }
    }

    /// Another store on the same database, as another instance would have it. A file has one process only.
    package func another() async throws -> any Store { try await database.open() }

    package var url: String { database.url }

    /// The path of another file in the same folder.
    package func path(_ name: String) -> String { folder.appending(path: name).path }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await store.read(body)
    }

    @discardableResult
    package func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        try await store.write(body)
    }
}
