// base64url without padding (RFC 4648, 5): tokens, keys, cursors.
package import Foundation

package func base64URL(_ data: some DataProtocol) -> String {
    let unpadded = Data(data).base64EncodedData().prefix { $0 != UInt8(ascii: "=") }
    return String(
        decoding: unpadded.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 },
        as: UTF8.self)
}

/// The bytes of a text in this alphabet; `nil` for any other text.
package func bytes(fromBase64URL text: some StringProtocol) -> Data? {
    guard !text.utf8.contains(where: { [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "=")].contains($0) }) else { return nil }
    var standard = text.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0 }
    standard += Array(repeating: UInt8(ascii: "="), count: (4 - standard.count % 4) % 4)
    return Data(base64Encoded: Data(standard))
}
