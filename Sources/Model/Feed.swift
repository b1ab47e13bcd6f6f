// The change feed: what happened to the tasks that somebody may see, in the order of the commits.

/// A place in the feed: a position, and the mark of what stands there. When the database was set back to an older state, the mark differs,
/// and nobody goes on reading where his past never happened.
package struct FeedCursor: Hashable, Sendable {
    package var position: Int64
    package var mark: UInt32

    package init(position: Int64, mark: UInt32) {
        self.position = position
        self.mark = mark
    }

    /// - Parameter hash: of the sealed event at the position.
    package init(position: Int64, hash: [UInt8]) {
        self.init(position: position, mark: hash.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// Before the first change.
    package static let start = FeedCursor(position: 0, mark: 0)

    package var text: String { position == 0 ? "0" : "\(position)-\(String(mark, radix: 16))" }

    package init?(_ text: String) {
        if text == Self.start.text {
            self = .start
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let position = Int64(parts[0]), position > 0, let mark = UInt32(parts[1], radix: 16) else { return nil }
        self.init(position: position, mark: mark)
        // One spelling only.
        guard self.text == text else { return nil }
    }
}

/// Where a reader begins.
package enum FeedStart: Hashable, Sendable {
    case beginning
    /// Behind everything that has happened.
    case now
    case after(FeedCursor)
}

package enum FeedScope: String, CaseIterable, Sendable {
    /// Owned or assigned, now or when it happened.
    case mine
    case all
}

package struct FeedChange: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case created = "task.created"
        case updated = "task.updated"
        case restored = "task.restored"
        case deleted = "task.deleted"
        case purged = "task.purged"
        /// Its due date has passed.
        case overdue = "task.overdue"
        /// The reader may not see the task any more.
        case removed = "task.removed"
    }

    package var cursor: FeedCursor
    /// What the event means to the reader now.
    package var kind: Kind
    /// What happened then, whatever has become of the task since; `removed` for a reader who may not see it any more.
    package var happened: Kind
    package var taskID: ID<TaskItem>
    /// As it is now; there exactly when the reader has it now.
    package var task: TaskItem?
    package var at: Instant
    package var actorID: ID<User>?

    /// Whether what happened still holds for the reader: nothing came later that took the task away.
    package var isCurrent: Bool { kind == happened }
}

extension FeedChange {
    /// What `actor` is told of an event: never more than he may see now.
    package init(
        _ action: Action, _ id: ID<TaskItem>, at cursor: FeedCursor, time: Instant, by author: ID<User>?, task: TaskItem?, for actor: Actor
    ) {
        let mayView = task.map { actor.may(.view, $0) == .allowed } ?? false
        let isDeleted = task?.isDeleted ?? false
        let happened: Kind
        switch action {
        case .taskPurged: happened = .purged
        case .taskDeleted: happened = .deleted
        case _ where !mayView: happened = .removed
        case .taskCreated: happened = .created
        case .taskRestored: happened = .restored
        case .taskOverdue: happened = .overdue
        default: happened = .updated
        }
        let kind: Kind = mayView && isDeleted && happened != .purged ? .deleted : happened
        let isShown = [.created, .updated, .restored, .overdue].contains(kind)
        self.init(cursor: cursor, kind: kind, happened: happened, taskID: id, task: isShown ? task : nil, at: time, actorID: author)
    }
}

package struct FeedPage: Sendable {
    package var changes: [FeedChange]
    /// Where to go on, also behind an empty page.
    package var next: FeedCursor
    package var hasMore: Bool

    package init(changes: [FeedChange], next: FeedCursor, hasMore: Bool) {
        self.changes = changes
        self.next = next
        self.hasMore = hasMore
    }
}
