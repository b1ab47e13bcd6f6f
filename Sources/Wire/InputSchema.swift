// The declaration of a JSON object or query that a request carries: one list of fields gives the reader and the document.

/// One field of an input; `Value` is what the program gets, optionality included.
package struct Field<Value: Sendable>: Sendable {
    let name: String
    let isRequired: Bool
    let document: JSON
    let read: @Sendable (JSON?, inout [Fault]) -> Value?
    let readTexts: @Sendable ([String], inout [Fault]) -> Value?

    fileprivate init<Wire>(
        _ name: String, _ shape: Shape<Wire>, isRequired: Bool, document: JSON, doc: String, example: JSON?,
        lift: @escaping @Sendable (Wire) -> Value, null: Value?, absent: Value?
    ) {
        self.name = name
        self.isRequired = isRequired
        var document = document
        if !doc.isEmpty { document = document.with("description", .string(doc)) }
        if let example { document = document.with("examples", [example]) }
        self.document = document
        read = { json, faults in
            if let json {
                if json == .null, let null { return null }
                return shape.read(json, &faults).map(lift)
            }
            if absent == nil { faults.append(.init("", "is required")) }
            return absent
        }
        readTexts = { shape.read(texts: $0, &$1).map(lift) }
    }
}

/// A field that must be there.
package func required<Value>(_ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil) -> Field<Value> {
    .init(name, shape, isRequired: true, document: shape.document, doc: doc, example: example, lift: { $0 }, null: nil, absent: nil)
}

/// A field that may be absent or `null`.
package func optional<Wrapped>(
    _ name: String, _ shape: Shape<Wrapped>, _ doc: String = "", example: JSON? = nil
) -> Field<Wrapped?> {
    .init(
        name, shape, isRequired: false, document: nullableDocument(shape.document), doc: doc, example: example, lift: { $0 },
        null: .some(nil), absent: .some(nil))
}

/// A field that may be absent, and then has this value; `null` is refused.
package func defaulted<Value>(_ name: String, _ shape: Shape<Value>, to value: Value, _ doc: String = "", example: JSON? = nil) -> Field<
    Value
> {
    var writer = JSONWriter()
    shape.write(value, &writer)
    let document = (try? JSON(parsing: writer.bytes)).map { shape.document.with("default", $0) } ?? shape.document
    return .init(
        name, shape, isRequired: false, document: document, doc: doc, example: example, lift: { $0 }, null: nil, absent: value)
}

/// A field that may be absent but not `null`: a filter of a query, or a field of a partial update that cannot be cleared.
package func filter<Wrapped>(
    _ name: String, _ shape: Shape<Wrapped>, _ doc: String = "", example: JSON? = nil
) -> Field<Wrapped?> {
    .init(
        name, shape, isRequired: false, document: shape.document, doc: doc, example: example, lift: { $0 }, null: nil,
        absent: .some(nil))
}

/// A field of a partial update that `null` clears: `nil` keeps, `.some(nil)` clears.
package func clearable<Wrapped>(
    _ name: String, _ shape: Shape<Wrapped>, _ doc: String = "", example: JSON? = nil
) -> Field<Wrapped??> {
    .init(
        name, shape, isRequired: false, document: nullableDocument(shape.document), doc: doc, example: example,
        lift: { .some(.some($0)) }, null: .some(.some(nil)), absent: .some(nil))
}

package struct FieldList<each Value: Sendable>: Sendable {
    let fields: (repeat Field<each Value>)

    init(_ fields: repeat Field<each Value>) { self.fields = (repeat each fields) }
}

/// Collects fields one after the other: a variadic call with twenty of them does not type-check in reasonable time, this does.
@resultBuilder
package enum FieldBuilder {
    package static func buildExpression<Value>(_ field: Field<Value>) -> Field<Value> { field }

    package static func buildPartialBlock<Value>(first: Field<Value>) -> FieldList<Value> { .init(first) }

    package static func buildPartialBlock<each Before, Next>(
        accumulated: FieldList<repeat each Before>, next: Field<Next>
    ) -> FieldList<repeat each Before, Next> {
        .init(repeat each accumulated.fields, next)
    }
}

