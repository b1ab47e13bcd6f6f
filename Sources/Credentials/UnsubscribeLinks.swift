// The token behind “No more mails like this one”: it works without a log-in and without an end, and switches off one kind of one person.
import Crypto
import Foundation
package import Model
import Wire

package struct UnsubscribeLinks: Sendable {
    /// The first signs, all verify.
    private let secrets: [SymmetricKey]

    package init(_ keys: SigningKeys) { secrets = keys.unsubscribeSecrets }

    /// `7.due_tomorrow.…`.
    package func token(_ user: ID<User>, _ kind: NotificationKind) -> String {
        let subject = "\(user).\(kind.rawValue)"
        return "\(subject).\(base64URL(Data(HMAC<SHA256>.authenticationCode(for: Data(subject.utf8), using: secrets[0]))))"
    }

    /// `nil` for a token that was not made here.
    package func read(_ token: String) -> (user: ID<User>, kind: NotificationKind)? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let user = Int64(parts[0]), let kind = NotificationKind(rawValue: String(parts[1])),
            let code = bytes(fromBase64URL: parts[2])
        else { return nil }
        let subject = Data("\(parts[0]).\(parts[1])".utf8)
        guard secrets.contains(where: { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: subject, using: $0) }) else {
            return nil
        }
        return (ID(user), kind)
    }
}
