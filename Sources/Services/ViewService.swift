// Saved views as their owners see and change them: nobody else does.
package import ChangeLedger
package import Model
import Repositories
package import StoreCore

package struct ViewService: Sendable {
    let store: any Store

    package init(store: any Store) { self.store = store }

    package func list(by actor: Actor) async throws -> [SavedView] {
        try await store.read { try SavedViews($0).list(of: actor.userID) }
    }

    package func get(_ id: ID<SavedView>, by actor: Actor) async throws -> SavedView {
        guard let view = try await store.read({ try SavedViews($0).find(id, of: actor.userID) }) else { throw Failure.notFound(.view) }
        return view
    }

    // MARK: Changes

    package func create(_ new: NewView, by actor: Actor) -> Change<SavedView> {
        Change(by: .user(actor)) { entry in
            let (views, owner) = (SavedViews(entry.tx), actor.userID)
            try views.lock(of: owner)
            try entry.quotas.require(.views, .views, of: owner, entry.tx, at: entry.now)
            let others = try views.list(of: owner)
            let id = try views.insert(new, owner: owner, position: Int64(others.count) + 1, at: entry.now)
            if let position = new.position { try views.order(Self.placing(id, at: position, among: others)) }
            let view = try Self.find(id, entry, of: owner)
            try entry.record(.viewCreated, .view(id), view.differences(from: nil))
            return view
        }
    }

    package func update(
        _ id: ID<SavedView>, _ changes: ViewChanges, if precondition: Precondition, repeating repeated: Repeated<SavedView>,
        by actor: Actor
    ) -> Change<SavedView> {
        Change(by: .user(actor)) { entry in
            let (views, owner) = (SavedViews(entry.tx), actor.userID)
            try views.lock(of: owner)
            let old = try Self.find(id, entry, of: owner)
            try precondition.require(old.version)
            try repeated.require(old)
            let all = try views.list(of: owner)
            var wanted = old.applying(changes)
            wanted.position = min(wanted.position, Int64(all.count))
            guard wanted != old else { return old }
            try views.update(wanted, at: entry.now)
            if wanted.position != old.position {
                try views.order(Self.placing(id, at: wanted.position, among: all.filter { $0.id != id }))
            }
            let new = try Self.find(id, entry, of: owner)
            try entry.record(.viewUpdated, .view(id), new.differences(from: old))
            return new
        }
    }

    package func delete(_ id: ID<SavedView>, if precondition: Precondition, by actor: Actor) -> Change<Void> {
        Change(by: .user(actor)) { entry in
            let (views, owner) = (SavedViews(entry.tx), actor.userID)
            try views.lock(of: owner)
            let view = try Self.find(id, entry, of: owner)
            try precondition.require(view.version)
            try views.delete(id)
            try views.order(try views.list(of: owner).map(\.id))
            try entry.record(.viewDeleted, .view(id))
        }
    }

    /// - Parameter position: from 1; behind all others when it is greater than there are.
    private static func placing(_ id: ID<SavedView>, at position: Int64, among others: [SavedView]) -> [ID<SavedView>] {
        var ids = others.map(\.id)
        ids.insert(id, at: min(Int(position) - 1, ids.count))
        return ids
    }

    private static func find(_ id: ID<SavedView>, _ entry: Entry, of owner: ID<User>) throws -> SavedView {
        guard let view = try SavedViews(entry.tx).find(id, of: owner) else { throw Failure.notFound(.view) }
        return view
    }
}
