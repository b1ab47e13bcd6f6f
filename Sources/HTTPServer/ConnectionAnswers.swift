// How a connection answers: by a task or at once, as bytes or as a stream, no faster than the client takes it.
import NIOCore

extension Connection {
    func work(on id: UInt64, _ make: @escaping @Sendable () async -> Response) {
        guard let handle, let exchange else { return }
        let isHead = exchange.isHead
        working += 1
        let task = beginTask(preferring: executor) {
            let response = await make()
            handle.run { $0.deliver(response, to: id) }
            if case .stream(let stream) = response.body, !isHead, ResponseFrame.hasBody(response.status) {
                await Self.send(stream, of: id, through: handle)
            }
            handle.run { $0.workHasEnded() }
        }
        if self.exchange?.id == id { self.exchange?.task = task }
    }

    private func workHasEnded() {
        working -= 1
        if working == 0, context == nil { connections.leave(ObjectIdentifier(self)) }
    }

    private static func send(_ stream: ResponseStream, of id: UInt64, through handle: ConnectionHandle) async {
        do {
            try await stream.write { bytes in
                try await withCheckedThrowingContinuation { sender in handle.run { $0.send(bytes, of: id, sender) } }
                // Others have their turn between two pieces.
                await Task.yield()
            }
            handle.run { $0.endStream(of: id) }
        } catch {
            handle.run { $0.cutStream(of: id) }
        }
    }

    func deliver(_ response: Response, to id: UInt64) {
        guard !isClosing, var answered = exchange, answered.id == id, !answered.hasBegunAnswer else {
            // The client has gone, or its request was refused meanwhile.
            if case .stream(let stream) = response.body { stream.abandoned?() }
            return
        }
        answered.hasBegunAnswer = true
        // An interim answer within this one would be a part of it.
        answered.awaitsContinue = false
        // A body that is still on its way when the answer begins is not worth reading on for.
        if !answered.body.hasEnded { answered.closes = true }
        var frame = ResponseFrame(isHTTP11: answered.isHTTP11, isHead: answered.isHead, closes: answered.closes, date: date.text())
        answered.isChunked = frame.isChunked(response)
        if ResponseFrame.hasBody(response.status), response.body.count == nil, !answered.isChunked {
            (answered.closes, frame.closes) = (true, true)
        }
        frame.write(response, to: &output)
        let isSent = !answered.isHead && ResponseFrame.hasBody(response.status)
        if case .stream(let stream) = response.body {
            if isSent { answered.stream = stream } else { stream.abandoned?() }
        }
        exchange = answered
        if answered.stream == nil { endAnswer() } else { process() }
    }

    private func send(_ bytes: [UInt8], of id: UInt64, _ sender: CheckedContinuation<Void, any Error>) {
        guard let context, let exchange, exchange.id == id, !isClosing else { return sender.resume(throwing: ClientHasGone()) }
        if !bytes.isEmpty {
            if exchange.isChunked { ResponseFrame.writeChunk(bytes, to: &output) } else { output.writeBytes(bytes) }
            flush()
            wait()
        }
        if context.channel.isWritable {
            sender.resume()
        } else if self.exchange?.id == id {
            self.exchange?.sender = sender
        } else {
            // The connection ended while the piece was written.
            sender.resume(throwing: ClientHasGone())
        }
    }

    private func endStream(of id: UInt64) {
        guard let exchange, exchange.id == id, !isClosing else { return }
        if exchange.isChunked { output.writeStaticString("0\r\n\r\n") }
        // It has ended, and nobody needs to be told that it was abandoned.
        self.exchange?.stream = nil
        endAnswer()
    }

    /// The client sees that the body is not whole.
    private func cutStream(of id: UInt64) { if exchange?.id == id { context?.close(promise: nil) } }

    private func endAnswer() {
        if exchange?.closes == true { isClosing = true }
        exchange?.pipe?.end(.failure(.cutOff))
        exchange = nil
        process()
    }

    func flush() {
        guard let context else { return }
        if output.readableBytes > 0 {
            // What happens while it is written may write more.
            var bytes = output
            output = ByteBuffer()
            put(bytes, context)
            context.flush()
            // By now the socket has taken it, as a rule, and the buffer is ours again.
            if untaken == 0, output.readableBytes == 0, bytes.capacity <= Self.keptOutput {
                bytes.clear()
                output = bytes
            }
        }
        if isClosing, untaken == 0, !isShut { shut(context) }
    }

    private func put(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        var rest = bytes
        while rest.readableBytes > 0, let piece = rest.readSlice(length: min(Self.pieceSize, rest.readableBytes)) {
            untaken += 1
            let taken = context.eventLoop.makePromise(of: Void.self)
            taken.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in self.pieceIsTaken() }
            context.write(wrapOutboundOut(piece), promise: taken)
        }
    }

    private func pieceIsTaken() {
        untaken -= 1
        timer?.taken()
        guard untaken == 0, !isProcessing, let context else { return }
        if isClosing, !isShut { shut(context) }
        wait()
    }

    /// Half of the connection first: closing all of it while the client still sends would take our answer away from it.
    private func shut(_ context: ChannelHandlerContext) {
        isShut = true
        if inputHasEnded { context.close(promise: nil) } else { context.close(mode: .output, promise: nil) }
    }
}

struct ClientHasGone: Error {}

/// Begins the work where it is asked for, so that what waits for nothing is never handed to another thread.
private func beginTask(preferring executor: (any TaskExecutor)?, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    if #available(macOS 26, *) {
        Task.immediate(executorPreference: executor, operation: work)
    } else {
        Task(executorPreference: executor, operation: work)
    }
}
