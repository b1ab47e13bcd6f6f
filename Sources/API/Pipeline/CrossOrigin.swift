// Which pages of other origins may use the API (CORS, Fetch standard): those on the list, no others.
import HTTPServer
import HTTPTypes

struct CrossOrigin: Sendable {
    /// Exact origins such as `https://app.example.com`.
    let allowed: Set<String>

    private static let exposed =
        "Content-Disposition, ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Client-Request-Id, X-Request-Id"

    /// The answer to a browser that asks whether a page may send a request; `nil` for other requests.
    func preflight(_ request: Request) -> Response? {
        guard request.method == .options, origin(of: request) != nil, request[.accessControlRequestMethod] != nil else { return nil }
        return Response(
            status: 204,
            fields: [
                "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
                "Access-Control-Allow-Headers":
                    "Authorization, Cache-Control, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id",
                "Access-Control-Max-Age": "600",
            ])
    }

    /// Says of every answer, errors included, whether the page may read it.
    func add(to response: inout Response, for request: Request, isPreflight: Bool) {
        if allowed.isEmpty { return }
        if let origin = origin(of: request) {
            if !isPreflight { response.fields["Access-Control-Expose-Headers"] = Self.exposed }
            response.fields["Access-Control-Allow-Origin"] = origin
            response.fields["Access-Control-Allow-Credentials"] = "true"
            response.fields["Cross-Origin-Resource-Policy"] = "cross-origin"
        }
        // The answer depends on this, perhaps among others.
        response.fields.append("Vary", "Origin")
    }

    private func origin(of request: Request) -> String? {
        if allowed.isEmpty { return nil }
        return request[.origin].flatMap { allowed.contains($0) ? $0 : nil }
    }
}
