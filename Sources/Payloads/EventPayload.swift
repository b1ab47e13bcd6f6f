// An event of the history or of the audit as JSON.
package import Model
package import Wire

package enum EventPayload {
    private static let value = Shape<FieldChange.Value>(.string, document: [:]) { _, faults in
        faults.append(.init("", "is never read"))
        return nil
    } write: { value, writer in
        switch value {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value): writer.int(value)
        case .text(let value): writer.string(value)
        case .texts(let values): writer.array(values) { $1.string($0) }
        }
    }

    private static let change = OutputSchema<FieldChange>("FieldChange") {
        field("field", .text(1...64), example: "status") { $0.field }
        field(
            "from", value, "The value before: a text, an integer, true or false, a list of texts (labels), or null for no value.",
            example: "pending"
        ) { $0.from }
        field("to", value, "The value after; the same types as from.", example: "completed") { $0.to }
    }

    package static let action = Shape<Action>.word(Action.allCases.map { ($0.rawValue, $0) })

    package static let source = Shape<EventSource>.word(EventSource.allCases.map { ($0.rawValue, $0) })

    package static let event = OutputSchema<Event>("Event", uses: [change]) {
        field("id", .count, "Increases in the order of the changes.", example: 1001) { $0.id }
        field("at", .instant) { $0.at }
        nullable("actor_id", .id(), "The user who did it; null for the server, the command line and visitors.") { $0.actorID }
        field("request_id", .text(1...64), "The X-Request-Id of the request.", example: "4f1c9b2a77d04a1e") { $0.requestID }
        nullable("source", source, "The source of the change; null in events of an older version.", example: "api") {
            $0.source
        }
        field("action", action, example: "task.updated") { $0.action }
        field("subject", .text(1...20), "task, user, session, token, job, webhook or view.", example: "task") { $0.subject.kind }
        field("subject_id", .count, example: 42) { $0.subject.id }
        field("changes", .list(change.shape, 0...100), "Every field that changed.") { $0.changes }
    }
}
