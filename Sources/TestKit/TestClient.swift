// A small HTTP client for tests: one connection a request, every answer as it came.
package import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOPosix
package import Wire

package struct Reply: Sendable {
    package var status: Int
    package var headers: HTTPFields
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; `null` when it is none.
    package var json: JSON { (try? JSON(parsing: body)) ?? .null }

    package subscript(_ header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }

    /// The value at a path of member names and array indices.
    package func at(_ path: String...) -> JSON? { walk(path) }

    package func int(_ path: String...) -> Int64? { if case .int(let value) = walk(path) { value } else { nil } }
    package func string(_ path: String...) -> String? { if case .string(let value) = walk(path) { value } else { nil } }
    package func list(_ path: String...) -> [JSON] { if case .array(let value) = walk(path) { value } else { [] } }

    private func walk(_ path: [String]) -> JSON? {
        path.reduce(Optional(json)) { value, step in
            if case .array(let elements) = value, let index = Int(step) { return elements.indices.contains(index) ? elements[index] : nil }
            return value?[step]
        }
    }
}

package struct TestClient: Sendable {
    let port: Int

    package init(port: Int) { self.port = port }

    func connect() async throws -> NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart> {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPClientCodec())
                    return try NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart>(wrappingChannelSynchronously: channel)
                }
            }
    }

    package func send(
        _ method: HTTPRequest.Method, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> Reply {
        let channel = try await connect()
        var fields = HTTPFields()
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) } }
        fields[.connection] = "close"
        if let body, fields[.transferEncoding] == nil, fields[.contentLength] == nil { fields[.contentLength] = "\(body.count)" }
        let head = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:\(port)", path: path, headerFields: fields)
        return try await channel.executeThenClose { inbound, outbound in
            do {
                try await outbound.write(.head(head))
                if let body { try await outbound.write(.body(ByteBuffer(bytes: body))) }
                try await outbound.write(.end(nil))
            } catch is ChannelError {
                // The server has answered and hung up before it had everything.
            }
            var reply = Reply(status: 0, headers: [:], body: [])
            for try await part in inbound {
                switch part {
                case .head(let head): (reply.status, reply.headers) = (head.status.code, head.headerFields)
                case .body(let buffer): reply.body += Array(buffer.readableBytesView)
                case .end: return reply
                }
            }
            return reply
        }
    }
}
