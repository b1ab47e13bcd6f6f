// The declaration of a JSON object that the server writes: the same list of fields gives the writer and the document.

package struct OutputField<Root: Sendable>: Sendable {
    let name: String
    let key: [UInt8]
    let document: JSON
    let isAlwaysPresent: Bool
    /// Writes name and value; false when the field is left out.
    let write: @Sendable (Root, inout JSONWriter, _ first: Bool) -> Bool

    fileprivate init(
        name: String, document: JSON, doc: String, example: JSON?, isAlwaysPresent: Bool,
        write: @escaping @Sendable (Root, inout JSONWriter, _ key: [UInt8], _ first: Bool) -> Bool
    ) {
        self.name = name
        var document = document
        if !doc.isEmpty { document = document.with("description", .string(doc)) }
        if let example { document = document.with("examples", [example]) }
        self.document = document
        self.isAlwaysPresent = isAlwaysPresent
        let key = Array("\"\(name)\":".utf8)
        self.key = key
        self.write = { root, writer, first in write(root, &writer, key, first) }
    }
}

package func field<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value
) -> OutputField<Root> {
    .init(name: name, document: shape.document, doc: doc, example: example, isAlwaysPresent: true) { root, writer, key, first in
        if !first { writer.byte(0x2c) }
        writer.raw(key)
        shape.write(value(root), &writer)
        return true
    }
}

package func nullable<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value?
) -> OutputField<Root> {
    .init(name: name, document: nullableDocument(shape.document), doc: doc, example: example, isAlwaysPresent: true) {
        root, writer, key, first in
        if !first { writer.byte(0x2c) }
        writer.raw(key)
        if let value = value(root) { shape.write(value, &writer) } else { writer.null() }
        return true
    }
}

/// A field that is left out when there is no value.
package func sometimes<Root: Sendable, Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String = "", example: JSON? = nil, _ value: @escaping @Sendable (Root) -> Value?
) -> OutputField<Root> {
    .init(name: name, document: shape.document, doc: doc, example: example, isAlwaysPresent: false) { root, writer, key, first in
        guard let value = value(root) else { return false }
        if !first { writer.byte(0x2c) }
        writer.raw(key)
        shape.write(value, &writer)
        return true
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
        write = { root, writer in
            writer.byte(0x7b)
            var first = true
            for field in fields where field.write(root, &writer, first) { first = false }
            writer.byte(0x7d)
        }
    }

    /// A shape that refers to this schema by name.
    package var shape: Shape<Root> {
        .init(.string, document: ["$ref": .string("#/components/schemas/\(name)")]) { _, faults in
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

extension OutputSchema: NamedSchema {}
extension InputSchema: NamedSchema {}
