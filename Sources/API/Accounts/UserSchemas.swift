// How accounts look on the wire.
import Credentials
import Model
import Payloads
import Repositories
import Services
import Wire

enum UserSchemas {
    static let password = Shape<String>.text(PasswordPolicy.length).documented(
        ("format", "password"), ("description", "Common passwords, and passwords with the names of the account, are refused."))

    static let page = AccountPayload.user.page("UserPage")

    /// What any user may know of another: enough to assign a task.
    static let people = AccountPayload.person.all("People")

    static let search = InputSchema<String>("UserSearch", { $0 }) {
        required("q", .text(1...100), "Parts of username and name, without case and accents.", example: "gra")
    }

    static let lookup = InputSchema<Set<ID<User>>>("UserLookup", { Set($0) }) {
        required("ids", .list(.id(User.self), 1...100), "Repeat it for each id.", example: [1, 2])
    }

    static let registration = InputSchema<Registration>(
        "NewUser",
        { email, password, username, name, timeZone, role, isActive in
            Registration(
                user: NewUser(
                    email: email, username: username, name: name, role: role, isActive: isActive, timeZone: timeZone), password: password)
        }
    ) {
        required("email", AccountPayload.email, example: "ada@example.com")
        required("password", password, example: "correct horse battery")
        optional("username", AccountPayload.username, example: "ada")
        optional("name", AccountPayload.name, example: "Ada Lovelace")
        defaulted("time_zone", .timeZone, to: "UTC")
        defaulted("role", AccountPayload.role, to: .user)
        defaulted("is_active", .flag, to: true)
    }

    /// Changes of an account, and the caller's password if it was given.
    struct Changes: Sendable {
        var user: UserChanges
        var currentPassword: String?
    }

    private static let ownAddress =
        "A new address takes effect once it is confirmed with the link that is mailed to it. Until then it is shown as pending_email. "
    private static let needsPassword =
        "Needs current_password, or a session whose password was entered within the last 10 minutes."
    private static let currentPassword = filter(
        "current_password", AuthSchemas.anyPassword,
        "The caller's own password. Needed for email, role and is_active when the password was not entered in this session within the last 10 "
            + "minutes.")

    /// What one may change of oneself.
    static let ownChanges = InputSchema<Changes>(
        "OwnChanges", { Changes(user: UserChanges(email: $0, username: $1, name: $2, timeZone: $3, dateOrder: $4), currentPassword: $5) }
    ) {
        filter("email", AccountPayload.email, ownAddress + needsPassword)
        clearable("username", AccountPayload.username)
        clearable("name", AccountPayload.name)
        filter("time_zone", .timeZone)
        clearable("date_order", .dateOrder)
        currentPassword
    }

    static let changes = InputSchema<Changes>(
        "UserChanges",
        {
            Changes(
                user: UserChanges(email: $0, username: $1, name: $2, timeZone: $3, dateOrder: $4, role: $5, isActive: $6),
                currentPassword: $7)
        }
    ) {
        filter(
            "email", AccountPayload.email,
            ownAddress + "If an admin changes the address of another account, it takes effect at once. " + needsPassword)
        clearable("username", AccountPayload.username)
        clearable("name", AccountPayload.name)
        filter("time_zone", .timeZone)
        clearable("date_order", .dateOrder)
        filter("role", AccountPayload.role, "Admins only. " + needsPassword)
        filter("is_active", .flag, "Admins only. All access to a deactivated account ends. " + needsPassword)
        currentPassword
    }

    struct Query: Sendable {
        var filter: Users.Filter
        var page: PageRequest
    }

    static let query = InputSchema<Query>(
        "UserQuery",
        { role, isActive, text, limit, cursor, count, page, perPage in
            Query(
                filter: .init(role: role, isActive: isActive, text: text),
                page: try PageRequest(limit: limit, cursor: cursor, count: count, page: page, perPage: perPage))
        }
    ) {
        filter("role", AccountPayload.role)
        filter("is_active", .flag)
        filter("q", .text(1...100), "Parts of e-mail address, username and name, without case and accents.")
        PageFields.limit
        PageFields.cursor
        PageFields.count
        PageFields.page
        PageFields.perPage
    }
}
