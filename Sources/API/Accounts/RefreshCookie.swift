// The cookie that carries a refresh token (RFC 6265bis).
import Model

struct RefreshCookie {
    let isSecure: Bool

    /// The prefix makes browsers refuse the cookie from other hosts and from plain HTTP.
    private var name: String { isSecure ? "__Host-rt" : "rt" }

    func set(_ token: String, seconds: Int64) -> Answer.Header {
        let secure = isSecure ? "; Secure" : ""
        return .init("Set-Cookie", "\(name)=\(token); Path=/; Max-Age=\(max(0, seconds)); HttpOnly; SameSite=Strict\(secure)")
    }

    /// The token in the Cookie headers of a request.
    func token(in headers: [String]) -> String? { Self.value(of: name, in: headers) }

    /// The value of the first cookie of that name.
    static func value(of name: String, in headers: [String]) -> String? {
        for pair in headers.flatMap({ $0.split(separator: ";") }) {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, String(parts[0]).trimmed == name { return String(parts[1]).trimmed }
        }
        return nil
    }
}
