// What is a head, what is none, and that it does not matter how the bytes arrive.
import HTTPServer
import HTTPTypes
import NIOCore
import TestKit
import Testing

/// What a head says, or why it is refused.
private enum Outcome: Equatable {
    case more
    case head(String, rest: Int)
    case refused(Refusal)
}

private func text(_ head: RequestHead) -> String {
    ([head.method.rawValue, head.target, "\(head.isHTTP11)", "\(head.framing)"] + head.fields.map { "\($0.name)=\($0.value)" })
        .joined(separator: " ")
}

/// - Parameter cuts: places where the bytes are cut, in ascending order.
private func read(_ bytes: [UInt8], cutAt cuts: [Int] = []) -> Outcome {
    var parser = HeadParser()
    var buffer = ByteBuffer()
    for (start, end) in zip([0] + cuts, cuts + [bytes.count]) {
        buffer.writeBytes(bytes[start..<end])
        do {
            if case .complete(let head) = try parser.parse(&buffer) {
                return .head(text(head), rest: buffer.readableBytes + bytes.count - end)
            }
        } catch {
            return .refused(error)
        }
    }
    return .more
}

private func read(_ text: String) -> Outcome { read(Array(text.utf8)) }

@Suite struct HeadParserTests {
    private static let host = "Host: a\r\n"

