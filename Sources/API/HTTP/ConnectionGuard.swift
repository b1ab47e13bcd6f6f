// Next to the socket: keeps the time of a connection. A client that is too slow with a head, a body or the taking of an answer, or
// silent for too long, loses it (Slowloris and its relatives).
import NIOCore

final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What the connection is waiting for.
    enum Phase {
        /// The first byte of a request.
        case idle
        /// The end of a head.
        case head
        /// The end of a body.
        case body
        /// Us.
        case answering
        /// The client, to close; whatever it still sends is thrown away.
        case closing
    }

    private let deadlines: ConnectionDeadlines
    private var phase = Phase.idle
    /// When the connection has waited for too long; none while it waits for us.
    private var deadline: NIODeadline?
    /// The one timer there is. It looks at the deadline when it fires: to schedule one for each step of each request cost more than the
    /// steps.
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture
    private var requestStart = NIODeadline.now()
    private var bytesInWindow: Int64 = 0
    private var bytesOfRequest: Int64 = 0
    private var mayRead = true
    private var untaken = 0
    private static let pieceSize = 64 << 10
    private var context: ChannelHandlerContext?

    init(_ deadlines: ConnectionDeadlines) { self.deadlines = deadlines }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arm(after: deadlines.idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .closing: return
        case .idle:
            requestStart = .now()
            bytesOfRequest = 0
            enter(.head)
        case .head, .body, .answering: break
        }
        let count = Int64(unwrapInboundIn(data).readableBytes)
        bytesInWindow += count
        bytesOfRequest += count
        context.fireChannelRead(data)
    }

    /// Large answers go out in pieces, so that a client that takes them slowly but steadily is seen to make progress.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var buffer = unwrapOutboundIn(data)
        while buffer.readableBytes > Self.pieceSize, let piece = buffer.readSlice(length: Self.pieceSize) {
            context.write(wrapOutboundOut(piece), promise: progress(context, nil))
        }
        context.write(wrapOutboundOut(buffer), promise: progress(context, promise))
    }

    /// Counts a write that the client has not taken yet; while there are any, it has `deadlines.response` for each.
    private func progress(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) -> EventLoopPromise<Void> {
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        untaken += 1
        if phase == .answering, untaken == 1 { arm(after: deadlines.response) }
        written.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in
            self.untaken -= 1
            guard self.phase == .answering else { return }
            if self.untaken > 0 { self.arm(after: self.deadlines.response) } else { self.disarm() }
        }
        return written
    }

    func read(context: ChannelHandlerContext) {
        mayRead = true
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        mayRead = false
        context.fireChannelReadComplete()
    }

    // MARK: What the request checker tells

    func enter(_ next: Phase) {
        phase = next
        switch next {
        case .idle: arm(after: deadlines.idle)
        case .head: arm(after: deadlines.head)
        case .body:
            bytesInWindow = 0
            arm(after: deadlines.rateWindow)
        case .answering: disarm()
        case .closing: arm(after: .seconds(1))
        }
    }

    /// The answer is being produced, however long that takes.
    func wait() { disarm() }

    /// RFC 9110, 10.1.1: the client waits for this before it sends its body.
    func writeContinue() {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    // MARK: Time

    private func arm(after delay: TimeAmount) {
        let deadline = NIODeadline.now() + delay
        self.deadline = deadline
        if timer == nil || deadline < timerDeadline { schedule(deadline) }
    }

    private func disarm() { deadline = nil }

    private func schedule(_ time: NIODeadline) {
        timer?.cancel()
        timerDeadline = time
        timer = context?.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: time) { self.fired() }
    }

    private func fired() {
        timer = nil
        guard let deadline else { return }
        if deadline > .now() { schedule(deadline) } else { expired() }
    }

    private func expired() {
        guard phase == .body else {
            context?.close(promise: nil)
            return
        }
        // Slowness counts only while we want to read: an endpoint that is slow to take a body is not the client's fault.
        let expected = deadlines.minimumRate * deadlines.rateWindow.nanoseconds / 1_000_000_000
        let isTooSlow = mayRead && bytesInWindow < expected
        let elapsed = NIODeadline.now() - requestStart
        let isLate = elapsed > deadlines.request && bytesOfRequest < deadlines.steadyRate * (elapsed.nanoseconds / 1_000_000_000)
        if isTooSlow || mayRead && isLate {
            context?.close(promise: nil)
        } else {
            bytesInWindow = 0
            arm(after: deadlines.rateWindow)
        }
    }
}
