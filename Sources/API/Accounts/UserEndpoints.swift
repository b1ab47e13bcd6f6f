// Accounts over HTTP.
import ChangeLedger
import Credentials
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct UserEndpoints {
    let users: UserService
    let usage: UsageService
    let limiter: CredentialLimiter

    private static let path = "/api/v1/users"
    private static let one = "/api/v1/users/{id}"

    var me: Endpoint {
        .read(
            .getMe, "\(Self.path)/me", "Get your account", tag: .users, for: .anyCredential,
            gives: .ok(AccountPayload.user, "Your account.").tagged(\.version)
        ) { try await users.get($0.userID, by: $0) }
    }

    var myUsage: Endpoint {
        .read(
            .getMyUsage, "\(Self.path)/me/usage", "Get your usage of quotas", tag: .users, for: .anyCredential,
            gives: .ok(UsageSchemas.usage, "Your usage and limit of each quota.")
        ) { try await usage.get(by: $0) }
    }

    var updateMe: Endpoint {
        .change(
            .updateMe, .patch, "\(Self.path)/me", "Change your account", tag: .users, for: .session, .ifMatch,
            .update(UserSchemas.ownChanges, of: AccountPayload.user),
            gives: .ok(AccountPayload.user, "The account after the change.").tagged(\.version), fails: [409]
        ) { try await update($0.userID, $2, if: $1, by: $0) }
    }

    var search: Endpoint {
        .read(
            .searchUsers, "\(Self.path)/search", "Find a user to assign a task to", tag: .users, for: .anyCredential,
            .query(UserSchemas.search), gives: .ok(UserSchemas.people, "Active accounts, at most ten.")
        ) { try await users.search($1) }
    }

    var lookUp: Endpoint {
        .read(
            .lookUpUsers, "\(Self.path)/lookup", "Look up the names of ids", tag: .users, for: .anyCredential,
            .query(UserSchemas.lookup), gives: .ok(UserSchemas.people, "The accounts that you may see, by id.")
        ) { try await users.lookUp($1, by: $0) }
    }

    var list: Endpoint { list(.listUsers, Self.path, .users) }
    var listAll: Endpoint { list(.listAllUsers, "/api/v1/admin/users", .administration) }

    private func list(_ id: OperationID, _ path: String, _ tag: Tag) -> Endpoint {
        .read(
            id, path, "List accounts", tag: tag, for: .admin, .query(UserSchemas.query),
            gives: .page(UserSchemas.page, "A page of accounts, the oldest first.")
        ) { try await users.list($1.filter, $1.page) }
    }

    var create: Endpoint {
        .change(
            .createUser, .post, Self.path, "Create an account", tag: .users, for: .recentAdmin, .body(UserSchemas.registration),
            gives: .created(AccountPayload.user, "The new account.") { "\(Self.path)/\($0.id)" }.tagged(\.version), fails: [409]
        ) { try await users.create($1, by: .user($0)) }
    }

    var get: Endpoint {
        .read(
            .getUser, Self.one, "Get an account", tag: .users, for: .session, .path("id", .id(User.self)),
            gives: .ok(AccountPayload.user, "The account.").tagged(\.version)
        ) { try await users.get($1, by: $0) }
    }

    var update: Endpoint { update(.updateUser, .patch, "Change an account") }
    var replace: Endpoint { update(.replaceUser, .put, "Change an account (the same as PATCH)") }

    private func update(_ id: OperationID, _ method: HTTPMethod, _ summary: String) -> Endpoint {
        .change(
            id, method, Self.one, summary, tag: .users, for: .session, .path("id", .id(User.self)), .ifMatch,
            .update(UserSchemas.changes, of: AccountPayload.user),
            gives: .ok(AccountPayload.user, "The account after the change.").tagged(\.version), fails: [409]
        ) { try await update($1, $3, if: $2, by: $0) }
    }

    /// Whoever names an address or a username learns whether it is taken; whoever sends a password, whether it is right.
    private func update(
        _ id: ID<User>, _ update: Update<UserSchemas.Changes, User>, if precondition: Precondition, by actor: Actor
    ) async throws -> Change<User> {
        let changes = update.changes
        if changes.user.email != nil || (changes.user.username ?? nil) != nil { try limiter.takeName(by: actor) }
        if changes.currentPassword != nil { try limiter.take(Guess(by: actor)) }
        return try await users.update(
            id, changes.user, currentPassword: changes.currentPassword, if: precondition, repeating: Repeated(update.repetition) { $0 },
            by: actor)
    }

    var delete: Endpoint {
        .change(
            .deleteUser, .delete, Self.one, "Delete an account", tag: .users, for: .recentSession, .path("id", .id(User.self)), .ifMatch,
            gives: .noContent(
                "Name and address are erased; the tasks stay. All access to the account ends: sessions, personal access tokens, webhooks, "
                    + "mailed links, queued and running imports and reports, and files to download."), fails: [409]
        ) { try users.delete($1, if: $2, by: $0) }
    }
}
