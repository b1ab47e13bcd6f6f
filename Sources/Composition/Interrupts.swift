// Ctrl-C: heard and counted, so that what is under way ends in order, and the question that it leads to.
import Foundation
import NIOPosix
import Synchronization
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// SIGINT does not end the process any more once this is made; the third one does, whatever hangs.
package final class Interrupts: Sendable {
    /// What a shell reports of a program that SIGINT has ended.
    package static let exitStatus: Int32 = 130
    /// Seconds that a question waits for its answer.
    private static let patience = 60

    /// Thrown where the work stops for it.
    struct Interrupted: Error, CustomStringConvertible {
        let description = "interrupted"
    }

    private let heard = Atomic(0)

    package init() async {
        let signals = await UnixSignalsSequence(trapping: .sigint)
        Task {
            for await _ in signals where heard.add(1, ordering: .relaxed).newValue >= 3 { _exit(Self.exitStatus) }
        }
    }

    package var count: Int { heard.load(ordering: .relaxed) }

    func check() throws { if count > 0 { throw Interrupted() } }

    /// Asks a question on the terminal.
    /// - Returns: whether the answer is yes. Another Ctrl-C, any other answer, none within 60 seconds, and having no terminal mean no.
    package func isConfirmed(_ question: String) async -> Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        // Standard input may be the file that is imported.
        let terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        let before = count
        FileHandle.standardError.write(Data("\n\(question) [y/N] ".utf8))
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        while count == before, ContinuousClock.now < deadline {
            guard let piece = try? await NIOThreadPool.singleton.runIfActive({ try Descriptor(terminal).read(atMost: 16) }) else { break }
            switch piece {
            case .later: continue
            case .end: return false
            case .bytes(let answer): return answer.first == UInt8(ascii: "y") || answer.first == UInt8(ascii: "Y")
            }
        }
        FileHandle.standardError.write(Data("\n".utf8))
        return false
    }
}
