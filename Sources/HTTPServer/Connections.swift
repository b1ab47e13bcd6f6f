// The connections of a server: told when it stops, and waited for.
import NIOCore
import Synchronization

/// A connection as other threads see it.
struct ConnectionHandle: Sendable {
    private let loop: any EventLoop
    private let connection: NIOLoopBound<Connection>

    /// To be made on the event loop of the connection.
    init(_ connection: Connection, on loop: any EventLoop) {
        self.loop = loop
        self.connection = NIOLoopBound(connection, eventLoop: loop)
    }

    /// At once where that is the event loop, otherwise as soon as it comes to it; in the order of the calls.
    func run(_ body: @escaping @Sendable (Connection) -> Void) {
        if loop.inEventLoop { body(connection.value) } else { loop.execute { body(connection.value) } }
    }
}

final class Connections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: ConnectionHandle] = [:]
        var isDraining = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func join(_ id: ObjectIdentifier, _ connection: ConnectionHandle) {
        let isDraining = state.withLock { state in
            state.open[id] = connection
            return state.isDraining
        }
        if isDraining { connection.run { $0.drain() } }
    }

    /// Called when the connection has ended and nothing works for it any more.
    func leave(_ id: ObjectIdentifier) {
        let waiter = state.withLock { state in
            state.open[id] = nil
            return state.open.isEmpty ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// Every answer in flight ends; idle connections close.
    func drain() {
        let open = state.withLock { state in
            state.isDraining = true
            return Array(state.open.values)
        }
        for connection in open { connection.run { $0.drain() } }
    }

    /// Cuts them all.
    func abort() {
        drain()
        for connection in state.withLock({ Array($0.open.values) }) { connection.run { $0.abort() } }
    }

    /// Returns when there are none.
    func ended() async {
        await withCheckedContinuation { waiter in
            let hasEnded = state.withLock { state in
                if state.open.isEmpty { return true }
                state.waiter = waiter
                return false
            }
            if hasEnded { waiter.resume() }
        }
    }
}
