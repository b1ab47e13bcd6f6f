// Turns a bearer token into an actor. Verified tokens are remembered until they expire or are revoked.
package import ChangeLedger
import Crypto
package import Model
import Repositories
package import StoreCore
import Synchronization

package final class Authenticator: Sendable {
    private struct Remembered {
        var userID: ID<User>
        var role: Role
        var credential: Actor.Credential
        var scopes: Set<Scope>?
        var until: Instant

        func actor(from origin: Origin) -> Actor {
            Actor(
                userID: userID, role: role, credential: credential, scopes: scopes, expiresAt: scopes == nil ? until : nil, origin: origin)
        }
    }

    private struct State {
        var byDigest: [SHA256Digest: Remembered] = [:]
        var digests: [ID<User>: Set<SHA256Digest>] = [:]
        /// What other instances revoke is not heard: nothing remembered can be believed.
        var isDeaf = false
        /// Counts the revocations, so that a look-up that one of them overtook is not remembered.
        var revocations: UInt64 = 0
    }

    /// Tokens remembered; beyond, the memory starts anew.
    private static let capacity = 50_000
    /// How long a personal access token is believed without a look at the store, and how often its use is noted.
    private static let tokenLifetime: Duration = .seconds(60)

    private let store: any Store
    private let signer: AccessTokenSigner
    private let clock: WallClock
    private let state = Mutex(State())

    package init(store: any Store, signer: AccessTokenSigner, clock: WallClock) {
        self.store = store
        self.signer = signer
        self.clock = clock
        store.listen { [weak self] announcement in self?.hear(announcement) }
    }

    /// - Throws: `Failure.unauthenticated`.
    package func authenticate(_ token: String, from origin: Origin) async throws -> Actor {
        if let actor = remembered(token, from: origin) { return actor }
        let now = clock.now()
        let revocations = state.withLock { $0.revocations }
        let found =
            token.hasPrefix(AccessToken.prefix)
            ? try await lookUp(personalToken: token, at: now) : try await lookUp(accessToken: token, at: now)
        remember(found, SHA256.hash(data: Array(token.utf8)), unlessRevokedSince: revocations)
        return found.actor(from: origin)
    }

    /// The same without the store: `nil` for a token that is not remembered.
    package func remembered(_ token: String, from origin: Origin) -> Actor? {
        let digest = SHA256.hash(data: Array(token.utf8))
        guard let known = state.withLock({ $0.isDeaf ? nil : $0.byDigest[digest] }), known.until > clock.now() else { return nil }
        return known.actor(from: origin)
    }

    /// Asked of the store each time: what was entered just now must count, on whichever instance.
    /// - Throws: `Failure.forbidden` when the password was not entered in the caller's session lately.
    package func requireRecentPassword(of actor: Actor) async throws {
        try await Standing.requireRecentPassword(of: actor, store, at: clock.now())
    }

    /// Forgets the tokens of a user when the change is on disk: here before anybody is told of it, on other instances as soon as they
    /// hear of it.
    package func forget(_ user: ID<User>, with entry: Entry) throws {
        try entry.tx.tell(.accessChanged(user))
        entry.afterCommit { self.forget(user) }
    }

    private func hear(_ announcement: Announcement) {
        switch announcement {
        case .message(let text): if case .accessChanged(let user) = InstanceMessage(text) { forget(user) }
        case .deaf, .hearing:
            state.withLock { state in
                state.revocations += 1
                state.isDeaf = announcement == .deaf
                state.byDigest.removeAll()
                state.digests.removeAll()
            }
        }
    }

    private func forget(_ user: ID<User>) {
        state.withLock { state in
            state.revocations += 1
            for digest in state.digests.removeValue(forKey: user) ?? [] { state.byDigest[digest] = nil }
        }
    }

    private func remember(_ remembered: Remembered, _ digest: SHA256Digest, unlessRevokedSince revocations: UInt64) {
        state.withLock { state in
            guard state.revocations == revocations else { return }
            if state.byDigest.count >= Self.capacity {
                state.byDigest.removeAll(keepingCapacity: true)
                state.digests.removeAll(keepingCapacity: true)
            }
            state.byDigest[digest] = remembered
            state.digests[remembered.userID, default: []].insert(digest)
        }
    }

    private func lookUp(accessToken: String, at now: Instant) async throws -> Remembered {
        let claims = try signer.verify(accessToken, at: now)
        let user = try await Standing.of(.session(claims.sessionID), user: claims.userID, store, at: now)
        return Remembered(
            userID: user.id, role: user.role, credential: .session(claims.sessionID), scopes: nil, until: claims.expiresAt)
    }

    private func lookUp(personalToken: String, at now: Instant) async throws -> Remembered {
        guard PersonalToken.isWellFormed(personalToken) else { throw Failure.unauthenticated(.invalid) }
        let hash = secretHash(personalToken)
        guard let token = try await store.rows(AccessTokens.byHash(hash), from: .primary).first else {
            throw Failure.unauthenticated(.invalid)
        }
        let user = try await Standing.of(.token(token.id), user: token.userID, store, at: now)
        if token.lastUsedAt.map({ $0 + Self.tokenLifetime <= now }) ?? true {
            try await store.write { try AccessTokens($0).touch(token.id, at: now) }
        }
        let until = min(now + Self.tokenLifetime, token.expiresAt ?? now + Self.tokenLifetime)
        return Remembered(userID: user.id, role: user.role, credential: .token(token.id), scopes: Set(token.scopes), until: until)
    }
}
