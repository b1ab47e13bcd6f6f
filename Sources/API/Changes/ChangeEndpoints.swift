// The change feed over HTTP: page by page, or as a stream of server-sent events.
import ChangeLedger
import Live
import Model
import Payloads
import Services
import Wire

struct ChangeEndpoints {
    let feed: ChangeFeed
    let hub: ChangeHub

    var list: Endpoint {
        .read(
            .listChanges, "/api/v1/changes", "List changes since a position in the feed", tag: .tasks, for: .tasksRead,
            .query(ChangeSchemas.query), gives: .ok(ChangePayload.page, "The next changes."), fails: [403]
        ) { actor, query in
            let cursor = try await feed.cursor(at: query.start ?? .beginning)
            return try await feed.page(after: cursor, limit: query.limit, query.scope, by: actor)
        }
    }

    /// The first event has an id and no data: who is cut off before the first change knows where to go on.
    var stream: Endpoint {
        .read(
            .streamChanges, "/api/v1/events", "Follow the changes as server-sent events", tag: .tasks, for: .tasksRead, .lastEventID,
            .query(ChangeSchemas.streamQuery),
            gives: .stream(
                "text/event-stream", "One event for each change: id is its cursor, event its action, data the Change as JSON.",
                example: "id: 1042-9f3a1c2b\nevent: task.created\ndata: {\"task_id\":42}\n\n"
            )
            .adding(["Cache-Control", "X-Accel-Buffering"]) { _, _ in
                [.init("Cache-Control", "no-store"), .init("X-Accel-Buffering", "no")]
            }, fails: [403]
        ) { actor, last, query in
            let stream = try hub.open(query.scope, by: actor)
            let start = try await feed.cursor(at: last.map { .after($0) } ?? query.start ?? .now)
            // Refused with words while that is possible: what goes wrong later can only cut the stream.
            _ = try await feed.page(after: start, limit: 0, query.scope, by: actor)
            return BodyStream(abandoned: { stream.abandon() }) { send in
                try await send(Array("retry: 1000\nid: \(start.text)\n\n".utf8))
                try await stream.follow(after: start) { changes in
                    if changes.isEmpty { try await send(Array(":\n\n".utf8)) }
                    for change in changes { try await send(Self.event(change)) }
                }
            }
        }
    }

    private static func event(_ change: FeedChange) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.raw(Array("id: \(change.cursor.text)\nevent: \(change.kind.rawValue)\ndata: ".utf8))
        ChangePayload.change.write(change, &writer)
        writer.raw("\n\n")
        return writer.bytes
    }
}
