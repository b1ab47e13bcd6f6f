// Accounts from the outside: register, log in, refresh, log out, passwords, personal access tokens.
import BackgroundWork
package import ChangeLedger
package import Credentials
package import Model
import Repositories
package import StoreCore

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
    let access: AccessRevocation
    let authenticator: Authenticator
    let random: RandomSource

    package init(
        store: any Store, hasher: PasswordHasher, policy: PasswordPolicy, issuer: SessionIssuer, access: AccessRevocation,
        authenticator: Authenticator, random: RandomSource
    ) {
        self.store = store
        self.hasher = hasher
        self.policy = policy
        self.issuer = issuer
        self.access = access
        self.authenticator = authenticator
        self.random = random
    }

    package func register(_ registration: Registration, from origin: Origin) async throws -> Change<SessionGrant> {
        let hash = try await hash(registration)
        var new = registration.user
        new.isEmailVerified = false
        return Change(by: .visitor(origin)) { [issuer, new] entry in
            let user = try Users(entry.tx).insert(new, passwordHash: hash, at: entry.now)
            _ = try Users(entry.tx).noteLogin(user.id)
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

    /// One failure, the same words after the same time, for an unknown account and for a wrong password.
    package func login(_ identifier: Identifier, password: String, from origin: Origin) async throws -> Change<SessionGrant> {
        let found = try await store.read { tx -> (user: User, hash: String?)? in
            try Users(tx).find(identifier).map { ($0, try Users(tx).passwordHash(of: $0.id)) }
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
            let isKnown = try Self.isKnown(origin, of: user.id, entry)
            if try entry.endSurplusSessions(of: user.id) { try authenticator.forget(user.id, with: entry) }
            let grant = try issuer.start(for: user, origin: origin, entry)
            if try !users.noteLogin(user.id), !isKnown {
                try entry.outbox.put(NewMail(.newDevice, to: user.id, key: "session \(grant.session)", about: .session(grant.session)))
            }
            return grant
        }
    }

    /// Log-ins that are looked at for the like of a new one.
    private static let remembered: Int64 = 100

    /// Whether the account was logged in to before with the same device, or with the same program from the same network.
    private static func isKnown(_ origin: Origin, of user: ID<User>, _ entry: Entry) throws -> Bool {
        if let device = origin.device, device.userID == user, try Users(entry.tx).deviceEpoch(of: user) == device.epoch { return true }
        let device = origin.userAgent.map(Session.device)
        let network = origin.address.flatMap(IPAddress.init)?.siteKey
        return try Sessions(entry.tx).last(of: user, limit: remembered).contains { session in
            session.device == device && session.address.flatMap(IPAddress.init)?.siteKey == network
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
        case .accessToken(let token): session = try issuer.signer.verifyIgnoringTime(token).sessionID
        case .refreshToken(let token): hash = secretHash(token)
        }
        return Change(by: .visitor(origin)) { [authenticator, access, session, hash] entry in
            let sessions = Sessions(entry.tx)
            guard let id = try session ?? hash.flatMap({ try sessions.refreshToken(hash: $0)?.session }),
                let session = try sessions.find(id)
            else { return }
            // A session that has ended long ago must not end others.
            if everywhere, session.revokedAt == nil {
                // It ends what others have, too: a token that was found somewhere is not enough.
                guard session.isRecent(at: entry.now) else { throw Failure.forbidden(.reauthenticationRequired) }
                _ = try Users(entry.tx).lock(session.userID)
                try entry.record(.sessionsRevoked, .user(session.userID))
                return try access.end(of: session.userID, .loggedOutEverywhere, entry)
            }
            if try sessions.revoke(id, at: entry.now) {
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

    // MARK: The password of somebody who is logged in

    /// Checks the caller's password, slowly.
    /// - Returns: its hash, which must still be the account's in the transaction of what the password is for.
    /// - Throws: `Failure.invalid` naming `field`; `Failure.unavailable` when too many wait.
    func verify(_ password: String, of actor: Actor, field: String) async throws -> String {
        let hash = try await store.read { try Users($0).passwordHash(of: actor.userID) }
        guard try await hasher.verify(password, against: hash), let hash else { throw Failure.invalid([.init(field, "is wrong")]) }
        return hash
    }

    /// Notes that the password was entered in the caller's session just now.
    package func reauthenticate(with password: String, by actor: Actor) async throws -> Change<Void> {
        guard let session = actor.sessionID else { throw Failure.forbidden(.sessionOnly) }
        let hash = try await verify(password, of: actor, field: "password")
        return Change(by: .user(actor)) { entry in
            guard try Users(entry.tx).passwordHash(of: actor.userID) == hash else { throw Failure.invalid([.init("password", "is wrong")]) }
            try Sessions(entry.tx).noteAuthentication(session, at: entry.now)
            try entry.record(.reauthenticated, .session(session))
        }
    }

    /// The access of everybody else ends: see `AccessRevocation`.
    package func changePassword(from current: String, to new: String, by actor: Actor) async throws -> Change<Void> {
        let old = try await verify(current, of: actor, field: "current_password")
        let user = try await store.read { try Users($0).get(actor.userID) }
        try policy.check(new, field: "new_password", email: user.email, username: user.username)
        let hash = try await hasher.hash(new)
        return Change(by: .user(actor)) { [access] entry in
            let users = Users(entry.tx)
            guard try users.lock(actor.userID) != nil, try users.passwordHash(of: actor.userID) == old else {
                throw Failure.invalid([.init("current_password", "is wrong")])
            }
            try users.setPasswordHash(hash, of: actor.userID, at: entry.now)
            if let session = actor.sessionID { try Sessions(entry.tx).noteAuthentication(session, at: entry.now) }
            try entry.record(.passwordChanged, .user(actor.userID))
            try access.end(of: actor.userID, .passwordChanged, except: actor.sessionID, entry)
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
                user: actor.userID, name: name, hash: secretHash(text), scopes: distinct, expiresAt: expiresAt, at: entry.now)
            let words = distinct.map(\.rawValue)
            try entry.record(.tokenCreated, .token(token.id), [.init("scopes", from: .null, to: .texts(words))])
            try entry.outbox.put(NewMail(.tokenCreated, to: actor.userID, key: "token \(token.id)", about: .accessToken(token.id)))
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

extension AuthService {
    package func guess(at identifier: Identifier, from origin: Origin) async throws -> Guess {
        let found = try await store.read { tx in
            switch identifier {
            case .email(let email): try Users(tx).known(email: email)
            case .username(let username): try Users(tx).known(username: username)
            }
        }
        guard let found else { return .stranger(identifier.key) }
        guard let device = origin.device, device.userID == found.id, device.epoch == found.deviceEpoch else {
            return .stranger("account \(found.id)")
        }
        return .known(found.id, "device \(device.device)")
    }
}
