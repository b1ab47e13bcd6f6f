// Whether a caller is still who the token said, asked of the store.
import Model
import Repositories
import StoreCore

enum Standing {
    /// Role and account as they are now.
    /// - Throws: `Failure.unauthenticated` when the session or token ended, or the account is inactive or gone.
    @discardableResult
    static func of(_ credential: Actor.Credential, user: ID<User>, _ tx: Tx, at now: Instant) throws -> User {
        let isLive =
            switch credential {
            case .session(let id): try Sessions(tx).find(id).map { $0.userID == user && $0.revokedAt == nil && $0.expiresAt > now }
            case .token(let id): try AccessTokens(tx).find(id).map { $0.userID == user && ($0.expiresAt.map { $0 > now } ?? true) }
            }
        guard isLive == true, let user = try Users(tx).find(user), user.isActive else { throw Failure.unauthenticated(.revoked) }
        return user
    }

    /// A change is made by somebody who may still make it: a cached role does not count.
    static func require(_ actor: Actor, _ tx: Tx, at now: Instant) throws {
        let user = try of(actor.credential, user: actor.userID, tx, at: now)
        guard user.role == actor.role else { throw Failure.unauthenticated(.revoked) }
    }
}
