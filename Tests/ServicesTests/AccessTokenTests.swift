// Which access tokens are taken: exactly the ones that are issued here (RFC 8725, the 14-case probe).
import Credentials
import Crypto
import Foundation
import Model
import Testing

@Suite struct AccessTokenTests {
    private let now = Instant.seconds(1_795_166_400)
    private let seed = SigningKeys.generate(.system)

    private func token(_ seed: String, at now: Instant) throws -> String {
        try AccessTokenSigner(SigningKeys(seed)).sign(user: ID(7), session: ID(9), at: now, random: .system)
    }

    private func encoded(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The same claims under another header, signed with the real key.
    private func signed(header: String, payload: String) throws -> String {
        try signed(by: seed, "\(encoded(header)).\(payload)")
    }

    private func signed(by seed: String, _ body: String) throws -> String {
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: try #require(Data(base64Encoded: seed)))
        return body + "." + encodedData(try key.signature(for: Data(body.utf8)))
    }

    private func encodedData(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func rejection(of token: String, with keys: String? = nil, at moment: Instant? = nil) throws -> Failure? {
        do {
            _ = try AccessTokenSigner(SigningKeys(keys ?? seed)).verify(token, at: moment ?? now)
            return nil
        } catch let failure as Failure {
            return failure
        }
    }

    @Test("an issued token is taken until it expires, and says who and which session")
    func good() throws {
        let token = try token(seed, at: now)
        let claims = try AccessTokenSigner(SigningKeys(seed)).verify(token, at: now + .seconds(899))
        #expect(claims.userID == ID(7))
        #expect(claims.sessionID == ID(9))
        #expect(try rejection(of: token, at: now + .seconds(900)) == .unauthenticated(.expired))
        #expect(try rejection(of: token, at: now - .seconds(30)) == nil)
        #expect(try rejection(of: token, at: now - .seconds(31)) == .unauthenticated(.invalid))
    }

    @Test("every other spelling, header, key and claim is refused")
    func bad() throws {
        let good = try token(seed, at: now)
        let parts = good.split(separator: ".").map(String.init)
        let (header, payload, signature) = (parts[0], parts[1], parts[2])
        let kid = SigningKeys.id(of: seed)
        func claims(_ change: (inout [String: Any]) -> Void) throws -> String {
            var padded = payload.replacing("-", with: "+").replacing("_", with: "/")
            padded += String(repeating: "=", count: (4 - padded.count % 4) % 4)
            let text = try #require(Data(base64Encoded: padded))
            var object = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
            change(&object)
            return encodedData(try JSONSerialization.data(withJSONObject: object))
        }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try #require(signature.last.flatMap { alphabet.firstIndex(of: $0) })
        let cases: [(String, String)] = [
            ("unknown kid", try signed(header: #"{"alg":"EdDSA","kid":"other","typ":"at+jwt"}"#, payload: payload)),
            ("no kid", try signed(header: #"{"alg":"EdDSA","typ":"at+jwt"}"#, payload: payload)),
            ("numeric kid", try signed(header: #"{"alg":"EdDSA","kid":1,"typ":"at+jwt"}"#, payload: payload)),
            ("kid with a path", try signed(header: #"{"alg":"EdDSA","kid":"../key","typ":"at+jwt"}"#, payload: payload)),
            ("alg RS256", try signed(header: #"{"alg":"RS256","kid":"\#(kid)","typ":"at+jwt"}"#, payload: payload)),
            ("alg none with a signature", try signed(header: #"{"alg":"none","kid":"\#(kid)","typ":"at+jwt"}"#, payload: payload)),
            ("alg none without one", encoded(#"{"alg":"none"}"#) + ".\(payload)."),
            ("crit", try signed(header: #"{"alg":"EdDSA","crit":["x"],"kid":"\#(kid)","typ":"at+jwt"}"#, payload: payload)),
            ("jwk", try signed(header: #"{"alg":"EdDSA","jwk":{},"kid":"\#(kid)","typ":"at+jwt"}"#, payload: payload)),
            ("another typ", try signed(header: #"{"alg":"EdDSA","kid":"\#(kid)","typ":"JWT"}"#, payload: payload)),
            ("header members in another order", try signed(header: #"{"kid":"\#(kid)","alg":"EdDSA","typ":"at+jwt"}"#, payload: payload)),
            (
                "duplicate header members",
                try signed(header: #"{"alg":"none","alg":"EdDSA","kid":"\#(kid)","typ":"at+jwt"}"#, payload: payload)
            ),
            ("padding", good + "=="), ("padding in the payload", "\(header).\(payload)=.\(signature)"),
            // 64 bytes leave four bits of the last character unused.
            ("unused bits of the last character", String(good.dropLast()) + String(alphabet[last ^ 1])),
            ("other unused bits", String(good.dropLast()) + String(alphabet[last ^ 8])),
            ("white space", good + " "), ("a line break", "\(header).\(payload)\n.\(signature)"), ("two parts", "\(header).\(payload)"),
            ("four parts", good + ".x"), ("nothing", ""), ("too long", good + String(repeating: "A", count: 4096)),
            (
                "a duplicate claim",
                try signedPayload(
                    #"{"iss":"taskflow","iss":"taskflow","aud":"taskflow","sub":"7","sid":"9","jti":"x","iat":1795166400,"nbf":1795166400,"exp":1795167300}"#,
                    kid)
            ),
            (
                "another issuer",
                try signed(header: #"{"alg":"EdDSA","kid":"\#(kid)","typ":"at+jwt"}"#, payload: try claims { $0["iss"] = "other" })
            ),
            (
                "another audience",
                try signed(header: #"{"alg":"EdDSA","kid":"\#(kid)","typ":"at+jwt"}"#, payload: try claims { $0["aud"] = "other" })
            ),
            ("no session", try signed(header: #"{"alg":"EdDSA","kid":"\#(kid)","typ":"at+jwt"}"#, payload: try claims { $0["sid"] = nil })),
            ("standard alphabet", "\(header).\(payload).\(signature.replacing("-", with: "+").replacing("_", with: "/"))+/"),
            ("another key", try token(SigningKeys.generate(.system), at: now)),
            ("the signature of another token", "\(header).\(payload).\(try token(seed, at: now).split(separator: ".")[2])"),
            ("the signature of another key", try signed(by: SigningKeys.generate(.system), "\(header).\(payload)")),
            ("no signature", "\(header).\(payload)."),
            ("a changed payload", "\(header).\(try claims { $0["sub"] = "1" }).\(signature)"),
        ]
        for (name, token) in cases { #expect(try rejection(of: token) == .unauthenticated(.invalid), "\(name)") }
    }

    private func signedPayload(_ payload: String, _ kid: String) throws -> String {
        try signed(header: #"{"alg":"EdDSA","kid":"\#(kid)","typ":"at+jwt"}"#, payload: encoded(payload))
    }

    @Test("during a rotation tokens of the old and of the new key are taken; a key that is gone takes its tokens with it")
    func rotation() throws {
        let next = SigningKeys.generate(.system)
        let old = try token(seed, at: now)
        let new = try token("\(next),\(seed)", at: now)
        #expect(try rejection(of: old, with: "\(next), \(seed)") == nil)
        #expect(try rejection(of: new, with: "\(seed)\n\(next)") == nil)
        #expect(try rejection(of: new, with: seed) == .unauthenticated(.invalid))
        #expect(try rejection(of: old, with: next) == .unauthenticated(.invalid))
        #expect(try SigningKeys("\(next),\(seed)").publicKeys.count == 2)
    }

    @Test("keys that are empty, malformed or not random are named as such")
    func weakKeys() {
        #expect(throws: SigningKeys.Problem.empty) { try SigningKeys(" , ") }
        for text in ["short", "not base64 at all!", Data(count: 31).base64EncodedString(), Data(count: 33).base64EncodedString()] {
            #expect(throws: SigningKeys.Problem.malformed) { try SigningKeys(text.replacing(" ", with: "")) }
        }
        for bytes in [Array(repeating: UInt8(0), count: 32), Array(0..<32), Array("secretsecretsecretsecretsecretse".utf8)] {
            #expect(throws: SigningKeys.Problem.weak) { try SigningKeys(Data(bytes).base64EncodedString()) }
        }
    }
}

extension SigningKeys {
    fileprivate static func id(of seed: String) -> String { (try? SigningKeys(seed).publicKeys.first?.id) ?? "" }
}
