// Names of header fields of requests that swift-http-types does not know.
import HTTPTypes

extension HTTPField.Name {
    static let host = known("Host")
    static let requestID = known("X-Request-Id")
    static let forwardedFor = known("X-Forwarded-For")
    static let forwardedProto = known("X-Forwarded-Proto")
    static let idempotencyKey = known("Idempotency-Key")
    static let fetchSite = known("Sec-Fetch-Site")

    private static func known(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("\(name) is not a header name") }
        return name
    }
}
