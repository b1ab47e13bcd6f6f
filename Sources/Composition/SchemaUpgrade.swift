// `taskflow migrate`: the steps to today's schema, listed or made.
import Foundation
import Model
import Repositories
import StoreCore
import StoreSQLite

package enum SchemaUpgrade {
    /// What was done, or with `planOnly` would be, in words. A plan makes nothing, not even the file.
    package static func run(_ settings: Settings, planOnly: Bool) async throws -> [String] {
        if planOnly, case .sqlite(let path) = settings.database, !FileManager.default.fileExists(atPath: path) {
            return ["there is no database at \(path.wholePath): migrate would make it"] + words(for: migrator.migrations, planOnly: true)
        }
        let folder: DataFolder
        do {
            folder = try DataFolder(
                settings.dataFolder, isExclusive: settings.database.isExclusive, database: settings.database.fileFolder,
                creating: !planOnly)
        } catch DataFolder.Problem.held {
            return ["a server is running here: it has made every step at its start"]
        }
        let store = try await settings.database.open(connections: 2)
        let steps =
            planOnly ? try await migrator.pending(store) : try await make(store, settings, at: WallClock.system.now())
        try await store.close()
        withExtendedLifetime(folder) {}
        if steps.isEmpty { return ["the schema is up to date (version \(migrator.newest))"] }
        return words(for: steps, planOnly: planOnly)
    }

    /// Makes the steps that are still to be made. A SQLite database that has data is copied first, unless the settings say not to: there
    /// is no way back in the schema.
    /// - Throws: `SettingsError` when the copy cannot be made; then no step was made.
    @discardableResult
    static func make(_ store: any Store, _ settings: Settings, at now: Instant) async throws -> [Migration] {
        let current = try await store.read { try migrator.current($0) }
        if current > 0, current < migrator.newest, settings.backsUpBeforeUpgrade, case .sqlite(let path) = settings.database,
            let file = store as? SQLiteStore
        {
            let copy = "\(path).schema-\(current)"
            try? FileManager.default.removeItem(atPath: copy)
            do {
                try await file.backup(to: copy)
                _ = try await BackupFile(copy).verify()
            } catch {
                try? FileManager.default.removeItem(atPath: copy)
                throw SettingsError(
                    "the database cannot be copied to \(copy.wholePath) before its upgrade: \(error); make room, "
                        + "or make a backup of your own and set TASKFLOW_BACKUP_BEFORE_UPGRADE=off")
            }
        }
        return try await migrator.migrate(store, at: now.microseconds)
    }

    private static func words(for steps: [Migration], planOnly: Bool) -> [String] {
        steps.map { "\(planOnly ? "would make" : "made") step \($0.version): \($0.name)" }
    }
}
