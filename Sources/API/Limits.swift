// Rate limits: how many requests a caller may send in a while, counted in fixed windows that begin with the first request.
import Model

/// `count` requests in `seconds`.
package struct RateLimit: Equatable, Sendable {
    package let name: String
    package let count: Int64
    package let seconds: Int64
    /// As answers have it, in every one of them.
    let quotedName: String
    let policy: String

    package init(_ name: String, count: Int64, seconds: Int64) {
        self.name = name
        self.count = count
        self.seconds = seconds
        quotedName = "\"\(name)\""
        policy = "\(quotedName);q=\(count);w=\(seconds)"
    }

    /// As in “100 requests a minute”.
    var words: String {
        let period =
            switch seconds {
            case 60: "a minute"
            case 3600: "an hour"
            default: "in \(seconds) seconds"
            }
        return "\(count) requests \(period)"
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
