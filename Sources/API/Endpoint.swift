// An endpoint is declared once: this value is its route, its reading of the request, its permission, its metric label and its document.
package import ChangeLedger
package import HTTPTypes
import Model
package import Services
package import StoreCore
package import Wire

package struct Endpoint: Sendable {
    package let id: OperationID
    package let operation: Wire.Operation
    package let requirement: Requirement
    /// Counted by the strict limit for guessing, not by the general one.
    package let isCredentialCheck: Bool
    /// The body is a file, which is read while it arrives and counted by a limit of its own.
    package var takesFile = false
    /// The answer holds a secret that is shown once.
    package var holdsSecret = false
    /// A device that has logged in before is not held back by others at its address: the endpoint counts by itself.
    package var countsDevices = false
    /// Machines poll it: it is counted by no limit.
    package var isUnlimited = false
    /// What machines ask to learn whether the process is well.
    private(set) var isProbe = false
    /// What the log says in the place of a path that holds a secret.
    private(set) var pathInLog: String?
    /// A body that is a form is taken, and says nothing: mail programs send what the address says already (RFC 8058).
    private(set) var bearsForms = false
    let respond: @Sendable (Exchange) async throws -> (answer: Answer, isReplay: Bool)
    /// Reads the parts of the request and prepares what is to be read, where the endpoint changes nothing.
    private(set) var prepare: (@Sendable (Exchange) throws -> PreparedRead<Answer>)?

    /// The same as a probe.
    var probe: Endpoint {
        var endpoint = self
        endpoint.isProbe = true
        return endpoint
    }

    /// The same with a path that is not written into the log.
    func logged(as path: String) -> Endpoint {
        var endpoint = self
        endpoint.pathInLog = path
        return endpoint
    }

    /// The same for mail programs.
    var bearingForms: Endpoint {
        var endpoint = self
        endpoint.bearsForms = true
        return endpoint
    }

    /// An endpoint that changes nothing.
    /// - Parameters:
    ///   - method: POST for what is read out of a body.
    ///   - isUnlimited: machines poll it, without a rate limit.
    package static func read<Call, each P: Part, Out>(
        _ id: OperationID, _ path: String, _ summary: String, method: HTTPRequest.Method = .get, tag: Tag, for access: Access<Call>,
        _ parts: repeat each P,
        gives success: Success<Out>, fails: [Int] = [], isUnlimited: Bool = false,
        handle: @escaping @Sendable (Call, repeat (each P).Value) async throws -> Out
    ) -> Endpoint {
        read(
            id, path, summary, method: method, tag: tag, for: access, repeat each parts, gives: success, fails: fails,
            isUnlimited: isUnlimited
        ) { (call: Call, values: repeat (each P).Value) in PreparedRead { try await handle(call, repeat each values) } }
    }

    /// The same for what may be read at once, on the event loop where the request arrived: `handle` prepares it and does no more.
    package static func read<Call, each P: Part, Out>(
        _ id: OperationID, _ path: String, _ summary: String, method: HTTPRequest.Method = .get, tag: Tag, for access: Access<Call>,
        _ parts: repeat each P,
        gives success: Success<Out>, fails: [Int] = [], isUnlimited: Bool = false,
        handle: @escaping @Sendable (Call, repeat (each P).Value) throws -> PreparedRead<Out>
    ) -> Endpoint {
        let operation = describe(
            id, method, path, summary, tag, access.requirement, repeat each parts, gives: success, fails: fails, isUnlimited: isUnlimited)
        let prepare = { @Sendable (exchange: Exchange) throws -> PreparedRead<Answer> in
            let values = try Wire.read(repeat each parts, from: exchange.input, for: operation)
            return success.answer(to: try handle(try access.call(exchange), repeat each values), exchange)
        }
        return Endpoint(
            id: id, operation: operation, requirement: access.requirement, isCredentialCheck: false, isUnlimited: isUnlimited,
            respond: { (try await prepare($0).whenever(), false) }, prepare: prepare)
    }

    /// An endpoint that changes something: its closure prepares the change, the ledger makes it, once for each Idempotency-Key.
    package static func change<Call, each P: Part, Out>(
        _ id: OperationID, _ method: HTTPRequest.Method, _ path: String, _ summary: String, tag: Tag, for access: Access<Call>,
        _ parts: repeat each P, gives success: Success<Out>, fails: [Int] = [], isCredentialCheck: Bool = false,
        countsDevices: Bool = false,
        handle: @escaping @Sendable (Call, repeat (each P).Value) async throws -> Change<Out>
    ) -> Endpoint {
        var operation = describe(id, method, path, summary, tag, access.requirement, repeat each parts, gives: success, fails: fails)
        if method == .post { operation.takeIdempotencyKey() }
        if isCredentialCheck {
            operation.description +=
                " At most \(RateLimits().credentials.words) are accepted from each network address, and for each account."
        }
        let described = operation
        return Endpoint(
            id: id, operation: described, requirement: access.requirement, isCredentialCheck: isCredentialCheck,
            holdsSecret: success.holdsSecret, countsDevices: countsDevices
        ) { exchange in
            let values = try Wire.read(repeat each parts, from: exchange.input, for: described)
            let call = try access.call(exchange)
            return try await exchange.make(success) { try await handle(call, repeat each values) }
        }
    }

    /// An endpoint that changes many things, in steps when they are too many for one transaction.
    /// - Parameter join: makes one answer of those to all steps.
    package static func steppedChange<Call, each P: Part, Item>(
        _ id: OperationID, _ method: HTTPRequest.Method, _ path: String, _ summary: String, tag: Tag, for access: Access<Call>,
        _ parts: repeat each P, gives success: Success<[Item]>, fails: [Int] = [],
        joining join: @escaping @Sendable ([Answer]) throws -> Answer,
        handle: @escaping @Sendable (Call, repeat (each P).Value) async throws -> SteppedChange<Item>
    ) -> Endpoint {
        var operation = describe(id, method, path, summary, tag, access.requirement, repeat each parts, gives: success, fails: fails)
        if method == .post { operation.takeIdempotencyKey() }
        let described = operation
        return Endpoint(id: id, operation: described, requirement: access.requirement, isCredentialCheck: false) { exchange in
            let values = try Wire.read(repeat each parts, from: exchange.input, for: described)
            let call = try access.call(exchange)
            guard let key = exchange.idempotencyKey else {
                return (success.answer(try await exchange.ledger.perform(try await handle(call, repeat each values)), exchange), false)
            }
            return try await exchange.ledger.once(key, answer: { exchange.render($0, success) }, joining: join) {
                try await handle(call, repeat each values)
            }
        }
    }

    /// An endpoint that takes a file. It is received first, without a transaction; then the change is made as every other.
    /// - Parameters:
    ///   - receive: the file as it arrives becomes something that can be undone by `discard`.
    ///   - discard: removes what was received and will not be used.
    package static func upload<Call, P: Part, Out>(
        _ id: OperationID, _ path: String, _ summary: String, tag: Tag, for access: Access<Call>, _ part: P, gives success: Success<Out>,
        fails: [Int] = [], receive: @escaping @Sendable (Call, P.Value, FileContent) async throws -> ReceivedTable,
        discard: @escaping @Sendable (ReceivedTable) async -> Void,
        handle: @escaping @Sendable (Call, P.Value, ReceivedTable) async throws -> Change<Out>
    ) -> Endpoint {
        var operation = describe(id, .post, path, summary, tag, access.requirement, part, gives: success, fails: fails + [413, 415])
        operation.takeIdempotencyKey()
        operation.takeFile()
        operation.description +=
            " As the body itself it has one of the media types \(FileContent.mediaTypes.joined(separator: ", ")). At most "
            + "\(RateLimits().imports.words) are accepted from each user."
        let described = operation
        return Endpoint(
            id: id, operation: described, requirement: access.requirement, isCredentialCheck: false, takesFile: true
        ) { exchange in
            let value = try Wire.read(part, from: exchange.input, for: described)
            let call = try access.call(exchange)
            guard let content = exchange.content else { throw Faults([Fault("", "a file is required")]) }
            let table = try await receive(call, value, content)
            do {
                let made = try await exchange.with(content: table.sha256).make(success) { try await handle(call, value, table) }
                // A refusal that is stored under an Idempotency-Key is an answer, too.
                if made.isReplay || made.answer.status >= 400 { await discard(table) }
                return made
            } catch StoreError.undecided {
                // What was received may be in use by now; if it is not, it goes when its time is over.
                throw StoreError.undecided
            } catch {
                await discard(table)
                throw error
            }
        }
    }

    private static func describe<each P: Part, Out>(
        _ id: OperationID, _ method: HTTPRequest.Method, _ path: String, _ summary: String, _ tag: Tag, _ requirement: Requirement,
        _ parts: repeat each P, gives success: Success<Out>, fails: [Int], isUnlimited: Bool = false
    ) -> Wire.Operation {
        var operation = Wire.Operation(id: id.rawValue, method: method, path: path, tag: tag.rawValue, summary: summary)
        operation.description = id.description
        for part in repeat each parts { part.describe(into: &operation) }
        let counted = isUnlimited ? [] : RateLimiter.headerNames
        operation.responses = [success.response(with: counted)]
        if let schema = success.schema { operation.components += schema.components + [(schema.name, schema.document)] }
        if success.isConditional, method == .get {
            operation.responses.append(.init(304, "Not modified: the tag of If-None-Match is current.", headers: ["ETag"]))
            operation.parameters.append(
                .init(
                    .header, "If-None-Match", isRequired: false,
                    document: EntityTags.document.with("examples", ["\"3\""])))
        }
        operation.addFailures(requirement, fails)
        return operation
    }
}

