// Between the parser and the application: refuses what RFC 9112 tells a server to refuse and the parser lets through, answers
// Expect: 100-continue, and closes connections that should not be used again.
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import Services
import BoundedText

// Requests that a client sends ahead wait here, so that every answer, every refusal and every close belongs to one request.
final class RequestChecker: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request target longer than this is refused.
    private static let targetLimit = 8 << 10

    private enum Waiting {
        case part(HTTPServerRequestPart)
        case failure(any Error)
    }

    private let guardian: ConnectionGuard
    private let logger: Logger
    private var isReadingRequest = false
    private var isAnswering = false
    private var hasBegunAnswer = false
    private var mustClose = false
    /// The request was refused here: nothing of the connection reaches the application any more.
    private var isRefused = false
    private var waiting: CircularBuffer<Waiting> = []
    private var wantsRead = false

    init(_ guardian: ConnectionGuard, _ logger: Logger) {
        self.guardian = guardian
        self.logger = logger
    }

    // MARK: In

    /// The request has arrived whole and is not answered yet.
    private var isBusy: Bool { isAnswering && !isReadingRequest }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if isBusy || !waiting.isEmpty { waiting.append(.part(part)) } else { receive(part, context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        if isBusy || !waiting.isEmpty { waiting.append(.failure(error)) } else { fail(error, context) }
    }

    /// While requests wait nothing more is read: what a client may send ahead is bounded.
    func read(context: ChannelHandlerContext) {
        if waiting.isEmpty { context.read() } else { wantsRead = true }
    }

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        if isRefused { return }
        switch part {
        case .head(var head):
            guard isStreamSafe(head) else {
                return refuse(malformed("A header or the target has more than \(combiningMarkLimit) combining marks in a row."), context)
            }
            withoutSameAuthority(&head)
            if let refusal = refusal(of: head) { return refuse(refusal, context) }
            isReadingRequest = true
            isAnswering = true
            hasBegunAnswer = false
            mustClose = wantsClose(head)
            // The application closes on exactly this spelling.
            if mustClose { head.headers.replaceOrAdd(name: "connection", value: "close") }
            guardian.enter(.body)
            if head.version == .http1_1, head.headers.first(name: "expect") != nil { guardian.writeContinue() }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body: context.fireChannelRead(wrapInboundOut(part))
        case .end:
            isReadingRequest = false
            if isAnswering { guardian.wait() } else { guardian.enter(.idle) }
            context.fireChannelRead(wrapInboundOut(part))
        }
    }

    /// The application learns of it, too: a body that broke off must not be taken for a whole one (RFC 9112, 8).
    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        if !isRefused { refuse(malformed("The request is not valid HTTP/1.1."), context) }
        context.fireErrorCaught(error)
    }

    private func next(_ context: ChannelHandlerContext) {
        while !isBusy, let next = waiting.popFirst() {
            switch next {
            case .part(let part): receive(part, context)
            case .failure(let error): fail(error, context)
            }
        }
        context.fireChannelReadComplete()
        if waiting.isEmpty, wantsRead {
            wantsRead = false
            context.read()
        }
    }

    // MARK: Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isRefused {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            hasBegunAnswer = true
            guardian.enter(.answering)
            // A body that is still on its way when the answer begins is not worth reading on for.
            if isReadingRequest { mustClose = true }
            if mustClose { head.headers.replaceOrAdd(name: "connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            isAnswering = false
            let written = promise ?? context.eventLoop.makePromise(of: Void.self)
            context.write(data, promise: written)
            let closes = mustClose
            written.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in
                if closes { self.close(context) } else if !self.isAnswering { self.guardian.enter(.idle) }
            }
            if !closes, !waiting.isEmpty { next(context) }
        }
    }

    /// Half of the connection first: closing all of it while the client still sends would take our answer away from it.
    private func close(_ context: ChannelHandlerContext) {
        isRefused = true
        guardian.enter(.closing)
        context.close(mode: .output, promise: nil)
    }

    private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
        isRefused = true
        if !(isAnswering && hasBegunAnswer) {
            let requestID = hex(RandomSource.system.bytes(12))
            logger.info(
                "request",
                metadata: [
                    "request_id": "\(requestID)", "status": "\(problem.status)", "code": "\(problem.code.rawValue)",
                    "address": address(context),
                ])
            let answer = problem.answer(instance: requestID)
            var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
            headers.add(contentsOf: SecurityHeaders.all.map { ($0.0.canonicalName, $0.1) })
            headers.add(name: "x-request-id", value: requestID)
            headers.add(name: "content-length", value: "\(answer.body.count)")
            headers.add(name: "connection", value: "close")
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        guardian.enter(.closing)
        context.close(mode: .output, promise: nil)
    }

    private func address(_ context: ChannelHandlerContext) -> Logger.MetadataValue { "\(context.remoteAddress?.ipAddress ?? "unknown")" }

    // MARK: Rules

    private func malformed(_ detail: String) -> Problem { Problem(.malformedRequest, detail) }

    /// Asked before anything of the head is compared.
    private func isStreamSafe(_ head: HTTPRequestHead) -> Bool {
        head.uri.isStreamSafe && head.headers.allSatisfy { $0.value.isStreamSafe }
    }

    /// Why the request is not served, or nil.
    private func refusal(of head: HTTPRequestHead) -> Problem? {
        let hosts = head.headers["host"]
        guard head.version == .http1_1 || head.version == .http1_0 else { return malformed("The server speaks HTTP/1.1.") }
        if hosts.count > 1 || (hosts.isEmpty && head.version == .http1_1) { return malformed("Send exactly one Host header.") }
        if let host = hosts.first, !isHost(host) { return malformed("The Host header is not a host.") }
        if head.uri.utf8.count > Self.targetLimit { return malformed("The request target is longer than \(Self.targetLimit) bytes.") }
        guard head.uri.hasPrefix("/") || (head.uri == "*" && head.method == .OPTIONS) else {
            return malformed("The request target must be a path.")
        }
        let codings = head.headers[canonicalForm: "transfer-encoding"]
        if !codings.isEmpty, head.version == .http1_0 || codings.count > 1 || codings[0].lowercased() != "chunked" {
            return malformed("The only transfer coding taken is chunked.")
        }
        let expectations = head.headers[canonicalForm: "expect"]
        if expectations.contains(where: { $0.lowercased() != "100-continue" }) {
            return Problem(.expectationFailed, "The only expectation met is 100-continue.")
        }
        return nil
    }

    /// uri-host [ ":" port ] (RFC 9110, 7.2).
    private func isHost(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 255 else { return false }
        let special = Set("-._~!$&'()*+,;=:%[]".utf8)
        guard bytes.allSatisfy({ $0.isHostByte || special.contains($0) }) else { return false }
        let afterAddress = text.hasPrefix("[") ? text.split(separator: "]", maxSplits: 1).last.map(String.init) ?? "" : text
        guard let colon = afterAddress.firstIndex(of: ":") else { return true }
        let port = afterAddress[afterAddress.index(after: colon)...]
        return port.isEmpty || UInt16(port) != nil
    }

    /// An absolute target names the host again; only our own is taken (RFC 9112, 3.2.2).
    private func withoutSameAuthority(_ head: inout HTTPRequestHead) {
        let prefix = "http://" + (head.headers.first(name: "host") ?? "")
        guard head.uri.hasPrefix(prefix + "/") else { return }
        head.uri = String(head.uri.dropFirst(prefix.count))
    }

    private func wantsClose(_ head: HTTPRequestHead) -> Bool {
        let tokens = head.headers[canonicalForm: "connection"].map { $0.lowercased() }
        return tokens.contains("close") || (head.version == .http1_0 && !tokens.contains("keep-alive"))
    }
}

extension UInt8 {
    fileprivate var isHostByte: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) || (0x30...0x39).contains(self) }
}
