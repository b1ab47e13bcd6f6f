// Why a request is not served. What is refused here never reaches a handler, and its connection is not used again.
import BoundedText

package enum Refusal: Error, Equatable, Sendable {
    /// The bytes are not a request as RFC 9112 has it.
    case syntax
    case version
    /// A head beyond `HeadLimits`.
    case headTooLarge
    case targetTooLong
    /// The target is neither a path nor that of this host.
    case target
    case hostCount
    case host
    case marks
    case transferCoding
    case length
    case expectation
    /// The client has closed its side before the end of the request.
    case cutOff

    /// The status of the answer.
    package var status: Int { self == .expectation ? 417 : 400 }

    package var detail: String {
        switch self {
        case .syntax: "The request is not valid HTTP/1.1."
        case .version: "The server supports only HTTP/1.1."
        case .headTooLarge:
            "A request has at most \(HeadLimits.fields) header fields, \(HeadLimits.field) bytes in each and \(HeadLimits.head) bytes before its body."
        case .targetTooLong: "The request target is longer than \(HeadLimits.target) bytes."
        case .target: "The request target must be a path."
        case .hostCount: "Send exactly one Host header."
        case .host: "The Host header is not a valid host."
        case .marks: "A header has more than \(combiningMarkLimit) combining marks in a row."
        case .transferCoding: "The server supports only the transfer coding chunked."
        case .length: "Send one Content-Length in decimal digits, or Transfer-Encoding."
        case .expectation: "The server supports only the expectation 100-continue."
        case .cutOff: "The request is incomplete."
        }
    }
}

/// How large the head of a request may be.
package enum HeadLimits {
    /// Bytes of everything before the body.
    package static let head = 16 << 10
    /// Bytes of a target.
    package static let target = 8 << 10
    /// Bytes of the value of a field, and of its name.
    package static let field = 8 << 10
    /// Fields.
    package static let fields = 100
}
