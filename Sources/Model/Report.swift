// A report over tasks: what somebody asks for.

package enum ReportFormat: String, CaseIterable, Sendable {
    case pdf, csv
}

/// Days in some time zone, both of them included.
package struct ReportRange: Equatable, Sendable {
    package var from: Day
    package var to: Day

    package static let longest: Int64 = 366
    package static let usual: Int64 = 30

    /// - Returns: `nil` when it ends before it begins, or is too long.
    package init?(from: Day, to: Day) {
        guard from <= to, to.number - from.number < Self.longest else { return nil }
        self.from = from
        self.to = to
    }

    /// The last days up to `day`.
    package init(upTo day: Day) {
        from = Day(number: day.number - Self.usual + 1)
        to = day
    }
}

package struct ReportRequest: Sendable {
    package var format: ReportFormat
    /// `nil` is the usual one.
    package var range: ReportRange?
    /// An IANA name; `nil` is that of whoever asks.
    package var timeZone: String?
    /// `mine` or `all`.
    package var scope: TaskScope

    package init(format: ReportFormat, range: ReportRange?, timeZone: String?, scope: TaskScope) {
        self.format = format
        self.range = range
        self.timeZone = timeZone
        self.scope = scope
    }
}
