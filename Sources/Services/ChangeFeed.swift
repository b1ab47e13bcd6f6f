// The change feed as somebody may see it: every page with the rights of the moment.
import ChangeLedger
package import Model
import Repositories
package import StoreCore

package struct ChangeFeed: Sendable {
    let store: any Store
    let clock: WallClock

    package init(store: any Store, clock: WallClock) {
        self.store = store
        self.clock = clock
    }

    /// The place where a reader begins. From `now` on nothing is missed: what is not sealed yet comes behind it.
    package func cursor(at start: FeedStart) async throws -> FeedCursor {
        switch start {
        case .beginning: .start
        case .now: try await store.read { try Feed($0).end() }
        case .after(let cursor): cursor
        }
    }

    /// - Throws: `Failure.invalid` for a cursor of another past; `Failure.unauthenticated` when the caller's access has ended.
    package func page(after cursor: FeedCursor, limit: Int64, _ scope: FeedScope, by actor: Actor) async throws -> FeedPage {
        let now = clock.now()
        return try await store.read { tx in
            let actor = try Standing.present(actor, tx, at: now)
            if scope == .all, !actor.isAdmin { throw Failure.forbidden(.adminOnly) }
            let feed = Feed(tx)
            guard try feed.has(cursor) else {
                throw Failure.invalid([
                    .init(
                        "query:since",
                        "is not a position in this feed, since the database was restored: start again with since=now, then list the "
                            + "tasks")
                ])
            }
            let found = try feed.list(of: scope == .all ? nil : actor.userID, after: cursor.position, limit: limit + 1)
            let entries = found.prefix(Int(limit))
            let tasks = try Tasks(tx).find(Set(entries.map(\.taskID)))
            let changes = entries.map {
                FeedChange($0.action, $0.taskID, at: $0.cursor, time: $0.at, by: $0.actorID, task: tasks[$0.taskID], for: actor)
            }
            return FeedPage(changes: changes, next: changes.last?.cursor ?? cursor, hasMore: found.count > entries.count)
        }
    }
}
