// How accounts look on the wire.
import Model
import Repositories
import Services
import Wire

enum UserSchemas {
    static let email = Shape<String>.text(
        User.emailLength, pattern: User.emailPattern, fault: "must be an e-mail address", where: User.isEmail)
    static let username = Shape<String>.text(
        3...32, pattern: User.usernamePattern,
        fault: "must be 3 to 32 letters, digits, dots, underscores and hyphens, with a letter or digit at each end", where: User.isUsername)
    static let name = Shape<String>.visible(User.nameLength)
    static let role = Shape<Role>.word(Role.allCases.map { ($0.rawValue, $0) })
    static let password = Shape<String>.text(PasswordPolicy.length).documented(
        ("format", "password"), ("description", "Common passwords and the account's own names are refused."))

    static let user = OutputSchema<User>("User") {
        field("id", .id(), example: 1) { $0.id }
        field("email", .text(User.emailLength), example: "ada@example.com") { $0.email }
        field("email_verified", .flag, "Mails about tasks go to verified addresses only.") { $0.isEmailVerified }
        nullable("pending_email", .text(User.emailLength), "A new address that waits to be confirmed. It counts for nothing until then.") {
            $0.pendingEmail
        }
        nullable("username", .text(1...64), example: "ada") { $0.username }
        nullable("name", name, example: "Ada Lovelace") { $0.name }
        field("role", role, example: "user") { $0.role }
        field("is_active", .flag, example: true) { $0.isActive }
        field("time_zone", .text(1...64), "An IANA time zone name.", example: "Europe/Berlin") { $0.timeZone }
        nullable("date_order", .dateOrder, "How dates such as 01/02/2030 are meant in files that you import; null asks each time.") {
            $0.dateOrder
        }
        field("created_at", .instant) { $0.createdAt }
        field("updated_at", .instant) { $0.updatedAt }
        field("version", .count, "One higher with each change; the ETag.", example: 1) { $0.version }
    }

    static let page = user.page("UserPage")

    /// What any user may know of another: enough to assign a task.
    private static let person = OutputSchema<User>("Person") {
        field("id", .id(), example: 2) { $0.id }
        nullable("username", .text(1...64), example: "grace") { $0.username }
        nullable("name", name, example: "Grace Hopper") { $0.name }
    }

    static let people = person.all("People")

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
        required("email", email, example: "ada@example.com")
        required("password", password, example: "correct horse battery")
        optional("username", username, example: "ada")
        optional("name", name, example: "Ada Lovelace")
        defaulted("time_zone", .timeZone, to: "UTC")
        defaulted("role", role, to: .user)
        defaulted("is_active", .flag, to: true)
    }

    /// Changes of an account, and the caller's password if it was given.
    struct Changes: Sendable {
        var user: UserChanges
        var currentPassword: String?
    }

    private static let ownAddress =
        "A new address counts once it is confirmed with the link that is mailed to it. Until then it is shown as pending_email. "
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
        filter("email", email, ownAddress + needsPassword)
        clearable("username", username)
        clearable("name", name)
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
            "email", email,
            ownAddress + "An admin who changes the address of another account vouches for it: it counts at once. " + needsPassword)
        clearable("username", username)
        clearable("name", name)
        filter("time_zone", .timeZone)
        clearable("date_order", .dateOrder)
        filter("role", role, "Admins only. " + needsPassword)
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
        filter("role", role)
        filter("is_active", .flag)
        filter("q", .text(1...100), "Parts of e-mail address, username and name, without case and accents.")
        PageFields.limit
        PageFields.cursor
        PageFields.count
        PageFields.page
        PageFields.perPage
    }
}

extension Shape where Value == DateOrder {
    static var dateOrder: Self { .word(DateOrder.allCases.map { ($0.rawValue, $0) }) }
}
