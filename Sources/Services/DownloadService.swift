// Links to files that work once and for a minute, and stand for the caller who asked for them.
package import ChangeLedger
import Credentials
package import Model
import Repositories
package import StoreCore
import Wire

package struct DownloadService: Sendable {
    let store: any Store
    let clock: WallClock
    let random: RandomSource

    package init(store: any Store, clock: WallClock, random: RandomSource) {
        self.store = store
        self.clock = clock
        self.random = random
    }

    package struct Made: Sendable {
        /// Shown once.
        package let secret: String
        package let expiresAt: Instant
    }

    /// The secret is 256 random bits in base64url.
    package static let secretLength = 43

    /// Links that expired are removed whenever one is made, so many at most.
    private static let portion: Int64 = 100

    /// - Parameter path: what the link answers.
    package func create(for path: String, by actor: Actor) -> Change<Made> {
        let secret = base64URL(random.bytes(32))
        return Change(by: .user(actor)) { entry in
            let link = DownloadLink(
                userID: actor.userID, credential: actor.credential, path: path, expiresAt: entry.now + DownloadLink.lifetime)
            try DownloadLinks(entry.tx).deleteExpired(at: entry.now, limit: Self.portion)
            try DownloadLinks(entry.tx).insert(secretHash(secret), link)
            return Made(secret: secret, expiresAt: link.expiresAt)
        }
    }

    /// Uses the link up.
    /// - Returns: the caller who asked for it, as they are now, and what it answers.
    /// - Throws: `Failure.notFound` when it is unknown, used or too old, or what it was asked for with has ended.
    package func redeem(_ secret: String, from origin: Origin) async throws -> (actor: Actor, path: String) {
        let now = clock.now()
        let redeemed = try await store.write { tx -> (Actor, String)? in
            guard let link = try DownloadLinks(tx).take(secretHash(secret)), link.expiresAt > now,
                let user = try tx.first(Users.standing(link.userID, with: link.credential, at: now))
            else { return nil }
            var scopes: Set<Scope>?
            if case .token(let id) = link.credential { scopes = Set(try AccessTokens(tx).find(id)?.scopes ?? []) }
            return (Actor(userID: user.id, role: user.role, credential: link.credential, scopes: scopes, origin: origin), link.path)
        }
        guard let redeemed else { throw Failure.notFound(.downloadLink) }
        return redeemed
    }
}
