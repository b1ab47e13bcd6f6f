// The clock and the calendar of somebody's time zone.
import Foundation

package struct LocalTime: Sendable {
    private let calendar: Calendar

    /// - Parameter zone: an IANA name; one that is not known any more is UTC.
    package init(_ zone: String) {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        self.calendar = calendar
    }

    package func hour(_ now: Instant) -> Int { calendar.component(.hour, from: now.date) }

    /// Midnight at the beginning of the day that is so many days after that of `now`. A day may have 23 or 25 hours.
    package func day(_ days: Int, after now: Instant) -> Instant {
        let noon = calendar.date(byAdding: .hour, value: 12, to: calendar.startOfDay(for: now.date)) ?? now.date
        let then = calendar.date(byAdding: .day, value: days, to: noon) ?? noon
        return Instant(calendar.startOfDay(for: then))
    }

    /// The same time of the day so many days later. A time that the clock skips on that day is later by as much.
    package func instant(_ days: Int64, daysAfter instant: Instant) -> Instant {
        // Whole seconds: a Date has not enough digits for more.
        let second = Instant.seconds(instant.seconds)
        let then = calendar.date(byAdding: .day, value: Int(days), to: second.date).map { Instant($0) } ?? second
        return Instant(microseconds: then.microseconds + instant.microseconds - second.microseconds)
    }

    /// Days since Monday.
    package func weekday(_ now: Instant) -> Int { (calendar.component(.weekday, from: now.date) + 5) % 7 }

    /// `2026-W47`.
    package func week(_ now: Instant) -> String {
        let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: now.date)
        let week = parts.weekOfYear ?? 0
        return "\(parts.yearForWeekOfYear ?? 0)-W\(week < 10 ? "0" : "")\(week)"
    }

    /// `Fri 20 Nov 2026, 09:30`.
    package func text(_ instant: Instant) -> String {
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: instant.date)
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let month = months[max(0, min(11, (parts.month ?? 1) - 1))]
        return "\(weekdays[weekday(instant)]) \(parts.day ?? 0) \(month) \(parts.year ?? 0), \(two(parts.hour)):\(two(parts.minute))"
    }

    /// `Fri 20 Nov 2026` for a day, which is the same everywhere; an instant with its time there.
    package func text(_ due: Due) -> String {
        switch due {
        case .at(let instant): text(instant)
        case .on(let day): String(text(start(of: day)).prefix { $0 != "," })
        }
    }

    // MARK: Days

    /// The day it is there.
    package func day(of instant: Instant) -> Day {
        let parts = calendar.dateComponents([.year, .month, .day], from: instant.date)
        return Day(year: Int64(parts.year ?? 1), month: Int64(parts.month ?? 1), day: Int64(parts.day ?? 1)) ?? instant.day
    }

    /// The first instant of a day: midnight, or where the clock skips midnight what comes after it.
    package func start(of day: Day) -> Instant {
        instant(day, hour: 12).map { Instant(calendar.startOfDay(for: $0.date)) } ?? day.start
    }

    /// The last microsecond of a day.
    package func end(of day: Day) -> Instant { Instant(microseconds: start(of: Day(number: day.number + 1)).microseconds - 1) }

    /// Microseconds that clocks there are ahead of UTC: from the beginning, and from each later change of it until `end`.
    package func offsets(from start: Instant, to end: Instant) -> [(from: Instant, offset: Int64)] {
        var (offsets, date) = ([(from: Instant, offset: Int64)](), start.date)
        while offsets.count < Self.offsetLimit {
            offsets.append((Instant(date), Int64(calendar.timeZone.secondsFromGMT(for: date)) * 1_000_000))
            guard let next = calendar.timeZone.nextDaylightSavingTimeTransition(after: date), next < end.date else { break }
            date = next
        }
        return offsets
    }

    /// A year has two changes; some had four.
    private static let offsetLimit = 20

    /// The instant at which clocks there show that time; of two the first, and of none the one before the clock is moved.
    package func instant(_ day: Day, hour: Int64, minute: Int64 = 0, second: Int64 = 0, microsecond: Int64 = 0) -> Instant? {
        let (year, month, date) = day.civil
        let parts = DateComponents(
            year: Int(year), month: Int(month), day: Int(date), hour: Int(hour), minute: Int(minute), second: Int(second))
        return calendar.date(from: parts).map { Instant(microseconds: Instant($0).microseconds + microsecond) }
    }
}

extension Instant {
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
    fileprivate init(_ date: Date) { self.init(microseconds: Int64((date.timeIntervalSince1970 * 1_000_000).rounded())) }
}
