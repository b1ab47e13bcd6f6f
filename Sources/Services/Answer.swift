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

    package init(status: Int, headers: [Header] = [], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension Answer {
    /// AES-GCM under a key made of the client's key and the request, of which the database holds hashes only: whoever reads the
    /// database, a backup included, cannot open it.
    func sealed(with key: IdempotencyKey) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            try JSONEncoder().encode(Stored(status: status, headers: headers, body: Data(body))), using: key.sealingKey)
        guard let combined = box.combined else { throw StoreError.corrupt("an answer could not be sealed") }
        return Array(combined)
    }

    init(opening sealed: [UInt8], with key: IdempotencyKey) throws {
        do {
            let text = try AES.GCM.open(try AES.GCM.SealedBox(combined: sealed), using: key.sealingKey)
            let stored = try JSONDecoder().decode(Stored.self, from: text)
            self.init(status: stored.status, headers: stored.headers, body: Array(stored.body))
        } catch {
            throw StoreError.corrupt("a stored answer cannot be opened")
        }
    }
}

private struct Stored: Codable {
    var status: Int
    var headers: [Answer.Header]
    var body: Data
}

extension IdempotencyKey {
    fileprivate var sealingKey: SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(key.utf8) + [0] + fingerprint), info: Array("taskflow idempotent answer".utf8),
            outputByteCount: 32)
    }
}
