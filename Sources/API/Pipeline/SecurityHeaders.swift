// The headers that tell a browser what not to do with our answers (OWASP Secure Headers).
import HTTPServer

enum SecurityHeaders {
    /// Nothing may be loaded from, or framed by, an API answer. Pages set a policy of their own.
    private static let policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    private static let all = [
        ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"), ("Cache-Control", "no-store"),
    ]

    /// Headers that a response has already stay as they are.
    static func add(to response: inout Response, isSecure: Bool) {
        func set(_ name: String, _ value: String) { if response.fields[name] == nil { response.fields.append(name, value) } }
        for (name, value) in all { set(name, value) }
        guard isSecure else { return }
        set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        // Over plain HTTP browsers ignore it, and complain.
        set("Cross-Origin-Opener-Policy", "same-origin")
    }
}
