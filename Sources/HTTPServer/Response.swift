// An answer as a handler gives it.
package import NIOCore

package struct Response: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        case buffer(ByteBuffer)
        case stream(ResponseStream)

        /// Bytes, where they are known beforehand.
        var count: Int? {
            switch self {
            case .bytes(let bytes): bytes.count
            case .buffer(let buffer): buffer.readableBytes
            case .stream: nil
            }
        }
    }

    package var status: Int
    package var fields: ResponseFields
    package var body: Body

    package init(status: Int, fields: ResponseFields = [:], body: Body = .bytes([])) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// A body that is made while it is sent.
package struct ResponseStream: Sendable {
    /// `send` waits until the client has taken enough of what was sent before, and throws when it has gone. What `write` itself throws cuts the
    /// connection, so that the client sees that the body is not whole.
    package let write: @Sendable (_ send: ([UInt8]) async throws -> Void) async throws -> Void
    /// Called when the body is not wanted, and when the connection ends before it does; then it may come a little after that end.
    package let abandoned: (@Sendable () -> Void)?

    package init(
        abandoned: (@Sendable () -> Void)? = nil, write: @escaping @Sendable (_ send: ([UInt8]) async throws -> Void) async throws -> Void
    ) {
        self.write = write
        self.abandoned = abandoned
    }
}

/// Header fields in the order in which they are sent. Names are those of the program, which does not let clients choose any.
package struct ResponseFields: Sendable, ExpressibleByDictionaryLiteral {
    private(set) var all: [(name: String, value: String)] = []

    package init(dictionaryLiteral elements: (String, String)...) { all = elements.map { (name: $0.0, value: $0.1) } }

    package mutating func append(_ name: String, _ value: String) { all.append((name, value)) }

    /// The first value of that name. Setting one removes the others, setting none removes all.
    package subscript(_ name: String) -> String? {
        get { all.first { Self.isSame($0.name, name) }?.value }
        set {
            guard let newValue else { return all.removeAll { Self.isSame($0.name, name) } }
            guard let index = all.firstIndex(where: { Self.isSame($0.name, name) }) else { return append(name, newValue) }
            all[index].value = newValue
            var isFirst = true
            all.removeAll { field in
                guard Self.isSame(field.name, name) else { return false }
                defer { isFirst = false }
                return !isFirst
            }
        }
    }

    /// Names differ in more than the case of ASCII letters.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).allSatisfy { $0.lowercased == $1.lowercased }
    }
}
