// The headers that tell a browser what not to do with our answers (OWASP Secure Headers).
import HTTPTypes
package import Hummingbird

package enum SecurityHeaders {
    /// Nothing may be loaded from, or framed by, an API answer. Pages set a policy of their own.
    private static let policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    /// Headers that a response has already stay as they are.
    package static func add(to response: inout Response, isSecure: Bool) {
        func set(_ name: HTTPField.Name, _ value: String) { if response.headers[name] == nil { response.headers[name] = value } }
        set(.contentSecurityPolicy, policy)
        set(.xContentTypeOptions, "nosniff")
        set(.frameOptions, "DENY")
        set(.referrerPolicy, "no-referrer")
        set(.openerPolicy, "same-origin")
        set(.resourcePolicy, "same-origin")
        set(.permissionsPolicy, "camera=(), geolocation=(), microphone=()")
        set(.cacheControl, "no-store")
        if isSecure { set(.strictTransportSecurity, "max-age=31536000; includeSubDomains") }
    }
}
