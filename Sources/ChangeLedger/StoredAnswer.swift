// What is stored for an Idempotency-Key: the answer to the request, sealed, since it may hold tokens. The ledger does not look into it.
import Crypto
import Foundation
import StoreCore

struct StoredAnswer<Answer: Codable & Sendable>: Sendable {
    var answer: Answer
    /// How many items it is about, when it is the answer to a step of a change.
    var items: Int?

    init(_ answer: Answer, items: Int? = nil) {
        self.answer = answer
        self.items = items
    }

    /// AES-GCM under a key made of the client's key, the request and a secret of this installation. The database holds none of the three:
    /// whoever reads it, a backup included, can neither open an answer nor try passwords against it.
    /// - Parameter key: `IdempotencyKey.sealingKey`, derived before the transaction.
    func sealed(with key: SymmetricKey) throws -> [UInt8] {
        guard let combined = try AES.GCM.seal(try JSONEncoder().encode(self), using: key).combined else {
            throw StoreError.corrupt("an answer could not be sealed")
        }
        return Array(combined)
    }

    /// `nil` when the answer was sealed for another request, or with a secret that is gone.
    init?(opening sealed: [UInt8], for key: IdempotencyKey, with secrets: [SymmetricKey]) {
        for secret in secrets {
            guard let box = try? AES.GCM.SealedBox(combined: sealed), let text = try? AES.GCM.open(box, using: key.sealingKey(secret)),
                let stored = try? JSONDecoder().decode(Self.self, from: text)
            else { continue }
            self = stored
            return
        }
        return nil
    }
}

/// The fields of the answer, and its items beside them.
extension StoredAnswer: Codable {
    private enum Key: String, CodingKey { case items }

    init(from decoder: any Decoder) throws {
        answer = try Answer(from: decoder)
        items = try decoder.container(keyedBy: Key.self).decodeIfPresent(Int.self, forKey: .items)
    }

    func encode(to encoder: any Encoder) throws {
        try answer.encode(to: encoder)
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encodeIfPresent(items, forKey: .items)
    }
}

extension IdempotencyKey {
    func sealingKey(_ secret: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret, salt: Array(key.utf8), info: Array("taskflow idempotent answer".utf8) + request,
            outputByteCount: 32)
    }
}
