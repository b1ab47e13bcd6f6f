// Whether a caller is still who the token said, asked of the store.
package import Model
import Repositories
package import StoreCore

package enum Standing {
    /// Role and account as they are now.
    /// - Throws: `Failure.unauthenticated` when the session or token ended, or the account is inactive or gone.
    package static func of(_ credential: Actor.Credential, user: ID<User>, _ store: any Store, at now: Instant) async throws -> User {
        guard let user = try await store.rows(Users.standing(user, with: credential, at: now), from: .primary).first else {
            throw Failure.unauthenticated(.revoked)
        }
        return user
    }

    /// A change is made by somebody who may still make it: a cached role does not count.
    package static func require(_ actor: Actor, _ tx: Tx, at now: Instant) throws {
        try tx.require(Users.standing(actor.userID, with: actor.credential, at: now)) { user in
            guard let user, user.role == actor.role else { throw Failure.unauthenticated(.revoked) }
        }
        if actor.needsRecentPassword { try requireRecentPassword(of: actor, tx, at: now) }
    }

    /// The password was entered in the caller's session lately.
    /// - Throws: `Failure.forbidden`.
    package static func requireRecentPassword(of actor: Actor, _ tx: Tx, at now: Instant) throws {
        try tx.require(Sessions.recent(try session(of: actor), at: now)) { isRecent in
            if isRecent == nil { throw Failure.forbidden(.reauthenticationRequired) }
        }
    }

    /// The same at the door, before anything is prepared.
    package static func requireRecentPassword(of actor: Actor, _ store: any Store, at now: Instant) async throws {
        let recent = try await store.rows(Sessions.recent(try session(of: actor), at: now), from: .primary)
        if recent.isEmpty { throw Failure.forbidden(.reauthenticationRequired) }
    }

    /// A personal access token has no password behind it.
    private static func session(of actor: Actor) throws(Failure) -> ID<Session> {
        guard let session = actor.sessionID else { throw .forbidden(.sessionOnly) }
        return session
    }

    /// The same caller with the role of this moment.
    /// - Throws: `Failure.unauthenticated` when the session or token ended, or the account is inactive or gone.
    package static func present(_ actor: Actor, _ tx: Tx, at now: Instant) throws -> Actor {
        guard let user = try tx.first(Users.standing(actor.userID, with: actor.credential, at: now)) else {
            throw Failure.unauthenticated(.revoked)
        }
        var actor = actor
        actor.role = user.role
        return actor
    }
}
