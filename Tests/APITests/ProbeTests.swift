// Probes on a port of their own answer whatever requests of users do to the event loops.
import API
import Dispatch
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestKit
import Testing

@Suite struct ProbeTests {
    @Test("While every event loop is busy, the probes answer", .timeLimit(.minutes(2)))
    func busyLoops() async throws {
        try await World.run { world in
            let (ports, running) = AsyncStream<Int>.makeStream()
            let probes = world.server.probeServer(port: 0) { running.yield($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await probes.run() }
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                let (release, held) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
                let loops = Array(MultiThreadedEventLoopGroup.singleton.makeIterator())
                for loop in loops {
                    loop.execute {
                        held.signal()
                        release.wait()
                    }
                }
                let answers = await withCheckedContinuation { continuation in
                    Thread.detachNewThread {
                        for _ in loops { held.wait() }
                        let answers = ["/healthz", "/readyz", "/metrics", "/api/v1/tasks"].map { Self.status(of: $0, port: port) }
                        for _ in loops { release.signal() }
                        continuation.resume(returning: answers)
                    }
                }
                #expect(answers == ["200", "200", "200", "404"])
                group.cancelAll()
            }
        }
    }

    /// By a program of its own: the clients of the tests share the loops.
    private static func status(of path: String, port: Int) -> String {
        let curl = Process()
        let output = Pipe()
        curl.executableURL = URL(filePath: "/usr/bin/env")
        curl.arguments = ["curl", "-s", "-m", "20", "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:\(port)\(path)"]
        curl.standardOutput = output
        do { try curl.run() } catch { return "\(error)" }
        curl.waitUntilExit()
        return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
