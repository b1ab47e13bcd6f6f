// The marks of devices that have logged in to an account, as browsers keep them: signed, so that nobody can make one up.
import Crypto
import Foundation
package import Model
import Wire

package struct KnownDevices: Sendable {
    /// More than any mark has.
    private static let longest = 160

    /// The first signs, all verify.
    private let secrets: [SymmetricKey]
    private let random: RandomSource

    package init(_ keys: SigningKeys, random: RandomSource) {
        secrets = keys.deviceSecrets
        self.random = random
    }

    /// The mark of a device that has just logged in. A device keeps its name.
    func mark(of user: ID<User>, epoch: Int64, before: DeviceMark?, at now: Instant) -> DeviceMark {
        let known = before.flatMap { $0.userID == user ? $0.device : nil }
        return DeviceMark(userID: user, device: known ?? base64URL(random.bytes(16)), epoch: epoch, expiresAt: now + DeviceMark.lifetime)
    }

    /// `7.….1.1826712000.…`
    package func text(of mark: DeviceMark) -> String {
        let subject = "\(mark.userID).\(mark.device).\(mark.epoch).\(mark.expiresAt.seconds)"
        return "\(subject).\(base64URL(Data(HMAC<SHA256>.authenticationCode(for: Data(subject.utf8), using: secrets[0]))))"
    }

    /// `nil` for what was not made here, or has ended.
    package func read(_ text: String, at now: Instant) -> DeviceMark? {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard parts.count == 5, let code = bytes(fromBase64URL: parts[4]) else { return nil }
        let subject = Data(parts[..<4].joined(separator: ".").utf8)
        guard secrets.contains(where: { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: subject, using: $0) }),
            let user = Int64(parts[0]), let epoch = Int64(parts[2]), let end = Int64(parts[3]), now < .seconds(end)
        else { return nil }
        return DeviceMark(userID: ID(user), device: parts[1], epoch: epoch, expiresAt: .seconds(end))
    }
}
