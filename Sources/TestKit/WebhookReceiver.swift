// A subscriber's server: takes what is sent to it, and answers as the test says.
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

package final class WebhookReceiver: Sendable {
    package struct Message: Sendable {
        package var path: String
        package var headers: [String: String]
        package var body: String
    }

    package enum Answer: Sendable {
        case status(Int)
        case redirect(String)
        /// As much as there are bytes.
        case long(Int)
        /// Nothing: the connection is cut.
        case reset
    }

    private struct State {
        var messages: [Message] = []
        var answers: [Answer] = []
    }

    private let state = Mutex(State())
    private let usual: Answer
    package let port: Int
    private let channel: any Channel

    /// - Parameters:
    ///   - first: the answers to the first messages, in this order.
    ///   - usual: the answer to every other message.
    package static func run(
        first: [Answer] = [], usual: Answer = .status(204), beforeAnswer: @escaping @Sendable () async -> Void = {},
        _ body: @Sendable (WebhookReceiver) async throws -> Void
    ) async throws {
        let box = Mutex<WebhookReceiver?>(nil)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { message in
                            let answer = box.withLock { $0 }?.take(message) ?? .reset
                            await beforeAnswer()
                            return answer
                        })
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        let receiver = WebhookReceiver(first, usual, channel)
        box.withLock { $0 = receiver }
        do {
            try await body(receiver)
            try await channel.close()
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private init(_ first: [Answer], _ usual: Answer, _ channel: any Channel) {
        self.usual = usual
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        state.withLock { $0.answers = first }
    }

    package var messages: [Message] { state.withLock { $0.messages } }

    private func take(_ message: Message) -> Answer {
        state.withLock { state in
            state.messages.append(message)
            return state.answers.isEmpty ? usual : state.answers.removeFirst()
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let take: @Sendable (Message) async -> Answer
        private var message = Message(path: "", headers: [:], body: "")

        init(_ take: @escaping @Sendable (Message) async -> Answer) { self.take = take }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
                message = Message(path: head.uri, headers: headers, body: "")
            case .body(let buffer): message.body += String(decoding: buffer.readableBytesView, as: UTF8.self)
            case .end:
                let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                context.eventLoop.makeFutureWithTask { [take, message] in await take(message) }.whenSuccess { answer in
                    let (handler, context) = bound.value
                    handler.answer(answer, context)
                }
            }
        }

        private func answer(_ answer: Answer, _ context: ChannelHandlerContext) {
            var status = 200
            var headers = HTTPHeaders()
            var body = ""
            switch answer {
            case .status(let number): status = number
            case .redirect(let place):
                status = 307
                headers.add(name: "Location", value: place)
            case .long(let length): body = String(repeating: "x", count: length)
            case .reset:
                context.close(promise: nil)
                return
            }
            headers.add(name: "Content-Length", value: "\(body.utf8.count)")
            headers.add(name: "Connection", value: "close")
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in loopBound.value.close(promise: nil) }
        }
    }
}
