// Sends one request to a server that the user of the command line named, and takes its whole answer.
import CCurl

package struct ServerAnswer: Sendable {
    package let status: Int
    package let body: [UInt8]
}

package enum ServerRequest {
    /// Seconds until the other side has taken the connection, and until it has answered.
    private static let patience = (connect: 10, answer: 60)
    /// Bytes of an answer: a page of tasks at most.
    private static let limit = 64 << 20

    /// Redirects are not followed: credentials go to the server that was named and to no other.
    /// - Parameters:
    ///   - url: http or https; certificates are checked.
    ///   - fields: names and values of the header.
    /// - Throws: `TransferError` when there is no answer, or one of more than 64 MiB.
    package static func send(
        _ method: String, _ url: String, _ fields: [(String, String)], body: [UInt8]?
    ) async throws -> ServerAnswer {
        let lines = fields.map { "\($0.0): \($0.1)" } + ["Expect:"]
        return try await CurlTransfer.run(receiveLimit: limit) { transfer in
            try transfer.set(CURLOPT_URL, url)
            try transfer.set(CURLOPT_PROTOCOLS_STR, "http,https")
            try transfer.set(CURLOPT_CONNECTTIMEOUT, patience.connect)
            try transfer.set(CURLOPT_TIMEOUT, patience.answer)
            try transfer.set(CURLOPT_USERAGENT, "taskflow")
            try transfer.set(CURLOPT_HTTPHEADER, lines)
            if let body { try transfer.post(body) }
            try transfer.set(CURLOPT_CUSTOMREQUEST, method)
            let status = try transfer.perform()
            guard !transfer.isCut else { throw TransferError("the answer is longer than \(limit) bytes") }
            return ServerAnswer(status: status, body: transfer.received)
        }
    }
}
