// Query strings and percent-encoding (RFC 3986, and `+` for a space as HTML forms write it).
import BoundedText

/// Decodes `a=1&b=2` into names with all their texts, in order of first appearance.
/// - Throws: `Faults` for a malformed escape, invalid UTF-8, NUL, or a run of combining marks without end.
package func parseQuery(_ query: Substring) throws -> [(name: String, texts: [String])] {
    var items: [(name: String, texts: [String])] = []
    var places: [[UInt8]: Int] = [:]
    var faults: [Fault] = []
    // Split by bytes: as a Character, a separator with a combining mark after it would be another one.
    for pair in query.utf8.split(separator: UInt8(ascii: "&")).map(Substring.init) {
        let parts = pair.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false).map(Substring.init)
        guard let name = percentDecoded(parts[0], plusIsSpace: true),
            let text = percentDecoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
        else {
            faults.append(.init("query", "“\(pair.cut(toBytes: 64))” is not valid percent-encoded UTF-8"))
            continue
        }
        guard name.isStreamSafe, text.isStreamSafe else {
            faults.append(.init("query", "a name or value has more than \(combiningMarkLimit) combining marks in a row"))
            continue
        }
        if let index = places[Array(name.utf8)] {
            items[index].texts.append(text)
        } else {
            places[Array(name.utf8)] = items.count
            items.append((name, [text]))
        }
    }
    guard faults.isEmpty else { throw Faults(faults) }
    return items
}

/// `nil` for a malformed escape, invalid UTF-8 or NUL.
package func percentDecoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "%"):
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else { return nil }
            bytes.append(high << 4 | low)
        case UInt8(ascii: "+") where plusIsSpace: bytes.append(0x20)
        default: bytes.append(byte)
        }
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
}

/// Encodes everything but the unreserved characters of RFC 3986.
package func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }
    }
    return encoded
}

/// The value of a hexadecimal digit.
func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}
