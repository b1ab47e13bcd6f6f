// Stores with today's schema, empty or with a few accounts.
import Model
import Repositories

package func migratedStore() async throws -> TemporaryStore { try await TemporaryStore(migrator: migrator) }

/// A store with as many users; their ids count from 1.
package func storeWithUsers(_ count: Int = 3) async throws -> TemporaryStore {
    let store = try await migratedStore()
    try await store.write { tx in
        for number in 1...count {
            let user = NewUser(email: "u\(number)@example.com", username: "user\(number)")
            _ = try Users(tx).insert(user, passwordHash: "h", at: .seconds(1_795_176_000))
        }
    }
    return store
}
