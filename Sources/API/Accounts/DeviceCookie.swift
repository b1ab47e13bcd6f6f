// The cookie by which a browser shows that somebody has logged in to an account with it before. It gives no right.
import Model

struct DeviceCookie {
    let isSecure: Bool

    private var name: String { isSecure ? "__Host-device" : "device" }

    func set(_ mark: String) -> Answer.Header {
        let secure = isSecure ? "; Secure" : ""
        let seconds = DeviceMark.lifetime.wholeMicroseconds / 1_000_000
        return .init("Set-Cookie", "\(name)=\(mark); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict\(secure)")
    }

    /// The mark in the Cookie headers of a request.
    func mark(in headers: [String]) -> String? { RefreshCookie.value(of: name, in: headers) }
}
