// What somebody wants to be told by mail, set by himself or by one click in a mail.
package import ChangeLedger
package import Credentials
package import Model
import Repositories
package import StoreCore

package struct NotificationService: Sendable {
    let store: any Store
    let links: UnsubscribeLinks

    package init(store: any Store, links: UnsubscribeLinks) {
        self.store = store
        self.links = links
    }

    /// What he does not want.
    package func muted(by actor: Actor) async throws -> Set<NotificationKind> {
        try await store.read { try Mails($0).muted(by: actor.userID) }
    }

    package func update(_ changes: NotificationChanges, by actor: Actor) -> Change<Set<NotificationKind>> {
        // Whoever has found a token must not be able to keep the owner from hearing of the next log-in.
        let actor = changes.wanted[.newDevice] == false ? actor.requiringRecentPassword : actor
        return Change(by: .user(actor)) { try Self.apply(changes, to: actor.userID, $0) }
    }

    /// Without a log-in, and as often as somebody likes.
    /// - Throws: `Failure.invalid` for a token that was not made here.
    package func unsubscribe(_ token: String, from origin: Origin) throws -> Change<Void> {
        guard let (user, kind) = links.read(token) else { throw Failure.invalid([.init("query:token", "is not a token of this server")]) }
        return Change(by: .visitor(origin)) { entry in
            guard try Users(entry.tx).lock(user) != nil else { return }
            _ = try Self.apply(.init(off: kind), to: user, entry)
        }
    }

    private static func apply(_ changes: NotificationChanges, to user: ID<User>, _ entry: Entry) throws -> Set<NotificationKind> {
        let mails = Mails(entry.tx)
        var muted = try mails.muted(by: user)
        var recorded: [FieldChange] = []
        for kind in NotificationKind.allCases {
            guard let isWanted = changes.wanted[kind], isWanted == muted.contains(kind) else { continue }
            try mails.setMuted(!isWanted, kind, by: user)
            if isWanted { muted.remove(kind) } else { muted.insert(kind) }
            recorded.append(.init(kind.rawValue, from: .bool(!isWanted), to: .bool(isWanted)))
        }
        if !recorded.isEmpty { try entry.record(.notificationsChanged, .user(user), recorded) }
        return muted
    }
}
