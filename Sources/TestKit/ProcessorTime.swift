// Whether the cost of some work grows with its input and no faster, told by processor time, which other programs do not change.
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

package enum ProcessorTime {
    /// Nanoseconds that this process has used.
    package static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Below that, what else the process does weighs more than the work.
    private static let floor = 4_000_000

    /// Whether work on an input of `factor` times the size takes no more than twice that factor of the time.
    /// Work that grows with the square of its input takes eight times as much as this allows, at the factor 16.
    package static func isLinear(from size: Int, times factor: Int = 16, _ work: (Int) async throws -> Void) async rethrows -> Bool {
        func cost(_ size: Int) async throws -> Int {
            let start = now()
            try await work(size)
            return now() - start
        }
        // The first time pays for what is made once.
        _ = try await cost(size)
        let small = try await cost(size)
        return try await cost(size * factor) <= 2 * factor * max(small, floor / factor)
    }
}

/// Combining marks behind one letter, out of order so that normalizing has to sort them: what took quadratic time.
package func markRun(bytes: Int) -> String { "a" + String(repeating: "\u{316}\u{301}", count: bytes / 4) }
