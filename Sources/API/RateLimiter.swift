// Counts requests in the memory of this process, each kind of caller in a table of its own, so that no kind fills the table of another.
package import Model
import Payloads
import Synchronization

/// Whose requests are counted together.
package enum RateSubject: Hashable, Sendable {
    case user(ID<User>)
    /// An account that somebody tries to log in to.
    case account(String)
    /// Somebody who is not logged in; `nil` for an address that is not known.
    case address(IPAddress?)
}

package final class RateLimiter: Sendable {
    package struct Verdict: Sendable {
        package var limit: RateLimit
        package var isAllowed: Bool
        package var remaining: Int64
        /// Seconds until the window ends.
        package var reset: Int64
        fileprivate var place: Place
        fileprivate var end: Instant

        var headers: [Answer.Header] {
            [
                .init("RateLimit-Policy", limit.policy),
                .init("RateLimit", limit.quotedName + ";r=" + String(remaining) + ";t=" + String(reset)),
            ]
        }

        /// - Throws: `Failure.limited`.
        func require() throws(Failure) {
            guard isAllowed else { throw .limited(retryAfter: reset) }
        }
    }

    /// What an answer that was counted tells: draft-ietf-httpapi-ratelimit-headers.
    static let headerNames = ["RateLimit", "RateLimit-Policy"]

    fileprivate struct Window {
        var end: Instant
        var used: Int64
    }

    /// A table, and the window in it.
    fileprivate struct Place {
        var table: Int
        var key: Key
    }

    fileprivate struct Key: Hashable {
        enum Subject: Hashable {
            case id(Int64)
            case bytes([UInt8])
        }

        var limit: String
        var subject: Subject
    }

    /// Windows of one kind of caller.
    private struct Table {
        var windows: [Key: Window] = [:]
        var lastSweep = Instant(microseconds: 0)

        /// Whether the window is there or can be added. A full table forgets the windows that have ended, at most once a second.
        mutating func hasRoom(for key: Key, at now: Instant, capacity: Int) -> Bool {
            if windows.count < capacity || windows[key] != nil { return true }
            if lastSweep + .seconds(1) <= now {
                lastSweep = now
                windows = windows.filter { $0.value.end > now }
            }
            return windows.count < capacity
        }
    }

    /// Users, accounts, and addresses by the size of their networks, the smallest first.
    private static let tables = 2 + IPAddress.networkSizes

    private let clock: WallClock
    /// Windows in a table. An address that finds the table of its network full is counted with its neighbours, in the next larger network.
    private let capacity: Int
    private let state: Mutex<[Table]>

    package init(clock: WallClock, capacity: Int = 100_000) {
        self.clock = clock
        self.capacity = capacity
        state = Mutex(Array(repeating: Table(), count: Self.tables))
    }

    package func take(_ limit: RateLimit, _ subject: RateSubject) -> Verdict {
        let now = clock.now()
        return state.withLock { tables in
            let place = self.place(of: limit, subject, &tables, now)
            var window = tables[place.table].windows[place.key] ?? Window(end: now, used: 0)
            if window.end <= now { window = Window(end: now + .seconds(limit.seconds), used: 0) }
            let isAllowed = window.used < limit.count
            if isAllowed { window.used += 1 }
            tables[place.table].windows[place.key] = window
            return Self.verdict(limit, window, place, isAllowed, now)
        }
    }

    /// Gives one request back: a 304 is free.
    func refund(_ verdict: Verdict) -> Verdict {
        let now = clock.now()
        return state.withLock { tables in
            let place = verdict.place
            // A window that has begun since has not counted the request.
            if let window = tables[place.table].windows[place.key], window.end == verdict.end, window.used > 0 {
                tables[place.table].windows[place.key]?.used -= 1
            }
            return Self.verdict(verdict.limit, tables[place.table].windows[place.key] ?? Window(end: now, used: 0), place, true, now)
        }
    }

    private func place(of limit: RateLimit, _ subject: RateSubject, _ tables: inout [Table], _ now: Instant) -> Place {
        let choices: [(table: Int, subject: Key.Subject)] =
            switch subject {
            case .user(let id): [(0, .id(id.value))]
            case .account(let key): [(1, .bytes(Array(key.utf8)))]
            case .address(let address?): address.networks.enumerated().map { (2 + $0, .bytes($1)) }
            case .address(nil): [(2, .bytes([]))]
            }
        var last = Place(table: 0, key: Key(limit: limit.name, subject: .bytes([])))
        for choice in choices {
            last = Place(table: choice.table, key: Key(limit: limit.name, subject: choice.subject))
            if tables[last.table].hasRoom(for: last.key, at: now, capacity: capacity) { return last }
        }
        // So many networks at once: one of them is forgotten, rather than all newcomers counted as one.
        if let forgotten = tables[last.table].windows.keys.first { tables[last.table].windows[forgotten] = nil }
        return last
    }

    private static func verdict(_ limit: RateLimit, _ window: Window, _ place: Place, _ isAllowed: Bool, _ now: Instant) -> Verdict {
        Verdict(
            limit: limit, isAllowed: isAllowed, remaining: limit.count - window.used,
            reset: max(1, (window.end.microseconds - now.microseconds + 999_999) / 1_000_000), place: place, end: window.end)
    }
}
