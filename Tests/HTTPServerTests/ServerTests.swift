// A server with a handler of a few lines: what a connection promises whatever is served on it.
import HTTPServer
import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

/// Opened once; whoever waits for it goes on.
private final class Gate: Sendable {
    private let (stream, continuation) = AsyncStream<Void>.makeStream()

    func open() { continuation.finish() }
    func wait() async { for await _ in stream {} }
}

private func text(_ text: String, _ fields: ResponseFields = [:]) -> Response {
    Response(status: 200, fields: fields, body: .bytes(Array(text.utf8)))
}

/// Runs the test with the port of a server, and what stops it gracefully.
private func withServer(
    deadlines: ConnectionDeadlines = .init(), _ handle: @escaping @Sendable (Request) -> Handling,
    _ test: @escaping @Sendable (Int, ServiceGroup) async throws -> Void
) async throws {
    let (ports, running) = AsyncStream<Int>.makeStream()
    let handler = RequestHandler(
        refuse: { refusal, _ in Response(status: refusal.status, body: .bytes(Array(refusal.detail.utf8))) }, handle: handle)
    let server = Server(host: "127.0.0.1", port: 0, deadlines: deadlines, handler: handler) { running.yield($0) }
    let services = ServiceGroup(configuration: .init(services: [server], logger: Logger(label: "test")))
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await services.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        try await test(port, services)
        await services.triggerGracefulShutdown()
        try await group.waitForAll()
    }
}

private func get(_ path: String, _ fields: String = "") -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n" }

private func connect(port: Int, autoRead: Bool = true) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
    try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .channelOption(.autoRead, value: autoRead)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
}

/// Sends a text, closes its side, and gives what comes until the other closes.
private func exchangeAndHalfClose(port: Int, _ text: String) async throws -> String {
    try await connect(port: port).executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: text))
        outbound.finish()
        var received = ""
        for try await piece in inbound { received += String(buffer: piece) }
        return received
    }
}

