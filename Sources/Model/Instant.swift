// A moment in time, and its RFC 3339 text.

/// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Instant: Hashable, Comparable, Sendable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (a: Self, b: Self) -> Bool { a.microseconds < b.microseconds }
    package static func + (instant: Self, duration: Duration) -> Self {
        .init(microseconds: instant.microseconds + duration.wholeMicroseconds)
    }
    package static func - (instant: Self, duration: Duration) -> Self {
        .init(microseconds: instant.microseconds - duration.wholeMicroseconds)
    }

    package static func seconds(_ seconds: Int64) -> Self { .init(microseconds: seconds * 1_000_000) }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { microseconds.flooredDivision(by: 1_000_000) }

    /// Rounded down to the millisecond: what the wire can show.
    package var milliseconds: Instant { .init(microseconds: microseconds.flooredDivision(by: 1000) * 1000) }

    package var day: Day { Day(number: microseconds.flooredDivision(by: 86_400_000_000)) }
}

extension Duration {
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}

/// A day of the proleptic Gregorian calendar, in UTC.
package struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    package var number: Int64

    package init(number: Int64) { self.number = number }

    package static func < (a: Self, b: Self) -> Bool { a.number < b.number }

    package var start: Instant { .init(microseconds: number * 86_400_000_000) }

    /// `nil` when there is no such day. Source: Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”, days_from_civil.
    package init?(year: Int64, month: Int64, day: Int64) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.length(ofMonth: month, year: year) else {
            return nil
        }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredDivision(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Source: Howard Hinnant, civil_from_days.
    package var civil: (year: Int64, month: Int64, day: Int64) {
        let shifted = number + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Day: LosslessStringConvertible {
    /// `2026-11-20`.
    package var description: String {
        let (year, month, day) = civil
        return String(unsafeUninitializedCapacity: 10) { buffer in
            buffer.put(year, 4, at: 0)
            buffer[4] = UInt8(ascii: "-")
            buffer.put(month, 2, at: 5)
            buffer[7] = UInt8(ascii: "-")
            buffer.put(day, 2, at: 8)
            return 10
        }
    }

    package init?(_ text: String) {
        var scanner = Scanner(text)
        guard let day = scanner.day(), scanner.isAtEnd else { return nil }
        self = day
    }
}

extension Instant: LosslessStringConvertible {
    /// RFC 3339 in UTC with milliseconds: `2026-11-20T09:30:00.000Z`.
    package var description: String {
        let (year, month, day) = self.day.civil
        let time = (microseconds - self.day.start.microseconds) / 1000
        return String(unsafeUninitializedCapacity: 24) { buffer in
            buffer.put(year, 4, at: 0)
            buffer[4] = UInt8(ascii: "-")
            buffer.put(month, 2, at: 5)
            buffer[7] = UInt8(ascii: "-")
            buffer.put(day, 2, at: 8)
            buffer[10] = UInt8(ascii: "T")
            buffer.put(time / 3_600_000, 2, at: 11)
            buffer[13] = UInt8(ascii: ":")
            buffer.put(time / 60_000 % 60, 2, at: 14)
            buffer[16] = UInt8(ascii: ":")
            buffer.put(time / 1000 % 60, 2, at: 17)
            buffer[19] = UInt8(ascii: ".")
            buffer.put(time % 1000, 3, at: 20)
            buffer[23] = UInt8(ascii: "Z")
            return 24
        }
    }

    /// An RFC 3339 date-time, years 0001 to 9999; more than six fractional digits are cut, a leap second is the first of the next minute.
    package init?(_ text: String) {
        var scanner = Scanner(text)
        guard let day = scanner.day(), scanner.take("T") || scanner.take("t") || scanner.take(" "),
            let hour = scanner.digits(2), scanner.take(":"), let minute = scanner.digits(2), scanner.take(":"),
            let second = scanner.digits(2), hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction: Int64 = 0
        if scanner.take(".") {
            guard let digits = scanner.fraction() else { return nil }
            fraction = digits
        }
        guard let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        microseconds = day.start.microseconds + ((hour * 60 + minute - offset) * 60 + second) * 1_000_000 + fraction
        guard (1...9999).contains(self.day.civil.year) else { return nil }
    }
}

private struct Scanner {
    var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digits(_ count: Int) -> Int64? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest.removeFirst(count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    mutating func day() -> Day? {
        guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2) else { return nil }
        return Day(year: year, month: month, day: day)
    }

    /// Digits after the point as microseconds.
    mutating func fraction() -> Int64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest.removeFirst(digits.count)
        let six = digits.prefix(6).map { Int64($0 - 0x30) } + Array(repeating: 0, count: Swift.max(0, 6 - digits.count))
        return six.reduce(0) { $0 * 10 + $1 }
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    fileprivate func put(_ value: Int64, _ width: Int, at start: Int) {
        var rest = value
        for position in stride(from: start + width - 1, through: start, by: -1) {
            self[position] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
            rest /= 10
        }
    }
}

extension Int64 {
    func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