extension Exchange {
    /// Makes the change, once for each Idempotency-Key, and renders what came of it.
    fileprivate func make<Out>(
        _ success: Success<Out>, _ prepare: () async throws -> Change<Out>
    ) async throws -> (answer: Answer, isReplay: Bool) {
        guard let key = idempotencyKey else { return (success.answer(try await ledger.perform(try await prepare()), self), false) }
        return try await ledger.once(key, answer: { render($0, success) }, prepare: prepare)
    }

    fileprivate func render<Out>(_ result: Result<Out, Failure>, _ success: Success<Out>) -> Answer {
        switch result {
        case .success(let out): success.answer(out, self)
        case .failure(let failure): Problem(failure).answer(instance: visitor.origin.requestID)
        }
    }

    /// The same request with a file of that hash: another file under the same key is another request.
    fileprivate func with(content sha256: [UInt8]) -> Exchange {
        var exchange = self
        exchange.idempotencyKey?.request += sha256
        return exchange
    }
}

extension Success {
    /// What is too long for an event loop is written on the threads of the exchange.
    fileprivate func answer(to read: PreparedRead<Out>, _ exchange: Exchange) -> PreparedRead<Answer> {
        PreparedRead(
            atOnce: { try read.atOnce().flatMap { isLong($0) ? nil : answer($0, exchange) } },
            whenever: {
                let out = try await read.whenever()
                guard isLong(out) else { return answer(out, exchange) }
                return await withTaskExecutorPreference(exchange.threads) { answer(out, exchange) }
            })
    }

