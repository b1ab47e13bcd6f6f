// One request to one endpoint: authenticate, limit, read, run, answer.
import BoundedText
import Crypto
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Repositories
import Services
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
    let runner: EndpointRunner

    func respond(_ request: Request, _ context: TaskFlowContext) async throws -> Response {
        context.record.note { $0.operation = endpoint.id.rawValue }
        let facts = context.record.all
        let visitor = visitor(request, context, facts)
        var exchange = Exchange(
            visitor: visitor, actor: nil, input: RequestInput(headers: request.headers), target: request.head.path ?? "/",
            idempotencyKey: nil, ledger: runner.ledger, threads: runner.threads)

        // Guesses at tokens count against the address that makes them.
        let (authentication, counted) = await authenticate(visitor)
        let limit = self.limit(of: visitor)
        let verdict = counted.flatMap { subject in limit.map { runner.limiter.take($0, subject) } }
        do {
            try verdict?.require()
            exchange.actor = try authentication.get()
            context.record.note { $0.user = exchange.actor?.userID.value }
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
                ? try await answer(exchange, request, context, body)
                : try await withTaskExecutorPreference(runner.threads) { [exchange] in
                    try await answer(exchange, request, context, body)
                }
            var shown = verdict
            // Free is what spares work to those who have it already, not a way around the limit.
            let isFree = response.status == .notModified && EntityTags(request.headers[values: .ifNoneMatch]) != .any
            if isFree, let verdict { shown = runner.limiter.refund(verdict) }
            shown?.headers.forEach { response.add($0) }
            return response
        } catch {
            let (problem, cause) = Problem.of(error)
            context.record.note {
                $0.cause = cause
                $0.code = problem.code.rawValue
            }
            var response = problem.answer(instance: facts.requestID).response
            verdict?.headers.forEach { response.add($0) }
            return response
        }
    }

    private func answer(
        _ exchange: Exchange, _ request: Request, _ context: TaskFlowContext, _ body: ByteBuffer
    ) async throws -> Response {
        var exchange = exchange
        exchange.input = try input(request, context, body)
        let known = try knownTags(request)
        exchange.idempotencyKey = try idempotencyKey(request, exchange, body)
        let (answer, isReplay) = try await endpoint.respond(exchange)
        if let abandoned = answer.stream?.abandoned, request.method != .head { context.closed.whenComplete { _ in abandoned() } }
        var response = answer.response
        if isReplay { response.headers[.idempotencyReplayed] = "true" }
        guard let known, let tag = response.headers[.eTag], known.matches(tag) else { return response }
        return Response(status: .notModified, headers: [.eTag: tag])
    }

    /// What the client has already, where the endpoint tells whether it is still current. The comparison is weak (RFC 9110, 13.1.2).
    private func knownTags(_ request: Request) throws -> EntityTags? {
        let lines = request.headers[values: .ifNoneMatch]
        guard !lines.isEmpty, endpoint.operation.parameters.contains(where: { $0.name == "If-None-Match" }) else { return nil }
        guard let tags = EntityTags(lines) else { throw Faults([Fault("header:If-None-Match", EntityTags.fault)]) }
        return tags
    }

    // MARK: Who

    private func visitor(_ request: Request, _ context: TaskFlowContext, _ facts: RequestRecord.Facts) -> Visitor {
        let isSecure = context.peer.map(runner.proxies.contains) == true && request.headers[.forwardedProto] == "https"
        let cookies = request.headers[values: .cookie]
        // Only who guesses is asked for it.
        let mark = endpoint.isCredentialCheck ? DeviceCookie(isSecure: isSecure).mark(in: cookies) : nil
        return Visitor(
            origin: Origin(
                requestID: facts.requestID, address: facts.address,
                userAgent: request.headers[.userAgent].flatMap { $0.isBlank ? nil : $0 },
                device: mark.flatMap { runner.devices.read($0, at: runner.clock.now()) }),
            bearer: bearer(request.headers[.authorization]), cookieToken: RefreshCookie(isSecure: isSecure).token(in: cookies),
            isSecure: isSecure, isSameSite: isSameSite(request), isBrowser: request.headers[.fetchSite] != nil)
    }

    private func bearer(_ header: String?) -> String? {
        guard let header, header.prefix(7).lowercased() == "bearer " else { return nil }
        return String(header.dropFirst(7)).trimmed
    }

    /// Cross-site request forgery: modern browsers say where a request comes from, older ones at least name its origin.
    private func isSameSite(_ request: Request) -> Bool {
        let origin = request.headers[.origin]
        if let origin, runner.allowedOrigins.contains(origin) { return true }
        if let site = request.headers[.fetchSite] { return site == "same-origin" || site == "none" }
        guard let origin else { return true }
        return origin.split(separator: "/").last.map(String.init) == request.head.authority
    }

    private func authenticate(_ visitor: Visitor) async -> (Result<Actor?, any Error>, counted: RateSubject?) {
        let address = visitor.origin.rateSubject
        switch endpoint.requirement {
        case .nobody, .cookieHolder, .voluntary: return (.success(nil), OperationID.unlimited.contains(endpoint.id) ? nil : address)
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
        guard request.headers[.contentEncoding].map({ $0.lowercased() != "identity" }) == true else { return }
        throw RefusedRequest(
            problem: Problem(.unsupportedMediaType, "Send the body without Content-Encoding."))
    }

    /// A body that is not taken, or is too large, is not waited for: the connection is closed behind the answer.
    private func body(of request: Request) async throws -> ByteBuffer {
        let (limit, tooLarge) = bodyLimit
        if request.headers[.contentLength].flatMap({ Int($0) }).map({ $0 > limit }) == true { throw tooLarge }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch {
            throw RefusedRequest.cutOff
        }
        // What breaks off must never be taken for the whole.
        if let announced = request.headers[.contentLength], Int(announced) != body.readableBytes { throw RefusedRequest.cutOff }
        return body
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

    private func input(_ request: Request, _ context: TaskFlowContext, _ body: ByteBuffer) throws -> RequestInput {
        var input = RequestInput(headers: request.headers)
        for (name, value) in context.parameters {
            guard let text = percentDecoded(value), text.isStreamSafe else {
                throw Faults([
                    Fault(
                        "path:\(name)",
                        "is not valid percent-encoded UTF-8, or has more than \(combiningMarkLimit) combining marks in a row")
                ])
            }
            input.path[String(name)] = text
        }
        let target = request.head.path ?? ""
        if let mark = target.firstIndex(of: "?") { input.query = try parseQuery(target[target.index(after: mark)...]) }
        guard body.readableBytes > 0 else { return input }
        // RFC 8058: mail programs send a form that says what the address says already.
        if endpoint.id == .unsubscribe { return input }
        guard endpoint.operation.body != nil else {
            guard case .object([])? = try? JSON(parsing: body.readableBytesView) else { throw Self.noBody }
            return input
        }
        try requireJSON(request.headers[.contentType])
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
        let values = request.headers[values: .idempotencyKey]
        guard endpoint.operation.method == .post, let key = values.first else { return nil }
        guard values.count == 1, IdempotencyKey.keyLength.contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw Faults([Fault("header:Idempotency-Key", "must be 1 to 255 visible ASCII characters")])
        }
        var hash = SHA256()
        hash.update(data: Array((request.head.path ?? "").utf8) + [0])
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

extension Response {
    fileprivate mutating func add(_ header: Answer.Header) {
        if let name = HTTPField.Name(header.name) { headers[name] = header.value }
    }
}
