// A file in the database: what somebody sent, or what a job made for them.

package struct StoredFile: Sendable {
    package var id: ID<StoredFile>
    package var ownerID: ID<User>
    package var name: String
    package var mediaType: String
    package var size: Int64
    /// When it may be removed.
    package var expiresAt: Instant

    package init(id: ID<StoredFile>, ownerID: ID<User>, name: String, mediaType: String, size: Int64, expiresAt: Instant) {
        self.id = id
        self.ownerID = ownerID
        self.name = name
        self.mediaType = mediaType
        self.size = size
        self.expiresAt = expiresAt
    }

    /// Bytes of a piece: one that a transfer, a backup and a slow client can all hold.
    package static let chunkSize = 64 << 10
    /// What is still being sent is removed when nothing came of it for so long.
    package static let unfinishedLifetime: Duration = .seconds(3600)
}
