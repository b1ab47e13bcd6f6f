// Which handler a request belongs to, and which methods a path takes: both out of the same pairs of method and path template.
package import HTTPTypes

package struct RouteTable<Value: Sendable>: Sendable {
    package struct Route: Sendable {
        var method: HTTPRequest.Method
        /// Segments that are `{name}` take any text but none; `**` at the end takes all that follows, at least one segment.
        var template: String
        var value: Value

        package init(_ method: HTTPRequest.Method, _ template: String, _ value: Value) {
            self.method = method
            self.template = template
            self.value = value
        }
    }

    package enum Match: Sendable {
        /// The variables are as they came, percent-encoded; that of `**` is called so.
        case found(Value, variables: [(name: String, value: Substring)])
        /// The path is there, and takes these methods, separated by commas.
        case otherMethod(allowed: String)
        case none
    }

    private struct Leaf: Sendable {
        var routes: [(method: HTTPRequest.Method, value: Value, names: [String])] = []

        var allowed: String {
            let methods = routes.map(\.method.rawValue)
            return (methods + (methods.contains("GET") ? ["HEAD"] : []) + ["OPTIONS"]).joined(separator: ", ")
        }

        func route(for method: HTTPRequest.Method) -> (value: Value, names: [String])? {
            let route = routes.first { $0.method == method } ?? (method == .head ? routes.first { $0.method == .get } : nil)
            return route.map { ($0.value, $0.names) }
        }
    }

    /// What may follow a segment.
    private struct Node: Sendable {
        var literals: [(bytes: [UInt8], node: Int)] = []
        var variable: Int?
        var rest: Leaf?
        var leaf: Leaf?
    }

    private static var slash: UInt8 { UInt8(ascii: "/") }
    private static var rest: String { "**" }

    private var nodes = [Node()]

    package init(_ routes: [Route]) { for route in routes { add(route) } }

    private mutating func add(_ route: Route) {
        var (node, names) = (0, [String]())
        let segments = route.template.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for segment in segments.dropLast(segments.last.map { $0 == Self.rest } == true ? 1 : 0) {
            if segment.hasPrefix("{") {
                names.append(String(segment.dropFirst().dropLast()))
                let next = nodes[node].variable ?? newNode()
                nodes[node].variable = next
                node = next
            } else {
                let next = nodes[node].literals.first { $0.bytes.elementsEqual(segment.utf8) }?.node ?? newNode()
                if !nodes[node].literals.contains(where: { $0.node == next }) { nodes[node].literals.append((Array(segment.utf8), next)) }
                node = next
            }
        }
        let isRest = segments.last.map { $0 == Self.rest } == true
        if isRest { names.append(Self.rest) }
        let place: WritableKeyPath<Node, Leaf?> = isRest ? \.rest : \.leaf
        var leaf = nodes[node][keyPath: place] ?? Leaf()
        precondition(!leaf.routes.contains { $0.method == route.method }, "\(route.method) \(route.template) is there twice")
        leaf.routes.append((route.method, route.value, names))
        nodes[node][keyPath: place] = leaf
    }

    private mutating func newNode() -> Int {
        nodes.append(Node())
        return nodes.count - 1
    }

    /// A path with the name of a segment is preferred to one with a variable in its place, from left to right. A HEAD goes where the GET goes.
    /// - Parameter path: percent-encoded, without the query. An empty segment is a segment like any other.
    package func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
        guard path.utf8.first == Self.slash else { return .none }
        var values: [Substring] = []
        guard let leaf = find(path.dropFirst(), from: 0, &values) else { return .none }
        guard let (value, names) = leaf.route(for: method) else { return .otherMethod(allowed: leaf.allowed) }
        return .found(value, variables: zip(names, values).map { (name: $0, value: $1) })
    }

    /// - Parameter rest: what follows the slash.
    private func find(_ rest: Substring, from index: Int, _ values: inout [Substring]) -> Leaf? {
        let end = rest.utf8.firstIndex(of: Self.slash)
        let segment = rest[..<(end ?? rest.endIndex)]
        func follow(_ next: Int) -> Leaf? {
            guard let end else { return nodes[next].leaf }
            return find(rest[rest.utf8.index(after: end)...], from: next, &values)
        }
        if let literal = nodes[index].literals.first(where: {
            $0.bytes.count == segment.utf8.count && segment.utf8.elementsEqual($0.bytes)
        }),
            let leaf = follow(literal.node)
        {
            return leaf
        }
        let count = values.count
        if let variable = nodes[index].variable, !segment.isEmpty {
            values.append(segment)
            if let leaf = follow(variable) { return leaf }
            values.removeLast(values.count - count)
        }
        guard let leaf = nodes[index].rest, Self.isWhole(rest) else { return nil }
        values.append(rest)
        return leaf
    }

    /// No segment is empty.
    private static func isWhole(_ rest: Substring) -> Bool {
        var last = slash
        for byte in rest.utf8 {
            if byte == slash, last == slash { return false }
            last = byte
        }
        return last != slash
    }
}
