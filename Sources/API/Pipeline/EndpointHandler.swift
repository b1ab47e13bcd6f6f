// One request to one endpoint: authenticate, limit, read, run, answer.
import BoundedText
import ChangeLedger
import Credentials
import Crypto
import HTTPServer
import HTTPTypes
import Model
import NIOCore
import Repositories
import Wire

/// What all endpoints share.
struct EndpointRunner: Sendable {
    let authenticator: Authenticator
    let ledger: Ledger
    let limiter: RateLimiter
    let limits: RateLimits?
    let proxies: TrustedProxies
    let allowedOrigins: Set<String>
    /// Bytes of a body.
    let bodyLimit: Int
    /// Bytes of a file.
    let fileLimit: Int
    let devices: KnownDevices
    let clock: WallClock
    /// Read and answer what is too large for an event loop.
    let threads: PatientThreads

    /// Bytes of a body that is read on an event loop: a larger one would hold up every other request there.
    static let briefBody = 8 << 10
    /// Bytes of a body from somebody who has not shown who they are: enough for every form that they can send.
    static let strangersBody = 16 << 10
    /// Bytes of a body where none is taken: clients that always send `{}`, and the form of a mail program, are borne.
    static let unusedBody = 1 << 10
}

struct EndpointHandler: Sendable {
    let endpoint: Endpoint
    private let runner: EndpointRunner
    /// Of the fields that the endpoint reads.
    private let headerNames: [HTTPField.Name]

    init(endpoint: Endpoint, runner: EndpointRunner) {
        self.endpoint = endpoint
        self.runner = runner
        headerNames = endpoint.operation.parameters(in: .header).compactMap { HTTPField.Name($0.name) }
    }

    /// - Parameter variables: of the path, percent-encoded.
    func respond(_ request: Request, _ variables: [(name: String, value: Substring)], _ facts: inout RequestFacts) async -> Response {
        let visitor = visitor(request, facts)
        var exchange = Exchange(
            visitor: visitor, actor: nil, input: RequestInput(), target: request.head.target, idempotencyKey: nil, ledger: runner.ledger,
            threads: runner.threads)

        // Guesses at tokens count against the address that makes them.
        let (authentication, counted) = await authenticate(visitor)
        let limit = self.limit(of: visitor)
        let verdict = counted.flatMap { subject in limit.map { runner.limiter.take($0, subject) } }
        do {
            try verdict?.require()
            exchange.actor = try authentication.get()
            facts.user = exchange.actor?.userID.value
            try endpoint.requirement.check(visitor)
            if let actor = exchange.actor {
                try endpoint.requirement.check(actor)
                if endpoint.requirement.needsRecentPassword { try await runner.authenticator.requireRecentPassword(of: actor) }
            }
            try requirePlain(request)
            let body = endpoint.takesFile ? ByteBuffer() : try await body(of: request)
            if endpoint.takesFile { exchange.content = try FileContent(request, limit: runner.fileLimit) }
            let isBrief = !endpoint.takesFile && body.readableBytes <= EndpointRunner.briefBody
            var response =
                isBrief
                ? try await answer(exchange, request, variables, body)
                : try await withTaskExecutorPreference(runner.threads) { [exchange] in
                    try await answer(exchange, request, variables, body)
                }
            var shown = verdict
            // Free is what spares work to those who have it already, not a way around the limit.
            let isFree = response.status == 304 && EntityTags(request.head.values(of: .ifNoneMatch)) != .any
            if isFree, let verdict { shown = runner.limiter.refund(verdict) }
            shown?.headers.forEach { response.fields[$0.name] = $0.value }
            return response
        } catch {
            var response = facts.response(to: error)
            verdict?.headers.forEach { response.fields[$0.name] = $0.value }
            return response
        }
    }

    private func answer(
        _ exchange: Exchange, _ request: Request, _ variables: [(name: String, value: Substring)], _ body: ByteBuffer
    ) async throws -> Response {
        var exchange = exchange
        exchange.input = try input(request, variables, body)
        let known = try knownTags(request)
        exchange.idempotencyKey = try idempotencyKey(request, exchange, body)
        var (answer, isReplay) = try await endpoint.respond(exchange)
        let isCurrent = answer.tag.flatMap { known?.matches($0) } == true
        let isCompressed = endpoint.mayBeCompressed && answer.negotiate(request.head.values(of: .acceptEncoding))
        if isCurrent {
            answer.headers.removeAll { $0.name != "ETag" && $0.name != "Vary" }
            return Answer(status: 304, headers: answer.headers, body: []).response
        }
        if isCompressed { answer = try await answer.compressed(on: runner.threads) }
        if isReplay { answer.headers.append(.init("Idempotency-Replayed", "true")) }
        return answer.response
    }

