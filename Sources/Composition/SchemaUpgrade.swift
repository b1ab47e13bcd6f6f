// `taskflow migrate`: the steps to today's schema, listed or made.
import Model
import Repositories
import StoreCore

package enum SchemaUpgrade {
    /// What was done, or with `planOnly` would be, in words.
    package static func run(_ settings: Settings, planOnly: Bool) async throws -> [String] {
        let folder: DataFolder
        do {
            folder = try DataFolder(settings.dataFolder, isExclusive: settings.database.isExclusive, database: settings.database.fileFolder)
        } catch DataFolder.Problem.held {
            return ["a server is running here: it has made every step at its start"]
        }
        let store = try await settings.database.open(connections: 2)
        let steps =
            planOnly ? try await migrator.pending(store) : try await migrator.migrate(store, at: WallClock.system.now().microseconds)
        try await store.close()
        withExtendedLifetime(folder) {}
        if steps.isEmpty { return ["the schema is up to date (version \(migrator.newest))"] }
        return steps.map { "\(planOnly ? "would make" : "made") step \($0.version): \($0.name)" }
    }
}
