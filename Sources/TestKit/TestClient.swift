// A small HTTP client for tests: one connection a request, every answer as it came.
package import HTTPTypes
import NIOCore
import NIOHTTP1
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

    /// A connection that has sent a head.
    func connect(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields
    ) async throws -> NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart> {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(wrappingChannelSynchronously: channel)
                }
            }
        var headers = HTTPHeaders([("Host", "127.0.0.1:\(port)")])
        for field in fields { headers.add(name: field.name.rawName, value: field.value) }
        let head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method.rawValue), uri: path, headers: headers)
        try await channel.channel.writeAndFlush(HTTPClientRequestPart.head(head))
        return channel
    }

    package func send(
        _ method: HTTPRequest.Method, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> Reply {
        var fields = HTTPFields()
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) } }
        fields[.connection] = "close"
        if let body, fields[.transferEncoding] == nil, fields[.contentLength] == nil { fields[.contentLength] = "\(body.count)" }
        let channel = try await connect(method, path, fields)
        return try await channel.executeThenClose { inbound, outbound in
            do {
                if let body { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
                try await outbound.write(.end(nil))
            } catch is ChannelError {
                // The server has answered and hung up before it had everything.
            }
            var reply = Reply(status: 0, headers: [:], body: [])
            for try await part in inbound {
                switch part {
                case .head(let head): (reply.status, reply.headers) = (Int(head.status.code), head.fields)
                case .body(let buffer): reply.body += Array(buffer.readableBytesView)
                case .end: return reply
                }
            }
            return reply
        }
    }
}

extension HTTPResponseHead {
    var fields: HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) } }
        return fields
    }
}
