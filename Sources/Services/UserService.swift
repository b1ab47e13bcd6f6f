// Accounts from the inside: profiles, and the administration of all accounts.
import BackgroundWork
package import ChangeLedger
package import Credentials
package import Model
package import Repositories
package import StoreCore

package struct UserService: Sendable {
    let store: any Store
    let auth: AuthService
    let access: AccessRevocation
    let authenticator: Authenticator

    package init(store: any Store, auth: AuthService, access: AccessRevocation, authenticator: Authenticator) {
        self.store = store
        self.auth = auth
        self.access = access
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

    /// The names of those accounts that the caller may know by a task, or as an admin; the others are left out.
    package func lookUp(_ ids: Set<ID<User>>, by actor: Actor) async throws -> [User] {
        try await store.read { try Users($0).known(ids, to: actor.isAdmin ? nil : actor.userID) }
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

    /// - Parameter currentPassword: the caller's own. It stands in for a session whose password was entered lately.
    package func update(
        _ id: ID<User>, _ changes: UserChanges, currentPassword: String? = nil, if precondition: Precondition = .none,
        repeating repeated: Repeated<User> = .nothing, by actor: Actor
    ) async throws -> Change<User> {
        try actor.mayManage(id).require(.user)
        let proof: Proof
        if let currentPassword {
            proof = .password(try await auth.verify(currentPassword, of: actor, field: "current_password"), of: actor.userID)
        } else {
            proof = .recentSession(actor)
        }
        return update(id, changes, if: precondition, repeating: repeated, by: .user(actor), proof: proof)
    }

    /// For the command line and the server itself.
    package func update(_ id: ID<User>, _ changes: UserChanges, by author: Author) -> Change<User> {
        update(id, changes, if: .none, repeating: .nothing, by: author, proof: .notNeeded)
    }

    /// What shows that a change of somebody's access is made by who knows the password.
    private enum Proof {
        case recentSession(Actor)
        case password(String, of: ID<User>)
        case notNeeded

        func require(_ entry: Entry) throws {
            switch self {
            case .recentSession(let actor): try Standing.requireRecentPassword(of: actor, entry.tx, at: entry.now)
            case .password(let hash, let user):
                guard try Users(entry.tx).passwordHash(of: user) == hash else {
                    throw Failure.invalid([.init("current_password", "is wrong")])
                }
            case .notNeeded: break
            }
        }
    }

    private func update(
        _ id: ID<User>, _ changes: UserChanges, if precondition: Precondition, repeating repeated: Repeated<User>, by author: Author,
        proof: Proof
    ) -> Change<User> {
        Change(by: author) { [access, authenticator] entry in
            let users = Users(entry.tx)
            let old = try Self.lock(id, entry)
            try precondition.require(old.version)
            try repeated.require(old)
            var changes = changes
            // The address that counts takes back a new one that waits, unless both are repeated as they were read.
            if changes.email == old.email, repeated.names.contains("pending_email") { changes.email = nil }
            // Who changes the address of another account vouches for it; one's own is to be confirmed.
            let new = old.applying(changes, isAddressVouchedFor: author.userID != id)
            guard new != old else { return old }
            if case .user(let actor) = author, !actor.isAdmin, new.role != old.role || new.isActive != old.isActive {
                throw Failure.forbidden(.adminOnlyFields)
            }
            if new.differsInAccess(from: old) { try proof.require(entry) }
            try requireRemainingAdmin(old, new, entry)
            if let pending = new.pendingEmail, pending != old.pendingEmail {
                try users.requireFree(email: pending, except: id, at: entry.now)
            }
            guard let user = try users.update(old, to: new, at: entry.now) else { throw Failure.stale(current: old.version) }
            try entry.record(.userUpdated, .user(id), user.differences(from: old))
            if caseFolded(user.email) != caseFolded(old.email) { try entry.noteNewAddress(of: user, before: old) }
            if user.pendingEmail != old.pendingEmail { try entry.noteAddressRequest(of: user) }
            if user.role != old.role { try authenticator.forget(id, with: entry) }
            if user.timeZone != old.timeZone { try MoveDueDaysJob.begin(of: id, entry) }
            guard !user.isActive, old.isActive else { return user }
            try access.end(of: id, .deactivated, entry)
            return try users.get(id)
        }
    }

    package func delete(_ id: ID<User>, if precondition: Precondition = .none, by actor: Actor) throws -> Change<Void> {
        try actor.mayManage(id).require(.user)
        return Change(by: .user(actor)) { [access] entry in
            let user = try Self.lock(id, entry)
            try precondition.require(user.version)
            try requireRemainingAdmin(user, nil, entry)
            try UnassignTasksJob.begin(of: id, entry)
            try access.end(of: id, .deleted, entry)
            try Mails(entry.tx).forgetAddresses(of: id)
            try Users(entry.tx).deletePreferences(of: id)
            try SavedViews(entry.tx).deleteAll(of: id)
            try Users(entry.tx).erase(id, at: entry.now)
            try entry.record(.userDeleted, .user(id))
        }
    }

    /// For the command line: no current password is asked for.
    package func resetPassword(of id: ID<User>, to password: String, by author: Author) async throws -> Change<User> {
        let user = try await store.read { try Users($0).get(id) }
        let new = NewUser(email: user.email, username: user.username)
        let hash = try await auth.hash(.init(user: new, password: password))
        return Change(by: author) { [access] entry in
            _ = try Self.lock(id, entry)
            try Users(entry.tx).setPasswordHash(hash, of: id, at: entry.now)
            try entry.record(.passwordChanged, .user(id))
            try access.end(of: id, .passwordReset, entry)
            return try Users(entry.tx).get(id)
        }
    }

    private static func lock(_ id: ID<User>, _ entry: Entry) throws -> User {
        guard let user = try Users(entry.tx).lock(id) else { throw Failure.notFound(.user) }
        return user
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
