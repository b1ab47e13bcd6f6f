// The text of a personal access token: a prefix that secret scanners know, 256 random bits, and a check sum that catches typing errors
// and made-up tokens without a look at the store.
import Crypto
package import Model

package enum PersonalToken {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
    private static let bodyLength = 52
    private static let checkLength = 6

    package static func generate(_ random: RandomSource) -> String {
        let body = base32(random.bytes(32))
        return AccessToken.prefix + body + check(body)
    }

    package static func isWellFormed(_ text: String) -> Bool {
        let rest = text.dropFirst(AccessToken.prefix.count)
        guard text.hasPrefix(AccessToken.prefix), rest.count == bodyLength + checkLength else { return false }
        return check(String(rest.prefix(bodyLength))) == rest.suffix(checkLength)
    }

    private static func check(_ body: String) -> String {
        String(base32(Array(SHA256.hash(data: Array(body.utf8)))).prefix(checkLength))
    }

    /// RFC 4648 base32 in lower case, without padding.
    private static func base32(_ bytes: [UInt8]) -> String {
        var text = ""
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> bits & 31)])
            }
            buffer &= (1 << bits) - 1
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
        return text
    }
}