    @Test("a head has a method, a target, a version, and fields without the blanks around them")
    func heads() {
        #expect(
            read("GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-Y: \t a b \t\r\nEmpty:\r\n\r\nrest")
                == .head("GET /a?b=c true none Host=a X-Y=a b Empty=", rest: 4))
        #expect(read("\r\n\r\nPOST / HTTP/1.0\r\nContent-Length: 05\r\n\r\n") == .head("POST / false length(5) Content-Length=05", rest: 0))
        #expect(
            read("PUT / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: Chunked\r\n\r\n")
                == .head("PUT / true chunked Host=a Transfer-Encoding=Chunked", rest: 0))
        #expect(
            read("POST / HTTP/1.1\r\n\(Self.host)Expect: 100-Continue , ,100-continue\r\n\r\n")
                == .head("POST / true none Host=a Expect=100-Continue , ,100-continue", rest: 0))
        #expect(read("GET http://a/b HTTP/1.1\r\n\(Self.host)\r\n") == .head("GET /b true none Host=a", rest: 0))
        #expect(read("OPTIONS * HTTP/1.1\r\n\(Self.host)\r\n") == .head("OPTIONS * true none Host=a", rest: 0))
        #expect(read("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n") == .head("GET / true none Host=[::1]:80", rest: 0))
        #expect(read("GET / HTTP/1.1\r\n\(Self.host)X: caf\u{e9}\r\n\r\n") == .head("GET / true none Host=a X=caf\u{e9}", rest: 0))
    }

    @Test("a field is found in any case of its name, and by the whole name only")
    func fields() throws {
        var parser = HeadParser()
        var buffer = ByteBuffer(string: "GET /p?q=1?2 HTTP/1.1\r\nhOST: a\r\nAccept: x\r\nX-Accept: y\r\nACCEPT: z\r\nx^: 1\r\n\r\n")
        guard case .complete(let head) = try parser.parse(&buffer) else { throw Refusal.syntax }
        #expect(head[.accept] == "x, z")
        #expect(head.values(of: .accept) == ["x", "z"])
        #expect(head[.authorization] == nil)
        #expect(head[try #require(HTTPField.Name("X^"))] == "1")
        #expect(head[try #require(HTTPField.Name("x~"))] == nil)
        #expect(head.path == "/p")
        #expect(head.query == "q=1?2")
    }

    static let hostile: [(String, Refusal)] = [
        ("GET  / HTTP/1.1\r\n", .syntax), ("GET\t/ HTTP/1.1\r\n", .syntax), ("get / HTTP/1.1\r\n", .syntax), ("FROBNICATE / H", .syntax),
        (" GET / HTTP/1.1\r\n", .syntax), ("\nGET / HTTP/1.1\r\n", .syntax), ("\r\rGET", .syntax), ("GET /\r\n", .syntax),
        ("GET / HTTP/1.1\n", .syntax), ("GET / HTTP/1.1 \r\n", .syntax), ("GET / http/1.1\r\n", .syntax), ("GET / HTTP/1.10\r\n", .syntax),
        ("GET / HTTP/x.1\r\n", .syntax), ("GET / HTTP/2.0\r\n", .version), ("GET / HTTP/1.2\r\n", .version),
        ("GET / HTTP/0.9\r\n", .version),
        ("PRI * HTTP/2.0\r\n", .syntax), ("GET /\u{e9} HTTP/1.1\r\n", .syntax), ("GET /\u{1} HTTP/1.1\r\n", .syntax),
        ("GET /\u{7f} HTTP/1.1\r\n", .syntax), ("\u{16}\u{3}\u{1}", .syntax),
        ("GET / HTTP/1.1\r\n\(host)\r\r\n", .syntax), ("GET / HTTP/1.1\r\n\(host)X: a\rb\r\n\r\n", .syntax),
        ("GET / HTTP/1.1\r\n\(host)X: a\n\r\n", .syntax), ("GET / HTTP/1.1\r\n\(host)X: a\u{0}\r\n\r\n", .syntax),
        ("GET / HTTP/1.1\r\n\(host)X: a\u{7f}\r\n\r\n", .syntax), ("GET / HTTP/1.1\r\n\(host)X : a\r\n\r\n", .syntax),
        ("GET / HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n", .syntax), ("GET / HTTP/1.1\r\n\(host): a\r\n\r\n", .syntax),
        ("GET / HTTP/1.1\r\n\(host)X\r\n\r\n", .syntax), ("GET / HTTP/1.1\r\n\(host)X(: a\r\n\r\n", .syntax),
        ("GET / HTTP/1.1\r\n\(host)\u{e9}: a\r\n\r\n", .syntax), ("GET / HTTP/1.1\r\n X: a\r\n\(host)\r\n", .syntax),
        ("GET / HTTP/1.1\r\n\r\n", .hostCount), ("GET / HTTP/1.1\r\n\(host)\(host)\r\n", .hostCount),
        ("GET / HTTP/1.0\r\n\(host)\(host)\r\n", .hostCount), ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .host),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .host),
        ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", .host),
        ("GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", .host),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost: a:+1\r\n\r\n", .host),
        ("GET * HTTP/1.1\r\n\(host)\r\n", .target), ("GET a HTTP/1.1\r\n\(host)\r\n", .target),
        ("CONNECT a:443 HTTP/1.1\r\n\(host)\r\n", .syntax), ("GET http://b/ HTTP/1.1\r\n\(host)\r\n", .target),
        ("GET https://a/ HTTP/1.1\r\n\(host)\r\n", .target), ("GET http://a HTTP/1.1\r\n\(host)\r\n", .target),
        ("GET http://ab/ HTTP/1.1\r\n\(host)\r\n", .target), ("GET http:/// HTTP/1.0\r\n\r\n", .target),
        ("GET / HTTP/1.1\r\n\(host)Content-Length:\r\n\r\n", .length), ("GET / HTTP/1.1\r\n\(host)Content-Length: +5\r\n\r\n", .length),
        ("GET / HTTP/1.1\r\n\(host)Content-Length: -5\r\n\r\n", .length), ("GET / HTTP/1.1\r\n\(host)Content-Length: 0x5\r\n\r\n", .length),
        ("GET / HTTP/1.1\r\n\(host)Content-Length: 5, 5\r\n\r\n", .length),
        ("GET / HTTP/1.1\r\n\(host)Content-Length: 5 5\r\n\r\n", .length),
        ("GET / HTTP/1.1\r\n\(host)Content-Length: 9223372036854775808\r\n\r\n", .length),
        ("GET / HTTP/1.1\r\n\(host)Content-Length: 5\r\nContent-Length: 5\r\n\r\n", .length),
        ("GET / HTTP/1.1\r\n\(host)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .length),
        ("GET / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", .length),
        ("GET / HTTP/1.1\r\n\(host)Transfer-Encoding:\r\n\r\n", .transferCoding),
        ("GET / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n", .transferCoding),
        ("GET / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked,\r\n\r\n", .transferCoding),
        ("GET / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked;q=1\r\n\r\n", .transferCoding),
        ("GET / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", .transferCoding),
        ("GET / HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n", .transferCoding),
        ("GET / HTTP/1.1\r\n\(host)Expect: 100-continue, x\r\n\r\n", .expectation),
        ("GET / HTTP/1.1\r\n\(host)X: \(markRun(bytes: 100))\r\n\r\n", .marks),
    ]

    @Test("what is no request of HTTP/1.1, or means two things, is refused", arguments: hostile)
    func refused(head: String, refusal: Refusal) {
        #expect(read(head) == .refused(refusal))
        checkCuts(Array(head.utf8))
    }

    @Test("as large as it may be, and a byte or a field more")
    func limits() {
        let target = String(repeating: "a", count: HeadLimits.target - 1)
        #expect(read("GET /\(target) HTTP/1.1\r\n\(Self.host)\r\n") == .head("GET /\(target) true none Host=a", rest: 0))
        #expect(read("GET /\(target)a") == .refused(.targetTooLong))
        let value = String(repeating: "a", count: HeadLimits.field)
        #expect(read("GET / HTTP/1.1\r\n\(Self.host)X: \(value)\r\n\r\n") == .head("GET / true none Host=a X=\(value)", rest: 0))
        #expect(read("GET / HTTP/1.1\r\n\(Self.host)X: \(value)a") == .refused(.headTooLarge))
        #expect(read("GET / HTTP/1.1\r\n\(value)a") == .refused(.headTooLarge))
        func fields(_ count: Int) -> String { Self.host + (1..<count).map { "X\($0): a\r\n" }.joined() + "\r\n" }
        #expect(read("GET / HTTP/1.1\r\n\(fields(HeadLimits.fields))") != .refused(.headTooLarge))
        #expect(read("GET / HTTP/1.1\r\n\(fields(HeadLimits.fields + 1))") == .refused(.headTooLarge))
        func head(_ count: Int) -> String {
            let start = "GET / HTTP/1.1\r\n\(Self.host)X: \(value)\r\nY: "
            return start + String(repeating: "b", count: count - start.utf8.count - 4) + "\r\n\r\n"
        }
        #expect(read(head(HeadLimits.head)) != .refused(.headTooLarge))
        #expect(read(head(HeadLimits.head + 1)) == .refused(.headTooLarge))
        #expect(read(String(repeating: "\r\n", count: HeadLimits.head / 2 - 1)) == .more)
        #expect(read(String(repeating: "\r\n", count: HeadLimits.head / 2)) == .refused(.headTooLarge))
    }

    /// Cut anywhere it means the same; a part of it means that, or nothing yet.
    private func checkCuts(_ bytes: [UInt8]) {
        let whole = read(bytes)
        #expect(read(bytes, cutAt: Array(stride(from: 1, to: bytes.count, by: 1))) == whole)
        for cut in 0...bytes.count {
            #expect(read(bytes, cutAt: [cut]) == whole, "cut at \(cut)")
            switch (read(Array(bytes[..<cut])), whole) {
            case (.more, _): break
            case (.head(let part, _), .head(let all, _)): #expect(part == all)
            case (let part, _): #expect(part == whole, "the first \(cut) bytes")
            }
        }
    }

    @Test("every prefix and every cut of whatever comes gives the same", arguments: 0..<40)
    func random(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let pieces = [
            "GET", " ", "/", "a", "?", "HTTP/1.1", "HTTP/1.0", "\r\n", "\r", "\n", "Host", ": ", ":", "a.b:80", "X-Long-Name-Of-A-Field",
            "\t",
            "Content-Length", "12", "Transfer-Encoding", "chunked", "\u{0}", "\u{e9}", "\u{301}", "Expect", "100-continue", "http://a",
        ]
        for _ in 0..<20 {
            var text = Bool.random(using: &random) ? "GET /a HTTP/1.1\r\nHost: a\r\n" : ""
            for _ in 0..<Int.random(in: 0...20, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
            if Bool.random(using: &random) { text += "\r\n\r\n" }
            checkCuts(Array(text.utf8))
        }
    }
}
