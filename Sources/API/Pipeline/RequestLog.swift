// What is known of a request, and what is told of it: its id, its timer, and one wide line.
import BoundedText
import HTTPServer
import HTTPTypes
import Logging
import Metrics
import Model
import Services
import Synchronization

/// What the pipeline finds out about a request.
struct RequestFacts: Sendable {
    let start = ContinuousClock.now
    /// Always our own: an id that a client chooses could repeat that of another request, in the audit, too.
    let requestID: String
    let clientRequestID: String?
    let address: String?
    /// Of the endpoint that was asked for.
    var handler: EndpointHandler?
    var user: Int64?
    var cause: String?
    var code: String?

    /// Notes why the request failed.
    /// - Returns: what the client is told.
    mutating func response(to error: any Error) -> Response {
        let (problem, cause) = Problem.of(error)
        self.cause = cause
        code = problem.code.rawValue
        return problem.answer(instance: requestID).response
    }
}

struct RequestLog: Sendable {
    let logger: Logger
    let proxies: TrustedProxies
    private let requestIDs: RequestIDs
    private let timers = OperationTimers()

    init(logger: Logger, random: RandomSource, proxies: TrustedProxies) {
        self.logger = logger
        self.proxies = proxies
        requestIDs = RequestIDs(random)
    }

    func newRequestID() -> String { requestIDs.next() }

    func begin(_ request: Request) -> RequestFacts {
        RequestFacts(
            requestID: newRequestID(), clientRequestID: sane(request[.requestID]),
            address: proxies.client(peer: request.peer, forwardedFor: request.head.values(of: .forwardedFor)))
    }

    func end(_ request: Request, _ response: Response, _ facts: RequestFacts) {
        let duration = ContinuousClock.now - facts.start
        let operation = facts.handler?.endpoint.id.rawValue ?? "none"
        timers.record(operation, response.status, duration)
        let level: Logger.Level = response.status >= 500 ? .error : .info
        guard level >= logger.logLevel else { return }
        // The query is left out: people search for private words, and some clients put secrets there.
        let path = facts.handler?.endpoint.pathInLog ?? request.head.path.cut(toBytes: 500)
        // One size for all, and no text is copied into another: this is done for every request.
        var metadata = Logger.Metadata(minimumCapacity: 12)
        func note(_ key: String, _ text: String?) { if let text { metadata[key] = .string(text) } }
        note("request_id", facts.requestID)
        note("method", request.method.rawValue)
        note("path", path)
        note("operation", operation)
        note("status", String(response.status))
        note("duration_us", String(duration.wholeMicroseconds))
        note("address", facts.address)
        note("user", facts.user.map { String($0) })
        note("code", facts.code)
        note("cause", facts.cause)
        note("client_request_id", facts.clientRequestID)
        note("user_agent", request[.userAgent]?.cut(toBytes: 200))
        logger.log(level: level, "request", metadata: metadata)
    }

    /// A request that is refused before it is one, and in no metric.
    func refused(_ problem: Problem, _ requestID: String, peer: String?) {
        logger.info(
            "request",
            metadata: [
                "request_id": "\(requestID)", "status": "\(problem.status)", "code": "\(problem.code.rawValue)",
                "address": "\(peer ?? "unknown")",
            ])
    }

    /// A client's id is noted and sent back when it cannot do harm in a log or a header.
    private func sane(_ id: String?) -> String? {
        guard let id, (1...64).contains(id.utf8.count),
            id.utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") })
        else { return nil }
        return id
    }
}

/// Ids that nobody can foresee. The system is asked for many at once: it takes as long for one.
private final class RequestIDs: Sendable {
    private static let size = 12
    private static let atOnce = 64

    private let random: RandomSource
    private let ready = Mutex<[UInt8]>([])

    init(_ random: RandomSource) { self.random = random }

    func next() -> String {
        ready.withLock { ready in
            if ready.isEmpty { ready = random.bytes(Self.size * Self.atOnce) }
            defer { ready.removeLast(Self.size) }
            return hex(Array(ready.suffix(Self.size)))
        }
    }
}

/// One timer for each operation and status: its count is the number of requests.
private final class OperationTimers: Sendable {
    private struct Key: Hashable {
        let operation: String
        let status: Int
    }

    private let timers = Mutex<[Key: Metrics.Timer]>([:])

    func record(_ operation: String, _ status: Int, _ duration: Duration) {
        let timer = timers.withLock { timers in
            let key = Key(operation: operation, status: status)
            if let timer = timers[key] { return timer }
            let timer = Metrics.Timer(
                label: "taskflow_http_request_duration_seconds", dimensions: [("operation", operation), ("status", "\(status)")])
            timers[key] = timer
            return timer
        }
        timer.recordMicroseconds(duration.wholeMicroseconds)
    }
}

package func hex(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }
        for (index, byte) in bytes.enumerated() {
            text[2 * index] = digit(byte >> 4)
            text[2 * index + 1] = digit(byte & 15)
        }
        return 2 * bytes.count
    }
}

extension Answer {
    var response: Response {
        var fields = ResponseFields()
        for header in headers { fields.append(header.name, header.value) }
        return Response(
            status: status, fields: fields,
            body: stream.map { .stream(ResponseStream(abandoned: $0.abandoned, write: $0.write)) } ?? .bytes(body))
    }
}