@Suite(.timeLimit(.minutes(1))) struct ServerTests {
    @Test("answers keep the order of the requests, whether they are given at once, later, or as a stream")
    func order() async throws {
        try await withServer { request in
            switch request.head.path {
            case "/now": .answer(text("now"))
            case "/stream":
                .work {
                    Response(
                        status: 200,
                        body: .stream(
                            ResponseStream { send in
                                try await send(Array("str".utf8))
                                await Task.yield()
                                try await send([])
                                try await send(Array("eam".utf8))
                            }))
                }
            default:
                .work {
                    await Task.yield()
                    return text("later")
                }
            }
        } _: { port, _ in
            let requests = [get("/later"), get("/now"), get("/stream"), get("/now"), get("/later", "Connection: close\r\n"), get("/now")]
                .joined()
            for parts in [[requests], requests.map(String.init)] {
                let exchange = try await RawConnection.exchange(port: port, parts, until: .close)
                #expect(exchange.statuses == [200, 200, 200, 200, 200])
                let bodies = exchange.answers.map { $0.split(separator: "\r\n\r\n", maxSplits: 1).last ?? "" }
                #expect(bodies == ["later", "now", "3\r\nstr\r\n3\r\neam\r\n0\r\n\r\n", "now", "later"])
            }
        }
    }

    @Test("a hundred requests sent ahead are all answered, while others have their turn")
    func manyAhead() async throws {
        try await withServer { _ in
            .answer(text("now"))
        } _: { port, _ in
            let requests = String(repeating: get("/"), count: 99) + get("/", "Connection: close\r\n")
            let exchange = try await RawConnection.exchange(port: port, [requests], until: .close)
            #expect(exchange.statuses == Array(repeating: 200, count: 100))
        }
    }

    @Test("what is answered at once is answered on the event loop, and work begins there")
    func loop() async throws {
        try await withServer { request in
            let isOnLoop = MultiThreadedEventLoopGroup.currentEventLoop != nil
            if request.head.path == "/now" { return .answer(text("\(isOnLoop)")) }
            return .work { text("\(MultiThreadedEventLoopGroup.currentEventLoop != nil)") }
        } _: { port, _ in
            let exchange = try await RawConnection.exchange(
                port: port, [get("/now") + get("/work", "Connection: close\r\n")], until: .close)
            #expect(exchange.answers.allSatisfy { $0.hasSuffix("\r\n\r\ntrue") })
        }
    }

    private static let echo: @Sendable (Request) -> Handling = { request in
        .work {
            do throws(BodyFault) {
                return text(String(buffer: try await request.body.collect(upTo: 1 << 20)))
            } catch {
                return Response(status: error == .tooLarge ? 413 : 500)
            }
        }
    }

    @Test(
        "a body is whole, however it was sent",
        arguments: ["Content-Length: 6\r\n\r\n{body}", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n5\r\nbody}\r\n0\r\n\r\n"])
    func bodies(rest: String) async throws {
        try await withServer(Self.echo) { port, _ in
            let request = "POST / HTTP/1.1\r\nHost: a\r\n\(rest)"
            for parts in [[request + request], (request + request).map(String.init)] {
                let exchange = try await RawConnection.exchange(port: port, parts, until: .answers(2))
                #expect(exchange.statuses == [200, 200])
                #expect(exchange.answers.allSatisfy { $0.hasSuffix("\r\n\r\n{body}") })
            }
        }
    }

    @Test("a body of many megabytes arrives piece by piece, and is the one that was sent")
    func upload() async throws {
        let megabytes = (0..<16).map { String(repeating: Character(UnicodeScalar(UInt8(ascii: "a") + UInt8($0))), count: 1 << 20) }
        let sent = ByteBuffer(string: megabytes.joined())
        try await withServer { request in
            .work {
                var (received, largest) = (ByteBuffer(), 0)
                do {
                    for try await var piece in request.body {
                        largest = max(largest, piece.readableBytes)
                        received.writeBuffer(&piece)
                        await Task.yield()
                    }
                } catch {
                    return Response(status: 500)
                }
                return text("\(received == sent) \(largest < 1 << 20)")
            }
        } _: { port, _ in
            let head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(16 << 20)\r\n\r\n"
            let exchange = try await RawConnection.exchange(port: port, [head] + megabytes, until: .close)
            #expect(exchange.answers.last?.hasSuffix("\r\n\r\ntrue true") == true)
        }
    }

    @Test(
        "a body that breaks is never taken for a whole one",
        arguments: [
            "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\nZZ", "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX: a",
            "Content-Length: 9\r\n\r\nab",
        ])
    func broken(rest: String) async throws {
        let faults = Mutex<[BodyFault]>([])
        let ended = Gate()
        try await withServer { request in
            .work {
                do throws(BodyFault) { _ = try await request.body.collect(upTo: 100) } catch { faults.withLock { $0.append(error) } }
                ended.open()
                return text("whole")
            }
        } _: { port, _ in
            let received = try await exchangeAndHalfClose(port: port, "POST / HTTP/1.1\r\nHost: a\r\n\(rest)")
            #expect(received.hasPrefix("HTTP/1.1 400 "))
            #expect(!received.contains("whole"))
            // Where the fault came with the head, nobody was asked.
            if !rest.contains("ZZ") { await ended.wait() }
            #expect(faults.withLock { $0 }.allSatisfy { $0 == .cutOff })
        }
    }

    @Test("a client that waits with its body is told to go on when somebody wants it, and not when it is refused")
    func expectation() async throws {
        try await withServer { request in
            switch request.head.path {
            case "/no": .answer(Response(status: 401))
            case "/late":
                .answer(
                    Response(
                        status: 200,
                        body: .stream(
                            ResponseStream { send in for try await piece in request.body { try await send(Array(piece.readableBytesView)) }
                            })))
            default: Self.echo(request)
            }
        } _: { port, _ in
            func head(_ path: String, _ fields: String = "") -> String {
                "POST \(path) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\(fields)Content-Length: 2\r\n\r\n"
            }
            let taken = try await RawConnection.exchange(port: port, [head("/yes"), "ab"], until: .answers(2), lockstep: true)
            #expect(taken.statuses == [100, 200])
            // It does not always wait for long.
            let together = try await RawConnection.exchange(port: port, [head("/yes") + "ab" + head("/yes") + "cd"], until: .answers(4))
            #expect(together.statuses == [100, 200, 100, 200])
            #expect(together.answers.last?.hasSuffix("\r\n\r\ncd") == true)
            let late = try await RawConnection.exchange(port: port, [head("/late", "Connection: close\r\n") + "ab"], until: .close)
            #expect(late.statuses == [200])
            #expect(late.received.hasSuffix("\r\n\r\n2\r\nab\r\n0\r\n\r\n"))
            let refused = try await RawConnection.exchange(port: port, [head("/no")], until: .close)
            #expect(refused.statuses == [401])
        }
    }

    @Test("a client that closes its side after its request gets the answer")
    func halfClosed() async throws {
        try await withServer(Self.echo) { port, _ in
            let received = try await exchangeAndHalfClose(
                port: port, get("/") + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab")
            #expect(received.hasSuffix("\r\n\r\nab"))
            #expect(try await exchangeAndHalfClose(port: port, "GET / HT").hasPrefix("HTTP/1.1 400 "))
            #expect(try await exchangeAndHalfClose(port: port, "") == "")
        }
    }

    @Test("the head says how long the body is, and no value begins a field of its own")
    func heads() async throws {
        try await withServer { request in
            switch request.head.path {
            case "/204": .answer(Response(status: 204, body: .bytes([1])))
            case "/304": .answer(Response(status: 304, body: .bytes([1])))
            case "/stream": .answer(Response(status: 200, body: .stream(ResponseStream { try await $0(Array("abc".utf8)) })))
            default: .answer(text("abc", ["X": "a\r\nInjected: b"]))
            }
        } _: { port, _ in
            func answer(_ method: String, _ path: String, _ version: String = "1.1") async throws -> String {
                let request = "\(method) \(path) HTTP/\(version)\r\nHost: a\r\nConnection: close\r\n\r\n"
                return try await RawConnection.exchange(port: port, [request], until: .close).received
            }
            let plain = try await answer("GET", "/")
            #expect(plain.contains("X: a  Injected: b\r\n"))
            #expect(plain.contains("\r\nContent-Length: 3\r\n"))
            #expect(plain.contains(#/\r\nDate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n/#))
            let head = try await answer("HEAD", "/")
            #expect(head.contains("\r\nContent-Length: 3\r\n") && head.hasSuffix("\r\n\r\n"))
            for path in ["/204", "/304"] {
                let empty = try await answer("GET", path)
                #expect(!empty.contains("Content-Length") && empty.hasSuffix("\r\n\r\n"))
            }
            let chunked = try await answer("GET", "/stream")
            #expect(chunked.contains("\r\nTransfer-Encoding: chunked\r\n") && chunked.hasSuffix("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
            let streamHead = try await answer("HEAD", "/stream")
            #expect(streamHead.contains("\r\nTransfer-Encoding: chunked\r\n") && streamHead.hasSuffix("\r\n\r\n"))
            let old = try await answer("GET", "/stream", "1.0")
            #expect(!old.contains("Transfer-Encoding") && old.hasSuffix("\r\n\r\nabc"))
        }
    }

    @Test("a stream that fails ends without its end, and one whose client goes is told so")
    func streams() async throws {
        let (isAbandoned, isRefused) = (Gate(), Gate())
        try await withServer { request in
            .answer(
                Response(
                    status: 200,
                    body: .stream(
                        ResponseStream(abandoned: { isAbandoned.open() }) { send in
                            try await send(Array("abc".utf8))
                            if request.head.path == "/failing" { throw CancellationError() }
                            await isAbandoned.wait()
                            do { while true { try await send(Array(repeating: 0x61, count: 1000)) } } catch { isRefused.open() }
                        })))
        } _: { port, _ in
            let failing = try await RawConnection.exchange(port: port, [get("/failing")], until: .close)
            #expect(failing.received.hasSuffix("\r\n\r\n3\r\nabc\r\n"))
        }
        let (isGone, isTold) = (Gate(), Gate())
        try await withServer { _ in
            .answer(
                Response(
                    status: 200,
                    body: .stream(
                        ResponseStream(abandoned: { isGone.open() }) { send in
                            do { while true { try await send(Array(repeating: 0x61, count: 1000)) } } catch { isTold.open() }
                        })))
        } _: { port, _ in
            _ = try await RawConnection.exchange(port: port, [get("/")], until: .answers(1))
            await isGone.wait()
            await isTold.wait()
        }
    }

    @Test("a stream that is faster than its client arrives whole and in order, each piece once")
    func fastStream() async throws {
        try await withServer { _ in
            .answer(
                Response(
                    status: 200,
                    body: .stream(
                        ResponseStream { send in
                            for number in 0..<40 {
                                try await send(Array("<\(number)>".utf8) + Array(repeating: UInt8(ascii: "~"), count: 100_000))
                            }
                        })))
        } _: { port, _ in
            let request = "GET / HTTP/1.0\r\nHost: a\r\n\r\n"
            let received = try await RawConnection.exchange(port: port, [request], until: .close).received
            let pieces = received.utf8.split(separator: UInt8(ascii: "~")).map(Substring.init)
            #expect(pieces.map { String($0.split(separator: "<").last ?? "") } == (0..<40).map { "\($0)>" })
            #expect(received.utf8.count { $0 == UInt8(ascii: "~") } == 40 * 100_000)
        }
    }

    @Test("of a stream that is not wanted nothing is made, and whoever holds it is told so", arguments: ["HEAD /", "GET /304"])
    func unwanted(line: String) async throws {
        let isLetGo = Gate()
        let isMade = Mutex(false)
        try await withServer { request in
            let stream = ResponseStream(abandoned: { isLetGo.open() }) { _ in isMade.withLock { $0 = true } }
            return .answer(Response(status: request.head.path == "/304" ? 304 : 200, body: .stream(stream)))
        } _: { port, _ in
            let answer = try await RawConnection.exchange(
                port: port, ["\(line) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"], until: .close)
            #expect(answer.received.hasSuffix("\r\n\r\n"))
            await isLetGo.wait()
        }
        #expect(!isMade.withLock { $0 })
    }

    @Test("a client that asks on and on and takes no answer is answered no further, and loses its connection")
    func untaken() async throws {
        let isCut = Gate()
        let answers = Mutex(0)
        var deadlines = ConnectionDeadlines()
        deadlines.response = .milliseconds(300)
        try await withServer(deadlines: deadlines) { _ in
            answers.withLock { $0 += 1 }
            let stream = ResponseStream(abandoned: { isCut.open() }) { send in
                for _ in 0..<16 { try await send(Array(repeating: UInt8(ascii: "a"), count: 64 << 10)) }
            }
            return .answer(Response(status: 200, body: .stream(stream)))
        } _: { port, _ in
            try await connect(port: port, autoRead: false).executeThenClose { _, outbound in
                try await outbound.write(ByteBuffer(string: String(repeating: get("/"), count: 1000)))
                await isCut.wait()
            }
        }
        // What the buffers of two sockets hold, a megabyte an answer.
        #expect(answers.withLock { $0 } < 50)
    }

    @Test("what a body is wrapped in is no progress: a byte at a time in long chunks is too slow")
    func wrapping() async throws {
        var deadlines = ConnectionDeadlines()
        deadlines.rateWindow = .milliseconds(200)
        let chunk = "1;\(String(repeating: "a", count: 240))\r\na\r\n"
        try await withServer(deadlines: deadlines, Self.echo) { port, _ in
            let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            let exchange = try await RawConnection.exchange(
                port: port, [head] + Array(repeating: chunk, count: 2000), until: .close, pause: .milliseconds(10))
            #expect(exchange.isClosed && exchange.statuses == [])
        }
    }

    @Test("an invitation to another protocol is not taken up")
    func upgrade() async throws {
        try await withServer(Self.echo) { port, _ in
            let upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c, websocket\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
            let exchange = try await RawConnection.exchange(port: port, [get("/", upgrade) + get("/")], until: .answers(2))
            #expect(exchange.statuses == [200, 200])
            #expect(!exchange.received.contains("Upgrade"))
        }
    }

    @Test("a head that is on its way when the server stops is answered, and its connection closed")
    func drainWithinHead() async throws {
        try await withServer(Self.echo) { port, services in
            let request = get("/")
            try await connect(port: port).executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: request + request.prefix(10)))
                var pieces = inbound.makeAsyncIterator()
                var received = try await pieces.next().map { String(buffer: $0) } ?? ""
                await services.triggerGracefulShutdown()
                try await outbound.write(ByteBuffer(string: String(request.dropFirst(10))))
                while let piece = try await pieces.next() { received += String(buffer: piece) }
                #expect(received.split(separator: "HTTP/1.1 200 ").count == 2)
            }
        }
    }

    @Test("told to stop, the server ends the answer in flight, closes idle connections, and takes no new ones")
    func drain() async throws {
        let (answered, begun, gate) = (Gate(), Gate(), Gate())
        try await withServer { request in
            if request.head.path == "/now" { return .answer(text("now")) }
            return .work {
                begun.open()
                await gate.wait()
                return text("last")
            }
        } _: { port, services in
            async let idle = RawConnection.exchange(port: port, [get("/now")], until: .close, onFirstBytes: { answered.open() })
            async let busy = RawConnection.exchange(port: port, [get("/busy") + get("/now")], until: .close)
            await answered.wait()
            await begun.wait()
            await services.triggerGracefulShutdown()
            #expect(try await idle.statuses == [200])
            await #expect(throws: (any Error).self) {
                while true { _ = try await RawConnection.exchange(port: port, [get("/now")], until: .close) }
            }
            gate.open()
            let answer = try await busy
            #expect(answer.statuses == [200])
            #expect(answer.received.contains("\r\nConnection: close\r\n") && answer.received.hasSuffix("last"))
        }
    }

    @Test("a large answer to a client that reads slowly is whole")
    func large() async throws {
        try await withServer { _ in
            .answer(Response(status: 200, body: .bytes(Array(repeating: 0x61, count: 8 << 20))))
        } _: { port, _ in
            let exchange = try await RawConnection.exchange(port: port, [get("/") + get("/", "Connection: close\r\n")], until: .close)
            #expect(exchange.statuses == [200, 200])
            #expect(exchange.answers.allSatisfy { $0.utf8.count > 8 << 20 })
        }
    }
}
