// How the change feed looks on the wire, as a page and as server-sent events.
import HTTPTypes
import Model
import Wire

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
    private static let scope = Shape<FeedScope>.word(FeedScope.allCases.map { ($0.rawValue, $0) })

    struct Query: Sendable {
        var start: FeedStart?
        var scope: FeedScope
        var limit: Int64
    }

    private static let since = filter(
        "since", .feedStart, "The cursor of the last change that you have; now returns no changes, only the cursor to start with.",
        example: "now")
    private static let whose = defaulted(
        "scope", scope, to: .mine,
        "mine: tasks that you own or are assigned; all: all tasks, admins only.")

    static let query = InputSchema<Query>("ChangeQuery", { Query(start: $0, scope: $1, limit: $2) }) {
        since
        whose
        defaulted("limit", .integer(PageRequest.sizes), to: PageRequest.defaultSize, "Changes on a page.", example: 20)
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
                    "description": "The id of the last received event. It overrides since.",
                ]))
    }
}

extension Part where Self == LastEventIDPart {
    static var lastEventID: Self { .init() }
}