    /// What the client has already, where the endpoint tells whether it is still current. The comparison is weak (RFC 9110, 13.1.2).
    private func knownTags(_ request: Request) throws -> EntityTags? {
        let lines = request.head.values(of: .ifNoneMatch)
        guard !lines.isEmpty, endpoint.operation.parameters.contains(where: { $0.name == "If-None-Match" }) else { return nil }
        guard let tags = EntityTags(lines) else { throw Faults([Fault("header:If-None-Match", EntityTags.fault)]) }
        return tags
    }

    // MARK: Who

    private func visitor(_ request: Request, _ facts: RequestFacts) -> Visitor {
        let isSecure = request.peer.map(runner.proxies.contains) == true && request[.forwardedProto] == "https"
        let cookies = request.head.values(of: .cookie)
        // Only who guesses is asked for it.
        let mark = endpoint.isCredentialCheck ? DeviceCookie(isSecure: isSecure).mark(in: cookies) : nil
        return Visitor(
            origin: Origin(
                requestID: facts.requestID, address: facts.address,
                userAgent: request[.userAgent].flatMap { $0.isBlank ? nil : $0 },
                device: mark.flatMap { runner.devices.read($0, at: runner.clock.now()) }),
            bearer: bearer(request[.authorization]), cookieToken: RefreshCookie(isSecure: isSecure).token(in: cookies),
            isSecure: isSecure, isSameSite: isSameSite(request), isBrowser: request[.fetchSite] != nil)
    }

    private func bearer(_ header: String?) -> String? {
        guard let header, header.prefix(7).lowercased() == "bearer " else { return nil }
        return String(header.dropFirst(7)).trimmed
    }

    /// Cross-site request forgery: modern browsers say where a request comes from, older ones at least name its origin.
    private func isSameSite(_ request: Request) -> Bool {
        let origin = request[.origin]
        if let origin, runner.allowedOrigins.contains(origin) { return true }
        if let site = request[.fetchSite] { return site == "same-origin" || site == "none" }
        guard let origin else { return true }
        return origin.split(separator: "/").last.map(String.init) == request[.host]
    }

    private func authenticate(_ visitor: Visitor) async -> (Result<Actor?, any Error>, counted: RateSubject?) {
        let address = visitor.origin.rateSubject
        switch endpoint.requirement {
        case .nobody, .cookieHolder, .voluntary: return (.success(nil), endpoint.isUnlimited ? nil : address)
        case .anyCredential, .session, .recentSession, .scope, .admin, .recentAdmin: break
        }
        guard let bearer = visitor.bearer else { return (.failure(Failure.unauthenticated(.missing)), address) }
        do {
            let actor = try await runner.authenticator.authenticate(bearer, from: visitor.origin)
            return (.success(actor), .user(actor.userID))
        } catch {
            return (.failure(error), address)
        }
    }

    private func limit(of visitor: Visitor) -> RateLimit? {
        guard let limits = runner.limits else { return nil }
        if endpoint.takesFile { return limits.imports }
        let isKnownDevice = endpoint.countsDevices && visitor.origin.device != nil
        return endpoint.isCredentialCheck && !isKnownDevice ? limits.credentials : limits.general
    }

    // MARK: What

    /// A body that unfolds to more than was sent is not taken.
    private func requirePlain(_ request: Request) throws(RefusedRequest) {
        guard request[.contentEncoding].map({ $0.lowercased() != "identity" }) == true else { return }
        throw RefusedRequest(
            problem: Problem(.unsupportedMediaType, "Send the body without Content-Encoding."))
    }

    /// A body that is not taken, or is too large, is not waited for: the connection is closed behind the answer.
    private func body(of request: Request) async throws -> ByteBuffer {
        let (limit, tooLarge) = bodyLimit
        if let announced = request.head.contentLength, announced > limit { throw tooLarge }
        do {
            return try await request.body.collect(upTo: limit)
        } catch {
            throw error == .tooLarge ? tooLarge : RefusedRequest.cutOff
        }
    }

