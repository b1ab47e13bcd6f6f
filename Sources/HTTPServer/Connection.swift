// One connection, as one state machine over its bytes: requests are read and answered one after the other, and a connection on which
// something was doubtful is not used again.
import HTTPTypes
import NIOCore

final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A client that takes a large answer slowly but steadily is seen to make progress by pieces of so many bytes.
    static let pieceSize = 64 << 10
    /// Requests sent ahead that are answered in one turn of the event loop: other connections wait there, too.
    private static let requestsInTurn = 16
    /// Bytes of an output buffer that is kept for the next answer.
    static let keptOutput = 16 << 10

    /// The request that is being answered.
    struct Exchange {
        let id: UInt64
        let isHead: Bool
        let isHTTP11: Bool
        /// The connection is closed behind the answer.
        var closes: Bool
        /// What still arrives of the body.
        var body: BodyReader
        /// Where it goes.
        var pipe: BodyPipe?
        /// The client sends its body when it is told to go on.
        var awaitsContinue: Bool
        var hasBegunAnswer = false
        var isChunked = false
        var stream: ResponseStream?
        /// Somebody who waits for room for the next piece of the stream.
        var sender: CheckedContinuation<Void, any Error>?
        var task: Task<Void, Never>?
    }

    private let handler: RequestHandler
    private let deadlines: ConnectionDeadlines
    let connections: Connections
    let date: HTTPDate
    let executor: (any TaskExecutor)?

    var context: ChannelHandlerContext?
    /// This connection for other threads.
    var handle: ConnectionHandle?
    var timer: ConnectionTimer?
    private var peer: String?

    /// What has arrived and was not read yet: the rest of a head, or requests that were sent ahead.
    private var input = ByteBuffer()
    private var parser = HeadParser()
    var exchange: Exchange?
    private var lastID: UInt64 = 0
    /// Answers that were not handed to the socket yet.
    var output = ByteBuffer()
    /// Pieces that the client has not taken yet.
    var untaken = 0
    /// Tasks that answer; more than one when a request was refused while its task went on.
    var working = 0

    var isProcessing = false
    /// The client has closed its side.
    var inputHasEnded = false
    /// The server stops.
    private var isDraining = false
    /// Nothing more is read: when the last answer is taken the connection is closed.
    var isClosing = false
    /// Our side is closed.
    var isShut = false

    init(
        _ handler: RequestHandler, _ deadlines: ConnectionDeadlines, _ connections: Connections, _ date: HTTPDate,
        _ executor: (any TaskExecutor)?
    ) {
        self.handler = handler
        self.deadlines = deadlines
        self.connections = connections
        self.date = date
        self.executor = executor
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.ipAddress
        let timer = ConnectionTimer(deadlines, context.eventLoop) { context.close(promise: nil) }
        self.timer = timer
        timer.enter(.idle)
        let handle = ConnectionHandle(self, on: context.eventLoop)
        self.handle = handle
        connections.join(ObjectIdentifier(self), handle)
        readOn()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isClosing { return }
        var bytes = unwrapInboundIn(data)
        if timer?.phase == .idle { timer?.enter(.head(lastID)) }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            // What was read is given up, so that the buffer does not grow as long as requests are sent ahead.
            if input.readerIndex > input.readableBytes { input.discardReadBytes() }
            input.writeBuffer(&bytes)
        }
        process()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        timer?.isReading = false
        readOn()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        exchange?.sender.take()?.resume()
        process()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return context.fireUserInboundEventTriggered(event) }
        inputHasEnded = true
        if isShut { context.close(promise: nil) } else { process() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.stop()
        timer = nil
        (self.context, handle) = (nil, nil)
        isClosing = true
        endExchange()
        if working == 0 { connections.leave(ObjectIdentifier(self)) }
    }

    // MARK: The server

    func drain() {
        isDraining = true
        exchange?.closes = true
        if exchange == nil, input.readableBytes == 0 { isClosing = true }
        process()
    }

    func abort() {
        exchange?.task?.cancel()
        context?.close(promise: nil)
    }

    // MARK: In

    /// Goes on as far as possible: with the body of the request that is answered, or with the next one.
    func process() {
        guard !isProcessing, let context else { return }
        isProcessing = true
        var answered = 0
        while !isClosing {
            if exchange != nil {
                readBody()
                break
            }
            guard context.channel.isWritable, readHead() else { break }
            answered += 1
            if answered == Self.requestsInTurn {
                if let handle { context.eventLoop.execute { handle.run { $0.process() } } }
                break
            }
        }
        isProcessing = false
        flush()
        wait()
        readOn()
    }

    /// - Returns: whether to go on with the next request.
    private func readHead() -> Bool {
        do {
            switch try parser.parse(&input) {
            case .complete(let head):
                begin(head)
                return exchange == nil
            case .more:
                guard inputHasEnded else { return false }
                if input.readableBytes == 0 { isClosing = true } else { refuse(.cutOff) }
            }
        } catch {
            refuse(error)
        }
        return false
    }

    private func begin(_ head: RequestHead) {
        guard let handle else { return }
        lastID += 1
        let id = lastID
        var body = BodyReader(head.framing)
        var source = RequestBody.Source.whole(ByteBuffer())
        var pipe: BodyPipe?
        if head.framing == .none || (!head.expectsContinue && head.contentLength.map { $0 <= input.readableBytes } == true) {
            // At most one piece and the end: it is all there.
            if case .bytes(let whole)? = try? body.read(&input) {
                source = .whole(whole)
                _ = try? body.read(&input)
            }
        } else {
            let made = BodyPipe(awaitsReader: head.expectsContinue) { handle.run { $0.bodyIsWanted(by: id) } }
            (pipe, source) = (made, .pipe(made))
        }
        exchange = Exchange(
            id: id, isHead: head.method == .head, isHTTP11: head.isHTTP11, closes: head.wantsClose || isDraining, body: body, pipe: pipe,
            awaitsContinue: head.expectsContinue)
        readBody()
        if isClosing { return }
        switch handler.handle(Request(head: head, body: RequestBody(source), peer: peer)) {
        case .answer(let response):
            if case .stream = response.body { work(on: id) { response } } else { deliver(response, to: id) }
        case .work(let make): work(on: id, make)
        }
    }

    /// Hands on what has arrived of the body, as long as somebody takes it.
    private func readBody() {
        guard let pipe = exchange?.pipe else { return }
        do {
            while pipe.hasRoom, let piece = try exchange?.body.read(&input) {
                switch piece {
                case .bytes(let bytes):
                    timer?.received(bytes.readableBytes)
                    pipe.put(bytes)
                case .end: pipe.end(.success(()))
                }
            }
            // There is room, and nothing more to come.
            if inputHasEnded, pipe.hasRoom { refuse(.cutOff) }
        } catch {
            refuse(error)
        }
    }

    private func bodyIsWanted(by id: UInt64) {
        guard exchange?.id == id else { return }
        if exchange?.awaitsContinue == true {
            exchange?.awaitsContinue = false
            output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        }
        process()
    }

    /// What a client may send ahead is bounded: nothing more is read while something waits here.
    private func readOn() {
        guard let context, let timer, !timer.isReading, !inputHasEnded else { return }
        let wantsBytes: Bool
        if isClosing {
            wantsBytes = true
        } else if let exchange, !exchange.body.hasEnded {
            wantsBytes = exchange.pipe?.hasRoom == true
        } else {
            wantsBytes = input.readableBytes == 0 || (exchange == nil && context.channel.isWritable)
        }
        guard wantsBytes else { return timer.pause() }
        timer.isReading = true
        context.read()
    }

    func wait() {
        guard let timer else { return }
        if isShut {
            timer.enter(.closing)
        } else if let exchange, !exchange.body.hasEnded, !exchange.hasBegunAnswer, !exchange.awaitsContinue {
            timer.enter(.body(exchange.id))
        } else if untaken > 0 {
            timer.enter(.taking)
        } else if exchange != nil {
            timer.enter(.work)
        } else if input.readableBytes > 0 {
            timer.enter(.head(lastID))
        } else {
            timer.enter(.idle)
        }
    }

    /// Tells the client why its request is not served, unless its answer has begun; then the connection ends.
    private func refuse(_ refusal: Refusal) {
        let hasBegun = exchange?.hasBegunAnswer == true
        endExchange()
        isClosing = true
        if hasBegun {
            context?.close(promise: nil)
        } else {
            ResponseFrame(closes: true, date: date.text()).write(handler.refuse(refusal, peer), to: &output)
        }
    }

    /// Whoever still works for the request learns that nobody waits for it.
    private func endExchange() {
        guard let ended = exchange.take() else { return }
        ended.pipe?.end(.failure(.cutOff))
        ended.sender?.resume(throwing: ClientHasGone())
        ended.stream?.abandoned?()
    }
}
