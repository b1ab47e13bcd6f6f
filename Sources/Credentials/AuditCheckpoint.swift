// The end of the event log at one moment, signed, to be kept where the administrator of the database cannot reach it.
import Crypto
import Foundation
package import Model
package import Repositories
import Wire

package struct AuditCheckpoint: Sendable, Equatable {
    private static let version = "taskflow-checkpoint-1"

    package var head: EventChain.Head
    package var at: Instant

    package init(head: EventChain.Head, at: Instant) {
        self.head = head
        self.at = at
    }

    /// `version.position.hash.seconds.key.signature`: one word, which also fits a query.
    package func signed(by keys: SigningKeys) throws -> String {
        let text = [Self.version, "\(head.position)", base64URL(Data(head.hash)), "\(at.seconds)", keys.signing.id].joined(separator: ".")
        return text + "." + base64URL(try keys.signing.secret.signature(for: Data(text.utf8)))
    }

    /// `nil` when no key that is known here has signed it.
    package init?(_ signed: String, keys: SigningKeys) {
        let text = signed.filter { !$0.isWhitespace }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == Self.version, let position = Int64(parts[1]), position >= 0,
            let hash = bytes(fromBase64URL: parts[2]), hash.count == 32, let seconds = Int64(parts[3]),
            let key = keys.keys.first(where: { $0.id == parts[4] }), let signature = bytes(fromBase64URL: parts[5]),
            key.secret.publicKey.isValidSignature(Data(signature), for: Data(parts[..<5].joined(separator: ".").utf8))
        else { return nil }
        self.init(head: .init(position: position, hash: Array(hash)), at: .seconds(seconds))
    }
}