    private var bodyLimit: (bytes: Int, refusal: any Error) {
        guard endpoint.operation.body != nil else { return (EndpointRunner.unusedBody, Self.noBody) }
        let limit =
            switch endpoint.requirement {
            case .nobody, .cookieHolder, .voluntary: min(EndpointRunner.strangersBody, runner.bodyLimit)
            case .anyCredential, .session, .recentSession, .scope, .admin, .recentAdmin: runner.bodyLimit
            }
        return (limit, RefusedRequest.tooLarge(limit))
    }

    private static let noBody = Faults([Fault("", "this operation takes no body")])

    private func input(
        _ request: Request, _ variables: [(name: String, value: Substring)], _ body: ByteBuffer
    ) throws -> RequestInput {
        var input = RequestInput()
        for name in headerNames {
            for value in request.head.values(of: name) { input.headers.append(HTTPField(name: name, value: value)) }
        }
        for (name, value) in variables {
            guard let text = percentDecoded(value), text.isStreamSafe else {
                throw Faults([
                    Fault(
                        "path:\(name)",
                        "is not valid percent-encoded UTF-8, or has more than \(combiningMarkLimit) combining marks in a row")
                ])
            }
            input.path[name] = text
        }
        if let query = request.head.query { input.query = try parseQuery(query) }
        guard body.readableBytes > 0 else { return input }
        if endpoint.bearsForms { return input }
        guard endpoint.operation.body != nil else {
            guard case .object([])? = try? JSON(parsing: body.readableBytesView) else { throw Self.noBody }
            return input
        }
        try requireJSON(request[.contentType])
        do {
            input.body = try JSON(parsing: body.readableBytesView)
        } catch {
            throw Faults([Fault("", "is not JSON: \(error.detail) at byte \(error.offset)")])
        }
        return input
    }

    /// RFC 7396 is what our partial updates do: a field that is not there stays, `null` clears.
    private static let jsonTypes: Set<String> = ["application/json", "application/merge-patch+json"]

    private func requireJSON(_ contentType: String?) throws(RefusedRequest) {
        let parts = (contentType ?? "").split(separator: ";").map { String($0).trimmed.lowercased() }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?.dropFirst(8).replacing("\"", with: "")
        guard let type = parts.first, Self.jsonTypes.contains(type), charset == nil || charset == "utf-8" else {
            throw RefusedRequest(
                problem: Problem(
                    .unsupportedMediaType, "Send the body as application/json or application/merge-patch+json in UTF-8."))
        }
    }

    private func idempotencyKey(_ request: Request, _ exchange: Exchange, _ body: ByteBuffer) throws -> IdempotencyKey? {
        let values = request.head.values(of: .idempotencyKey)
        guard endpoint.operation.method == .post, let key = values.first else { return nil }
        guard values.count == 1, IdempotencyKey.keyLength.contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw Faults([Fault("header:Idempotency-Key", "must be 1 to 255 visible ASCII characters")])
        }
        var hash = SHA256()
        hash.update(data: Array(request.head.target.utf8) + [0])
        hash.update(data: Array(body.readableBytesView))
        // A secret is shown again only to the session that asked for it: another session of the user may be a thief's.
        if endpoint.holdsSecret, let session = exchange.actor?.sessionID { hash.update(data: Array(" session \(session)".utf8)) }
        return IdempotencyKey(scope: scope(of: exchange), operation: endpoint.id.rawValue, key: key, request: Array(hash.finalize()))
    }

    /// Whose keys these are. A visitor is named by the token or the cookie that comes along; whoever brings neither, by the address. Then the
    /// secret of the request, if it has one, is in its body.
    private func scope(of exchange: Exchange) -> String {
        if let actor = exchange.actor { return IdempotentAnswers.scope(of: actor.userID) }
        let visitor = exchange.visitor
        if let bearer = visitor.bearer { return "token \(hex(Array(SHA256.hash(data: Array(bearer.utf8)))))" }
        if endpoint.requirement.takesCookie, let cookie = visitor.cookieToken {
            return "cookie \(hex(Array(SHA256.hash(data: Array(cookie.utf8)))))"
        }
        return "visitor \(visitor.origin.address ?? "unknown")"
    }
}
