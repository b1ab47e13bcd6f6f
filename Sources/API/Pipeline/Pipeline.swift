// Every request goes through here, in this order: its id, the pages of other origins, its route, its answer, and what every answer has.
package import HTTPServer
import HTTPTypes
import Logging
import Model
import Payloads
import Wire

/// A page at a path that is no operation of the API.
package struct WebPage: Sendable {
    let path: String
    let make: @Sendable (Request, _ variables: [(name: String, value: Substring)]) -> Response?

    /// - Parameters:
    ///   - path: a template, as `RouteTable` has it.
    ///   - make: the answer; `nil` when there is nothing.
    package init(
        _ path: String, make: @escaping @Sendable (Request, _ variables: [(name: String, value: Substring)]) -> Response?
    ) {
        self.path = path
        self.make = make
    }
}

/// An object, so that a request takes it along as one reference and not field by field.
final class Pipeline: Sendable {
    private enum Destination: Sendable {
        case endpoint(EndpointHandler)
        case page(WebPage)
    }

    private let log: RequestLog
    private let crossOrigin: CrossOrigin
    private let routes: RouteTable<Destination>
    private let limiter: RateLimiter
    /// Of addresses that ask for what is not there: who searches for paths is held back as at any other door.
    private let limit: RateLimit?
    private let isProduction: Bool

    init(
        _ endpoints: [EndpointHandler], _ pages: [WebPage], log: RequestLog, crossOrigin: CrossOrigin, limiter: RateLimiter,
        limit: RateLimit?,
        isProduction: Bool
    ) {
        self.log = log
        self.crossOrigin = crossOrigin
        self.limiter = limiter
        self.limit = limit
        self.isProduction = isProduction
        routes = RouteTable(
            endpoints.map { .init($0.endpoint.operation.method, $0.endpoint.operation.path, .endpoint($0)) }
                + pages.map { .init(.get, $0.path, .page($0)) })
    }

    var handler: RequestHandler { RequestHandler(refuse: refuse, handle: handle) }

    private func handle(_ request: Request) -> Handling {
        var facts = log.begin(request)
        if let preflight = crossOrigin.preflight(request) { return .answer(finish(preflight, request, facts, isPreflight: true)) }
        switch routes.match(request.method, request.head.path) {
        case .found(.endpoint(let handler), let variables):
            facts.handler = handler
            switch handler.handle(request, variables, &facts) {
            case .answer(let response): return .answer(finish(response, request, facts))
            case .work(let work):
                return .work { [facts] in
                    var facts = facts
                    let response = await work(&facts)
                    return self.finish(response, request, facts)
                }
            }
        case .found(.page(let page), let variables):
            return .work { [facts] in
                if let response = page.make(request, variables) { return self.finish(response, request, facts) }
                return self.notFound(request, facts)
            }
        case .otherMethod(let allowed): return .answer(otherMethod(allowed, request, facts))
        case .none: return .answer(notFound(request, facts))
        }
    }

    private func otherMethod(_ allowed: String, _ request: Request, _ facts: RequestFacts) -> Response {
        failing(request, facts) {
            if request.method == .options { return Response(status: 204, fields: ["Allow": allowed]) }
            throw RefusedRequest(
                problem: Problem(.methodNotAllowed, "This path takes \(allowed).", headers: [.init("Allow", allowed)]))
        }
    }

    private func notFound(_ request: Request, _ facts: RequestFacts) -> Response {
        failing(request, facts) { throw RefusedRequest(problem: Problem(.notFound, "There is nothing at this path.")) }
    }

    private func failing(_ request: Request, _ facts: RequestFacts, _ make: () throws -> Response) -> Response {
        var facts = facts
        do {
            if let limit { try limiter.take(limit, .address(facts.address.flatMap(IPAddress.init))).require() }
            return finish(try make(), request, facts)
        } catch {
            let response = facts.response(to: error)
            return finish(response, request, facts)
        }
    }

    private func finish(_ response: Response, _ request: Request, _ facts: RequestFacts, isPreflight: Bool = false) -> Response {
        var response = response
        crossOrigin.add(to: &response, for: request, isPreflight: isPreflight)
        response.fields.append("X-Request-Id", facts.requestID)
        if let id = facts.clientRequestID { response.fields.append("X-Client-Request-Id", id) }
        SecurityHeaders.add(to: &response, isSecure: isProduction)
        log.end(request, response, facts)
        return response
    }

    /// What is no request at all, as a problem like any other.
    private func refuse(_ refusal: Refusal, _ peer: String?) -> Response {
        let problem = Problem(refusal == .expectation ? .expectationFailed : .malformedRequest, refusal.detail)
        let requestID = log.newRequestID()
        log.refused(problem, requestID, peer: peer)
        var response = problem.answer(instance: requestID).response
        response.fields.append("X-Request-Id", requestID)
        SecurityHeaders.add(to: &response, isSecure: isProduction)
        return response
    }
}
