// The head of a request, read where it lies in the buffer (RFC 9112, 3 and 5).
import HTTPTypes
package import NIOCore

/// Goes over each byte once, however the bytes arrive; see `FieldParser`.
package struct HeadParser: Sendable {
    package enum Progress: Sendable {
        /// The head goes on.
        case more
        case complete(RequestHead)
    }

    private enum Step { case start, emptyLine, method, target, version, fields }

    private var step = Step.start
    private var position = 0
    private var start = 0
    private var method = HTTPRequest.Method.get
    private var target = 0..<0
    private var minorVersion: UInt8 = 1
    private var fields = FieldParser(at: 0)

    package init() {}

    /// - Parameter bytes: what has arrived since the head before, those bytes included that were there at the last call. Those of a head that is
    ///   complete are taken out.
    package mutating func parse(_ bytes: inout ByteBuffer) throws(Refusal) -> Progress {
        let parsed = bytes.withUnsafeReadableBytes { bytes in Result { () throws(Refusal) in try parse(bytes) } }
        guard try parsed.get(), let head = bytes.readSlice(length: fields.position) else { return .more }
        let request = try RequestHead(head, method, target, isHTTP11: minorVersion == 1, fields)
        self = HeadParser()
        return .complete(request)
    }

    private mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        while true {
            if step == .fields { return try fields.parse(bytes) }
            guard try isThere(bytes) else { return false }
            switch step {
            case .start:
                // An empty line that some clients send behind a body (RFC 9112, 2.2).
                if bytes[position] == .carriageReturn {
                    position += 1
                    step = .emptyLine
                } else {
                    (start, step) = (position, .method)
                }
            case .emptyLine:
                guard bytes[position] == .lineFeed else { throw .syntax }
                position += 1
                step = .start
            case .method: guard try readMethod(bytes) else { return false }
            case .target: guard try readTarget(bytes) else { return false }
            case .version: guard try readVersion(bytes) else { return false }
            case .fields: break
            }
        }
    }

    private mutating func readMethod(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        while position < bytes.count, bytes[position].isToken { position += 1 }
        guard position - start <= Methods.longest else { throw .syntax }
        guard try isThere(bytes) else { return false }
        guard bytes[position] == .space, let known = Methods.known(bytes, start..<position) else { throw .syntax }
        method = known
        position += 1
        (start, step) = (position, .target)
        return true
    }

    private mutating func readTarget(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        while position < bytes.count, (0x21...0x7e).contains(bytes[position]) { position += 1 }
        guard position - start <= HeadLimits.target else { throw .targetTooLong }
        guard try isThere(bytes) else { return false }
        guard bytes[position] == .space, position > start else { throw .syntax }
        target = start..<position
        position += 1
        (start, step) = (position, .version)
        return true
    }

    private mutating func readVersion(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        let line: StaticString = "HTTP/1.1\r\n"
        while position - start < line.utf8CodeUnitCount {
            guard try isThere(bytes) else { return false }
            let byte = bytes[position]
            switch position - start {
            case 5, 7:
                guard byte.isDigit else { throw .syntax }
                guard byte == 0x31 || (byte == 0x30 && position - start == 7) else { throw .version }
                minorVersion = byte - 0x30
            case let index: guard byte == line.utf8Start[index] else { throw .syntax }
            }
            position += 1
        }
        fields = FieldParser(at: position)
        step = .fields
        return true
    }

    /// Whether there is a byte to look at.
    private func isThere(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        guard position < HeadLimits.head else { throw .headTooLarge }
        return position < bytes.count
    }
}

/// The methods in the registry of IANA, but for CONNECT and PRI, whose targets are no paths. Whoever sends another speaks something else.
private enum Methods {
    static let longest = 17

    private static let rare: [String: HTTPRequest.Method] = [
        "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR",
        "MKCOL",
        "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND", "PROPPATCH", "QUERY", "REBIND", "REPORT", "SEARCH", "TRACE",
        "UNBIND",
        "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
    ].reduce(into: [:]) { $0[$1] = HTTPRequest.Method($1) }

    static func known(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> HTTPRequest.Method? {
        func isText(_ text: StaticString) -> Bool {
            range.count == text.utf8CodeUnitCount && range.enumerated().allSatisfy { bytes[$1] == text.utf8Start[$0] }
        }
        if isText("GET") { return .get }
        if isText("POST") { return .post }
        if isText("PATCH") { return .patch }
        if isText("DELETE") { return .delete }
        if isText("PUT") { return .put }
        if isText("HEAD") { return .head }
        if isText("OPTIONS") { return .options }
        return rare[String(decoding: bytes[range], as: UTF8.self)]
    }
}
