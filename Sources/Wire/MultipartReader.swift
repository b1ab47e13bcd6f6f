// Reads multipart/form-data (RFC 7578) as it comes: bytes in, parts out, and never more than a boundary and a head in memory.
import BoundedText

package struct MultipartReader: Sendable {
    package enum Event: Equatable, Sendable {
        /// A part begins.
        case part(name: String, fileName: String?)
        /// The next bytes of the part.
        case bytes([UInt8])
    }

    /// Why a body is not what it says.
    package struct Fault: Error, Equatable, Sendable {
        package let detail: String
    }

    private enum State {
        /// Before the first boundary.
        case preamble
        /// Behind a boundary: a line end, or the two hyphens of the last one.
        case boundary
        case head
        case content
        /// Behind the last boundary.
        case epilogue
    }

    /// Bytes of the head of a part.
    private static let headLimit = 8 << 10
    private static let partLimit = 32
    private static let blankLimit = 100

    private let delimiter: [UInt8]
    private var state = State.preamble
    /// A line end stands before every boundary, and the one that ends a head may be that: so contents begin with one that is not theirs.
    private var held: [UInt8] = lineEnd
    /// Bytes at the beginning of `held` that are not the content's.
    private var borrowed = lineEnd.count
    private static let lineEnd: [UInt8] = [0x0d, 0x0a]
    private var parts = 0

    /// - Parameter contentType: of the request.
    /// - Returns: `nil` when it is no multipart/form-data, or has no boundary that RFC 2046 allows.
    package init?(contentType: String) {
        let parameters = HeaderParameters(contentType)
        guard parameters.value.lowercased() == "multipart/form-data", let boundary = parameters["boundary"],
            (1...70).contains(boundary.utf8.count),
            boundary.utf8.allSatisfy({ (0x20...0x7e).contains($0) }), boundary.utf8.last != 0x20
        else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Takes the next bytes, cut anywhere.
    /// - Throws: `Fault`, and what `take` throws; nothing may be read after that.
    package mutating func read(_ bytes: [UInt8], _ take: (Event) throws -> Void) throws {
        if state == .epilogue { return }
        held += bytes
        while try step(take) {}
    }

    /// - Throws: `Fault` when the last boundary is missing.
    package func finish() throws(Fault) {
        guard state == .epilogue else { throw Fault(detail: "the last boundary is missing: the body is incomplete") }
    }

    /// - Returns: whether there may be more to do with what is held.
    private mutating func step(_ take: (Event) throws -> Void) throws -> Bool {
        switch state {
        case .preamble: return try readContent { _ in }
        case .content: return try readContent { if !$0.isEmpty { try take(.bytes(Array($0))) } }
        case .boundary: return try readBoundaryEnd()
        case .head: return try readHead(take)
        case .epilogue:
            held = []
            return false
        }
    }

    /// Hands on what cannot be the beginning of a boundary.
    private mutating func readContent(_ take: (ArraySlice<UInt8>) throws -> Void) throws -> Bool {
        let range = held.range(of: delimiter)
        let free = range?.lowerBound ?? max(0, held.count - delimiter.count + 1)
        try take(held[min(borrowed, free)..<free])
        borrowed = max(0, borrowed - free)
        held.removeFirst(range?.upperBound ?? free)
        guard range != nil else { return false }
        state = .boundary
        return true
    }

    private mutating func readBoundaryEnd() throws -> Bool {
        guard held.count >= 2 else { return false }
        if held.starts(with: [0x2d, 0x2d]) {
            state = .epilogue
            return true
        }
        // Blanks may stand between a boundary and its line end (RFC 2046, 5.1.1).
        let end = held.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? held.count
        guard end <= Self.blankLimit else { throw Fault(detail: "a boundary is not followed by a line end") }
        guard held.count >= end + 2 else { return false }
        guard held[end...].starts(with: Self.lineEnd) else { throw Fault(detail: "a boundary is not followed by a line end") }
        // The line end stays: a head without any field ends with it at once.
        held.removeFirst(end)
        state = .head
        return true
    }

    private mutating func readHead(_ take: (Event) throws -> Void) throws -> Bool {
        let end = held.range(of: Self.lineEnd + Self.lineEnd)
        guard end?.lowerBound ?? (held.count - 3) <= Self.headLimit else {
            throw Fault(detail: "the head of a part is longer than \(Self.headLimit) bytes")
        }
        guard let end else { return false }
        parts += 1
        guard parts <= Self.partLimit else { throw Fault(detail: "there are more than \(Self.partLimit) parts") }
        guard let head = String(validating: held[..<end.lowerBound], as: UTF8.self) else {
            throw Fault(detail: "the head of a part is not UTF-8")
        }
        guard head.isStreamSafe else {
            throw Fault(detail: "the head of a part has more than \(combiningMarkLimit) combining marks in a row")
        }
        held.removeFirst(end.upperBound - Self.lineEnd.count)
        borrowed = Self.lineEnd.count
        state = .content
        try take(try Self.part(head))
        return true
    }

    private static func part(_ head: String) throws(Fault) -> Event {
        var disposition: HeaderParameters?
        for line in head.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { throw Fault(detail: "a line in the head of a part is not a header field") }
            let value = String(line[line.index(after: colon)...])
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = HeaderParameters(value)
            case "content-transfer-encoding":
                guard ["7bit", "8bit", "binary"].contains(HeaderParameters(value).value.lowercased()) else {
                    throw Fault(detail: "a part has a Content-Transfer-Encoding, which is not supported")
                }
            default: break
            }
        }
        guard let disposition, disposition.value.lowercased() == "form-data", let name = disposition["name"] else {
            throw Fault(detail: "a part has no name")
        }
        return .part(name: name, fileName: disposition["filename"])
    }
}

/// A header value with parameters: `form-data; name="file"`.
package struct HeaderParameters: Sendable {
    package private(set) var value = ""
    private var parameters: [String: String] = [:]

    /// The first of a name counts.
    package subscript(_ name: String) -> String? { parameters[name] }

    package init(_ text: String) {
        var pieces: [String] = []
        var piece = ""
        var isQuoted = false
        var isEscaped = false
        for character in text.unicodeScalars {
            switch character {
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case ";" where !isQuoted:
                pieces.append(piece)
                piece = ""
                continue
            default: break
            }
            piece.unicodeScalars.append(character)
        }
        pieces.append(piece)
        value = Self.trimmed(pieces[0])
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let name = Self.trimmed(String(piece[..<equals])).lowercased()
            if parameters[name] == nil { parameters[name] = Self.unquoted(Self.trimmed(String(piece[piece.index(after: equals)...]))) }
        }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    private static func unquoted(_ text: String) -> String {
        guard text.utf8.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                isEscaped = false
                result.append(character)
            }
        }
        return result
    }
}

extension [UInt8] {
    /// Where `pattern`, which is not empty, stands first.
    fileprivate func range(of pattern: [UInt8]) -> Range<Int>? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        return withUnsafeBufferPointer { bytes in
            pattern.withUnsafeBufferPointer { pattern in
                var start = 0
                while start <= bytes.count - pattern.count {
                    if bytes[start] == first {
                        var length = 1
                        while length < pattern.count, bytes[start + length] == pattern[length] { length += 1 }
                        if length == pattern.count { return start..<start + length }
                    }
                    start += 1
                }
                return nil
            }
        }
    }
}
