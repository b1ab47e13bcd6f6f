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
            var start = 0
            for index in utf8.indices where utf8[index] < 0x20 || utf8[index] == 0x22 || utf8[index] == 0x5c || utf8[index] == 0x7f {
                bytes.append(contentsOf: utf8[start..<index])
                escape(utf8[index])
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
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

extension JSON {
    /// The value as compact JSON text.
    package var text: String {
        var writer = JSONWriter()
        writer.json(self)
        return writer.text
    }
}
