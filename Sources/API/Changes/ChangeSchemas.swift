// How the change feed looks on the wire, as a page and as server-sent events.
import HTTPTypes
import Model
import Wire

extension Shape where Value == FeedCursor {
    static var feedCursor: Self {
        Shape<String>.text(1...64).map(fault: "is not a cursor of the feed", into: { FeedCursor($0) }, from: \.text)
    }
}

extension Shape where Value == FeedStart {
    static var feedStart: Self {
        Shape<String>.text(1...64).map(
            fault: "must be now or the cursor of a change",
            into: { $0 == "now" ? .now : FeedCursor($0).map { .after($0) } },
            from: { start in
                switch start {
                case .beginning: "0"
                case .now: "now"
                case .after(let cursor): cursor.text
                }
            })
    }
}

enum ChangeSchemas {
    private static let kind = Shape<FeedChange.Kind>.word(FeedChange.Kind.allCases.map { ($0.rawValue, $0) })
    private static let scope = Shape<FeedScope>.word(FeedScope.allCases.map { ($0.rawValue, $0) })

    static let change = OutputSchema<FeedChange>("Change", uses: [TaskSchemas.task]) {
        field("cursor", .feedCursor, "The place behind this change: for since or Last-Event-ID.", example: "1042-9f3a1c2b") { $0.cursor }
        field(
            "action", kind,
            "What happened. With task.deleted, task.purged and task.removed (it is not the caller's to see any more) the task is gone.",
            example: "task.updated"
        ) { $0.kind }
        field("task_id", .id(), example: 42) { $0.taskID }
        nullable("task", TaskSchemas.task.shape, "As it is now, later changes included; null when it is gone for the caller.") { $0.task }
        field("at", .instant) { $0.at }
        nullable("actor_id", .id(), "Who did it; null for the server and the command line.") { $0.actorID }
    }

    private static let meta = OutputSchema<FeedPage>("ChangeMeta") {
        field("next_cursor", .feedCursor, "Where to go on: the next since, also behind an empty page.", example: "1042-9f3a1c2b") {
            $0.next
        }
        field("has_more", .flag, "Whether there are more changes already.") { $0.hasMore }
    }

    static let page = OutputSchema<FeedPage>("ChangePage", uses: [change, meta]) {
        field("data", .list(change.shape, 0...Int(PageRequest.sizes.upperBound)), "In the order in which they were made.") { $0.changes }
        field("meta", meta.shape) { $0 }
    }

    struct Query: Sendable {
        var start: FeedStart?
        var scope: FeedScope
        var limit: Int64
    }

    private static let since = filter(
        "since", .feedStart, "The cursor of the last change that is known; now gives no changes but the cursor to begin with.",
        example: "now")
    private static let whose = defaulted("scope", scope, to: .mine, "mine: owned or assigned; all: everybody's, admins only.")

    static let query = InputSchema<Query>("ChangeQuery", { Query(start: $0, scope: $1, limit: $2) }) {
        since
        whose
        defaulted("limit", .integer(PageRequest.sizes), to: PageRequest.defaultSize, "Changes a page.", example: 20)
    }

    static let streamQuery = InputSchema<Query>("ChangeStreamQuery", { Query(start: $0, scope: $1, limit: 0) }) {
        since
        whose
    }
}

/// `Last-Event-ID`: where a client that was cut off goes on.
struct LastEventIDPart: Part {
    private static let header = "Last-Event-ID"

    func read(_ input: RequestInput, _ faults: inout [Fault]) -> FeedCursor?? {
        guard let name = HTTPField.Name(Self.header), let text = input.headers[name], !text.isEmpty else { return .some(nil) }
        guard let cursor = FeedCursor(text) else {
            faults.append(.init("header:\(Self.header)", "is not a cursor of the feed"))
            return nil
        }
        return .some(cursor)
    }

    func describe(into operation: inout Wire.Operation) {
        operation.parameters.append(
            .init(
                .header, Self.header, isRequired: false,
                document: [
                    "type": "string", "maxLength": 64, "examples": ["1042-9f3a1c2b"],
                    "description": "The id of the last event that was received. It counts more than since.",
                ]))
    }
}

extension Part where Self == LastEventIDPart {
    static var lastEventID: Self { .init() }
}
