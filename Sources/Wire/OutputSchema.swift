// The declaration of a JSON object that the server writes: the same list of fields gives the writer and the document.

package struct OutputField<Root: Sendable>: Sendable {
    let name: String
    let document: JSON
    fileprivate(set) var isAlwaysPresent: Bool
    /// Writes a comma, the name and the value, or nothing when the field is left out.
    let write: @Sendable (Root, inout JSONWriter) -> Void
    /// Whether a value that a client sends back is the one that the field has.
    fileprivate(set) var isRepeated: @Sendable (_ value: JSON, _ by: Root) -> Bool

    fileprivate init<Value>(
        name: String, _ shape: Shape<Value>, document: JSON, doc: String, example: JSON?, isAlwaysPresent: Bool,
        value: @escaping @Sendable (Root) -> Value?, write: @escaping @Sendable (Root, inout JSONWriter, _ key: [UInt8]) -> Void
    ) {
        self.name = name
        isRepeated = { json, root in
            guard let value = value(root) else { return isAlwaysPresent && json == .null }
            return spelling(of: json, shape) == spelling(of: value, shape)
        }
        var document = document
        if !doc.isEmpty { document = document.with("description", .string(doc)) }
        if let example { document = document.with("examples", [example]) }
        self.document = document
        self.isAlwaysPresent = isAlwaysPresent
        let key = Array(",\"\(name)\":".utf8)
        self.write = { root, writer in write(root, &writer, key) }
    }

    /// A field of another object, which `value` gives.
    fileprivate init<Base>(_ field: OutputField<Base>, of value: @escaping @Sendable (Root) -> Base) {
        (name, document, isAlwaysPresent) = (field.name, field.document, field.isAlwaysPresent)
        write = { field.write(value($0), &$1) }
        isRepeated = { field.isRepeated($0, value($1)) }
    }

    /// The same field, which is there only where somebody asks for it.
    fileprivate var leftOut: Self {
        var field = self
        field.isAlwaysPresent = false
        return field
    }
}

package func field<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value
) -> OutputField<Root> {
    let write = shape.write
    return .init(name: name, shape, document: shape.document, doc: doc, example: example, isAlwaysPresent: true, value: value) {
        root, writer, key in
        writer.raw(key)
        write(value(root), &writer)
    }
}

package func nullable<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value?
) -> OutputField<Root> {
    // The closure keeps what it needs of the shape: taking it out of the whole shape costs time for each value.
    let write = shape.write
    return .init(
        name: name, shape, document: nullableDocument(shape.document), doc: doc, example: example, isAlwaysPresent: true, value: value
    ) {
        root, writer, key in
        writer.raw(key)
        if let value = value(root) { write(value, &writer) } else { writer.null() }
    }
}

/// A field that is left out when there is no value.
package func sometimes<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value?
) -> OutputField<Root> {
    let write = shape.write
    return .init(name: name, shape, document: shape.document, doc: doc, example: example, isAlwaysPresent: false, value: value) {
        root, writer, key in
        guard let value = value(root) else { return }
        writer.raw(key)
        write(value, &writer)
    }
}

/// A field that changes by itself, without a new version of the thing: a client that sends it back cannot know what it is by now.
package func unversioned<Root>(_ field: OutputField<Root>) -> OutputField<Root> {
    var field = field
    field.isRepeated = { _, _ in true }
    return field
}

/// What a client says of a field, in the one spelling of the server: `…00Z` and `…00.000Z` are the same time.
private func spelling<Value>(of json: JSON, _ shape: Shape<Value>) -> [UInt8] {
    var faults: [Fault] = []
    if let value = shape.read(json, &faults) { return spelling(of: value, shape) }
    var writer = JSONWriter()
    writer.json(json)
    return writer.bytes
}

private func spelling<Value>(of value: Value, _ shape: Shape<Value>) -> [UInt8] {
    var writer = JSONWriter()
    shape.write(value, &writer)
    return writer.bytes
}

