// The clock and the calendar of somebody's time zone.
import Foundation
import Model

struct LocalTime: Sendable {
    private let calendar: Calendar

    /// - Parameter zone: an IANA name; one that is not known any more is UTC.
    init(_ zone: String) {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        self.calendar = calendar
    }

    func hour(_ now: Instant) -> Int { calendar.component(.hour, from: now.date) }

    /// Midnight at the beginning of the day that is so many days after that of `now`. A day may have 23 or 25 hours.
    func day(_ days: Int, after now: Instant) -> Instant {
        let noon = calendar.date(byAdding: .hour, value: 12, to: calendar.startOfDay(for: now.date)) ?? now.date
        let then = calendar.date(byAdding: .day, value: days, to: noon) ?? noon
        return Instant(calendar.startOfDay(for: then))
    }

    /// Days since Monday.
    func weekday(_ now: Instant) -> Int { (calendar.component(.weekday, from: now.date) + 5) % 7 }

    /// `2026-W47`.
    func week(_ now: Instant) -> String {
        let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: now.date)
        let week = parts.weekOfYear ?? 0
        return "\(parts.yearForWeekOfYear ?? 0)-W\(week < 10 ? "0" : "")\(week)"
    }

    /// `Fri 20 Nov 2026, 09:30`.
    func text(_ instant: Instant) -> String {
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: instant.date)
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let month = months[max(0, min(11, (parts.month ?? 1) - 1))]
        return "\(weekdays[weekday(instant)]) \(parts.day ?? 0) \(month) \(parts.year ?? 0), \(two(parts.hour)):\(two(parts.minute))"
    }
}

extension Instant {
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
    fileprivate init(_ date: Date) { self.init(microseconds: Int64((date.timeIntervalSince1970 * 1_000_000).rounded())) }
}
