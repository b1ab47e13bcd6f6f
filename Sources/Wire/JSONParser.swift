// A strict JSON reader for input from strangers: RFC 8259 to the letter, with limits on depth and size.
// Stricter than the RFC asks: duplicate member names, lone surrogates, invalid UTF-8 and endless runs of combining marks are errors.
import BoundedText

package struct JSONLimits: Sendable {
    /// How deep arrays and objects may nest.
    package var depth: Int
    /// How many values one text may hold, so that a small body cannot grow into a large tree.
    package var values: Int
    /// Whether runs of combining marks have an end. Texts that were stored before this was asked are read all the same.
    package var isStreamSafe: Bool

    package init(depth: Int = 32, values: Int = 100_000, isStreamSafe: Bool = true) {
        self.depth = depth
        self.values = values
        self.isStreamSafe = isStreamSafe
    }

    /// For what the database holds.
    package static let stored = JSONLimits(isStreamSafe: false)
}

/// Why a text is not JSON, and where: `offset` counts bytes from 0.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    package var detail: String
    package var offset: Int
}

extension JSON {
    /// Reads exactly one value, white space around it allowed.
    /// - Throws: `JSONSyntaxError`.
    package init(parsing bytes: some Sequence<UInt8>, limits: JSONLimits = .init()) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: Array(bytes), limits: limits)
        self = try parser.document()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0
    var depth = 0
    var values = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    func failure(_ detail: String, at offset: Int? = nil) -> JSONSyntaxError { .init(detail: detail, offset: offset ?? position) }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    mutating func document() throws(JSONSyntaxError) -> JSON {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { throw failure("a byte order mark is not allowed") }
        skipSpace()
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw failure("unexpected text after the value") }
        return value
    }

    mutating func value() throws(JSONSyntaxError) -> JSON {
        values += 1
        guard values <= limits.values else { throw failure("more than \(limits.values) values") }
        guard let next else { throw failure("unexpected end") }
        switch next {
        case 0x7b: return try nested { (parser) throws(JSONSyntaxError) in try parser.object() }
        case 0x5b: return try nested { (parser) throws(JSONSyntaxError) in try parser.array() }
        case 0x22: return .string(try string())
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6e: return try literal("null", .null)
        case 0x2d, 0x30...0x39: return try number()
        default: throw failure("unexpected character")
        }
    }

    mutating func nested(_ body: (inout Self) throws(JSONSyntaxError) -> JSON) throws(JSONSyntaxError) -> JSON {
        depth += 1
        guard depth <= limits.depth else { throw failure("nested deeper than \(limits.depth) levels") }
        position += 1
        skipSpace()
        let value = try body(&self)
        depth -= 1
        return value
    }

    mutating func object() throws(JSONSyntaxError) -> JSON {
        if take(0x7d) { return .object([]) }
        var members: [JSON.Member] = []
        // Names are compared as bytes, as the RFC does.
        var names: Set<[UInt8]> = []
        repeat {
            skipSpace()
            let start = position
            guard next == 0x22 else { throw failure("expected a member name") }
            let name = try string()
            guard names.insert(Array(name.utf8)).inserted else { throw failure("duplicate member “\(name.cut(toBytes: 64))”", at: start) }
            skipSpace()
            guard take(0x3a) else { throw failure("expected “:”") }
            skipSpace()
            members.append(.init(name, try value()))
            skipSpace()
        } while take(0x2c)
        guard take(0x7d) else { throw failure("expected “,” or “}”") }
        return .object(members)
    }

    mutating func array() throws(JSONSyntaxError) -> JSON {
        if take(0x5d) { return .array([]) }
        var elements: [JSON] = []
        repeat {
            skipSpace()
            elements.append(try value())
            skipSpace()
        } while take(0x2c)
        guard take(0x5d) else { throw failure("expected “,” or “]”") }
        return .array(elements)
    }

    mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        let matches = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else { throw failure("unexpected character") }
        position += text.utf8CodeUnitCount
        return value
    }

    mutating func digits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    mutating func number() throws(JSONSyntaxError) -> JSON {
        let start = position
        var whole = true
        _ = take(0x2d)
        let leadingZero = next == 0x30
        let count = digits()
        guard count > 0, !(leadingZero && count > 1) else { throw failure("malformed number", at: start) }
        if take(0x2e) {
            whole = false
            guard digits() > 0 else { throw failure("malformed number", at: start) }
        }
        if take(0x65) || take(0x45) {
            whole = false
            if !take(0x2b) { _ = take(0x2d) }
            guard digits() > 0 else { throw failure("malformed number", at: start) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if whole, let value = Int64(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw failure("number out of range", at: start) }
        return .double(value)
    }

    mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        var buffer: [UInt8] = []
        var run = start
        while let byte = next {
            switch byte {
            case 0x22:
                buffer.append(contentsOf: bytes[run..<position])
                position += 1
                guard let text = String(validating: buffer, as: UTF8.self) else { throw failure("invalid UTF-8", at: start) }
                guard !limits.isStreamSafe || text.isStreamSafe else {
                    throw failure("more than \(combiningMarkLimit) combining marks in a row", at: start)
                }
                return text
            case 0x5c:
                buffer.append(contentsOf: bytes[run..<position])
                position += 1
                try escape(into: &buffer)
                run = position
            case 0..<0x20: throw failure("a control character in a string must be escaped")
            default: position += 1
            }
        }
        throw failure("unterminated string", at: start - 1)
    }

    mutating func escape(into buffer: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = next else { throw failure("unterminated string") }
        position += 1
        switch byte {
        case 0x22, 0x5c, 0x2f: return buffer.append(byte)
        case 0x62: return buffer.append(0x08)
        case 0x66: return buffer.append(0x0c)
        case 0x6e: return buffer.append(0x0a)
        case 0x72: return buffer.append(0x0d)
        case 0x74: return buffer.append(0x09)
        case 0x75: break
        default: throw failure("unknown escape", at: position - 2)
        }
        var scalar = UInt32(try hexQuad())
        if (0xd800...0xdbff).contains(scalar) {
            guard take(0x5c), take(0x75) else { throw failure("lone surrogate") }
            let low = UInt32(try hexQuad())
            guard (0xdc00...0xdfff).contains(low) else { throw failure("lone surrogate") }
            scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let unicode = Unicode.Scalar(scalar) else { throw failure("lone surrogate") }
        buffer.append(contentsOf: String(unicode).utf8)
    }

    mutating func hexQuad() throws(JSONSyntaxError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure("expected four hexadecimal digits") }
        var value: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = hexValue(byte) else { throw failure("expected four hexadecimal digits") }
            value = value << 4 | UInt16(digit)
        }
        position += 4
        return value
    }
}
