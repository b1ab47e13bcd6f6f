// A client of server-sent events: reads them one by one, as long as the test wants.
import Foundation
package import HTTPTypes
import NIOCore
import NIOHTTP1
package import Wire

package struct ServerEvent: Sendable {
    package var id: String?
    package var name: String?
    package var data: JSON
    /// A comment and nothing else.
    package var isHeartbeat: Bool
}

package final class EventReader {
    package let status: Int
    package let headers: HTTPFields
    /// Of the last event that had one.
    package private(set) var lastID: String?
    private var iterator: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    private var text = ""

    fileprivate init(_ head: HTTPResponseHead, _ iterator: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator) {
        status = Int(head.status.code)
        headers = head.fields
        self.iterator = iterator
    }

    /// The next event, a heartbeat included; nil when the server has ended the stream.
    package func next() async -> ServerEvent? {
        while true {
            if let end = text.range(of: "\n\n") {
                let block = text[..<end.lowerBound]
                text = String(text[end.upperBound...])
                return event(block)
            }
            guard let part = try? await iterator.next(), case .body(let buffer) = part else { return nil }
            text += String(decoding: buffer.readableBytesView, as: UTF8.self)
        }
    }

    /// The next change; heartbeats and the first id are passed over.
    package func change() async -> ServerEvent? {
        while let event = await next() { if event.name != nil { return event } }
        return nil
    }

    private func event(_ block: Substring) -> ServerEvent {
        var event = ServerEvent(id: nil, name: nil, data: .null, isHeartbeat: block == ":")
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
            switch parts.first {
            case "id": event.id = value
            case "event": event.name = value
            case "data": event.data = (try? JSON(parsing: value.utf8)) ?? .null
            default: break
            }
        }
        lastID = event.id ?? lastID
        return event
    }
}

extension World {
    /// Follows a stream until `read` returns, for half a minute at most.
    package func follow<Value: Sendable>(
        _ path: String = "/api/v1/events", as person: Person, after id: String? = nil,
        _ read: @escaping @Sendable (EventReader) async throws -> Value
    ) async throws -> Value {
        // As browsers do; events come plain all the same.
        var fields: HTTPFields = [.authorization: "Bearer \(person.accessToken)", .acceptEncoding: "gzip"]
        if let id, let name = HTTPField.Name("Last-Event-ID") { fields[name] = id }
        let channel = try await client.connect(.get, path, fields)
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(.end(nil))
            return try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask {
                    var iterator = inbound.makeAsyncIterator()
                    guard case .head(let head) = try await iterator.next() else { throw CancellationError() }
                    return try await read(EventReader(head, iterator))
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(30))
                    return nil
                }
                defer { group.cancelAll() }
                guard let value = try await group.next() ?? nil else { throw StreamTookTooLong() }
                return value
            }
        }
    }
}

package struct StreamTookTooLong: Error {}
