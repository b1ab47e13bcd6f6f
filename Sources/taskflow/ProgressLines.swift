// How a terminal sees work advance.
import Foundation
import Synchronization

/// One line for each title on standard error: rewritten in place on a terminal, elsewhere another one every few seconds.
final class ProgressLines: Sendable {
    private struct State {
        var title = ""
        var first: Int64 = 0
        var began = ContinuousClock.now
        var shown = ContinuousClock.now
    }

    private static let width: Int64 = 24

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    func show(_ title: String, _ done: Int64, of total: Int64) {
        state.withLock { state in
            let now = ContinuousClock.now
            if state.title != title { state = State(title: title, first: done, began: now, shown: now) }
            let isDone = done >= total
            guard isDone || now - state.shown > (isTerminal ? .milliseconds(100) : .seconds(5)) else { return }
            state.shown = now
            let line = "\(title): \(done) of \(total) rows\(Self.rate(done - state.first, now - state.began))"
            let text = isTerminal ? "\r\u{1b}[K\(Self.bar(done, total))\(line)\(isDone ? "\n" : "")" : "\(line)\n"
            FileHandle.standardError.write(Data(text.utf8))
        }
    }

    private static func bar(_ done: Int64, _ total: Int64) -> String {
        let filled = Int(total > 0 ? min(width, done * width / total) : width)
        return "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: Int(width) - filled))] "
    }

    private static func rate(_ rows: Int64, _ time: Duration) -> String {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        return seconds < 0.1 ? "" : ", \(Int(Double(rows) / seconds)) rows/s"
    }
}
