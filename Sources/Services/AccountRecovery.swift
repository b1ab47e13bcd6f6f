// What is done with a mailed token: a new password for who forgot the old one, and the proof that an address is somebody's.
import Crypto
package import Model
import Repositories
package import StoreCore

package struct AccountRecovery: Sendable {
    let store: any Store
    let hasher: PasswordHasher
    let policy: PasswordPolicy
    let authenticator: Authenticator
    let clock: WallClock

    package init(
        store: any Store, hasher: PasswordHasher, policy: PasswordPolicy, authenticator: Authenticator, clock: WallClock
    ) {
        self.clock = clock
        self.store = store
        self.hasher = hasher
        self.policy = policy
        self.authenticator = authenticator
    }

    private struct Request: Codable { let user: Int64 }

    /// The same work whether there is such an account or not: one look, one job. Neither the answer nor its time tells.
    package func requestReset(_ email: String, from origin: Origin) -> Change<Void> {
        Change(by: .visitor(origin)) { entry in
            let user = try Users(entry.tx).find(email: email)
            try entry.enqueue(try NewJob(.requestReset, about: Request(user: user?.id.value ?? 0)))
        }
    }

    /// The job behind a request.
    package func queueReset(_ run: JobRun) throws -> JobCompletion {
        let user = ID<User>(try run.payload(as: Request.self).user)
        return JobCompletion { entry in
            // Locked, so that many at once are counted one after the other.
            guard let user = try Users(entry.tx).lock(user), user.isActive else { return }
            try entry.outbox.put(NewMail(.passwordReset, to: user.id, key: "password reset by job \(run.job.id)"))
        }
    }

    /// Every session, personal access token and other mailed token ends. Who has read the mail has shown that the address is his.
    package func reset(_ token: String, to password: String, from origin: Origin) async throws -> Change<Void> {
        let hash = Self.hash(token)
        let now = clock.now()
        let user = try await store.read { tx in
            try Mails(tx).owner(ofToken: hash, .passwordReset, at: now).flatMap { try Users(tx).find($0) }
        }
        guard let user, user.isActive else { throw Self.worthless }
        try policy.check(password, field: "new_password", email: user.email, username: user.username)
        let passwordHash = try await hasher.hash(password)
        return Change(by: .visitor(origin)) { [authenticator] entry in
            let (users, mails) = (Users(entry.tx), Mails(entry.tx))
            guard let user = try users.lock(user.id), user.isActive,
                try mails.owner(ofToken: hash, .passwordReset, at: entry.now) == user.id, try mails.useToken(hash: hash)
            else { throw Self.worthless }
            try users.setPasswordHash(passwordHash, of: user.id, at: entry.now)
            if !user.isEmailVerified { try users.setEmailVerified(user.id, at: entry.now) }
            try mails.deleteTokens(of: user.id)
            try Sessions(entry.tx).revokeAll(of: user.id, at: entry.now)
            try AccessTokens(entry.tx).deleteAll(of: user.id)
            try entry.record(.passwordReset, .user(user.id))
            try authenticator.forget(user.id, with: entry)
        }
    }

    package func verify(_ token: String, from origin: Origin) -> Change<Void> {
        let hash = Self.hash(token)
        return Change(by: .visitor(origin)) { entry in
            let mails = Mails(entry.tx)
            // First the account, then its tokens: everybody locks in that order.
            guard let id = try mails.owner(ofToken: hash, .verification, at: entry.now), let user = try Users(entry.tx).lock(id),
                user.isActive, try mails.useToken(hash: hash)
            else { throw Self.worthless }
            try mails.deleteTokens(of: user.id, .verification)
            if user.isEmailVerified { return }
            try Users(entry.tx).setEmailVerified(user.id, at: entry.now)
            try entry.record(.emailVerified, .user(user.id))
        }
    }

    /// Nothing is sent when the address is verified.
    package func resendVerification(to actor: Actor) -> Change<Void> {
        Change(by: .user(actor)) { entry in
            guard let user = try Users(entry.tx).lock(actor.userID), !user.isEmailVerified else { return }
            try entry.askForVerification(of: user.id)
        }
    }

    private static let worthless = Failure.invalid([.init("token", "is wrong, was used before, or has expired: ask for a new mail")])

    private static func hash(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Array(token.utf8))) }
}
