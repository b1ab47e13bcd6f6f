// Files, pipes and standard streams of whoever calls the command line: opened by that process, never by the server.
import Foundation
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open file whose reads and writes do not outlast a Ctrl-C: they wait a tenth of a second at most, and then say so.
struct Descriptor: Sendable {
    enum Piece: Sendable {
        case bytes([UInt8])
        case end
        /// There is nothing yet.
        case later
    }

    /// The reason of the system, such as “No such file or directory”.
    struct Problem: Error {
        let reason = String(cString: strerror(errno))
    }

    /// Milliseconds.
    private static let wait: Int32 = 100
    /// What a pipe takes at once when it takes anything (PIPE_BUF of Linux): more could wait for its reader.
    private static let pipePiece = 4096

    private let number: Int32

    init(_ number: Int32) { self.number = number }

    private func isReady(_ events: Int32) -> Bool {
        var request = pollfd(fd: number, events: Int16(events), revents: 0)
        return poll(&request, 1, Self.wait) > 0
    }

    private static func result(_ count: Int) throws -> Int? {
        if count >= 0 { return count }
        guard errno == EAGAIN || errno == EINTR else { throw Problem() }
        return nil
    }

    func read(atMost limit: Int) throws -> Piece {
        guard isReady(Int32(POLLIN)) else { return .later }
        var isLater = false
        let bytes = try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            let taken = try Self.result(systemRead(number, buffer.baseAddress, limit))
            isLater = taken == nil
            count = taken ?? 0
        }
        return isLater ? .later : bytes.isEmpty ? .end : .bytes(bytes)
    }

    /// - Returns: how many of the bytes are written, 0 when there is no room yet.
    func write(_ bytes: ArraySlice<UInt8>) throws -> Int {
        guard isReady(Int32(POLLOUT)) else { return 0 }
        return try bytes.prefix(Self.pipePiece).withUnsafeBytes { try Self.result(systemWrite(number, $0.baseAddress, $0.count)) ?? 0 }
    }
}

private func systemRead(_ number: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int { read(number, buffer, count) }
private func systemWrite(_ number: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int { write(number, buffer, count) }

/// What is imported.
package final class InputFile: Sendable {
    private static let pieceSize = 64 << 10

    private let name: String
    private let descriptor: Int32
    private let interrupts: Interrupts

    /// - Parameter path: `-` is standard input.
    /// - Throws: `SettingsError` when it cannot be opened.
    package init(_ path: String, _ interrupts: Interrupts) throws {
        self.interrupts = interrupts
        name = path == "-" ? "standard input" : path
        // To open a named pipe must not wait for its writer; the first read does.
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SettingsError("\(name) cannot be read: \(Descriptor.Problem().reason)") }
    }

    deinit { close(descriptor) }

    /// The next bytes, at most 64 KiB; `nil` at the end.
    /// - Throws: `Interrupts.Interrupted` after Ctrl-C, `CancellationError`, and `SettingsError` when it cannot be read.
    func next() async throws -> [UInt8]? {
        while true {
            try interrupts.check()
            try Task.checkCancellation()
            switch try await piece() {
            case .bytes(let bytes): return bytes
            case .end: return nil
            case .later: continue
            }
        }
    }

    private func piece() async throws -> Descriptor.Piece {
        do {
            return try await NIOThreadPool.singleton.runIfActive { [descriptor] in try Descriptor(descriptor).read(atMost: Self.pieceSize) }
        } catch let problem as Descriptor.Problem {
            throw SettingsError("\(name) cannot be read: \(problem.reason)")
        }
    }
}

/// What is exported. A file is written beside its place and renamed: one under that name is whole.
package final class OutputFile: Sendable {
    private let name: String
    private let descriptor: Int32
    /// The file that is being written and its place; `nil` for standard output and pipes.
    private let move: (from: String, to: String)?
    private let interrupts: Interrupts

    /// Whether the bytes go to standard output or to a program: then nothing else may stand there.
    package var isStream: Bool { move == nil }

    /// - Parameter path: `-` is standard output.
    /// - Throws: `SettingsError` when there is such a file, or it cannot be made.
    package init(_ path: String, _ interrupts: Interrupts) throws {
        self.interrupts = interrupts
        name = path == "-" ? "standard output" : path
        if path == "-" {
            move = nil
            descriptor = dup(STDOUT_FILENO)
        } else if access(path, F_OK) == 0 {
            move = nil
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
            // Pipes and terminals have no places; what has some keeps what is in it.
            guard descriptor < 0 || lseek(descriptor, 0, SEEK_END) < 0 else { throw SettingsError("\(path) exists already") }
        } else {
            let unfinished = path + ".unfinished"
            unlink(unfinished)
            move = (unfinished, path)
            descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        guard descriptor >= 0 else { throw SettingsError("\(name) cannot be written: \(Descriptor.Problem().reason)") }
    }

    deinit { close(descriptor) }

    /// - Throws: `Interrupts.Interrupted` after Ctrl-C, and `SettingsError` when it cannot be written.
    func write(_ bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try interrupts.check()
            let piece = rest
            do {
                rest = rest.dropFirst(
                    try await NIOThreadPool.singleton.runIfActive { [descriptor] in try Descriptor(descriptor).write(piece) })
            } catch let problem as Descriptor.Problem {
                throw SettingsError("\(name) cannot be written: \(problem.reason)")
            }
        }
    }

    /// - Throws: `SettingsError`; then there is no file.
    package func finish() throws {
        guard let move else { return }
        guard fsync(descriptor) == 0 else { throw problem() }
        // It may have been made since.
        guard access(move.to, F_OK) != 0 else {
            discard()
            throw SettingsError("\(move.to) exists already")
        }
        guard rename(move.from, move.to) == 0 else { throw problem() }
    }

    private func problem() -> SettingsError {
        let problem = Descriptor.Problem()
        discard()
        return SettingsError("\(name) cannot be written: \(problem.reason)")
    }

    /// Removes what is not finished.
    package func discard() { if let move { unlink(move.from) } }
}
