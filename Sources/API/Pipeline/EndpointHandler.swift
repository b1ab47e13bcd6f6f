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
import StoreCore
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

/// An object, so that a request takes it along as one reference and not field by field.
final class EndpointHandler: Sendable {
    let endpoint: Endpoint
    private let runner: EndpointRunner
    /// Of the fields that the endpoint reads.
    private let headerNames: [HTTPField.Name]

    init(endpoint: Endpoint, runner: EndpointRunner) {
        self.endpoint = endpoint
        self.runner = runner
        headerNames = endpoint.operation.parameters(in: .header).compactMap { HTTPField.Name($0.name) }
    }

    /// The way of a request: to its answer where everything is at hand, otherwise to work that somebody has to wait for.
    enum Handled {
        case answer(Response)
        case work(@Sendable (inout RequestFacts) async -> Response)
    }

    /// Somebody who was let in, or not, and what the limit says of it.
    private struct Caller {
        var visitor: Visitor
        var authentication: Result<Actor?, any Error>
        var verdict: RateLimiter.Verdict?
    }

    /// Answers on the event loop where the caller is remembered, no body is on its way, and what is read is read at once: see
    /// `Store.rowsAtOnce` for how long that may take. Everything else is work.
    /// - Parameter variables: of the path, percent-encoded.
    func handle(_ request: Request, _ variables: [(name: String, value: Substring)], _ facts: inout RequestFacts) -> Handled {
        guard let prepare = endpoint.prepare, request.head.framing == .none, !endpoint.requirement.needsRecentPassword,
            let caller = rememberedCaller(request, facts)
        else { return .work { await self.respond(request, variables, &$0) } }
        do {
            var exchange = try admit(caller, request, &facts)
            exchange.input = try input(request, variables, ByteBuffer())
            let known = try knownTags(request)
            let read = try prepare(exchange)
            let answer = try read.atOnce()
            if let response = try answer.flatMap({ try responseAtOnce($0, known, request) }) {
                return .answer(settle(.success(response), caller.verdict, request, &facts))
            }
            return .work { facts in
                await self.settling(caller.verdict, request, &facts) {
                    if let answer { return try await self.response(answer, known, request) }
                    return try await self.response(try await read.whenever(), known, request)
                }
            }
        } catch {
            return .answer(settle(.failure(error), caller.verdict, request, &facts))
        }
    }

    private func respond(
        _ request: Request, _ variables: [(name: String, value: Substring)], _ facts: inout RequestFacts
    ) async -> Response {
        let caller = await caller(request, facts)
        do {
            let exchange = try admit(caller, request, &facts)
            return await settling(caller.verdict, request, &facts) { try await answer(exchange, request, variables) }
        } catch {
            return settle(.failure(error), caller.verdict, request, &facts)
        }
    }

    /// - Throws: why the request is not served, before anything of it is read.
    private func admit(_ caller: Caller, _ request: Request, _ facts: inout RequestFacts) throws -> Exchange {
        try caller.verdict?.require()
        let actor = try caller.authentication.get()
        facts.user = actor?.userID.value
        try endpoint.requirement.check(caller.visitor)
        if let actor { try endpoint.requirement.check(actor) }
        try requirePlain(request)
        return Exchange(
            visitor: caller.visitor, actor: actor, input: RequestInput(), target: request.head.target, idempotencyKey: nil,
            ledger: runner.ledger, threads: runner.threads)
    }

    private func answer(_ exchange: Exchange, _ request: Request, _ variables: [(name: String, value: Substring)]) async throws -> Response
    {
        var exchange = exchange
        if let actor = exchange.actor, endpoint.requirement.needsRecentPassword {
            try await runner.authenticator.requireRecentPassword(of: actor)
        }
        let body = endpoint.takesFile ? ByteBuffer() : try await body(of: request)
        if endpoint.takesFile { exchange.content = try FileContent(request, limit: runner.fileLimit) }
        let isBrief = !endpoint.takesFile && body.readableBytes <= EndpointRunner.briefBody
        return isBrief
            ? try await answer(exchange, request, variables, body)
            : try await withTaskExecutorPreference(runner.threads) { [exchange] in try await answer(exchange, request, variables, body) }
    }

    private func answer(
        _ exchange: Exchange, _ request: Request, _ variables: [(name: String, value: Substring)], _ body: ByteBuffer
    ) async throws -> Response {
        var exchange = exchange
        exchange.input = try input(request, variables, body)
        let known = try knownTags(request)
        exchange.idempotencyKey = try idempotencyKey(request, exchange, body)
        let (answer, isReplay) = try await endpoint.respond(exchange)
        return try await response(answer, isReplay: isReplay, known, request)
    }

    // MARK: The answer

