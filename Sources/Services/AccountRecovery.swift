// What is done with a mailed token: a new password for who forgot the old one, the proof that an address is somebody's, an old address
// that is taken back.
import BackgroundWork
package import ChangeLedger
package import Credentials
package import Model
import Repositories
package import StoreCore

package struct AccountRecovery: Sendable {
    let store: any Store
    let hasher: PasswordHasher
    let policy: PasswordPolicy
    let access: AccessRevocation
    let clock: WallClock

    package init(
        store: any Store, hasher: PasswordHasher, policy: PasswordPolicy, access: AccessRevocation, clock: WallClock
    ) {
        self.clock = clock
        self.store = store
        self.hasher = hasher
        self.policy = policy
        self.access = access
    }

    /// The same work whether there is such an account or not: one look, one job. Neither the answer nor its time tells.
    package func requestReset(_ email: String, from origin: Origin) -> Change<Void> {
        Change(by: .visitor(origin)) { entry in
            let user = try Users(entry.tx).find(email: email)
            try PasswordResetJob.queue(for: user?.id, entry)
        }
    }

    /// All access to the account ends. Whoever has read the mail has shown that the address is theirs.
    package func reset(_ token: String, to password: String, from origin: Origin) async throws -> Change<Void> {
        let hash = secretHash(token)
        let now = clock.now()
        let user = try await store.read { tx in
            try Mails(tx).owner(ofToken: hash, .passwordReset, at: now).flatMap { try Users(tx).find($0) }
        }
        guard let user, user.isActive else { throw Self.worthless }
        try policy.check(password, field: "new_password", email: user.email, username: user.username)
        let passwordHash = try await hasher.hash(password)
        return Change(by: .visitor(origin)) { [access] entry in
            let (users, mails) = (Users(entry.tx), Mails(entry.tx))
            guard let user = try users.lock(user.id), user.isActive,
                try mails.owner(ofToken: hash, .passwordReset, at: entry.now) == user.id, try mails.useToken(hash: hash)
            else { throw Self.worthless }
            try users.setPasswordHash(passwordHash, of: user.id, at: entry.now)
            if !user.isEmailVerified { try users.setEmailVerified(user.id, at: entry.now) }
            try entry.record(.passwordReset, .user(user.id))
            // An account whose address was never confirmed may be somebody else's work: nothing of it goes on.
            try access.end(of: user.id, user.isEmailVerified ? .passwordReset : .addressClaimed, entry)
        }
    }

    package func verify(_ token: String, from origin: Origin) -> Change<Void> {
        let hash = secretHash(token)
        return Change(by: .visitor(origin)) { entry in
            let mails = Mails(entry.tx)
            if let id = try mails.owner(ofToken: hash, .newAddress, at: entry.now) { return try Self.confirmAddress(of: id, hash, entry) }
            // First the account, then its tokens: everybody locks in that order.
            guard let id = try mails.owner(ofToken: hash, .verification, at: entry.now), let user = try Users(entry.tx).lock(id),
                user.isActive, try mails.useToken(hash: hash)
            else { throw Self.worthless }
            try mails.deleteTokens(of: user.id, [.verification])
            if user.isEmailVerified { return }
            try Users(entry.tx).setEmailVerified(user.id, at: entry.now)
            try entry.record(.emailVerified, .user(user.id))
        }
    }

    /// From here on the new address counts.
    private static func confirmAddress(of id: ID<User>, _ hash: [UInt8], _ entry: Entry) throws {
        let users = Users(entry.tx)
        guard let old = try users.lock(id), old.isActive, let address = old.pendingEmail, try Mails(entry.tx).useToken(hash: hash) else {
            throw worthless
        }
        do { try users.requireFree(email: address, except: id, at: entry.now) } catch Failure.conflict {
            throw Failure.conflict(.emailTakenMeanwhile)
        }
        guard let user = try users.update(old, to: old.with(confirmedEmail: address), at: entry.now) else {
            throw Failure.stale(current: old.version)
        }
        try entry.record(.emailChanged, .user(id), user.differences(from: old))
        try entry.noteNewAddress(of: user, before: old)
    }

    /// Gives the account the address back that it had before a change. Somebody may have stolen it, so nobody stays in it, and its password
    /// opens it no more.
    package func revertAddress(_ token: String, from origin: Origin) -> Change<Void> {
        let hash = secretHash(token)
        return Change(by: .visitor(origin)) { [access] entry in
            let (users, mails) = (Users(entry.tx), Mails(entry.tx))
            guard let found = try mails.revert(ofToken: hash, at: entry.now), let old = try users.lock(found.user), old.isActive,
                try mails.useToken(hash: hash)
            else { throw Self.worthless }
            do { try users.requireFree(email: found.address, except: old.id, at: entry.now) } catch Failure.conflict {
                throw Failure.conflict(.emailTakenMeanwhile)
            }
            guard let user = try users.update(old, to: old.with(confirmedEmail: found.address), at: entry.now) else {
                throw Failure.stale(current: old.version)
            }
            try users.clearPassword(of: user.id, at: entry.now)
            // Whoever changed the address may have changed it again, to get a link like this one.
            try mails.deleteReverts(of: user.id, after: found.mail)
            try entry.record(.emailRestored, .user(user.id), user.differences(from: old))
            try access.end(of: user.id, .addressTakenBack, entry)
            let key = "address restored of \(user.id) at version \(user.version)"
            try entry.outbox.put(NewMail(.addressRestored, to: user.id, key: key))
        }
    }

    /// Nothing is sent when no address waits to be confirmed.
    package func resendVerification(to actor: Actor) -> Change<Void> {
        Change(by: .user(actor)) { entry in
            guard let user = try Users(entry.tx).lock(actor.userID) else { return }
            if user.pendingEmail != nil {
                try entry.askForConfirmation(of: user)
            } else if !user.isEmailVerified {
                try entry.askForVerification(of: user.id)
            }
        }
    }

    private static let worthless = Failure.invalid([.init("token", "is wrong, was used before, or has expired: request a new mail")])
}
