// An account as JSON, and as much of it as others see.
package import Model
package import Wire

package enum AccountPayload {
    package static let email = Shape<String>.text(
        User.emailLength, pattern: User.emailPattern, fault: "must be an e-mail address", where: User.isEmail)
    package static let username = Shape<String>.text(
        3...32, pattern: User.usernamePattern,
        fault: "must be 3 to 32 letters, digits, dots, underscores and hyphens, with a letter or digit at each end", where: User.isUsername)
    package static let name = Shape<String>.visible(User.nameLength)
    package static let role = Shape<Role>.word(Role.allCases.map { ($0.rawValue, $0) })

    package static let user = OutputSchema<User>("User") {
        field("id", .id(), example: 1) { $0.id }
        field("email", .text(User.emailLength), example: "ada@example.com") { $0.email }
        field(
            "email_verified", .flag,
            "Whether the address is verified. Mails about tasks are sent to verified addresses only."
        ) { $0.isEmailVerified }
        nullable("pending_email", .text(User.emailLength), "A new address that is not confirmed yet. It has no effect until then.") {
            $0.pendingEmail
        }
        nullable("username", .text(1...64), example: "ada") { $0.username }
        nullable("name", name, example: "Ada Lovelace") { $0.name }
        field("role", role, example: "user") { $0.role }
        field("is_active", .flag, example: true) { $0.isActive }
        field("time_zone", .text(1...64), "An IANA time zone name.", example: "Europe/Berlin") { $0.timeZone }
        nullable(
            "date_order", .dateOrder, "The order of dates such as 01/02/2030 in files that you import; with null the import asks each time."
        ) {
            $0.dateOrder
        }
        field("created_at", .instant) { $0.createdAt }
        field("updated_at", .instant) { $0.updatedAt }
        field("version", .count, "Increases by one with each change; also the ETag.", example: 1) { $0.version }
    }

    package static let person = OutputSchema<User>("Person") {
        field("id", .id(), example: 2) { $0.id }
        nullable("username", .text(1...64), example: "grace") { $0.username }
        nullable("name", name, example: "Grace Hopper") { $0.name }
    }
}

extension Shape where Value == DateOrder {
    package static var dateOrder: Self { .word(DateOrder.allCases.map { ($0.rawValue, $0) }) }
}
