// HTTP/1.1 as Hummingbird speaks it, made strict: deadlines, header limits, and the checks that its parser leaves out.
import HummingbirdCore
import Logging
package import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// How long a client may take.
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

    package init() {}
}

struct StrictHTTPChannel: ServerChildChannel, HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: HTTPChannelHandler.Responder
    let deadlines: ConnectionDeadlines

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = 8 << 10
            limits.maxHeaderListSize = 16 << 10
            limits.maxHeaderFieldCount = 100
            let pipeline = channel.pipeline.syncOperations
            let guardian = ConnectionGuard(deadlines)
            try pipeline.addHandler(guardian)
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
            try pipeline.addHandler(RequestChecker(guardian, logger))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: nil, logger: logger))
            return try NIOAsyncChannel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    func handle(value: Value, logger: Logger) async { await handleHTTP(asyncChannel: value, logger: logger) }
}
