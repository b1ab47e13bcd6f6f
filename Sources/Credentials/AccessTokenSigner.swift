// Access tokens: JWT (RFC 7519, RFC 9068) signed with Ed25519 (RFC 8037). Every token is issued here, so only the exact form that is issued here
// is taken: unknown key ids, foreign `alg` headers and other spellings of the same bytes are refused (RFC 8725).
import Crypto
import Foundation
package import Model
import Wire

package struct AccessTokenSigner: Sendable {
    private static let issuer = "taskflow"
    /// Clocks of instances may differ by so much.
    private static let leeway: Int64 = 30
    private static let longest = 4096

    private let keys: SigningKeys

    package init(_ keys: SigningKeys) { self.keys = keys }

    package struct Claims: Equatable, Sendable {
        package var userID: ID<User>
        package var sessionID: ID<Session>
        package var expiresAt: Instant

        package init(userID: ID<User>, sessionID: ID<Session>, expiresAt: Instant) {
            self.userID = userID
            self.sessionID = sessionID
            self.expiresAt = expiresAt
        }
    }

    package func sign(user: ID<User>, session: ID<Session>, at now: Instant, random: RandomSource) throws -> String {
        let payload = Payload(
            iss: Self.issuer, aud: Self.issuer, sub: "\(user)", sid: "\(session)", jti: base64URL(random.bytes(16)), iat: now.seconds,
            nbf: now.seconds, exp: (now + Session.accessLifetime).seconds)
        let signed = keys.signing.header + "." + payload.encoded
        return signed + "." + base64URL(try keys.signing.secret.signature(for: Data(signed.utf8)))
    }

    /// - Throws: `Failure.unauthenticated`.
    package func verify(_ token: String, at now: Instant) throws -> Claims {
        let payload = try payload(of: token)
        let second = now.seconds
        guard payload.exp > second else { throw Failure.unauthenticated(.expired) }
        guard payload.nbf <= second + Self.leeway, payload.iat <= second + Self.leeway else { throw Failure.unauthenticated(.invalid) }
        return try payload.claims()
    }

    /// The claims of a token that was issued here, whenever: who wants to log out need not be in time.
    /// - Throws: `Failure.unauthenticated`.
    package func verifyIgnoringTime(_ token: String) throws -> Claims { try payload(of: token).claims() }

    private func payload(of token: String) throws -> Payload {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= Self.longest, parts.count == 3, let key = keys.key(forHeader: parts[0]),
            let text = canonicalBytes(parts[1]), let signature = canonicalBytes(parts[2]),
            key.secret.publicKey.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)),
            let payload = try? JSONDecoder().decode(Payload.self, from: text), payload.encoded == parts[1],
            payload.iss == Self.issuer, payload.aud == Self.issuer
        else { throw Failure.unauthenticated(.invalid) }
        return payload
    }

    /// The bytes, when the text is their one spelling.
    private func canonicalBytes(_ text: Substring) -> Data? {
        bytes(fromBase64URL: text).flatMap { base64URL($0) == text ? $0 : nil }
    }
}

private struct Payload: Decodable {
    var iss: String
    var aud: String
    var sub: String
    var sid: String
    var jti: String
    var iat: Int64
    var nbf: Int64
    var exp: Int64

    func claims() throws -> AccessTokenSigner.Claims {
        guard let user = Int64(sub), let session = Int64(sid) else { throw Failure.unauthenticated(.invalid) }
        return .init(userID: .init(user), sessionID: .init(session), expiresAt: .seconds(exp))
    }

    /// The one spelling of this payload.
    var encoded: String {
        base64URL(
            Data(
                #"{"iss":"\#(iss)","aud":"\#(aud)","sub":"\#(sub)","sid":"\#(sid)","jti":"\#(jti)","iat":\#(iat),"nbf":\#(nbf),"exp":\#(exp)}"#
                    .utf8))
    }
}
