// What a subscriber knows a message by: a secret that is shown once, and signatures as Standard Webhooks describes them.
// Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import Crypto
import Foundation
package import Model

/// The secret has to be known when a message is signed, so it is stored; sealed, so that the database alone does not give it away.
package struct WebhookSecrets: Sendable {
    /// The first seals, all open.
    private let keys: [SymmetricKey]

    package init(_ keys: SigningKeys) { self.keys = keys.webhookSecrets }

    package static let prefix = "whsec_"
    private static let length = 32

    /// A new secret: the text for the subscriber, and what is stored.
    package func generate(_ random: RandomSource) throws -> (text: String, sealed: [UInt8]) {
        let secret = Data(random.bytes(Self.length))
        guard let sealed = try AES.GCM.seal(secret, using: keys[0]).combined else { throw CryptoKitError.incorrectParameterSize }
        return (Self.prefix + secret.base64EncodedString(), Array(sealed))
    }

    /// `nil` when the signing key that sealed it is gone.
    private func open(_ sealed: [UInt8]) -> SymmetricKey? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return keys.lazy.compactMap { try? AES.GCM.open(box, using: $0) }.first.map { SymmetricKey(data: $0) }
    }

    /// The value of `webhook-signature`; with two secrets during a rotation. `nil` when no secret can be opened.
    package func signature(of body: String, id: String, at now: Instant, for webhook: Webhook) -> String? {
        let isRotating = webhook.formerUntil.map { now < $0 } ?? false
        let sealed = [webhook.secret] + (isRotating ? [webhook.formerSecret].compactMap(\.self) : [])
        let text = Data("\(id).\(now.seconds).\(body)".utf8)
        let signatures = sealed.compactMap(open).map { secret in
            "v1," + Data(HMAC<SHA256>.authenticationCode(for: text, using: secret)).base64EncodedString()
        }
        return signatures.isEmpty ? nil : signatures.joined(separator: " ")
    }
}
