// How the command line reaches a running server, over a socket that only the owner can open: a line of JSON with the command, the bytes of the
// file that it sends, if any; then the bytes of the file that it asked for, if any, and a line of JSON with the reply.
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

struct ControlSocketServer: Service, CustomStringConvertible {
    /// What the log calls it.
    let description = "control socket"

    /// Whoever connects and says nothing, or does not take the reply, is not waited for longer.
    private static let patience: TimeAmount = .seconds(5)

    private let path: String
    private let console: AdminConsole
    private let logger: Logger
    private let onListening: @Sendable () -> Void

    /// - Parameter onListening: called when commands are taken.
    init(path: String, console: AdminConsole, logger: Logger, onListening: @escaping @Sendable () -> Void) {
        self.path = path
        self.console = console
        self.logger = logger
        self.onListening = onListening
    }

    func run() async throws {
        let server = try await listen()
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        onListening()
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { clients in
                for try await client in clients.cancelOnGracefulShutdown() { group.addTask { await serve(client) } }
            }
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    private func listen() async throws -> NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never> {
        do {
            return try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
        } catch let error as IOError {
            throw SettingsError("the socket \(path.wholePath) for the command line cannot be made: \(SystemReason(error.errnoCode))")
        }
    }

    private func serve(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        let channel = client.channel
        do {
            try await client.executeThenClose { inbound, outbound in
                // A file that arrives would hold up the stop: reading on fails, and what has come is removed.
                try await withGracefulShutdownHandler {
                    let reader = ControlReader(inbound)
                    guard let command = try await command(from: reader, channel) else { return }
                    let bytes = CommandBytes(
                        next: { try await Self.file(from: reader) }, send: { try await ControlFrame.write($0, to: outbound) })
                    let reply = await answer(command, bytes)
                    try await outbound.write(ByteBuffer(bytes: JSONEncoder().encode(reply) + Data("\n".utf8)))
                } onGracefulShutdown: {
                    channel.pipeline.fireErrorCaught(SettingsError("the server stops: nothing was imported, send the file again later"))
                }
                // Closed from this side while the client still sends, the reply could be lost.
                let deadline = Self.closing(channel)
                try await channel.closeFuture.get()
                deadline.cancel()
            }
        } catch {
            logger.warning("a command over the control socket failed", metadata: ["error": "\(error)"])
        }
    }

    private static func closing(_ channel: any Channel) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    private func command(from reader: ControlReader, _ channel: any Channel) async throws -> Data? {
        let deadline = Self.closing(channel)
        defer { deadline.cancel() }
        guard case .line(let line)? = try await reader.next() else { return nil }
        return line
    }

    private func answer(_ line: Data, _ bytes: CommandBytes) async -> AdminReply {
        guard let command = try? JSONDecoder().decode(AdminCommand.self, from: line) else {
            return AdminReply(error: "the running server is version \(programVersion) and does not know this command: use the same version")
        }
        return await console.run(command, bytes)
    }

    private static func file(from reader: ControlReader) async throws -> [UInt8]? {
        guard case .frame(let bytes)? = try await reader.next() else {
            throw SettingsError("the command line ended before the file did: nothing was imported")
        }
        return bytes.isEmpty ? nil : bytes
    }
}

enum ControlSocket {
    /// Sends a command to the server that owns the data folder.
    /// - Parameters:
    ///   - input: the file whose bytes go with it.
    ///   - output: the file that the server's bytes go to.
    /// - Throws: `SettingsError` when there is no answer, what reading and writing the files throws.
    static func send(
        _ command: AdminCommand, to path: String, input: InputFile? = nil, output: OutputFile? = nil
    ) async throws -> AdminReply {
        let line = try JSONEncoder().encode(command) + Data("\n".utf8)
        return try await connect(to: path).executeThenClose { inbound, outbound in
            do { try await outbound.write(ByteBuffer(bytes: line)) } catch { throw silence }
            return try await withThrowingTaskGroup(of: AdminReply?.self) { group in
                if let input {
                    group.addTask {
                        try await send(input, outbound)
                        return nil
                    }
                }
                group.addTask { try await reply(from: inbound, output) }
                // The server may refuse a file before it has all of it.
                for try await case let reply? in group {
                    group.cancelAll()
                    return reply
                }
                throw silence
            }
        }
    }

    private static let silence = SettingsError(
        "the running server closed the connection without an answer. Its log says why; a server of another version than \(programVersion) may not "
            + "know this command.")

    private static func connect(to path: String) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        do {
            return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw SettingsError("no server answers at \(path), though one has the data folder: it starts or stops, try again")
        }
    }

    private static func send(_ input: InputFile, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        while let bytes = try await input.next() {
            // Why the server takes no more is in its reply, or in that there is none.
            do { try await ControlFrame.write(bytes, to: outbound) } catch { return }
        }
        try? await ControlFrame.writeEnd(to: outbound)
    }

    private static func reply(from inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ output: OutputFile?) async throws -> AdminReply {
        let reader = ControlReader(inbound)
        while let message = try await next(of: reader) {
            switch message {
            case .line(let line): return try JSONDecoder().decode(AdminReply.self, from: line)
            case .frame(let bytes):
                guard let output else { throw silence }
                try await output.write(bytes)
            }
        }
        throw silence
    }

    private static func next(of reader: ControlReader) async throws -> ControlReader.Message? {
        do { return try await reader.next() } catch let error where error is IOError || error is ChannelError { throw silence }
    }
}
