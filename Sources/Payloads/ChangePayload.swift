// A change of the feed as JSON: for pages, streams and webhooks.
package import Model
package import Wire

extension Shape where Value == FeedCursor {
    package static var feedCursor: Self {
        Shape<String>.text(1...64).map(fault: "is not a cursor of the feed", into: { FeedCursor($0) }, from: \.text)
    }
}

package enum ChangePayload {
    package static let kind = Shape<FeedChange.Kind>.word(FeedChange.Kind.allCases.map { ($0.rawValue, $0) })

    package static let change = OutputSchema<FeedChange>("Change", uses: [TaskPayload.task]) {
        field("cursor", .feedCursor, "The position after this change: for since or Last-Event-ID.", example: "1042-9f3a1c2b") { $0.cursor }
        field(
            "action", kind,
            "The kind of change. With task.deleted, task.purged and task.removed (the caller may no longer see it) the task is gone.",
            example: "task.updated"
        ) { $0.kind }
        field("task_id", .id(), example: 42) { $0.taskID }
        nullable("task", TaskPayload.task.shape, "The current task, including later changes; null when it is gone for the caller.") {
            $0.task
        }
        field("at", .instant) { $0.at }
        nullable("actor_id", .id(), "The user who did it; null for the server and the command line.") { $0.actorID }
    }

    private static let meta = OutputSchema<FeedPage>("ChangeMeta") {
        field("next_cursor", .feedCursor, "The cursor for the next request as since, also after an empty page.", example: "1042-9f3a1c2b") {
            $0.next
        }
        field("has_more", .flag, "Whether there are more changes.") { $0.hasMore }
    }

    package static let page = OutputSchema<FeedPage>("ChangePage", uses: [change, meta]) {
        field("data", .list(change.shape, 0...Int(PageRequest.sizes.upperBound)), "In the order of the changes.") { $0.changes }
        field("meta", meta.shape) { $0 }
    }
}
