// Answers in gzip, for clients that take it (docs/decisions/0036).
import Credentials
import Services
import Wire

extension Endpoint {
    /// From how well a text is compressed that repeats what somebody sent, one may guess what else is in it: secrets stay plain.
    var mayBeCompressed: Bool { !holdsSecret && operation.tag != Tag.authentication.rawValue }
}

extension Answer {
    /// Bytes below which it saves no packet.
    private static let smallestCompressed = 1 << 10

    var tag: String? { value(of: "ETag") }

    private func value(of name: String) -> String? { headers.first { $0.name == name }?.value }

    /// A long text. Problems are short, events must not wait for others, and drawn reports are compressed already.
    private var isWorthCompressing: Bool {
        guard stream != nil || body.count >= Self.smallestCompressed, let type = value(of: "Content-Type") else { return false }
        return type.hasPrefix("application/json") || (type.hasPrefix("text/") && !type.hasPrefix("text/event-stream"))
    }

    /// Settles what the headers say of the coding, before the body is compressed: a 304 has them, too.
    /// - Parameter accepted: the values of all fields `Accept-Encoding`.
    /// - Returns: whether the body is to be compressed.
    mutating func negotiate(_ accepted: [String]) -> Bool {
        guard isWorthCompressing else { return false }
        headers.append(.init("Vary", "Accept-Encoding"))
        guard ContentCoding.gzip.isAccepted(accepted) else { return false }
        headers.append(.init("Content-Encoding", "gzip"))
        // A strong tag names bytes (RFC 9110, 8.8.3): those of the compressed text have one of their own, which `EntityTags` understands.
        for index in headers.indices where headers[index].name == "ETag" {
            headers[index].value = "\(headers[index].value.dropLast())-gzip\""
        }
        return true
    }

    /// - Returns: `nil` for what is too long for an event loop.
    /// - Throws: `Gzip.OutOfMemory`.
    func compressedAtOnce() throws -> Answer? {
        guard stream == nil, body.count <= EndpointRunner.briefBody else { return nil }
        var answer = self
        answer.body = try Gzip.compressed(body)
        return answer
    }

    /// - Parameter threads: compress what is too long for an event loop.
    /// - Throws: `Gzip.OutOfMemory`.
    func compressed(on threads: PatientThreads) async throws -> Answer {
        if let answer = try compressedAtOnce() { return answer }
        var answer = self
        if let stream {
            answer.stream = stream.compressed(on: threads)
        } else {
            answer.body = try await withTaskExecutorPreference(threads) { try await Self.compressed(body) }
        }
        return answer
    }

    /// Asynchronous, so that it runs on the threads that its task prefers.
    private static func compressed(_ bytes: [UInt8]) async throws -> [UInt8] { try Gzip.compressed(bytes) }
}

extension BodyStream {
    /// The same body, compressed piece by piece; it is made where it is compressed.
    fileprivate func compressed(on threads: PatientThreads) -> BodyStream {
        BodyStream(abandoned: abandoned) { send in
            try await withTaskExecutorPreference(threads) {
                let gzip = try Gzip()
                try await write { piece in
                    let ready = gzip.add(piece)
                    if !ready.isEmpty { try await send(ready) }
                }
                try await send(gzip.finish())
            }
        }
    }
}