@resultBuilder
package enum OutputBuilder<Root: Sendable> {
    package static func buildExpression(_ field: OutputField<Root>) -> OutputField<Root> { field }
    package static func buildBlock(_ fields: OutputField<Root>...) -> [OutputField<Root>] { fields }
}

package struct OutputSchema<Root: Sendable>: Sendable {
    /// The name under `components/schemas`.
    package let name: String
    package let document: JSON
    /// The named schemas this one refers to.
    package let components: [(name: String, document: JSON)]
    package let write: @Sendable (Root, inout JSONWriter) -> Void
    let fields: [OutputField<Root>]

    package init(_ name: String, uses components: [any NamedSchema] = [], @OutputBuilder<Root> _ list: () -> [OutputField<Root>]) {
        self.init(name, uses: components, list())
    }

    /// The fields of another schema, and more.
    package init<Base>(
        _ name: String, extending base: OutputSchema<Base>, _ value: @escaping @Sendable (Root) -> Base,
        @OutputBuilder<Root> _ list: () -> [OutputField<Root>]
    ) {
        let (inherited, more) = (base.fields, list())
        let (writeBase, writeMore) = (inherited.map(\.write), more.map(\.write))
        self.init(name, uses: [], inherited.map { OutputField($0, of: value) } + more) { root, writer in
            let base = value(root)
            for write in writeBase { write(base, &writer) }
            for write in writeMore { write(root, &writer) }
        }
    }

    /// Some fields of another schema: each object says which of them are asked for.
    /// - Parameters:
    ///   - always: fields that are there in any case.
    ///   - asked: the names of the fields; `nil` for all.
    package init<Base>(
        _ name: String, partOf base: OutputSchema<Base>, always: Set<String>, _ value: @escaping @Sendable (Root) -> Base,
        asked: @escaping @Sendable (Root) -> Set<String>?
    ) {
        let whole = base.fields
        // What writes is taken out of the fields once: copying a field with all that documents it costs more than writing it.
        let all = whole.map(\.write)
        let named = whole.map { (name: $0.name, isAlways: always.contains($0.name), write: $0.write) }
        self.init(
            name, uses: [],
            whole.map { field in
                let field = OutputField(field, of: value)
                return always.contains(field.name) ? field : field.leftOut
            }
        ) { root, writer in
            let base = value(root)
            guard let names = asked(root) else {
                for write in all { write(base, &writer) }
                return
            }
            for field in named where field.isAlways || names.contains(field.name) { field.write(base, &writer) }
        }
    }

    /// - Parameter members: writes the fields.
    private init(
        _ name: String, uses components: [any NamedSchema], _ fields: [OutputField<Root>],
        members: (@Sendable (Root, inout JSONWriter) -> Void)? = nil
    ) {
        self.fields = fields
        precondition(Set(fields.map(\.name)).count == fields.count, "\(name) declares a field twice")
        self.name = name
        document = objectDocument(fields.map { ($0.name, $0.isAlwaysPresent, $0.document) })
        self.components = components.flatMap { $0.components + [($0.name, $0.document)] }
        let writers = fields.map(\.write)
        let members = members ?? { root, writer in for write in writers { write(root, &writer) } }
        write = { root, writer in writer.object { members(root, &$0) } }
    }

    package var fieldNames: [String] { fields.map(\.name) }

    /// A shape that refers to this schema by name.
    package var shape: Shape<Root> {
        .init(.string, document: reference) { _, faults in
            faults.append(.init("", "is never read"))
            return nil
        } write: {
            write($0, &$1)
        }
    }
}

/// A schema that has a place under `components/schemas`.
package protocol NamedSchema: Sendable {
    var name: String { get }
    var document: JSON { get }
    var components: [(name: String, document: JSON)] { get }
}

extension NamedSchema {
    /// What stands in the document where this schema is meant.
    package var reference: JSON { ["$ref": .string("#/components/schemas/\(name)")] }
}

extension OutputSchema: NamedSchema {}
extension InputSchema: NamedSchema {}
