// What an admin sees of the whole: figures and the audit.
package import Model
package import Repositories
package import StoreCore

package struct InstanceStatistics: Sendable {
    package var users: Int64
    package var activeUsers: Int64
    package var admins: Int64
    package var events: Int64
    package var tasks: TaskStatistics
}

package struct AdminService: Sendable {
    let store: any Store
    let clock: WallClock

    package init(store: any Store, clock: WallClock) {
        self.store = store
        self.clock = clock
    }

    /// - Parameter zone: an IANA name, instead of that of the account.
    package func statistics(in zone: String?, by actor: Actor) async throws -> InstanceStatistics {
        let now = clock.now()
        return try await store.read { tx in
            let time = try Users(tx).localTime(of: actor.userID, insteadOf: zone)
            return InstanceStatistics(
                users: try Users(tx).count(.init()), activeUsers: try Users(tx).count(.init(isActive: true)),
                admins: try Users(tx).count(.init(role: .admin)), events: try Events(tx).count(.init()),
                tasks: try Tasks(tx).statistics(TaskAudience(.all, of: actor.userID), in: time, now: now))
        }
    }

    /// Newest first.
    package func audit(_ filter: Events.Filter, _ page: PageRequest) async throws -> Page<Event> {
        try await store.read { tx in
            try Page(page, order: "audit", key: { .int($0.id) }, id: \.id, total: { try Events(tx).count(filter) }) {
                try Events(tx).list(filter, before: $0?.id, offset: $1, limit: $2)
            }
        }
    }
}
