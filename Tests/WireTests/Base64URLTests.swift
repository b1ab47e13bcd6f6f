// base64url without padding (RFC 4648, 5).
import Foundation
import TestKit
import Testing
import Wire

@Suite struct Base64URLTests {
    @Test(
        "The vectors of RFC 4648, without padding, and the two other characters",
        arguments: [
            ("", ""), ("66", "Zg"), ("666f", "Zm8"), ("666f6f", "Zm9v"), ("666f6f62", "Zm9vYg"), ("666f6f6261", "Zm9vYmE"),
            ("666f6f626172", "Zm9vYmFy"), ("fbff", "-_8"), ("00", "AA"), ("000000", "AAAA"), ("ffffff", "____"),
        ])
    func vectors(_ hex: String, _ text: String) {
        let data = Data(stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) })
        #expect(base64URL(data) == text)
        #expect(bytes(fromBase64URL: text) == data)
    }

    @Test("Bytes of every length come back as they were")
    func roundTrip() {
        for count in 0..<70 {
            let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) })
            #expect(bytes(fromBase64URL: base64URL(data)) == data)
        }
    }
}
