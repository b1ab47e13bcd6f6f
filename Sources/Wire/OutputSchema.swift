// The declaration of a JSON object that the server writes: the same list of fields gives the writer and the document.

package struct OutputField<Root: Sendable>: Sendable {
    let name: String
    let document: JSON
    let isAlwaysPresent: Bool
    /// Writes a comma, the name and the value, or nothing when the field is left out.
    let write: @Sendable (Root, inout JSONWriter) -> Void

    fileprivate init(
        name: String, document: JSON, doc: String, example: JSON?, isAlwaysPresent: Bool,
        write: @escaping @Sendable (Root, inout JSONWriter, _ key: [UInt8]) -> Void
    ) {
        self.name = name
        var document = document
        if !doc.isEmpty { document = document.with("description", .string(doc)) }
        if let example { document = document.with("examples", [example]) }
        self.document = document
        self.isAlwaysPresent = isAlwaysPresent
        let key = Array(",\"\(name)\":".utf8)
        self.write = { root, writer in write(root, &writer, key) }
    }
}

package func field<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value
) -> OutputField<Root> {
    .init(name: name, document: shape.document, doc: doc, example: example, isAlwaysPresent: true) { root, writer, key in
        writer.raw(key)
        shape.write(value(root), &writer)
    }
}

package func nullable<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value?
) -> OutputField<Root> {
    .init(name: name, document: nullableDocument(shape.document), doc: doc, example: example, isAlwaysPresent: true) {
        root, writer, key in
        writer.raw(key)
        if let value = value(root) { shape.write(value, &writer) } else { writer.null() }
    }
}

/// A field that is left out when there is no value.
package func sometimes<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value?
) -> OutputField<Root> {
    .init(name: name, document: shape.document, doc: doc, example: example, isAlwaysPresent: false) { root, writer, key in
        guard let value = value(root) else { return }
        writer.raw(key)
        shape.write(value, &writer)
    }
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

    package init(_ name: String, uses components: [any NamedSchema] = [], @OutputBuilder<Root> _ list: () -> [OutputField<Root>]) {
        let fields = list()
        precondition(Set(fields.map(\.name)).count == fields.count, "\(name) declares a field twice")
        self.name = name
        document = objectDocument(fields.map { ($0.name, $0.isAlwaysPresent, $0.document) })
        self.components = components.flatMap { $0.components + [($0.name, $0.document)] }
        let writers = fields.map(\.write)
        write = { root, writer in writer.object { for write in writers { write(root, &$0) } } }
    }

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
