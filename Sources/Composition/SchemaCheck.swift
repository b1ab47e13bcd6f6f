// Whether the schema of a database is the one that the migrations make: every table, column, constraint, index, trigger and view.
import Foundation
import Repositories
import StoreCore
import StoreSQLite

enum SchemaCheck {
    /// Carries the result out of a transaction that is undone.
    private struct Made: Error {
        let objects: Set<SchemaObject>
    }

    /// How the database differs from what the steps up to its version make, in words; empty when it does not.
    static func differences(of store: any Store) async throws -> [String] {
        let (version, found) = try await store.read { tx in (try migrator.current(tx), try SchemaObject.all(tx)) }
        let expected = try await expected(at: version, on: store)
        return differences(found, expected)
    }

    private static func expected(at version: Int64, on store: any Store) async throws -> Set<SchemaObject> {
        switch store.engine {
        case .postgres: return try await made(version, on: store)
        case .sqlite:
            let scratch = FileManager.default.temporaryDirectory.appending(path: "taskflow-schema-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            defer { try? FileManager.default.removeItem(at: scratch) }
            let empty = try SQLiteStore(path: scratch.appending(path: "empty.sqlite").path, readers: 1)
            let objects = try await made(version, on: empty)
            try await empty.close()
            return objects
        }
    }

    private static func made(_ version: Int64, on store: any Store) async throws -> Set<SchemaObject> {
        do {
            try await store.write { tx in throw Made(objects: try SchemaObject.made(bySteps: version, tx)) }
            return []
        } catch let made as Made {
            return made.objects
        }
    }

    private static func differences(_ found: Set<SchemaObject>, _ expected: Set<SchemaObject>) -> [String] {
        func name(_ object: SchemaObject) -> String { "\(object.kind) \(object.name)" }
        let (here, ours) = (Set(found.map(name)), Set(expected.map(name)))
        let missing = ours.subtracting(here).sorted().map { "\($0) is missing" }
        let foreign = here.subtracting(ours).sorted().map { "\($0) is not part of TaskFlow" }
        let changed = Set(found.subtracting(expected).map(name)).intersection(ours).sorted().map { "\($0) was changed" }
        return missing + foreign + changed
    }
}
