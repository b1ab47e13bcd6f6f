// Accounts from the outside: register, log in, refresh, log out, passwords, personal access tokens.
package import Model
import Repositories
package import StoreCore

/// How a caller names an account when logging in.
package enum Identifier: Sendable {
    case email(String)
    case username(String)

    /// Whichever it looks like: a username never holds an @.
    package init(_ text: String) { self = text.contains("@") ? .email(text) : .username(text) }

    /// The key that attempts are counted under.
    package var key: String {
        switch self {
        case .email(let email): "email:\(caseFolded(email))"
        case .username(let username): "username:\(caseFolded(username))"
        }
    }
}

package struct Registration: Sendable {
    package var user: NewUser
    package var password: String

    package init(user: NewUser, password: String) {
        self.user = user
        self.password = password
    }
}

package struct AuthService: Sendable {
    let store: any Store
    let hasher: PasswordHasher
    let policy: PasswordPolicy
    let issuer: SessionIssuer
    let authenticator: Authenticator
    let random: RandomSource

    package init(
        store: any Store, hasher: PasswordHasher, policy: PasswordPolicy, issuer: SessionIssuer, authenticator: Authenticator,
        random: RandomSource
    ) {
        self.store = store
        self.hasher = hasher
        self.policy = policy
        self.issuer = issuer
        self.authenticator = authenticator
        self.random = random
    }

    package func register(_ registration: Registration, from origin: Origin) async throws -> Change<SessionGrant> {
        let hash = try await hash(registration)
        var new = registration.user
        new.isEmailVerified = false
        return Change(by: .visitor(origin)) { [issuer, new] entry in
            let user = try Users(entry.tx).insert(new, passwordHash: hash, at: entry.now)
            try entry.record(.userRegistered, .user(user.id), user.differences(from: nil))
            try entry.askForVerification(of: user.id)
            return try issuer.start(for: user, origin: origin, entry)
        }
    }

    /// The hash of an acceptable password.
    /// - Throws: `Failure.invalid`; `Failure.unavailable` when too many wait.
    func hash(_ registration: Registration) async throws -> String {
        try policy.check(
            registration.password, field: "password", email: registration.user.email, username: registration.user.username)
        return try await hasher.hash(registration.password)
    }

    /// What attempts at an account are counted under: the account, however it is named, or the name when there is none.
    package func accountKey(of identifier: Identifier) async throws -> String {
        try await store.read { try Self.find(identifier, $0).map { Self.accountKey(of: $0.id) } ?? identifier.key }
    }

    package static func accountKey(of user: ID<User>) -> String { "account \(user)" }

    private static func find(_ identifier: Identifier, _ tx: Tx) throws -> User? {
        switch identifier {
        case .email(let email): try Users(tx).find(email: email)
        case .username(let username): try Users(tx).find(username: username)
        }
    }

    /// One failure, the same words after the same time, for an unknown account and for a wrong password.
    package func login(_ identifier: Identifier, password: String, from origin: Origin) async throws -> Change<SessionGrant> {
        let found = try await store.read { tx -> (user: User, hash: String?)? in
            try Self.find(identifier, tx).map { ($0, try Users(tx).passwordHash(of: $0.id)) }
        }
        let isRight = try await hasher.verify(password, against: found?.hash)
        guard isRight, let found, let hash = found.hash else { throw Failure.unauthenticated(.credentials) }
        guard found.user.isActive else { throw Failure.forbidden(.inactiveAccount) }
        let upgrade = hasher.isOutdated(hash) ? try await hasher.hash(password) : nil
        return Change(by: .visitor(origin)) { [issuer, authenticator] entry in
            let users = Users(entry.tx)
            // What was verified must still hold in the transaction that grants the session.
            guard let user = try users.lock(found.user.id), try users.passwordHash(of: user.id) == hash else {
                throw Failure.unauthenticated(.credentials)
            }
            guard user.isActive else { throw Failure.forbidden(.inactiveAccount) }
            if let upgrade { try users.upgradePasswordHash(from: hash, to: upgrade, of: user.id) }
            if try entry.endSurplusSessions(of: user.id) { try authenticator.forget(user.id, with: entry) }
            return try issuer.start(for: user, origin: origin, entry)
        }
    }

    package func refresh(_ token: String, from origin: Origin) -> Change<SessionGrant> {
        Change(by: .visitor(origin)) { [issuer, authenticator] entry in
            try issuer.rotate(token, entry) { user in try authenticator.forget(user, with: entry) }
        }
    }

    /// What somebody who logs out shows: an access token, in time or not, or a refresh token.
    package enum Departure: Sendable {
        case accessToken(String)
        case refreshToken(String)
    }

    /// Ends the session that the token belongs to, or all of its user. Doing it twice is no failure: the second time nobody is logged in.
    /// - Throws: `Failure.unauthenticated` for a token that was not issued here; `Failure.forbidden` for a personal access token.
    package func logout(_ departure: Departure, everywhere: Bool, from origin: Origin) async throws -> Change<Void> {
        var session: ID<Session>?
        var hash: [UInt8]?
        switch departure {
        case .accessToken(let token) where PersonalToken.isWellFormed(token): throw Failure.forbidden(.sessionOnly)
        case .accessToken(let token): session = try await issuer.signer.verifyIgnoringTime(token).sessionID
        case .refreshToken(let token): hash = PersonalToken.hash(token)
        }
        return Change(by: .visitor(origin)) { [authenticator, session, hash] entry in
            let sessions = Sessions(entry.tx)
            guard let id = try session ?? hash.flatMap({ try sessions.refreshToken(hash: $0)?.session }),
                let session = try sessions.find(id)
            else { return }
            // A session that has ended long ago must not end others.
            if everywhere, session.revokedAt == nil {
                try sessions.revokeAll(of: session.userID, at: entry.now)
                try entry.record(.sessionsRevoked, .user(session.userID))
            } else if try sessions.revoke(id, at: entry.now) {
                try entry.record(.sessionEnded, .session(id))
            }
            try authenticator.forget(session.userID, with: entry)
        }
    }

    package func sessions(of actor: Actor, at now: Instant) async throws -> [Session] {
        try await store.read { try Sessions($0).live(of: actor.userID, at: now) }
    }

    package func endSession(_ id: ID<Session>, by actor: Actor) -> Change<Void> {
        Change(by: .user(actor)) { [authenticator] entry in
            let sessions = Sessions(entry.tx)
            guard let session = try sessions.find(id), session.userID == actor.userID, try sessions.revoke(id, at: entry.now) else {
                throw Failure.notFound(.session)
            }
            try entry.record(.sessionEnded, .session(id))
            try authenticator.forget(actor.userID, with: entry)
        }
    }

    /// Every other session ends, and every personal access token with them.
    package func changePassword(from current: String, to new: String, by actor: Actor) async throws -> Change<Void> {
        let (user, old) = try await store.read { tx in
            (try Users(tx).get(actor.userID), try Users(tx).passwordHash(of: actor.userID))
        }
        guard try await hasher.verify(current, against: old) else { throw Failure.invalid([.init("current_password", "is wrong")]) }
        try policy.check(new, field: "new_password", email: user.email, username: user.username)
        let hash = try await hasher.hash(new)
        return Change(by: .user(actor)) { [authenticator] entry in
            let users = Users(entry.tx)
            guard try users.passwordHash(of: actor.userID) == old else { throw Failure.invalid([.init("current_password", "is wrong")]) }
            try users.setPasswordHash(hash, of: actor.userID, at: entry.now)
            try Mails(entry.tx).deleteTokens(of: actor.userID, .passwordReset)
            try Sessions(entry.tx).revokeAll(of: actor.userID, except: actor.sessionID, at: entry.now)
            try AccessTokens(entry.tx).deleteAll(of: actor.userID)
            try entry.record(.passwordChanged, .user(actor.userID))
            try authenticator.forget(actor.userID, with: entry)
        }
    }

    // MARK: Personal access tokens

    package func tokens(of actor: Actor) async throws -> [AccessToken] {
        try await store.read { try AccessTokens($0).list(of: actor.userID) }
    }

    /// The token and its text, which is never shown again.
    package func createToken(
        name: String, scopes: [Scope], expiresAt: Instant?, by actor: Actor
    ) -> Change<(token: AccessToken, text: String)> {
        let text = PersonalToken.generate(random)
        return Change(by: .user(actor)) { entry in
            if scopes.contains(.admin), !actor.isAdmin { throw Failure.forbidden(.adminOnly) }
            if let expiresAt, expiresAt <= entry.now { throw Failure.invalid([.init("expires_at", "must be in the future")]) }
            try entry.quotas.require(.tokens, .tokens, of: actor.userID, entry.tx, at: entry.now)
            let distinct = Scope.allCases.filter(scopes.contains)
            let token = try AccessTokens(entry.tx).insert(
                user: actor.userID, name: name, hash: PersonalToken.hash(text), scopes: distinct, expiresAt: expiresAt, at: entry.now)
            let words = distinct.map(\.rawValue)
            try entry.record(.tokenCreated, .token(token.id), [.init("scopes", from: .null, to: .texts(words))])
            return (token, text)
        }
    }

    package func revokeToken(_ id: ID<AccessToken>, by actor: Actor) -> Change<Void> {
        Change(by: .user(actor)) { [authenticator] entry in
            let tokens = AccessTokens(entry.tx)
            guard let token = try tokens.find(id), token.userID == actor.userID, try tokens.delete(id) else {
                throw Failure.notFound(.token)
            }
            try entry.record(.tokenRevoked, .token(id))
            try authenticator.forget(actor.userID, with: entry)
        }
    }
}
