// Rate limits: how many requests a caller may send in a while, counted in fixed windows that begin with the first request.
import Model
package import Services
import Synchronization

/// `count` requests in `seconds`.
package struct RateLimit: Equatable, Sendable {
    package var name: String
    package var count: Int64
    package var seconds: Int64

    package init(_ name: String, count: Int64, seconds: Int64) {
        self.name = name
        self.count = count
        self.seconds = seconds
    }
}

package struct RateLimits: Equatable, Sendable {
    /// For each user, or for each address of those who are not logged in.
    package var general = RateLimit("default", count: 100, seconds: 60)
    /// For each address and for each account: login, registration, set-up.
    package var credentials = RateLimit("login", count: 5, seconds: 60)
    /// For each user: files sent to be imported.
    package var imports = RateLimit("import", count: 10, seconds: 3600)

    package init() {}

    /// `default=100/60,login=5/60,import=10/3600`: requests per seconds; a name that is not given keeps its limit.
    package init?(_ text: String) {
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false).map { String($0).trimmed }
            let numbers = sides.count == 2 ? sides[1].split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) } : []
            guard numbers.count == 2, let count = numbers[0], let seconds = numbers[1], count > 0, seconds > 0, seconds <= 86_400 else {
                return nil
            }
            switch sides[0] {
            case general.name: general = .init(general.name, count: count, seconds: seconds)
            case credentials.name: credentials = .init(credentials.name, count: count, seconds: seconds)
            case imports.name: imports = .init(imports.name, count: count, seconds: seconds)
            default: return nil
            }
        }
    }
}

/// Counters in the memory of this process.
package final class RateLimiter: Sendable {
    package struct Verdict: Sendable {
        package var limit: RateLimit
        package var isAllowed: Bool
        package var remaining: Int64
        /// Seconds until the window ends.
        package var reset: Int64

        /// draft-ietf-httpapi-ratelimit-headers.
        var headers: [Answer.Header] {
            [
                .init("RateLimit-Policy", "\"\(limit.name)\";q=\(limit.count);w=\(limit.seconds)"),
                .init("RateLimit", "\"\(limit.name)\";r=\(remaining);t=\(reset)"),
            ]
        }
    }

    private struct Window {
        var end: Instant
        var used: Int64
    }

    private struct State {
        var windows: [String: Window] = [:]
        var lastSweep = Instant(microseconds: 0)
    }

    /// Windows remembered. When there are so many that none has ended, newcomers share one: memory is bounded, and nobody gets more.
    private static let capacity = 100_000

    private let clock: WallClock
    private let state = Mutex(State())

    package init(clock: WallClock) { self.clock = clock }

    package func take(_ limit: RateLimit, _ key: String) -> Verdict {
        let now = clock.now()
        return state.withLock { state in
            let name = Self.name(limit, key, &state, now)
            var window = state.windows[name] ?? Window(end: now, used: 0)
            if window.end <= now { window = Window(end: now + .seconds(limit.seconds), used: 0) }
            let isAllowed = window.used < limit.count
            if isAllowed { window.used += 1 }
            state.windows[name] = window
            return Self.verdict(limit, window, isAllowed, now)
        }
    }

    /// Gives one request back: a 304 is free.
    func refund(_ limit: RateLimit, _ key: String) -> Verdict {
        let now = clock.now()
        return state.withLock { state in
            let name = Self.name(limit, key, &state, now)
            state.windows[name]?.used -= 1
            return Self.verdict(limit, state.windows[name] ?? Window(end: now, used: 0), true, now)
        }
    }

    private static func name(_ limit: RateLimit, _ key: String, _ state: inout State, _ now: Instant) -> String {
        let name = "\(limit.name) \(key)"
        guard state.windows.count >= capacity, state.windows[name] == nil else { return name }
        if state.lastSweep + .seconds(1) <= now {
            state.lastSweep = now
            state.windows = state.windows.filter { $0.value.end > now }
        }
        return state.windows.count < capacity ? name : "\(limit.name) everybody else"
    }

    private static func verdict(_ limit: RateLimit, _ window: Window, _ isAllowed: Bool, _ now: Instant) -> Verdict {
        Verdict(
            limit: limit, isAllowed: isAllowed, remaining: limit.count - window.used,
            reset: max(1, (window.end.microseconds - now.microseconds + 999_999) / 1_000_000))
    }
}
