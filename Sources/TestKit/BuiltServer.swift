// The built binary, run as a stranger would run it.
package import Foundation
import NIOCore
import Synchronization

package struct BuiltBinary: Sendable {
    package let folder: String
    /// Options given to every command.
    package var environment: [String: String]

    package init(in folder: String) {
        self.folder = folder
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder, "PORT": "0",
            "DATABASE_URL": "sqlite:\(folder)/data/taskflow.sqlite", "TASKFLOW_RATE_LIMITS": "off", "TASKFLOW_LOG_LEVEL": "warning",
        ]
    }

    /// It is built beside the tests.
    package static var path: String {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(filePath: executable).deletingLastPathComponent().appending(path: "taskflow").path
    }

    package struct Output: Sendable {
        package var status: Int32
        package var standardOutput: String
        package var standardError: String
    }

    func process(_ arguments: [String], executable: String = BuiltBinary.path) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: folder)
        return process
    }

    /// Runs a command to its end.
    package func run(_ arguments: String..., input: String? = nil, executable: String = BuiltBinary.path) async throws -> Output {
        try await run(arguments: arguments, input: input, executable: executable)
    }

    package func run(arguments: [String], input: String? = nil, executable: String = BuiltBinary.path) async throws -> Output {
        let process = process(arguments, executable: executable)
        let out = "\(folder)/\(UUID().uuidString).out"
        let err = "\(folder)/\(UUID().uuidString).err"
        for file in [out, err] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: err)
        let pipe = Pipe()
        process.standardInput = pipe
        let ended = try process.start()
        if let input { pipe.fileHandleForWriting.write(Data(input.utf8)) }
        try pipe.fileHandleForWriting.close()
        let status = await ended.value
        let text = { (file: String) in (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }
        return Output(status: status, standardOutput: text(out), standardError: text(err))
    }

    /// Starts a command and does not wait for its end. Its standard input stays open.
    package func start(_ arguments: String..., executable: String = BuiltBinary.path) throws -> RunningCommand {
        let process = process(arguments, executable: executable)
        let output = "\(folder)/\(UUID().uuidString).txt"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let file = FileHandle(forWritingAtPath: output)
        process.standardOutput = file
        process.standardError = file
        let input = Pipe()
        process.standardInput = input
        return RunningCommand(process: process, ended: try process.start(), input: input.fileHandleForWriting, file: output)
    }

    /// Starts `taskflow serve` and waits until it says where it is.
    package func serve(_ arguments: String...) async throws -> BuiltServer {
        let log = "\(folder)/serve-\(UUID().uuidString).log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let process = process(["serve"] + arguments)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle(forWritingAtPath: log)
        let (lines, continuation) = AsyncStream<String>.makeStream()
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                continuation.finish()
            } else {
                continuation.yield(String(decoding: data, as: UTF8.self))
            }
        }
        let ended = try process.start()
        var announcement = ""
        for await text in lines {
            announcement += text
            if announcement.hasSuffix("\n") { break }
        }
        guard let port = announcement.firstMatch(of: #/http://127\.0\.0\.1:(\d+)/#).flatMap({ Int($0.1) }) else {
            process.terminate()
            throw StartFailure(log: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
        }
        return BuiltServer(port: port, announcement: announcement, log: log, process: process, ended: ended)
    }
}

package struct RunningCommand: @unchecked Sendable {
    /// Not Sendable, but only signalled here.
    fileprivate let process: Process
    fileprivate let ended: Task<Int32, Never>
    /// Its standard input.
    package let input: FileHandle
    fileprivate let file: String

    package var isRunning: Bool { process.isRunning }
    /// What it has written so far, to both of its streams.
    package var output: String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

    /// SIGINT, and the exit status; of a process that the signal itself ends the signal's number.
    package func interrupt() async -> Int32 {
        kill(process.processIdentifier, SIGINT)
        return await ended.value
    }

    package func waitForExit() async -> Int32 { await ended.value }

    /// SIGKILL.
    package func crash() async {
        kill(process.processIdentifier, SIGKILL)
        _ = await ended.value
    }
}

package struct StartFailure: Error, CustomStringConvertible {
    let log: String
    package var description: String { "the server did not start: \(log)" }
}

package struct BuiltServer: @unchecked Sendable {
    package let port: Int
    package let announcement: String
    package let log: String
    /// Not Sendable, but only signalled here.
    private let process: Process
    private let ended: Task<Int32, Never>

    fileprivate init(port: Int, announcement: String, log: String, process: Process, ended: Task<Int32, Never>) {
        self.port = port
        self.announcement = announcement
        self.log = log
        self.process = process
        self.ended = ended
    }

    package var client: TestClient { TestClient(port: port) }
    package var url: String { "http://127.0.0.1:\(port)" }

    /// SIGTERM; does not wait.
    package func terminate() { kill(process.processIdentifier, SIGTERM) }

    /// SIGTERM, and the exit status after the drain.
    package func stop() async -> Int32 {
        terminate()
        return await ended.value
    }

    /// SIGKILL, as a power cut or the kernel's out-of-memory killer would end it.
    package func crash() async {
        kill(process.processIdentifier, SIGKILL)
        _ = await ended.value
    }

    package func waitForExit() async -> Int32 { await ended.value }
}

extension Process {
    private static let starting = Mutex(())

    /// Starts the process; the task ends with it.
    func start() throws -> Task<Int32, Never> {
        let (exits, continuation) = AsyncStream<Int32>.makeStream()
        terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        // Foundation's run() is not safe to call from two threads at once on Linux.
        try Self.starting.withLock { _ in try run() }
        return Task {
            for await status in exits { return status }
            return -1
        }
    }
}
