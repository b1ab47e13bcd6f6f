// An account, its role, and the rules for its names.

package enum Role: String, CaseIterable, Sendable {
    case user, admin
}

package struct User: Equatable, Sendable {
    package var id: ID<User>
    package var email: String
    /// Whether somebody has shown that he reads what is sent there, or an admin has vouched for it.
    package var isEmailVerified: Bool
    /// A new address that counts for nothing until its owner has confirmed it.
    package var pendingEmail: String?
    package var username: String?
    package var name: String?
    package var role: Role
    package var isActive: Bool
    /// An IANA time zone name.
    package var timeZone: String
    /// How dates such as `01/02/2030` are meant in files that the account sends; `nil` asks.
    package var dateOrder: DateOrder?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64

    package init(
        id: ID<User>, email: String, isEmailVerified: Bool, pendingEmail: String? = nil, username: String?, name: String?, role: Role,
        isActive: Bool, timeZone: String, dateOrder: DateOrder? = nil, createdAt: Instant, updatedAt: Instant, version: Int64
    ) {
        self.id = id
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.pendingEmail = pendingEmail
        self.username = username
        self.name = name
        self.role = role
        self.isActive = isActive
        self.timeZone = timeZone
        self.dateOrder = dateOrder
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    package static let nameLength: ClosedRange<Int> = 1...100
    package static let usernamePattern = "^[A-Za-z0-9](?:[A-Za-z0-9._-]{1,30})[A-Za-z0-9]$"
    /// RFC 5321, 4.5.3.1: a path has at most 256 octets with its two angle brackets.
    package static let emailLength: ClosedRange<Int> = 3...254
    package static let emailPattern =
        "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:[.][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?[.])+"
        + "[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$"
}

/// What a new account is made of; the password is given apart, hashed.
package struct NewUser: Sendable {
    package var email: String
    package var isEmailVerified: Bool
    package var username: String?
    package var name: String?
    package var role: Role
    package var isActive: Bool
    package var timeZone: String

    package init(
        email: String, isEmailVerified: Bool = true, username: String? = nil, name: String? = nil, role: Role = .user,
        isActive: Bool = true, timeZone: String = "UTC"
    ) {
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.username = username
        self.name = name
        self.role = role
        self.isActive = isActive
        self.timeZone = timeZone
    }
}

/// A partial update: `nil` keeps a field, `.some(nil)` clears one.
package struct UserChanges: Sendable {
    package var email: String?
    package var username: String??
    package var name: String??
    package var timeZone: String?
    package var dateOrder: DateOrder??
    package var role: Role?
    package var isActive: Bool?

    package init(
        email: String? = nil, username: String?? = nil, name: String?? = nil, timeZone: String? = nil,
        dateOrder: DateOrder?? = nil, role: Role? = nil,
        isActive: Bool? = nil
    ) {
        self.email = email
        self.username = username
        self.name = name
        self.timeZone = timeZone
        self.dateOrder = dateOrder
        self.role = role
        self.isActive = isActive
    }
}

extension User {
    /// The account after `changes`. Version and `updatedAt` are the caller's business.
    /// - Parameter isAddressVouchedFor: a new address counts at once. Otherwise it waits for its confirmation.
    package func applying(_ changes: UserChanges, isAddressVouchedFor: Bool = false) -> User {
        var user = self
        if let email = changes.email {
            if caseFolded(email) == caseFolded(user.email) {
                user.email = email
                user.pendingEmail = nil
            } else if isAddressVouchedFor {
                user = user.with(confirmedEmail: email)
            } else {
                user.pendingEmail = email
            }
        }
        if let username = changes.username { user.username = username }
        if let name = changes.name { user.name = name }
        if let timeZone = changes.timeZone { user.timeZone = timeZone }
        if let dateOrder = changes.dateOrder { user.dateOrder = dateOrder }
        if let role = changes.role { user.role = role }
        if let isActive = changes.isActive { user.isActive = isActive }
        return user
    }

    /// The account with an address whose owner has shown that it is his, or for which an admin vouches.
    package func with(confirmedEmail email: String) -> User {
        var user = self
        user.email = email
        user.isEmailVerified = true
        user.pendingEmail = nil
        return user
    }

    /// Whether something differs that decides who gets into the account and what he may do there.
    package func differsInAccess(from other: User) -> Bool {
        email != other.email || pendingEmail != other.pendingEmail || username != other.username || role != other.role
            || isActive != other.isActive
    }
}
