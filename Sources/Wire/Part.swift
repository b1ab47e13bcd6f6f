// The parts of a request that an endpoint asks for: each reads itself and describes itself.
package import HTTPTypes

/// A request as the parts see it.
package struct RequestInput: Sendable {
    package var path: [String: String]
    /// Query items in order, decoded.
    package var query: [(name: String, texts: [String])]
    package var headers: HTTPFields
    /// The parsed body; `nil` when the request carries none.
    package var body: JSON?

    package init(path: [String: String] = [:], query: [(name: String, texts: [String])] = [], headers: HTTPFields = [:], body: JSON? = nil)
    {
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}

package protocol Part<Value>: Sendable {
    associatedtype Value: Sendable
    /// Reads the value. `nil` exactly when a fault was added.
    func read(_ input: RequestInput, _ faults: inout [Fault]) -> Value?
    func describe(into operation: inout Operation)
}

package struct PathPart<Value: Sendable>: Part {
    let name: String
    let shape: Shape<Value>

    package func read(_ input: RequestInput, _ faults: inout [Fault]) -> Value? {
        faults.within("path:\(name)") { shape.read(texts: input.path[name].map { [$0] } ?? [], &$0) }
    }

    package func describe(into operation: inout Operation) {
        precondition(operation.path.contains("{\(name)}"), "\(operation.path) has no {\(name)}")
        operation.parameters.append(.init(.path, name, isRequired: true, document: shape.document))
    }
}

/// The whole query as one value.
package struct QueryPart<Value: Sendable>: Part {
    let schema: InputSchema<Value>

    package func read(_ input: RequestInput, _ faults: inout [Fault]) -> Value? { schema.readQuery(input.query, &faults) }

    package func describe(into operation: inout Operation) {
        operation.parameters += schema.parameters.map { .init(.query, $0.name, isRequired: $0.isRequired, document: $0.document) }
    }
}

package struct BodyPart<Value: Sendable>: Part {
    let schema: InputSchema<Value>
    let isRequired: Bool

    package func read(_ input: RequestInput, _ faults: inout [Fault]) -> Value? {
        let absent: JSON? = isRequired ? nil : .object([])
        guard let body = input.body ?? absent else {
            faults.append(.init("", "a JSON body is required"))
            return nil
        }
        return schema.read(body, &faults)
    }

    package func describe(into operation: inout Operation) {
        operation.body = schema
        operation.bodyIsRequired = isRequired
    }
}

extension Part {
    package static func path<V>(_ name: String, _ shape: Shape<V>) -> Self where Self == PathPart<V> { .init(name: name, shape: shape) }
    package static func query<V>(_ schema: InputSchema<V>) -> Self where Self == QueryPart<V> { .init(schema: schema) }
    package static func body<V>(_ schema: InputSchema<V>) -> Self where Self == BodyPart<V> { .init(schema: schema, isRequired: true) }
    package static func optionalBody<V>(_ schema: InputSchema<V>) -> Self where Self == BodyPart<V> {
        .init(schema: schema, isRequired: false)
    }
}

/// Reads all parts; every one is read before any fault is raised.
/// - Throws: `Faults`, all of them at once, unknown query parameters included.
package func read<each P: Part>(_ parts: repeat each P, from input: RequestInput, for operation: Operation) throws -> (
    repeat (each P).Value
) {
    var faults: [Fault] = []
    func isKnown(_ name: String) -> Bool { operation.parameters.contains { $0.place == .query && $0.name == name } }
    for item in input.query where !isKnown(item.name) { faults.append(.init("query:\(item.name)", "is not a known parameter")) }
    let values = (repeat (each parts).read(input, &faults))
    guard faults.isEmpty else { throw Faults(faults) }
    func unwrap<V>(_ value: V?) throws -> V {
        guard let value else { throw Faults([]) }
        return value
    }
    return (repeat try unwrap(each values))
}
