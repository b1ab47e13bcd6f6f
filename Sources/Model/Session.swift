// A login that lives on by refreshing, and a personal access token.
import BoundedText

package struct Session: Sendable {
    package var id: ID<Session>
    package var userID: ID<User>
    package var createdAt: Instant
    package var lastUsedAt: Instant
    /// The absolute end; refreshing does not move it.
    package var expiresAt: Instant
    package var revokedAt: Instant?
    /// The user agent at login, shortened.
    package var device: String?
    package var address: String?
    /// When the password of the account was entered in this session. Refreshing does not move it.
    package var authenticatedAt: Instant

    package init(
        id: ID<Session>, userID: ID<User>, createdAt: Instant, lastUsedAt: Instant, expiresAt: Instant, revokedAt: Instant?,
        device: String?, address: String?, authenticatedAt: Instant
    ) {
        self.id = id
        self.userID = userID
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.device = device
        self.address = address
        self.authenticatedAt = authenticatedAt
    }

    /// For how long after the password was entered a session may change what guards the account.
    package static let recentAuthentication: Duration = .seconds(600)

    package func isRecent(at now: Instant) -> Bool { now < authenticatedAt + Self.recentAuthentication }

    /// A user agent as it is kept.
    package static func device(_ userAgent: String) -> String { userAgent.cut(toBytes: 200) }

    package static let accessLifetime: Duration = .seconds(900)
    package static let refreshLifetime: Duration = .seconds(7 * 86_400)
    package static let lifetime: Duration = .seconds(30 * 86_400)
    /// How long the token before the newest may still be used: racing tabs, lost answers.
    package static let refreshGrace: Duration = .seconds(10)
}

/// Names a device that has logged in to an account. It gives no right: wrong passwords of strangers are only not counted against it.
package struct DeviceMark: Equatable, Sendable {
    package var userID: ID<User>
    /// Tells it from other devices of the account.
    package var device: String
    /// It counts as long as this is the account's.
    package var epoch: Int64
    package var expiresAt: Instant

    package init(userID: ID<User>, device: String, epoch: Int64, expiresAt: Instant) {
        self.userID = userID
        self.device = device
        self.epoch = epoch
        self.expiresAt = expiresAt
    }

    package static let lifetime: Duration = .seconds(365 * 86_400)
}

package enum Scope: String, CaseIterable, Sendable {
    case tasksRead = "tasks:read"
    case tasksWrite = "tasks:write"
    case admin
}

/// A personal access token; its text is known to its owner only.
package struct AccessToken: Sendable {
    package var id: ID<AccessToken>
    package var userID: ID<User>
    package var name: String
    package var scopes: [Scope]
    package var createdAt: Instant
    package var lastUsedAt: Instant?
    package var expiresAt: Instant?

    package init(
        id: ID<AccessToken>, userID: ID<User>, name: String, scopes: [Scope], createdAt: Instant, lastUsedAt: Instant?,
        expiresAt: Instant?
    ) {
        self.id = id
        self.userID = userID
        self.name = name
        self.scopes = scopes
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
    }

    /// What its text begins with, so that secret scanners know it.
    package static let prefix = "tfp_"
}
