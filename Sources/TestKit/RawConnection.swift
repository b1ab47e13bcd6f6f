// A bare TCP connection: sends any bytes and shows what comes back, and whether the server hung up.
import NIOCore
import NIOPosix

package struct RawExchange: Sendable {
    package var received: String
    /// The server closed the connection.
    package var isClosed: Bool

    /// The status of the last final answer; nil when there is none.
    package var status: Int? { statuses.last { $0 >= 200 } }

    /// Every status line in what was received.
    package var statuses: [Int] { answers.compactMap { Int($0.prefix(3)) } }

    /// What was received, cut before each status line.
    package var answers: [Substring] { Array(received[...].split(separator: "HTTP/1.1 ")) }
}

/// What ends an exchange; each of them within half a minute, or the exchange ends with what there is.
package enum RawEnd: Sendable {
    /// The server hangs up.
    case close
    /// So many heads are there, interim ones included.
    case answers(Int)

    fileprivate func isReached(_ received: String) -> Bool {
        guard case .answers(let count) = self else { return false }
        let answers = RawExchange(received: received, isClosed: false).answers
        return answers.count >= count && answers.last?.contains("\r\n\r\n") == true
    }
}

package enum RawConnection {
    /// Sends `parts` one after the other, with a pause after each, and collects what comes until `end`.
    /// The first bytes that come call `onFirstBytes`; in lockstep the second part waits for that.
    package static func exchange(
        port: Int, _ parts: [String], until end: RawEnd, pause: Duration = .zero,
        lockstep: Bool = false, onFirstBytes: @escaping @Sendable () -> Void = {}
    ) async throws -> RawExchange {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: RawExchange?.self) { group in
                let (firstBytes, signal) = AsyncStream<Void>.makeStream()
                group.addTask {
                    await collect(inbound, until: end) {
                        onFirstBytes()
                        signal.finish()
                    }
                }
                group.addTask {
                    do {
                        for (index, part) in parts.enumerated() {
                            if lockstep, index == 1 { for await _ in firstBytes {} }
                            try await outbound.write(ByteBuffer(string: part))
                            if pause > .zero { try await Task.sleep(for: pause) }
                        }
                    } catch {
                        // The server hung up before it had everything; what it said before counts.
                    }
                    return nil
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(30))
                    return RawExchange(received: "the exchange did not end", isClosed: false)
                }
                defer { group.cancelAll() }
                while let result = try await group.next() { if let result { return result } }
                throw CancellationError()
            }
        }
    }

    private static func collect(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, until end: RawEnd, _ onFirstBytes: @Sendable () -> Void
    ) async -> RawExchange {
        var received = ""
        do {
            for try await buffer in inbound {
                if received.isEmpty { onFirstBytes() }
                received += String(decoding: buffer.readableBytesView, as: UTF8.self)
                if end.isReached(received) { return RawExchange(received: received, isClosed: false) }
            }
        } catch {
            // A reset is a close, too.
        }
        return RawExchange(received: received, isClosed: true)
    }
}
