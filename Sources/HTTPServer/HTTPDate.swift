// The time of an answer (RFC 9110, 5.6.7), written once a second.
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

final class HTTPDate: Sendable {
    private let last = Mutex<(second: time_t, text: String)>((-1, ""))

    func text() -> String {
        let now = time(nil)
        return last.withLock { last in
            if last.second != now { last = (now, Self.text(now)) }
            return last.text
        }
    }

    static func text(_ second: time_t) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var (second, parts) = (second, tm())
        gmtime_r(&second, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
