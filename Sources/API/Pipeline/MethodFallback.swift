// What the router does not find: another method of a known path is 405 or OPTIONS, everything else 404.
import HTTPTypes
import Hummingbird
import Model
import Services
import Wire

struct MethodFallback: RouterMiddleware {
    private let routes: [(segments: [Substring], methods: [HTTPRequest.Method])]
    /// Paths that end with a slash by themselves.
    private let slashed: Set<String>
    private let limiter: RateLimiter
    /// Of addresses that ask for what is not there: who searches for paths is held back as at any other door.
    private let limit: RateLimit?

    init(_ operations: [(path: String, method: HTTPRequest.Method)], limiter: RateLimiter, limit: RateLimit?) {
        self.limiter = limiter
        self.limit = limit
        slashed = Set(operations.map(\.path).filter { $0.hasSuffix("/") })
        routes = Dictionary(grouping: operations, by: \.path).map { path, operations in
            let methods = operations.map(\.method)
            return (path.split(separator: "/"), methods + (methods.contains(.get) ? [.head] : []) + [.options])
        }
    }

    func handle(
        _ request: Request, context: TaskFlowContext, next: (Request, TaskFlowContext) async throws -> Response
    ) async throws -> Response {
        do {
            // The router skips empty segments: //metrics would be /metrics to it, and something else to the rules of a proxy.
            guard !hasEmptySegment(request.uri.path) else { throw HTTPError(.notFound) }
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let allowed = hasEmptySegment(request.uri.path) ? [] : methods(for: request.uri.path)
            if let limit { try limiter.take(limit, .address(context.record.all.address.flatMap(IPAddress.init))).require() }
            guard !allowed.isEmpty, !allowed.contains(request.method) || request.method == .options else {
                throw RefusedRequest(problem: Problem(.notFound, "There is nothing at this path."))
            }
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            if request.method == .options { return Response(status: .noContent, headers: [.allow: list]) }
            throw RefusedRequest(
                problem: Problem(
                    .methodNotAllowed, "This path takes \(list).", headers: [.init("Allow", list)]))
        }
    }

    private func hasEmptySegment(_ path: String) -> Bool {
        if slashed.contains(path) { return false }
        let bytes = path.utf8
        return bytes.count > 1 && (bytes.last == UInt8(ascii: "/") || zip(bytes, bytes.dropFirst()).contains { $0 == 0x2f && $1 == 0x2f })
    }

    private func methods(for path: String) -> [HTTPRequest.Method] {
        let segments = path.split(separator: "/")
        let matching = routes.filter { route in
            route.segments.count == segments.count && zip(route.segments, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // A literal path (/tasks/stats) hides the template it also matches (/tasks/{id}).
        let best = matching.map { $0.segments.count { !$0.hasPrefix("{") } }.max()
        return matching.first { $0.segments.count { !$0.hasPrefix("{") } == best }?.methods ?? []
    }
}