    private func settling(
        _ verdict: RateLimiter.Verdict?, _ request: Request, _ facts: inout RequestFacts, _ make: () async throws -> Response
    ) async -> Response {
        do {
            return settle(.success(try await make()), verdict, request, &facts)
        } catch {
            return settle(.failure(error), verdict, request, &facts)
        }
    }

    /// What came of the request, with what the limit says.
    private func settle(
        _ result: Result<Response, any Error>, _ verdict: RateLimiter.Verdict?, _ request: Request, _ facts: inout RequestFacts
    ) -> Response {
        var (response, shown) = (Response(status: 500), verdict)
        switch result {
        case .success(let made):
            response = made
            // Free is what spares work to those who have it already, not a way around the limit.
            let isFree = response.status == 304 && EntityTags(request.head.values(of: .ifNoneMatch)) != .any
            if isFree, let verdict { shown = runner.limiter.refund(verdict) }
        case .failure(let error): response = facts.response(to: error)
        }
        shown?.headers.forEach { response.fields[$0.name] = $0.value }
        return response
    }

    private func response(
        _ answer: Answer, isReplay: Bool = false, _ known: EntityTags?, _ request: Request
    ) async throws -> Response {
        var (answer, isToBeCompressed) = negotiated(answer, known, request)
        if isToBeCompressed { answer = try await answer.compressed(on: runner.threads) }
        if isReplay, answer.status != 304 { answer.headers.append(.init("Idempotency-Replayed", "true")) }
        return answer.response
    }

    /// - Returns: `nil` when the answer has to be compressed and is too long for it.
    private func responseAtOnce(_ answer: Answer, _ known: EntityTags?, _ request: Request) throws -> Response? {
        let (answer, isToBeCompressed) = negotiated(answer, known, request)
        return isToBeCompressed ? try answer.compressedAtOnce()?.response : answer.response
    }

    /// The answer as the client wants it: 304 when it has that already.
    private func negotiated(_ answer: Answer, _ known: EntityTags?, _ request: Request) -> (answer: Answer, isToBeCompressed: Bool) {
        var answer = answer
        let isCurrent = answer.tag.flatMap { known?.matches($0) } == true
        let isToBeCompressed = endpoint.mayBeCompressed && answer.negotiate(request.head.values(of: .acceptEncoding))
        guard isCurrent else { return (answer, isToBeCompressed) }
        answer.headers.removeAll { $0.name != "ETag" && $0.name != "Vary" }
        return (Answer(status: 304, headers: answer.headers, body: []), false)
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
        let scheme = "bearer ".utf8
        guard let header = header?.utf8, header.count >= scheme.count, zip(header, scheme).allSatisfy({ $0 | 0x20 == $1 }) else {
            return nil
        }
        return String(Substring(header.dropFirst(scheme.count))).trimmed
    }

    /// Cross-site request forgery: modern browsers say where a request comes from, older ones at least name its origin.
    private func isSameSite(_ request: Request) -> Bool {
        let origin = request[.origin]
        if let origin, runner.allowedOrigins.contains(origin) { return true }
        if let site = request[.fetchSite] { return site == "same-origin" || site == "none" }
        guard let origin else { return true }
        return origin.split(separator: "/").last.map(String.init) == request[.host]
    }

    /// Guesses at tokens count against the address that makes them.
    private func caller(_ request: Request, _ facts: RequestFacts) async -> Caller {
        let visitor = visitor(request, facts)
        guard endpoint.requirement.needsCredential, let bearer = visitor.bearer else { return stranger(visitor) }
        do {
            return counted(visitor, .success(try await runner.authenticator.authenticate(bearer, from: visitor.origin)))
        } catch {
            return counted(visitor, .failure(error))
        }
    }

    /// - Returns: `nil` when the store has to be asked who it is.
    private func rememberedCaller(_ request: Request, _ facts: RequestFacts) -> Caller? {
        let visitor = visitor(request, facts)
        guard endpoint.requirement.needsCredential, let bearer = visitor.bearer else { return stranger(visitor) }
        return runner.authenticator.remembered(bearer, from: visitor.origin).map { counted(visitor, .success($0)) }
    }

    /// Somebody without a credential, where there is none to be had, or it is missing.
    private func stranger(_ visitor: Visitor) -> Caller {
        endpoint.requirement.needsCredential
            ? counted(visitor, .failure(Failure.unauthenticated(.missing))) : counted(visitor, .success(nil))
    }

    private func counted(_ visitor: Visitor, _ authentication: Result<Actor?, any Error>) -> Caller {
        var caller = Caller(visitor: visitor, authentication: authentication)
        guard let limit = limit(of: visitor) else { return caller }
        if case .success(let actor?) = authentication {
            caller.verdict = runner.limiter.take(limit, .user(actor.userID))
        } else if endpoint.requirement.needsCredential || !endpoint.isUnlimited {
            caller.verdict = runner.limiter.take(limit, visitor.origin.rateSubject)
        }
        return caller
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
