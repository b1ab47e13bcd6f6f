// The headers that tell a browser what not to do with our answers (OWASP Secure Headers).
import HTTPTypes
package import Hummingbird

package enum SecurityHeaders {
    /// Nothing may be loaded from, or framed by, an API answer. Pages set a policy of their own.
    private static let policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    /// What a refusal at the edge gets, where there is no response yet to add to.
    static let all: [(HTTPField.Name, String)] = [
        (.contentSecurityPolicy, policy), (.xContentTypeOptions, "nosniff"), (.frameOptions, "DENY"), (.referrerPolicy, "no-referrer"),
        (.resourcePolicy, "same-origin"), (.permissionsPolicy, "camera=(), geolocation=(), microphone=()"), (.cacheControl, "no-store"),
    ]

    /// Headers that a response has already stay as they are.
    package static func add(to response: inout Response, isSecure: Bool) {
        func set(_ name: HTTPField.Name, _ value: String) { if response.headers[name] == nil { response.headers[name] = value } }
        for (name, value) in all { set(name, value) }
        guard isSecure else { return }
        set(.strictTransportSecurity, "max-age=31536000; includeSubDomains")
        // Over plain HTTP browsers ignore it, and complain.
        set(.openerPolicy, "same-origin")
    }
}