/// An object read from a request. Unknown members are faults; every field is read before any fault is raised.
package struct InputSchema<Value: Sendable>: Sendable {
    /// The name under `components/schemas`.
    package let name: String
    package let document: JSON
    package let read: @Sendable (JSON, inout [Fault]) -> Value?
    /// Reads a query: texts by name.
    let readQuery: @Sendable ([(name: String, texts: [String])], inout [Fault]) -> Value?
    let parameters: [(name: String, isRequired: Bool, document: JSON)]
    /// The named schemas this one refers to.
    package let components: [(name: String, document: JSON)]

    package init<each V: Sendable>(
        _ name: String, uses components: [any NamedSchema] = [], example: JSON? = nil,
        _ make: @escaping @Sendable (repeat each V) throws -> Value,
        @FieldBuilder _ list: () -> FieldList<repeat each V>
    ) {
        let fields = list()
        var parameters: [(name: String, isRequired: Bool, document: JSON)] = []
        for field in repeat each fields.fields { parameters.append((field.name, field.isRequired, field.document)) }
        let known = Set(parameters.map(\.name))
        precondition(known.count == parameters.count, "\(name) declares a field twice")
        self.name = name
        self.parameters = parameters
        self.components = components.flatMap { $0.components + [($0.name, $0.document)] }
        let object = objectDocument(parameters)
        document = example.map { object.with("examples", [$0]) } ?? object

        read = { json, faults in
            guard case .object(let members) = json else {
                faults.append(.init("", "must be an object"))
                return nil
            }
            let before = faults.count
            for member in members where !known.contains(member.name) {
                faults.append(.init(pointerToken(member.name), "is not a known field"))
            }
            func value<W>(_ field: Field<W>) -> W? {
                let json = members.first { $0.name == field.name }?.value
                return faults.within(pointerToken(field.name)) { field.read(json, &$0) }
            }
            let values = (repeat value(each fields.fields))
            guard faults.count == before else { return nil }
            return reporting(&faults) { try make(repeat unwrap(each values)) }
        }

        let readGiven = { @Sendable (items: [(name: String, texts: [String])], faults: inout [Fault]) -> Value? in
            let before = faults.count
            func value<W>(_ field: Field<W>) -> W? {
                faults.within("query:\(field.name)") { faults in
                    guard let texts = items.first(where: { $0.name == field.name })?.texts else { return field.read(nil, &faults) }
                    return field.readTexts(texts, &faults)
                }
            }
            let values = (repeat value(each fields.fields))
            guard faults.count == before else { return nil }
            return reporting(&faults) { try make(repeat unwrap(each values)) }
        }
        // Most requests say nothing to most of the queries that they might have.
        var faults: [Fault] = []
        let readFromNothing = readGiven([], &faults)
        readQuery = { items, faults in
            if let readFromNothing, !items.contains(where: { known.contains($0.name) }) { return readFromNothing }
            return readGiven(items, &faults)
        }
    }
}

/// A field that gave no value and no fault; the declaration of the field is wrong, and the whole object counts as unread.
private struct MissingValue: Error {}

/// The faults that `make` finds when it sees all fields together.
private func reporting<Value>(_ faults: inout [Fault], _ make: () throws -> Value) -> Value? {
    do {
        return try make()
    } catch let found as Faults {
        faults += found.all
    } catch {
        faults.append(.init("", "cannot be read"))
    }
    return nil
}

private func unwrap<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw MissingValue() }
    return value
}

func objectDocument(_ fields: [(name: String, isRequired: Bool, document: JSON)]) -> JSON {
    let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
    let object: JSON = [
        "type": "object", "properties": .object(fields.map { .init($0.name, $0.document) }), "additionalProperties": false,
    ]
    return required.isEmpty ? object : object.with("required", .array(required))
}

extension InputSchema {
    /// A shape that refers to this schema by name.
    package var shape: Shape<Value> {
        .init(.string, document: reference, read: read) { _, writer in writer.null() }
    }
}
