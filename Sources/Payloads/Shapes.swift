// Shapes that several payloads share: identifiers, times, texts.
package import Model
package import Wire

extension Shape {
    package static func id<Entity>(_ entity: Entity.Type = Entity.self) -> Self where Value == ID<Entity> {
        Shape<Int64>.integer(1...Int64.max).map(fault: "must be an id", into: { ID($0) }, from: { $0.value })
            .documented(("examples", [42]))
    }
}

extension Shape where Value == Instant {
    /// RFC 3339.
    package static var instant: Self {
        Shape<String>.time.map(
            fault: "must be an RFC 3339 time such as 2026-11-20T09:30:00Z", into: { Instant($0) }, from: { $0.description }
        ).replacingDocument(["type": "string", "format": "date-time", "examples": ["2026-11-20T09:30:00.000Z"]])
    }
}

extension Shape where Value == Day {
    package static var day: Self {
        Shape<String>.text(10...10).map(
            fault: "must be a day such as 2026-11-20", into: { Day($0) }, from: { $0.description }
        ).replacingDocument(["type": "string", "format": "date", "examples": ["2026-11-20"]])
    }
}

extension Shape {
    package func replacingDocument(_ document: JSON) -> Self { .init(textKind, document: document, read: read, write: write) }

    /// A text that a rule of the model accepts; `pattern` documents the rule.
    package static func text(
        _ length: ClosedRange<Int>, pattern: String, fault: String, where isValid: @escaping @Sendable (String) -> Bool
    )
        -> Self
    where Value == String {
        Shape<String>.text(length).map(fault: fault, into: { isValid($0) ? $0 : nil }, from: { $0 })
            .documented(("pattern", .string(pattern)))
    }

    /// A title or a name: something of it can be seen.
    package static func visible(_ length: ClosedRange<Int>) -> Self where Value == String {
        text(length, pattern: String.visiblePattern, fault: "must not be blank", where: { !$0.isBlank })
    }
}

extension Shape where Value == String {
    package static var timeZone: Self {
        Shape<String>.text(1...64).map(
            fault: "must be an IANA time zone such as Europe/Berlin", into: { User.isTimeZone($0) ? $0 : nil }, from: { $0 }
        )
        .documented(("examples", ["Europe/Berlin"]))
    }
}
