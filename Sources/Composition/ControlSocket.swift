// How the command line reaches a running server: one line of JSON each way over a socket that only the owner can open.
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

struct ControlSocketServer: Service, CustomStringConvertible {
    /// What the log calls it.
    let description = "control socket"

    private let path: String
    private let console: AdminConsole
    private let logger: Logger

    init(path: String, console: AdminConsole, logger: Logger) {
        self.path = path
        self.console = console
        self.logger = logger
    }

    func run() async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
            }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { clients in
                for try await client in clients.cancelOnGracefulShutdown() { group.addTask { await serve(client) } }
            }
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Whoever connects and says nothing is not waited for.
    private static func withDeadline(_ body: @escaping @Sendable () async throws -> Data?) async throws -> Data? {
        try await withThrowingTaskGroup(of: Data?.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: .seconds(5))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func serve(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await client.executeThenClose { inbound, outbound in
                guard let line = try await Self.withDeadline({ try await ControlSocket.line(from: inbound) }) else { return }
                let command = try JSONDecoder().decode(AdminCommand.self, from: line)
                let reply = await console.run(command)
                try await outbound.write(ByteBuffer(bytes: JSONEncoder().encode(reply) + Data("\n".utf8)))
            }
        } catch {
            logger.warning("a command over the control socket failed", metadata: ["error": "\(error)"])
        }
    }
}

package enum ControlSocket {
    /// A command holds a password at most; a reply the list of all users.
    private static let lineLimit = 64 << 20

    /// Sends a command to the server that owns the data folder.
    package static func send(_ command: AdminCommand, to path: String) async throws -> AdminReply {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: JSONEncoder().encode(command) + Data("\n".utf8)))
            guard let line = try await self.line(from: inbound) else {
                throw SettingsError("the running server closed the connection: its log says why")
            }
            return try JSONDecoder().decode(AdminReply.self, from: line)
        }
    }

    static func line(from inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> Data? {
        var received = ByteBuffer()
        for try await part in inbound {
            received.writeImmutableBuffer(part)
            if let end = received.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                return Data(received.readableBytesView[..<end])
            }
            guard received.readableBytes < lineLimit else { throw SettingsError("a control message is too long") }
        }
        return nil
    }
}
