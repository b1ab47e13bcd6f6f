// base64url without padding (RFC 4648, 5): tokens, keys, cursors.
package import Foundation

package func base64URL(_ data: some DataProtocol) -> String {
    let bytes = Array(data)
    return String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { text in
        var (count, bits, waiting) = (0, UInt32(0), 0)
        func put(_ digit: UInt32) {
            text[count] = alphabet.utf8Start[Int(digit & 63)]
            count += 1
        }
        for byte in bytes {
            (bits, waiting) = (bits << 8 | UInt32(byte), waiting + 8)
            while waiting >= 6 {
                waiting -= 6
                put(bits >> UInt32(waiting))
            }
        }
        if waiting > 0 { put(bits << UInt32(6 - waiting)) }
        return count
    }
}

private let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/// The bytes of a text in this alphabet; `nil` for any other text.
package func bytes(fromBase64URL text: some StringProtocol) -> Data? {
    guard !text.utf8.contains(where: { [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "=")].contains($0) }) else { return nil }
    var standard = text.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0 }
    standard += Array(repeating: UInt8(ascii: "="), count: (4 - standard.count % 4) % 4)
    return Data(base64Encoded: Data(standard))
}
