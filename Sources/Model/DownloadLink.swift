// A link that gives a file once, without credentials: browsers send none when they save a file.

package struct DownloadLink: Sendable {
    package var userID: ID<User>
    /// With what it was asked for. The link is worth no more than that.
    package var credential: Actor.Credential
    /// What it answers: path and query.
    package var path: String
    package var expiresAt: Instant

    package init(userID: ID<User>, credential: Actor.Credential, path: String, expiresAt: Instant) {
        self.userID = userID
        self.credential = credential
        self.path = path
        self.expiresAt = expiresAt
    }

    package static let lifetime: Duration = .seconds(60)
}
