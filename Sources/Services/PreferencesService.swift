// How somebody wants the web interface, as they read and change it.
package import ChangeLedger
package import Model
import Repositories
package import StoreCore

package struct PreferencesService: Sendable {
    let store: any Store

    package init(store: any Store) { self.store = store }

    package func get(by actor: Actor) async throws -> Preferences {
        try await store.read { try Users($0).preferences(of: actor.userID) }
    }

    package func update(_ changes: PreferencesChanges, by actor: Actor) -> Change<Preferences> {
        Change(by: .user(actor)) { entry in
            let (users, id) = (Users(entry.tx), actor.userID)
            guard let user = try users.lock(id) else { throw Failure.unauthenticated(.revoked) }
            let old = try users.preferences(of: id)
            let new = old.applying(changes)
            if new.dateOrder != old.dateOrder {
                let changed = try users.update(user, to: user.applying(UserChanges(dateOrder: .some(new.dateOrder))), at: entry.now)
                guard let changed else { throw Failure.stale(current: user.version) }
                try entry.record(.userUpdated, .user(id), changed.differences(from: user))
            }
            let recorded = new.differences(from: old)
            guard !recorded.isEmpty else { return new }
            try users.setPreferences(new, of: id)
            try entry.record(.preferencesChanged, .user(id), recorded)
            return new
        }
    }
}
