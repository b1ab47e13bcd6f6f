// The command that moves an installation to another database, and how a terminal sees it advance.
import ArgumentParser
import Composition
import Foundation
import Synchronization

struct Transfer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Moves a whole installation to another database.",
        discussion: """
            Stop every server of both databases first. The target is an empty database; the source is not changed. Ids, versions, history and \
            passwords stay as they are, and every row is compared at the end. Interrupted, even by kill -9, the same command goes on where it \
            was; until it has finished no server starts on the target.

            A database is sqlite:PATH or postgres://USER@HOST/NAME. Others on this machine can see command lines: leave a password to \
            PGPASSWORD or ~/.pgpass.
            """)

    @ArgumentParser.Option(help: ArgumentHelp("The database that is.", valueName: "url")) var from: String
    @ArgumentParser.Option(help: ArgumentHelp("The database to be.", valueName: "url")) var to: String

    func run() async throws {
        let progress = ProgressLines()
        let lines = try await Composition.Transfer(from: from, to: to).run { progress.show($0) }
        for line in lines { print(line) }
    }
}

/// One line for each table on standard error: rewritten in place on a terminal, elsewhere another one every few seconds.
private final class ProgressLines: Sendable {
    private struct State {
        var title = ""
        var first: Int64 = 0
        var began = ContinuousClock.now
        var shown = ContinuousClock.now
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    func show(_ progress: CopyProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            let title = "\(progress.phase.rawValue) \(progress.table)"
            if state.title != title { state = State(title: title, first: progress.done, began: now, shown: now) }
            let isDone = progress.done >= progress.total
            guard isDone || now - state.shown > (isTerminal ? .milliseconds(100) : .seconds(5)) else { return }
            state.shown = now
            let line = "\(title): \(progress.done) of \(progress.total) rows\(Self.rate(progress.done - state.first, now - state.began))"
            FileHandle.standardError.write(Data((isTerminal ? "\r\u{1b}[K\(line)\(isDone ? "\n" : "")" : "\(line)\n").utf8))
        }
    }

    private static func rate(_ rows: Int64, _ time: Duration) -> String {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        return seconds < 0.1 ? "" : ", \(Int(Double(rows) / seconds)) rows/s"
    }
}
