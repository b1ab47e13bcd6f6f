// The keys that sign access tokens: the first signs, all are accepted and published, so that a key can be replaced without a logout.
package import Crypto
import Foundation
package import Model
import Wire

package struct SigningKeys: Sendable, CustomStringConvertible, CustomReflectable {
    struct Key: Sendable {
        let id: String
        let secret: Curve25519.Signing.PrivateKey
        /// The encoded JOSE header of every token this key signs. A token with any other header is not ours.
        let header: String
    }

    let keys: [Key]

    /// Key ids only: whatever holds the keys may be printed.
    package var description: String { keys.map(\.id).joined(separator: ",") }
    package var customMirror: Mirror { Mirror(self, children: ["ids": description]) }

    package enum Problem: Error, Equatable {
        case empty
        /// Not 32 bytes in base64 or base64url.
        case malformed
        /// Repeated bytes or a counter: not from a random source.
        case weak
    }

    /// - Parameter text: Ed25519 seeds of 32 bytes in base64, separated by commas or white space; the first one signs.
    package init(_ text: String) throws(Problem) {
        let seeds = text.split { $0 == "," || $0.isWhitespace }
        guard !seeds.isEmpty else { throw .empty }
        var keys: [Key] = []
        for seed in seeds { keys.append(try Key(seed: String(seed))) }
        self.keys = keys
    }

    var signing: Key { keys[0] }

    /// One secret for each key, for sealing stored answers; it tells nothing of the key.
    package var answerSecrets: [SymmetricKey] { secrets(for: "taskflow stored answers") }

    /// One secret for each key, for sealing the event log.
    package var sealSecrets: [SymmetricKey] { secrets(for: "taskflow event chain") }

    /// One secret for each key, for sealing the secrets of webhooks.
    var webhookSecrets: [SymmetricKey] { secrets(for: "taskflow webhook secrets") }

    /// One secret for each key, for the links that switch mails off.
    var unsubscribeSecrets: [SymmetricKey] { secrets(for: "taskflow unsubscribe links") }

    /// One secret for each key, for the marks of known devices.
    var deviceSecrets: [SymmetricKey] { secrets(for: "taskflow known devices") }

    private func secrets(for use: String) -> [SymmetricKey] {
        keys.map {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: $0.secret.rawRepresentation), info: Array(use.utf8), outputByteCount: 32)
        }
    }

    func key(forHeader header: Substring) -> Key? { keys.first { $0.header == header } }

    /// A new seed in the form that `init` reads.
    package static func generate(_ random: RandomSource) -> String { Data(random.bytes(32)).base64EncodedString() }

    /// RFC 7517 with RFC 8037: public keys only.
    package var publicKeys: [(id: String, x: String)] {
        keys.map { ($0.id, base64URL($0.secret.publicKey.rawRepresentation)) }
    }
}

extension SigningKeys.Key {
    fileprivate init(seed: String) throws(SigningKeys.Problem) {
        // Either alphabet, padded or not.
        let text = seed.prefix { $0 != "=" }.replacing("+", with: "-").replacing("/", with: "_")
        guard let bytes = bytes(fromBase64URL: text), bytes.count == 32,
            let secret = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw .malformed }
        // 32 random bytes have 30 different values on average, and fewer than 20 once in many millions of keys.
        guard Set(bytes).count >= 20, Set(zip(bytes, bytes.dropFirst()).map { $1 &- $0 }).count >= 16 else { throw .weak }
        // RFC 7638: the thumbprint of the public key.
        let x = base64URL(secret.publicKey.rawRepresentation)
        let thumbprint = SHA256.hash(data: Data(#"{"crv":"Ed25519","kty":"OKP","x":"\#(x)"}"#.utf8))
        let id = String(base64URL(Data(thumbprint)).prefix(16))
        self.init(id: id, secret: secret, header: base64URL(Data(#"{"alg":"EdDSA","kid":"\#(id)","typ":"at+jwt"}"#.utf8)))
    }
}
