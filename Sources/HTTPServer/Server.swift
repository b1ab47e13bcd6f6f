// HTTP/1.1 over TCP as a service: it binds, serves until it is told to stop, and lets every request in flight end. It knows nothing of tasks.
package import NIOCore
import NIOPosix
import ServiceLifecycle

package struct Server: Service {
    private let host: String
    private let port: Int
    private let group: any EventLoopGroup
    private let executor: (any TaskExecutor)?
    private let deadlines: ConnectionDeadlines
    private let handler: RequestHandler
    private let onRunning: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - port: 0 for one that is free.
    ///   - executor: where tasks go on that had to wait; without one, on the global executor.
    ///   - onRunning: called with the port when connections are taken.
    package init(
        host: String, port: Int, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, executor: (any TaskExecutor)? = nil,
        deadlines: ConnectionDeadlines = .init(), handler: RequestHandler, onRunning: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.host = host
        self.port = port
        self.group = group
        self.executor = executor
        self.deadlines = deadlines
        self.handler = handler
        self.onRunning = onRunning
    }

    /// Told to stop gracefully, it takes no new connections and returns when every answer in flight is sent; cancelled, it cuts them.
    /// - Throws: `ListenFailure` when no connection can be taken at that address.
    package func run() async throws {
        let (connections, date) = (Connections(), HTTPDate())
        let listener = try await listen(connections, date)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await onRunning(listener.localAddress?.port ?? port)
                try? await listener.closeFuture.get()
                await connections.ended()
            } onGracefulShutdown: {
                listener.close(promise: nil)
                connections.drain()
            }
        } onCancel: {
            listener.close(promise: nil)
            connections.abort()
        }
    }

    private func listen(_ connections: Connections, _ date: HTTPDate) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelInitializer { listener in
                // Without files for a connection it waits for a second, instead of asking again at once and for ever.
                listener.eventLoop.makeCompletedFuture {
                    try listener.pipeline.syncOperations.addHandler(AcceptBackoffHandler(shouldForwardIOErrorCaught: false))
                }
            }
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { [handler, deadlines, executor] channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = Connection(handler, deadlines, connections, date, executor)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
        do {
            return try await bootstrap.bind(host: host, port: port).get()
        } catch {
            throw ListenFailure(host: host, port: port, code: (error as? IOError)?.errnoCode)
        }
    }
}

/// Why no connection can be taken.
package struct ListenFailure: Error, Sendable {
    package let host: String
    package let port: Int
    /// Of `errno`; `nil` when the host has no address.
    package let code: Int32?
}
