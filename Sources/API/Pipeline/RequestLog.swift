// The outermost ring: gives the request its id, turns every error into a problem, sets the headers that every response has, counts,
// and writes one wide line.
import BoundedText
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import Model
import NIOCore
import NIOHTTP1
import Services
import Synchronization

struct RequestLog: RouterMiddleware {
    let logger: Logger
    let random: RandomSource
    let proxies: TrustedProxies
    let isProduction: Bool
    private let timers = OperationTimers()

    init(logger: Logger, random: RandomSource, proxies: TrustedProxies, isProduction: Bool) {
        self.logger = logger
        self.random = random
        self.proxies = proxies
        self.isProduction = isProduction
    }

    func handle(
        _ request: Request, context: TaskFlowContext, next: (Request, TaskFlowContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        // Always our own: an id that a client chooses could repeat that of another request, in the audit, too.
        let requestID = hex(random.bytes(12))
        let clientRequestID = sane(request.headers[.requestID])
        context.record.note {
            $0.requestID = requestID
            $0.address = proxies.client(peer: context.peer, forwardedFor: request.headers[values: .forwardedFor])
        }
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            // The connection is broken beyond an answer of ours: the channel writes it.
            throw error
        } catch {
            let (problem, cause) = Problem.of(error)
            context.record.note {
                $0.cause = cause
                $0.code = problem.code.rawValue
            }
            response = problem.answer(instance: requestID).response
        }
        response.headers[.requestID] = requestID
        response.headers[.clientRequestID] = clientRequestID
        SecurityHeaders.add(to: &response, isSecure: isProduction)
        if request.method == .head { response = response.withoutBody }
        finish(request, response, context.record.all, clientRequestID, since: start)
        return response
    }

    private func finish(
        _ request: Request, _ response: Response, _ facts: RequestRecord.Facts, _ clientRequestID: String?,
        since start: ContinuousClock.Instant
    ) {
        let duration = ContinuousClock.now - start
        let operation = facts.operation ?? "none"
        timers.record(operation, response.status.code, duration)
        let level: Logger.Level = response.status.code >= 500 ? .error : .info
        guard level >= logger.logLevel else { return }
        // The query is left out: people search for private words, and some clients put secrets there. The secret of a link is in its path.
        let path = operation == OperationID.useDownload.rawValue ? "/api/v1/downloads/…" : request.uri.path.cut(toBytes: 500)
        var metadata: Logger.Metadata = [
            "request_id": "\(facts.requestID)", "method": "\(request.method.rawValue)", "path": "\(path)",
            "operation": "\(operation)", "status": "\(response.status.code)",
            "duration_us": "\(duration.wholeMicroseconds)",
        ]
        metadata["address"] = facts.address.map { "\($0)" }
        metadata["user"] = facts.user.map { "\($0)" }
        metadata["code"] = facts.code.map { "\($0)" }
        metadata["cause"] = facts.cause.map { "\($0)" }
        metadata["client_request_id"] = clientRequestID.map { "\($0)" }
        metadata["user_agent"] = request.headers[.userAgent].map { "\($0.cut(toBytes: 200))" }
        logger.log(level: level, "request", metadata: metadata)
    }

    /// A client's id is noted and sent back when it cannot do harm in a log or a header.
    private func sane(_ id: String?) -> String? {
        guard let id, (1...64).contains(id.utf8.count),
            id.utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") })
        else { return nil }
        return id
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

extension Response {
    /// The same head for HEAD (RFC 9110, 9.3.2): the length is that of the body which is not sent.
    fileprivate var withoutBody: Response {
        let length = headers[.contentLength]
        var bare = self
        bare.body = ResponseBody { writer in try await writer.finish(nil) }
        bare.headers[.contentLength] = length
        return bare
    }
}

package func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

extension Answer {
    var response: Response {
        var fields = HTTPFields()
        for header in headers {
            if let name = HTTPField.Name(header.name) { fields.append(HTTPField(name: name, value: header.value)) }
        }
        return Response(status: .init(code: status), headers: fields, body: responseBody)
    }

    private var responseBody: ResponseBody {
        guard let stream else { return body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)) }
        return ResponseBody { writer in
            try await stream.write { try await writer.write(ByteBuffer(bytes: $0)) }
            try await writer.finish(nil)
        }
    }
}
