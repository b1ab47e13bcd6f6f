// How long a client may take, and the one timer of a connection that watches it.
package import NIOCore

package struct ConnectionDeadlines: Sendable {
    /// Between requests.
    package var idle: TimeAmount = .seconds(60)
    /// From the first byte of a request to the end of its head.
    package var head: TimeAmount = .seconds(10)
    /// From the first byte of a request to the end of its body.
    package var request: TimeAmount = .seconds(60)
    /// Bytes a second that a body must bring, averaged over `rateWindow`.
    package var minimumRate: Int64 = 500
    package var rateWindow: TimeAmount = .seconds(5)
    /// Bytes a second, averaged over all of it, that a body must bring to take longer than `request`: it is a large file then.
    package var steadyRate: Int64 = 50_000
    /// To take the next piece of an answer that is ready.
    package var response: TimeAmount = .seconds(60)
    /// To close its side behind the last answer.
    let closing: TimeAmount = .seconds(1)

    package init() {}
}

/// What a connection is waiting for.
enum ConnectionPhase: Equatable {
    /// The first byte of a request.
    case idle
    /// The end of the head of the request with this number.
    case head(UInt64)
    /// The end of the body of the request with this number.
    case body(UInt64)
    /// Us.
    case work
    /// The client, to take the next piece of an answer.
    case taking
    /// The client, to close; whatever it still sends is thrown away.
    case closing
}

/// Lives on the event loop of its connection.
final class ConnectionTimer {
    private let deadlines: ConnectionDeadlines
    private let loop: any EventLoop
    /// Called when the client has taken too long.
    private let close: () -> Void
    private(set) var phase: ConnectionPhase?
    /// None while it waits for us.
    private var deadline: NIODeadline?
    /// It looks at the deadline when it fires: to schedule one for each step of each request cost more than the steps.
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture
    private var requestStart = NIODeadline.now()
    private var bytesInWindow: Int64 = 0
    private var bytesOfBody: Int64 = 0
    /// The server wants to read: an endpoint that is slow to take a body is not the client's fault.
    var isReading = false
    /// It did not, for some of the window: what was missing then is not the client's fault either.
    private var hasPaused = false

    init(_ deadlines: ConnectionDeadlines, _ loop: any EventLoop, close: @escaping () -> Void) {
        self.deadlines = deadlines
        self.loop = loop
        self.close = close
    }

    func stop() {
        deadline = nil
        timer?.cancel()
        timer = nil
    }

    func pause() { hasPaused = true }

    /// - Parameter count: bytes of the body itself, not of what they are wrapped in.
    func received(_ count: Int) {
        bytesInWindow += Int64(count)
        bytesOfBody += Int64(count)
    }

    /// The time for a phase begins once, however often it is entered.
    func enter(_ next: ConnectionPhase) {
        guard next != phase else { return }
        switch next {
        case .idle: arm(after: deadlines.idle)
        case .head:
            requestStart = .now()
            arm(after: deadlines.head)
        case .body:
            if case .head = phase {} else { requestStart = .now() }
            (bytesInWindow, bytesOfBody, hasPaused) = (0, 0, false)
            arm(after: deadlines.rateWindow)
        case .work: deadline = nil
        case .taking: arm(after: deadlines.response)
        case .closing: arm(after: deadlines.closing)
        }
        phase = next
    }

    /// The client has taken a piece of an answer.
    func taken() { if phase == .taking { arm(after: deadlines.response) } }

    private func arm(after delay: TimeAmount) {
        let deadline = NIODeadline.now() + delay
        self.deadline = deadline
        if timer == nil || deadline < timerDeadline { schedule(deadline) }
    }

    private func schedule(_ time: NIODeadline) {
        timer?.cancel()
        timerDeadline = time
        timer = loop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: time) { self.fired() }
    }

    private func fired() {
        timer = nil
        guard let deadline else { return }
        if deadline > .now() { schedule(deadline) } else { expired() }
    }

    private func expired() {
        guard case .body = phase else { return close() }
        let expected = deadlines.minimumRate * deadlines.rateWindow.nanoseconds / 1_000_000_000
        let elapsed = NIODeadline.now() - requestStart
        let isLate = elapsed > deadlines.request && bytesOfBody < deadlines.steadyRate * (elapsed.nanoseconds / 1_000_000_000)
        let isSlow = bytesInWindow < expected && !hasPaused
        if isReading, isLate || isSlow { return close() }
        (bytesInWindow, hasPaused) = (0, false)
        arm(after: deadlines.rateWindow)
    }
}
