// Accounts from the inside: profiles, and the administration of all accounts.
package import Model
package import Repositories
package import StoreCore

package struct UserService: Sendable {
    let store: any Store
    let auth: AuthService
    let authenticator: Authenticator

    package init(store: any Store, auth: AuthService, authenticator: Authenticator) {
        self.store = store
        self.auth = auth
        self.authenticator = authenticator
    }

    package func get(_ id: ID<User>, by actor: Actor) async throws -> User {
        try actor.mayManage(id).require(.user)
        guard let user = try await store.read({ try Users($0).find(id) }) else {
            // Who asks for himself was deleted since his token was looked at.
            throw id == actor.userID ? Failure.unauthenticated(.revoked) : .notFound(.user)
        }
        return user
    }

    /// Accounts that can be given a task: active ones whose username or name contains the text, ten at most.
    package func search(_ text: String) async throws -> [User] {
        try await store.read { try Users($0).list(.init(isActive: true, publicText: text), limit: 10) }
    }

    package func list(_ filter: Users.Filter, _ page: PageRequest) async throws -> Page<User> {
        try await store.read { tx in
            try Page(page, order: "users", key: { .int($0.id.value) }, id: \.id.value, total: { try Users(tx).count(filter) }) {
                try Users(tx).list(filter, after: $0?.id, offset: $1, limit: $2)
            }
        }
    }

    package func create(_ registration: Registration, by author: Author) async throws -> Change<User> {
        let hash = try await auth.hash(registration)
        return Change(by: author) { entry in
            let user = try Users(entry.tx).insert(registration.user, passwordHash: hash, at: entry.now)
            try entry.record(.userCreated, .user(user.id), user.differences(from: nil))
            return user
        }
    }

    package func update(_ id: ID<User>, _ changes: UserChanges, if precondition: Precondition = .none, by actor: Actor) throws -> Change<
        User
    > {
        try actor.mayManage(id).require(.user)
        if !actor.isAdmin, changes.role != nil || changes.isActive != nil { throw Failure.forbidden(.adminOnlyFields) }
        return update(id, changes, if: precondition, by: .user(actor))
    }

    package func update(_ id: ID<User>, _ changes: UserChanges, if precondition: Precondition = .none, by author: Author) -> Change<User> {
        Change(by: author) { [authenticator] entry in
            let old = try Self.lock(id, entry)
            try precondition.require(old.version)
            let new = old.applying(changes)
            guard new != old else { return old }
            try requireRemainingAdmin(old, new, entry)
            guard let user = try Users(entry.tx).update(old, to: new, at: entry.now) else { throw Failure.stale(current: old.version) }
            try entry.record(.userUpdated, .user(id), user.differences(from: old))
            if !user.isActive { try endAccess(of: id, entry) }
            if caseFolded(user.email) != caseFolded(old.email) { try noteNewAddress(of: user, old, entry) }
            if user.role != old.role || user.isActive != old.isActive { try authenticator.forget(id, with: entry) }
            return user
        }
    }

    package func delete(_ id: ID<User>, if precondition: Precondition = .none, by actor: Actor) throws -> Change<Void> {
        try actor.mayManage(id).require(.user)
        return Change(by: .user(actor)) { [authenticator] entry in
            let user = try Self.lock(id, entry)
            try precondition.require(user.version)
            try requireRemainingAdmin(user, nil, entry)
            try UnassignTasksJob.begin(of: id, entry)
            try endAccess(of: id, entry)
            try Mails(entry.tx).forgetAddresses(of: id)
            try Users(entry.tx).erase(id, at: entry.now)
            try entry.record(.userDeleted, .user(id))
            try authenticator.forget(id, with: entry)
        }
    }

    /// For the command line: no current password is asked for, and every session ends.
    package func resetPassword(of id: ID<User>, to password: String, by author: Author) async throws -> Change<User> {
        let user = try await store.read { try Users($0).get(id) }
        let new = NewUser(email: user.email, username: user.username)
        let hash = try await auth.hash(.init(user: new, password: password))
        return Change(by: author) { [authenticator] entry in
            try Users(entry.tx).setPasswordHash(hash, of: id, at: entry.now)
            try endAccess(of: id, entry)
            try entry.record(.passwordChanged, .user(id))
            try authenticator.forget(id, with: entry)
            return try Users(entry.tx).get(id)
        }
    }

    private static func lock(_ id: ID<User>, _ entry: Entry) throws -> User {
        guard let user = try Users(entry.tx).lock(id) else { throw Failure.notFound(.user) }
        return user
    }

    /// Sessions and tokens end for good: an account that is activated again starts without any.
    private func endAccess(of id: ID<User>, _ entry: Entry) throws {
        try Sessions(entry.tx).revokeAll(of: id, at: entry.now)
        try AccessTokens(entry.tx).deleteAll(of: id)
        try Webhooks(entry.tx).deleteAll(of: id)
        try Mails(entry.tx).deleteTokens(of: id)
    }

    /// What was mailed to the old address is worth nothing any more; who reads it is told, so that nobody takes an account unseen.
    private func noteNewAddress(of user: User, _ old: User, _ entry: Entry) throws {
        try Mails(entry.tx).deleteTokens(of: user.id)
        try entry.askForVerification(of: user.id)
        guard old.isEmailVerified else { return }
        let key = "address changed of \(user.id) at version \(user.version)"
        try entry.outbox.put(NewMail(.addressChanged, to: user.id, key: key, address: old.email))
    }

    /// - Throws: `Failure.conflict` when no active admin would be left; `new` nil stands for a deletion.
    private func requireRemainingAdmin(_ old: User, _ new: User?, _ entry: Entry) throws {
        let wasAdmin = old.role == .admin && old.isActive
        let isAdmin = new.map { $0.role == .admin && $0.isActive } ?? false
        guard wasAdmin, !isAdmin else { return }
        try Users(entry.tx).lockAdmins()
        guard try !Users(entry.tx).hasActiveAdmin(except: old.id) else { return }
        throw Failure.conflict(.lastAdmin)
    }
}
