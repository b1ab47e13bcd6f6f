// The bytes of an answer (RFC 9112, 4 and 6).
import NIOCore

/// What of an answer depends on the request.
struct ResponseFrame {
    var isHTTP11 = true
    /// The body is not sent (RFC 9110, 9.3.2).
    var isHead = false
    /// The connection is closed behind the answer.
    var closes = false
    /// `Date` as it is written.
    var date: String

    /// Whether a body of that status is sent at all (RFC 9110, 15).
    static func hasBody(_ status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }

    /// A body whose length is not known beforehand is sent in chunks; to clients of HTTP/1.0 until the connection ends.
    func isChunked(_ response: Response) -> Bool { isHTTP11 && response.body.count == nil && Self.hasBody(response.status) }

    /// Appends the head, and the body when it is known.
    func write(_ response: Response, to output: inout ByteBuffer) {
        let body = isHead || !Self.hasBody(response.status) ? nil : response.body
        output.reserveCapacity(minimumWritableBytes: 1024 + (body?.count ?? 0))
        output.writeString("HTTP/1.1 ")
        output.writeString(StatusLine.text(response.status))
        for field in response.fields.all { Self.write(field.name, field.value, to: &output) }
        if Self.hasBody(response.status), let count = response.body.count { Self.write("Content-Length", String(count), to: &output) }
        if isChunked(response) { Self.write("Transfer-Encoding", "chunked", to: &output) }
        if closes {
            Self.write("Connection", "close", to: &output)
        } else if !isHTTP11 {
            Self.write("Connection", "keep-alive", to: &output)
        }
        Self.write("Date", date, to: &output)
        output.writeStaticString("\r\n")
        switch body {
        case .bytes(let bytes): output.writeBytes(bytes)
        case .buffer(let buffer): output.writeImmutableBuffer(buffer)
        case .stream, nil: break
        }
    }

    private static func write(_ name: String, _ value: String, to output: inout ByteBuffer) {
        output.writeString(name)
        output.writeStaticString(": ")
        let start = output.writerIndex
        let count = output.writeString(value)
        // Nothing that a value may hold begins another field, or another answer.
        if value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            for place in start..<start + count {
                guard let byte: UInt8 = output.getInteger(at: place), byte < 0x20 || byte == 0x7f else { continue }
                output.setInteger(UInt8.space, at: place)
            }
        }
        output.writeStaticString("\r\n")
    }

    static func writeChunk(_ bytes: [UInt8], to output: inout ByteBuffer) {
        output.reserveCapacity(minimumWritableBytes: bytes.count + 24)
        output.writeString(String(bytes.count, radix: 16))
        output.writeStaticString("\r\n")
        output.writeBytes(bytes)
        output.writeStaticString("\r\n")
    }
}

private enum StatusLine {
    /// Status and reason, with the end of the line.
    static func text(_ status: Int) -> String {
        switch status {
        case 200: "200 OK\r\n"
        case 201: "201 Created\r\n"
        case 202: "202 Accepted\r\n"
        case 204: "204 No Content\r\n"
        case 303: "303 See Other\r\n"
        case 304: "304 Not Modified\r\n"
        case 400: "400 Bad Request\r\n"
        case 401: "401 Unauthorized\r\n"
        case 403: "403 Forbidden\r\n"
        case 404: "404 Not Found\r\n"
        case 405: "405 Method Not Allowed\r\n"
        case 409: "409 Conflict\r\n"
        case 412: "412 Precondition Failed\r\n"
        case 413: "413 Content Too Large\r\n"
        case 415: "415 Unsupported Media Type\r\n"
        case 417: "417 Expectation Failed\r\n"
        case 422: "422 Unprocessable Content\r\n"
        case 429: "429 Too Many Requests\r\n"
        case 500: "500 Internal Server Error\r\n"
        case 503: "503 Service Unavailable\r\n"
        // A reason may be left out, the space before it may not.
        default: "\(status) \r\n"
        }
    }
}
