// How one wire type is read, written and described; schemas are made of these.

package struct Shape<Value: Sendable>: Sendable {
    /// Reads a value. `nil` exactly when a fault was added; fault pointers are relative to the value.
    package let read: @Sendable (JSON, inout [Fault]) -> Value?
    package let write: @Sendable (Value, inout JSONWriter) -> Void
    /// The JSON Schema (draft 2020-12, the dialect of OpenAPI 3.1).
    package let document: JSON
    /// What the texts of a query, path or header value become before they are read.
    package let textKind: TextKind

    package indirect enum TextKind: Sendable {
        case string, integer, boolean
        /// A time, whose offset may begin with a `+` that nobody has encoded.
        case time
        case list(TextKind)
    }

    package init(
        _ textKind: TextKind, document: JSON, read: @escaping @Sendable (JSON, inout [Fault]) -> Value?,
        write: @escaping @Sendable (Value, inout JSONWriter) -> Void
    ) {
        self.textKind = textKind
        self.document = document
        self.read = read
        self.write = write
    }

    /// Reads the texts under one query name, path variable or header.
    package func read(texts: [String], _ faults: inout [Fault]) -> Value? {
        if case .list = textKind { return read(.array(texts.map { textKind.element.json($0) }), &faults) }
        guard texts.count == 1 else {
            faults.append(.init("", "is given more than once"))
            return nil
        }
        return read(textKind.json(texts[0]), &faults)
    }

    /// The same shape with more or other JSON Schema keywords.
    package func documented(_ keywords: (String, JSON)...) -> Self {
        .init(textKind, document: keywords.reduce(document) { $0.with($1.0, $1.1) }, read: read, write: write)
    }

    /// The shape of another type, by a conversion each way. `into` returns nil for a value that is not one, reported as `fault`.
    package func map<Other: Sendable>(
        fault: String, into: @escaping @Sendable (Value) -> Other?, from: @escaping @Sendable (Other) -> Value
    ) -> Shape<Other> {
        let (read, write) = (read, write)
        return .init(textKind.cast(), document: document) { json, faults in
            guard let value = read(json, &faults) else { return nil }
            guard let other = into(value) else {
                faults.append(.init("", fault))
                return nil
            }
            return other
        } write: {
            write(from($0), &$1)
        }
    }
}

extension Shape.TextKind {
    var element: Self {
        if case .list(let element) = self { element } else { self }
    }

    func json(_ text: String) -> JSON {
        switch self {
        case .string: .string(text)
        // One spelling a number: no plus sign, no leading zeros.
        case .integer: Int64(text).flatMap { "\($0)" == text ? JSON.int($0) : nil } ?? .string(text)
        case .time: .string(withPlus(text))
        case .boolean: text == "true" ? true : text == "false" ? false : .string(text)
        case .list(let element): .array([element.json(text)])
        }
    }

    func cast<Other>() -> Shape<Other>.TextKind {
        switch self {
        case .string: .string
        case .time: .time
        case .integer: .integer
        case .boolean: .boolean
        case .list(let element): .list(element.cast())
        }
    }
}

extension Shape where Value == String {
    /// A text of so many Unicode scalars, as JSON Schema counts. NUL is refused: PostgreSQL cannot store it.
    package static func text(_ length: ClosedRange<Int>) -> Self {
        .init(
            .string,
            document: [
                "type": "string", "minLength": .int(Int64(length.lowerBound)), "maxLength": .int(Int64(length.upperBound)),
                "pattern": "^[^\\u0000]*$",
            ]
        ) { json, faults in
            guard case .string(let text) = json else {
                faults.append(.init("", "must be a string"))
                return nil
            }
            let count = text.utf8.count <= length.upperBound && length.lowerBound <= 1 ? text.utf8.count : text.unicodeScalars.count
            guard length.contains(count) else {
                faults.append(.init("", "must have \(length.lowerBound) to \(length.upperBound) characters, has \(count)"))
                return nil
            }
            guard !text.utf8.contains(0) else {
                faults.append(.init("", "must not contain NUL"))
                return nil
            }
            return text
        } write: {
            $1.string($0)
        }
    }
}

/// In a query `+` stands for a blank. Before the offset of a time there can be none, so that it is the `+` that was meant.
private func withPlus(_ text: String) -> String {
    let bytes = Array(text.utf8.suffix(6))
    guard bytes.count == 6, bytes[0] == 0x20, bytes[3] == UInt8(ascii: ":"), text.utf8.count > 16 else { return text }
    return String(text.utf8.dropLast(6)).map { $0 + "+" + String(decoding: bytes.dropFirst(), as: UTF8.self) } ?? text
}