    fileprivate func response(with more: [String]) -> Wire.Operation.Response {
        var content = content
        if let schema, let mediaType { content = [(mediaType, schema.reference)] }
        return .init(status, description, content: content, headers: (headerNames + more + ["X-Request-Id"]).sorted())
    }
}

extension Wire.Operation {
    fileprivate mutating func takeIdempotencyKey() {
        let length = IdempotencyKey.keyLength
        parameters.append(
            .init(
                .header, "Idempotency-Key", isRequired: false,
                document: [
                    "type": "string", "minLength": .int(Int64(length.lowerBound)), "maxLength": .int(Int64(length.upperBound)),
                    "pattern": "^[!-~]+$", "examples": ["import-2026-11-20"],
                    "description":
                        "Makes the request safe to repeat: for 24 hours the same key returns the first answer again, with Idempotency-Replayed: true.",
                ]))
        responses = responses.map { response in
            let headers = response.status < 400 ? (response.headers + ["Idempotency-Replayed"]).sorted() : response.headers
            return .init(response.status, response.description, content: response.content, headers: headers)
        }
        addFailures([409, 422])
    }

    /// Only the form is documented: generators know no bodies such as text/csv, which are said in words.
    fileprivate mutating func takeFile() {
        content = [
            (
                "multipart/form-data",
                [
                    "type": "object", "required": [.string(FileContent.field)], "additionalProperties": false,
                    "properties": [
                        FileContent.field: [
                            "type": "string", "format": "binary",
                            "description": .string(
                                "CSV, JSON, iCalendar or todo.txt, from TaskFlow or another program, with at most \(TaskImport.rowLimit) "
                                    + "rows."),
                        ]
                    ],
                ]
            )
        ]
    }

    fileprivate mutating func addFailures(_ requirement: Requirement, _ more: [Int]) {
        var statuses: Set<Int> = [400, 429, 503]
        switch requirement {
        case .nobody, .cookieHolder, .voluntary: break
        case .anyCredential: statuses.insert(401)
        case .session, .recentSession, .scope, .admin, .recentAdmin: statuses.formUnion([401, 403])
        }
        switch requirement {
        case .nobody, .cookieHolder: break
        case .voluntary: security = ["bearer", ""]
        default: security = ["bearer"]
        }
        if requirement.needsRecentPassword {
            let minutes = Session.recentAuthentication.wholeMicroseconds / 60_000_000
            description +=
                " You must have entered your password in this session within the last \(minutes) minutes: at login, or with POST "
                + "/api/v1/auth/reauthenticate. Otherwise the answer is 403 with the code reauthentication_required. Personal access "
                + "tokens may not do this."
        }
        if body != nil { statuses.formUnion([413, 415]) }
        if parameters(in: .path).isEmpty == false { statuses.insert(404) }
        if parameters.contains(where: { $0.name == "If-Match" }) { statuses.insert(412) }
        addFailures(statuses.union(more))
        components.append((Problem.schema.name, Problem.schema.document))
    }

    private mutating func addFailures(_ statuses: Set<Int>) {
        let known = Set(responses.map(\.status))
        for status in statuses.subtracting(known) {
            responses.append(
                .init(
                    status, Problem.description(of: status),
                    content: [(Problem.mediaType, Problem.schema.reference)],
                    headers: Problem.headerNames(of: status) + ["X-Request-Id"]))
        }
    }
}
