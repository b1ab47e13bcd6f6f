// A client that sends a request and never reads the answer.
import NIOCore
import NIOPosix

package final class SilentReader: Sendable {
    private let channel: any Channel

    package init(port: Int, sending text: String) async throws {
        channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    deinit { channel.close(promise: nil) }
}
