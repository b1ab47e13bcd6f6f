// Writes JSON text straight into a byte buffer, without a tree in between.

package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    package mutating func raw(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    package mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    package mutating func null() { raw("null") }

    package mutating func bool(_ value: Bool) { value ? raw("true") : raw("false") }

    package mutating func int(_ value: Int64) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { buffer in
            var position = buffer.count
            var rest = value.magnitude
            repeat {
                position -= 1
                buffer[position] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
                rest /= 10
            } while rest > 0
            if value < 0 {
                position -= 1
                buffer[position] = 0x2d
            }
            bytes.append(contentsOf: buffer[position...])
        }
    }

    package mutating func string(_ value: String) {
        bytes.append(0x22)
        var copy = value
        copy.withUTF8 { utf8 in
            var rest = utf8[...]
            while let place = firstEscaped(rest) {
                bytes.append(contentsOf: rest[..<place])
                escape(rest[place])
                rest = rest[(place + 1)...]
            }
            bytes.append(contentsOf: rest)
        }
        bytes.append(0x22)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22: raw("\\\"")
        case 0x5c: raw("\\\\")
        case 0x0a: raw("\\n")
        case 0x0d: raw("\\r")
        case 0x09: raw("\\t")
        default:
            let hex = Array("0123456789abcdef".utf8)
            raw("\\u00")
            bytes.append(hex[Int(byte >> 4)])
            bytes.append(hex[Int(byte & 15)])
        }
    }

    /// Writes an object; each of its members begins with a comma.
    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        let start = bytes.count
        members(&self)
        if bytes.count == start { byte(0x2c) }
        bytes[start] = 0x7b
        byte(0x7d)
    }

    /// Writes the elements of an array with commas between them.
    package mutating func array<Element>(_ elements: some Sequence<Element>, _ write: (Element, inout JSONWriter) -> Void) {
        byte(0x5b)
        var first = true
        for element in elements {
            if !first { byte(0x2c) }
            first = false
            write(element, &self)
        }
        byte(0x5d)
    }

    package mutating func json(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .int(let value): int(value)
        case .double(let value): value.isFinite ? raw(Array("\(value)".utf8)) : null()
        case .string(let value): string(value)
        case .array(let elements): array(elements) { $1.json($0) }
        case .object(let members):
            byte(0x7b)
            for (index, member) in members.enumerated() {
                if index > 0 { byte(0x2c) }
                string(member.name)
                byte(0x3a)
                json(member.value)
            }
            byte(0x7d)
        }
    }
}

/// Where the first byte is that does not stand for itself in a JSON text: a control character, a quotation mark, a backslash.
private func firstEscaped(_ utf8: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var place = utf8.startIndex
    let bytes = UnsafeRawBufferPointer(utf8.base)
    // Eight bytes at once. In a byte whose high bit is not set, adding shows whether it is one of the four kinds; one with the bit is text.
    while place + 8 <= utf8.endIndex {
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        let high = 0x8080_8080_8080_8080 as UInt64
        let low = word & ~high
        let isVisible = low &+ 0x6060_6060_6060_6060
        let isNoQuote = (low ^ 0x2222_2222_2222_2222) &+ 0x7f7f_7f7f_7f7f_7f7f
        let isNoBackslash = (low ^ 0x5c5c_5c5c_5c5c_5c5c) &+ 0x7f7f_7f7f_7f7f_7f7f
        let isNoDelete = (low ^ 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7f7f_7f7f_7f7f_7f7f
        if ((isVisible & isNoQuote & isNoBackslash & isNoDelete) | word) & high != high { break }
        place += 8
    }
    while place < utf8.endIndex {
        let byte = utf8[place]
        if byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0x7f { return place }
        place += 1
    }
    return nil
}

extension JSON {
    /// The value as compact JSON text.
    package var text: String {
        var writer = JSONWriter()
        writer.json(self)
        return writer.text
    }
}