extension Shape where Value == String {
    /// The text of a time.
    package static var time: Self {
        let text = Self.text(1...64)
        return .init(.time, document: text.document, read: text.read, write: text.write)
    }
}

extension Shape where Value == Int64 {
    package static func integer(_ range: ClosedRange<Int64>) -> Self {
        .init(
            .integer,
            document: ["type": "integer", "format": "int64", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)]
        ) { json, faults in
            let value: Int64? =
                switch json {
                case .int(let value): value
                // JSON Schema: a number without a fractional part is an integer, however it is written.
                case .double(let value): abs(value) <= 9_007_199_254_740_992 ? Int64(exactly: value) : nil
                default: nil
                }
            guard let value, range.contains(value) else {
                faults.append(.init("", "must be an integer from \(range.lowerBound) to \(range.upperBound)"))
                return nil
            }
            return value
        } write: {
            $1.int($0)
        }
    }

    /// A count the server computes.
    package static var count: Self { .integer(0...Int64.max).documented(("maximum", .int(.max))) }
}

extension Shape where Value == Bool {
    package static var flag: Self {
        .init(.boolean, document: ["type": "boolean"]) { json, faults in
            if case .bool(let value) = json { return value }
            faults.append(.init("", "must be true or false"))
            return nil
        } write: {
            $1.bool($0)
        }
    }
}

extension Shape {
    /// One of a closed set of words, lower case on the wire and read in any case.
    package static func word(_ words: [(String, Value)]) -> Self where Value: Hashable {
        let names = words.map(\.0)
        let texts = Dictionary(words.map { ($1, Array("\"\($0)\"".utf8)) }, uniquingKeysWith: { first, _ in first })
        let longest = names.map(\.utf8.count).max() ?? 0
        return .init(.string, document: ["type": "string", "enum": .array(names.map { .string($0) })]) { json, faults in
            if case .string(let text) = json, text.utf8.count <= longest {
                let word = text.lowercased()
                if let match = words.first(where: { $0.0 == word }) { return match.1 }
            }
            faults.append(.init("", "must be one of \(names.joined(separator: ", "))"))
            return nil
        } write: { value, writer in
            writer.raw(texts[value] ?? [0x22, 0x22])
        }
    }

    /// A list of so many elements. Every element is read, so that all its faults are reported.
    package static func list<Element: Sendable>(_ element: Shape<Element>, _ count: ClosedRange<Int>) -> Self where Value == [Element] {
        let write = element.write
        return .init(
            .list(element.textKind.cast()),
            document: [
                "type": "array", "items": element.document, "minItems": .int(Int64(count.lowerBound)),
                "maxItems": .int(Int64(count.upperBound)),
            ]
        ) { json, faults in
            guard case .array(let elements) = json else {
                faults.append(.init("", "must be an array"))
                return nil
            }
            guard count.contains(elements.count) else {
                faults.append(.init("", "must have \(count.lowerBound) to \(count.upperBound) elements, has \(elements.count)"))
                return nil
            }
            var values: [Element] = []
            values.reserveCapacity(elements.count)
            for (index, json) in elements.enumerated() {
                if let value = faults.within("/\(index)", { element.read(json, &$0) }) { values.append(value) }
            }
            return values.count == elements.count ? values : nil
        } write: {
            $1.array($0, write)
        }
    }

    /// The value or `null`.
    package static func nullable<Wrapped: Sendable>(_ shape: Shape<Wrapped>) -> Self where Value == Wrapped? {
        .init(shape.textKind.cast(), document: nullableDocument(shape.document)) { json, faults in
            json == .null ? .some(nil) : shape.read(json, &faults).map { .some($0) }
        } write: { value, writer in
            if let value { shape.write(value, &writer) } else { writer.null() }
        }
    }
}

/// A JSON Schema that also takes `null`.
func nullableDocument(_ document: JSON) -> JSON {
    guard case .string(let type) = document["type"] else { return ["anyOf": [document, ["type": "null"]]] }
    var nullable = document.with("type", [.string(type), "null"])
    if case .array(let words) = document["enum"] { nullable = nullable.with("enum", .array(words + [.null])) }
    return nullable
}
