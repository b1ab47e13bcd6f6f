// Which pages of other origins may use the API (CORS, Fetch standard): those on the list, no others.
import HTTPTypes
import Hummingbird

struct CrossOrigin: RouterMiddleware {
    /// Exact origins such as `https://app.example.com`.
    let allowed: Set<String>

    private static let exposed =
        "Content-Disposition, ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Client-Request-Id, X-Request-Id"

    /// The answer depends on this, perhaps among others.
    private static let varies = HTTPField(name: .vary, value: "Origin")

    func handle(
        _ request: Request, context: TaskFlowContext, next: (Request, TaskFlowContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], allowed.contains(origin) else {
            var response = try await next(request, context)
            if !allowed.isEmpty { response.headers.append(Self.varies) }
            return response
        }
        var response: Response
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            response = Response(status: .noContent)
            response.headers[.accessControlAllowMethods] = "GET, HEAD, POST, PUT, PATCH, DELETE"
            response.headers[.accessControlAllowHeaders] =
                "Authorization, Cache-Control, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id"
            response.headers[.accessControlMaxAge] = "600"
        } else {
            do {
                response = try await next(request, context)
            } catch {
                // A page must be able to read why it failed.
                let (problem, cause) = Problem.of(error)
                context.record.note {
                    $0.cause = cause
                    $0.code = problem.code.rawValue
                }
                response = problem.answer(instance: context.record.all.requestID).response
            }
            response.headers[.accessControlExposeHeaders] = Self.exposed
        }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlAllowCredentials] = "true"
        response.headers[.resourcePolicy] = "cross-origin"
        response.headers.append(Self.varies)
        return response
    }
}
