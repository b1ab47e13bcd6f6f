// A store in a folder of its own, gone when the test is over.
import Foundation
package import StoreCore
package import StoreSQLite

/// A new SQLite store. The folder is removed when the last reference goes.
package final class TemporaryStore: Sendable {
    package let store: SQLiteStore
    private let folder: URL

    /// - Parameter migrator: the steps to make before the store is handed out; `nil` leaves it empty.
    package init(migrator: Migrator? = nil, readers: Int = 4) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "taskflow-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(path: folder.appending(path: "store.sqlite").path, readers: readers)
        if let migrator { try await migrator.migrate(store, at: 0) }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

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
