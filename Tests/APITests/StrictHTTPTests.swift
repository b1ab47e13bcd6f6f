// What the server does with HTTP that is wrong, hostile or slow: the raw-socket probe.
import API
import HTTPServer
import HTTPTypes
import NIOCore
import TestKit
import Testing
import Wire

@Suite struct StrictHTTPTests {
    private static let host = "Host: 127.0.0.1\r\n"

    @Test(
        "malformed requests are refused, and the connection is not used again",
        arguments: [
            ("no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400), ("two Hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("the same Host twice", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("a Host that is none", "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            ("an empty Host", "GET /healthz HTTP/1.1\r\nHost:\r\n\r\n", 400),
            ("a Host with a path", "GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
            ("a Host with a bad port", "GET /healthz HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400),
            ("gzip and chunked", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
            ("identity and chunked", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n", 400),
            ("xchunked", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
            (
                "chunked twice",
                "POST /api/v1/tasks HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400
            ),
            ("chunked in HTTP/1.0", "POST /api/v1/tasks HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            (
                "length and chunked",
                "POST /api/v1/tasks HTTP/1.1\r\n\(host)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400
            ),
            ("two lengths", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
            ("a signed length", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Content-Length: +5\r\n\r\nhello", 400),
            ("a hexadecimal length", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Content-Length: 0x5\r\n\r\nhello", 400),
            ("a negative length", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Content-Length: -5\r\n\r\nhello", 400),
            ("a length beyond 64 bits", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Content-Length: 99999999999999999999\r\n\r\nhello", 400),
            (
                "a chunk size that overflows",
                "POST /api/v1/tasks HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400
            ),
            (
                "a chunk size with 0x",
                "POST /api/v1/auth/login HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", 400
            ),
            ("a folded header", "GET /healthz HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n", 400),
            ("a space before the colon", "GET /healthz HTTP/1.1\r\n\(host)X : a\r\n\r\n", 400),
            ("a NUL in a header", "GET /healthz HTTP/1.1\r\n\(host)X: a\u{0}b\r\n\r\n", 400),
            ("a bare CR", "GET /healthz HTTP/1.1\r\n\(host)X: a\rb\r\n\r\n", 400),
            ("HTTP/2.0 in the line", "GET /healthz HTTP/2.0\r\n\(host)\r\n", 400),
            ("HTTP/1.2", "GET /healthz HTTP/1.2\r\n\(host)\r\n", 400),
            ("no version", "GET /healthz\r\n\r\n", 400), ("a lower-case method", "get /healthz HTTP/1.1\r\n\(host)\r\n", 400),
            ("an absolute target", "GET http://evil.example/healthz HTTP/1.1\r\n\(host)\r\n", 400),
            ("an authority for a target", "CONNECT evil.example:443 HTTP/1.1\r\n\(host)\r\n", 400),
            ("an expectation nobody knows", "POST /api/v1/tasks HTTP/1.1\r\n\(host)Expect: foo\r\nContent-Length: 0\r\n\r\n", 417),
            ("garbage", "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", 400),
        ])
    func malformed(name: String, request: String, status: Int) async throws {
        try await World.run { world in
            let exchange = try await RawConnection.exchange(port: world.port, [request], until: .close)
            #expect(exchange.status == status, "\(name): \(exchange.received.prefix(300))")
            #expect(exchange.isClosed, "\(name)")
            for header in ["content-type: application/problem+json", "x-request-id: ", "x-content-type-options: nosniff"] {
                #expect(exchange.received.lowercased().contains(header), "\(name)")
            }
            #expect(try await world.send(.get, "/healthz").status == 200)
        }
    }

    @Test("a header of 9 KB, 200 headers and a target of 9 KB are refused")
    func sizes() async throws {
        try await World.run { world in
            let big = String(repeating: "a", count: 9 << 10)
            let many = (0..<200).map { "X-\($0): a\r\n" }.joined()
            for request in [
                "GET /healthz HTTP/1.1\r\n\(Self.host)X: \(big)\r\n\r\n", "GET /healthz HTTP/1.1\r\n\(Self.host)\(many)\r\n",
                "GET /\(big) HTTP/1.1\r\n\(Self.host)\r\n",
            ] {
                let exchange = try await RawConnection.exchange(port: world.port, [request], until: .close)
                #expect(exchange.status == 400)
                #expect(exchange.isClosed)
            }
        }
    }

    @Test("requests on one connection are answered in order, sent in one piece or byte by byte")
    func keepAlive() async throws {
        try await World.run { world in
            let request = "GET /healthz HTTP/1.1\r\n\(Self.host)\r\n"
            let pipelined = try await RawConnection.exchange(port: world.port, [request + request + request], until: .answers(3))
            #expect(pipelined.statuses == [200, 200, 200])
            let slowly = try await RawConnection.exchange(port: world.port, request.map(String.init), until: .answers(1))
            #expect(slowly.statuses == [200])
        }
    }

    @Test(
        "the connection is closed when the client says so in any spelling, and after HTTP/1.0 without keep-alive",
        arguments: [
            ("GET /healthz HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", true),
            ("GET /healthz HTTP/1.1\r\n\(host)Connection: Close\r\n\r\n", true),
            ("GET /healthz HTTP/1.1\r\n\(host)Connection: foo, CLOSE\r\n\r\n", true), ("GET /healthz HTTP/1.0\r\n\r\n", true),
            ("GET /healthz HTTP/1.0\r\n\(host)Connection: keep-alive\r\n\r\n", false), ("GET /healthz HTTP/1.1\r\n\(host)\r\n", false),
        ])
    func closing(request: String, closes: Bool) async throws {
        try await World.run { world in
            // A connection that stays open answers once more.
            let again = closes ? [] : ["GET /healthz HTTP/1.1\r\n\(Self.host)\r\n"]
            let exchange = try await RawConnection.exchange(port: world.port, [request] + again, until: closes ? .close : .answers(2))
            #expect(exchange.statuses == (closes ? [200] : [200, 200]))
            #expect(exchange.isClosed == closes)
        }
    }

    @Test("Expect: 100-continue is answered before the body is sent")
    func expectContinue() async throws {
        try await World.run { world in
            let head =
                "POST /api/v1/auth/login HTTP/1.1\r\n\(Self.host)Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            let waiting = try await RawConnection.exchange(port: world.port, [head], until: .answers(1))
            #expect(waiting.statuses == [100])
            let whole = try await RawConnection.exchange(port: world.port, [head, "{}"], until: .answers(2))
            #expect(whole.statuses == [100, 400])
        }
    }

    @Test("HEAD answers like GET, with the length and without the body")
    func head() async throws {
        try await World.run { world in
            let get = try await world.send(.get, "/healthz")
            let rest = " /healthz HTTP/1.1\r\n\(Self.host)\r\n"
            let exchange = try await RawConnection.exchange(port: world.port, ["HEAD\(rest)", "GET\(rest)"], until: .answers(2))
            #expect(exchange.statuses == [200, 200])
            let head = try #require(exchange.answers.first)
            #expect(head.contains("Content-Length: \(get.body.count)\r\n"))
            #expect(head.hasSuffix("\r\n\r\n"))
        }
    }

    @Test(
        "a request whose body does not arrive whole is not carried out",
        arguments: [
            "Content-Length: 1000\r\n\r\n{\"title\":\"cut\"}", "Transfer-Encoding: chunked\r\n\r\n f\r\n{\"title\":\"cut\"}\r\n",
            "Transfer-Encoding: chunked\r\n\r\nf\r\n{\"title\":\"cut\"}\r\nZZ\r\n",
            "Transfer-Encoding: chunked\r\n\r\nf\r\n{\"title\":\"cut\"}\r\n",
        ])
    func truncated(rest: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let head =
                "POST /api/v1/tasks HTTP/1.1\r\n\(Self.host)Authorization: Bearer \(ada.accessToken)\r\nContent-Type: application/json\r\n"
            let exchange = try await RawConnection.exchange(port: world.port, [head + rest], until: .close)
            #expect(exchange.status == nil || exchange.status == 400)
            #expect(try await world.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total") == 0)
        }
    }

    @Test("of requests sent ahead each gets its own answer, and a bad one spoils none before it")
    func pipelining() async throws {
        try await World.run { world in
            let get = "GET /healthz HTTP/1.1\r\n\(Self.host)\r\n"
            let last = "GET /healthz HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n"
            let closing = try await RawConnection.exchange(port: world.port, [get + get + last + get], until: .close)
            #expect(closing.statuses == [200, 200, 200])
            let broken = try await RawConnection.exchange(port: world.port, [get + "GARBAGE\r\n\r\n"], until: .close)
            #expect(broken.statuses == [200, 400])
        }
    }

    @Test("a target with our own host is taken, as clients of proxies send it")
    func absoluteTarget() async throws {
        try await World.run { world in
            let request = "GET http://127.0.0.1/healthz HTTP/1.1\r\n\(Self.host)\r\n"
            let exchange = try await RawConnection.exchange(port: world.port, [request], until: .answers(1))
            #expect(exchange.statuses == [200])
        }
    }

    @Test("a body over the limit is refused without being read to its end, announced or in chunks")
    func largeBodies() async throws {
        try await World.run { world in
            let path = "POST /api/v1/auth/login HTTP/1.1\r\n\(Self.host)Content-Type: application/json\r\n"
            let announced = try await RawConnection.exchange(port: world.port, [path + "Content-Length: 10000000\r\n\r\n"], until: .close)
            #expect(announced.status == 413)
            #expect(announced.isClosed)
            let chunk = "10000\r\n" + String(repeating: "a", count: 0x10000) + "\r\n"
            let chunked = try await RawConnection.exchange(
                port: world.port, [path + "Transfer-Encoding: chunked\r\n\r\n"] + Array(repeating: chunk, count: 32), until: .close)
            #expect(chunked.status == 413)
            #expect(chunked.isClosed)
            #expect(try await world.send(.get, "/healthz").status == 200)
        }
    }

    @Test(
        "whoever is silent or slow loses the connection: idle, in the head, in the body, overall",
        arguments: [
            [""], ["GET /healthz HTTP/1.1\r\n"], ["POST /api/v1/auth/login HTTP/1.1\r\n\(host)Content-Length: 100\r\n\r\n"],
            ["POST /api/v1/auth/login HTTP/1.1\r\n\(host)Content-Length: 1000\r\n\r\n"] + Array(repeating: "a", count: 100),
        ])
    func slowness(parts: [String]) async throws {
        var options = World.Options()
        options.deadlines.idle = .milliseconds(200)
        options.deadlines.head = .milliseconds(200)
        options.deadlines.request = .milliseconds(400)
        options.deadlines.rateWindow = .milliseconds(100)
        try await World.run(options) { world in
            let exchange = try await RawConnection.exchange(
                port: world.port, parts.filter { !$0.isEmpty }, until: .close, pause: .milliseconds(20))
            #expect(exchange.isClosed)
            #expect(exchange.status == nil)
        }
    }
}
