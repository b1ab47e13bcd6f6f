// What the head of a request says. The texts of its fields stay where they arrived until somebody asks for one.
package import HTTPTypes
import NIOCore

package struct RequestHead: Sendable {
    package let method: HTTPRequest.Method
    /// Path and query as they came: visible ASCII that begins with a slash, or `*`.
    package let target: String
    /// Otherwise the client speaks HTTP/1.0.
    package let isHTTP11: Bool
    /// The body that follows.
    package let framing: Framing
    /// The client waits for `100 Continue` before it sends the body (RFC 9110, 10.1.1).
    let expectsContinue: Bool
    /// The client will send nothing more on this connection.
    let wantsClose: Bool

    private let bytes: ByteBuffer
    private let spans: [FieldSpan]

    /// How the end of a body is found (RFC 9112, 6.3).
    package enum Framing: Equatable, Sendable {
        case none
        /// So many bytes.
        case length(Int)
        case chunked
    }

    /// - Parameter bytes: the whole head.
    init(
        _ bytes: ByteBuffer, _ method: HTTPRequest.Method, _ target: Range<Int>, isHTTP11: Bool, _ fields: FieldParser
    ) throws(Refusal) {
        let checked = bytes.withUnsafeReadableBytes { bytes in
            Result { () throws(Refusal) in
                var rules = HeadRules(isHTTP11: isHTTP11)
                if fields.mayHaveMarks { try rules.requireStreamSafe(bytes, fields.spans) }
                for span in fields.spans { try rules.read(span, bytes) }
                return (rules, try rules.path(bytes, target, method))
            }
        }
        let (rules, path) = try checked.get()
        framing = try rules.framing()
        expectsContinue = rules.expectsContinue && framing != .none
        wantsClose = rules.wantsClose
        self.target = path
        self.method = method
        self.isHTTP11 = isHTTP11
        self.bytes = bytes
        spans = fields.spans
    }

    /// The path without the query.
    package var path: Substring { target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[..<$0] } ?? target[...] }

    /// What follows the first question mark, if there is one.
    package var query: Substring? {
        target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[target.utf8.index(after: $0)...] }
    }

    /// Bytes of the body, where the head says it.
    package var contentLength: Int? { if case .length(let count) = framing { count } else { nil } }

    /// The value; those of several fields of that name are separated by commas (RFC 9110, 5.3).
    package subscript(_ name: HTTPField.Name) -> String? {
        var text: String?
        forEach(name) { value in text = text.map { "\($0), \(value)" } ?? value }
        return text
    }

    /// The values of all fields of that name.
    package func values(of name: HTTPField.Name) -> [String] {
        var texts: [String] = []
        forEach(name) { texts.append($0) }
        return texts
    }

    /// All fields, in the order in which they came.
    package var fields: [(name: String, value: String)] {
        bytes.withUnsafeReadableBytes { bytes in spans.map { (text(bytes, $0.name), text(bytes, $0.value)) } }
    }

    private func forEach(_ name: HTTPField.Name, _ take: (String) -> Void) {
        let wanted = name.canonicalName.utf8
        bytes.withUnsafeReadableBytes { bytes in
            for span in spans where Int(span.nameCount) == wanted.count && zip(span.name, wanted).allSatisfy({ bytes[$0].lowercased == $1 })
            {
                take(text(bytes, span.value))
            }
        }
    }

    private func text(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
