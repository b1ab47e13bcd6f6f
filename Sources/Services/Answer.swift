// An answer as it can be sent again: status, headers, body. Stored sealed, since it may hold tokens.
import Crypto
import Foundation
import StoreCore

package struct Answer: Sendable {
    package struct Header: Sendable, Codable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var status: Int
    package var headers: [Header]
    package var body: [UInt8]
    /// Makes the body while it is sent, instead of `body`. Such an answer is not stored.
    package var stream: BodyStream?
    /// How many items it is about, when it is the answer to a step of a change.
    var items: Int?

    package init(status: Int, headers: [Header] = [], body: [UInt8], stream: BodyStream? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.stream = stream
    }
}

/// A body of any length, made piece by piece while it is sent.
package struct BodyStream: Sendable {
    /// Waits until the connection has room for the piece. It throws when the client has gone.
    package typealias Send = ([UInt8]) async throws -> Void

    /// What it throws cuts the connection: the client sees that the body is not whole.
    package let write: @Sendable (_ send: Send) async throws -> Void
    /// Called when the connection ends, for a body that may wait long without sending. It may come after the end of `write`.
    package let abandoned: (@Sendable () -> Void)?

    package init(abandoned: (@Sendable () -> Void)? = nil, write: @escaping @Sendable (_ send: Send) async throws -> Void) {
        self.write = write
        self.abandoned = abandoned
    }
}

extension Answer {
    /// AES-GCM under a key made of the client's key, the request and a secret of this installation. The database holds none of the three:
    /// whoever reads it, a backup included, can neither open an answer nor try passwords against it.
    func sealed(for key: IdempotencyKey, with secret: SymmetricKey) throws -> [UInt8] {
        let text = try JSONEncoder().encode(Stored(status: status, headers: headers, body: Data(body), items: items))
        guard let combined = try AES.GCM.seal(text, using: key.sealingKey(secret)).combined else {
            throw StoreError.corrupt("an answer could not be sealed")
        }
        return Array(combined)
    }

    /// `nil` when the answer was sealed for another request, or with a secret that is gone.
    init?(opening sealed: [UInt8], for key: IdempotencyKey, with secrets: [SymmetricKey]) {
        for secret in secrets {
            guard let box = try? AES.GCM.SealedBox(combined: sealed), let text = try? AES.GCM.open(box, using: key.sealingKey(secret)),
                let stored = try? JSONDecoder().decode(Stored.self, from: text)
            else { continue }
            self.init(status: stored.status, headers: stored.headers, body: Array(stored.body))
            items = stored.items
            return
        }
        return nil
    }
}

private struct Stored: Codable {
    var status: Int
    var headers: [Answer.Header]
    var body: Data
    var items: Int?
}

extension IdempotencyKey {
    fileprivate func sealingKey(_ secret: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret, salt: Array(key.utf8), info: Array("taskflow idempotent answer".utf8) + request,
            outputByteCount: 32)
    }
}
