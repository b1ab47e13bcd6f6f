// Dates as people and programs write them.
import Foundation
import Model

/// A set of orders in which a date can be read.
struct DateOrders: OptionSet, Sendable {
    let rawValue: UInt8

    static let dmy = DateOrders(rawValue: 1)
    static let mdy = DateOrders(rawValue: 2)
    static let ymd = DateOrders(rawValue: 4)
    static let all: DateOrders = [.dmy, .mdy, .ymd]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ order: DateOrder) {
        switch order {
        case .dmy: self = .dmy
        case .mdy: self = .mdy
        case .ymd: self = .ymd
        }
    }

    /// The order, when there is one only.
    var only: DateOrder? { DateOrder.allCases.first { DateOrders($0) == self } }
}

/// A date, perhaps with a time and a zone, before it is known in which order its numbers stand.
struct WrittenDate: Equatable {
    enum Numbers: Equatable {
        case day(Day)
        /// Three numbers between slashes, hyphens or the like, none of which has four digits but perhaps the last.
        case three(Int64, Int64, Int64, hasShortYear: Bool)
    }

    var numbers: Numbers
    /// Microseconds since midnight.
    var time: Int64?
    /// Minutes east of UTC.
    var offset: Int64?

    /// The orders that give a day; empty when the order does not matter.
    var orders: DateOrders {
        guard case .three = numbers else { return [] }
        var orders: DateOrders = []
        for order in DateOrder.allCases where day(order) != nil { orders.insert(DateOrders(order)) }
        return orders
    }

    func day(_ order: DateOrder?) -> Day? {
        switch (numbers, order) {
        case (.day(let day), _): day
        case (.three(let a, let b, let c, let isShort), .dmy): Day(year: isShort ? Self.year(c) : c, month: b, day: a)
        case (.three(let a, let b, let c, let isShort), .mdy): Day(year: isShort ? Self.year(c) : c, month: a, day: b)
        case (.three(let a, let b, let c, let isShort), .ymd): isShort ? Day(year: Self.year(a), month: b, day: c) : nil
        case (.three, nil): nil
        }
    }

    /// Two digits of a year: 1970 to 2069, since tasks are of our time.
    static func year(_ digits: Int64) -> Int64 { digits < 70 ? 2000 + digits : 1900 + digits }

    /// Bytes of the longest text that is looked at.
    static let longest = 80

    init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        if let numbers = Self.plainNumbers(text) {
            self.init(numbers: numbers)
            return
        }
        var scanner = DateScanner(searchFolded(text))
        guard let date = scanner.date() else { return nil }
        self = date
    }

    init(numbers: Numbers) { self.numbers = numbers }

    /// The most common form in tables, `1/31/2030`, without what the others need.
    private static func plainNumbers(_ text: String) -> Numbers? {
        var (numbers, digits, count) = ((Int64(0), Int64(0), Int64(0)), 0, 0)
        guard text.utf8.count <= 10 else { return nil }
        for byte in text.utf8 {
            if byte == UInt8(ascii: "/") {
                guard digits == 1 || digits == 2, count < 2 else { return nil }
                (count, digits) = (count + 1, 0)
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            digits += 1
            let digit = Int64(byte - 0x30)
            switch count {
            case 0: numbers.0 = numbers.0 * 10 + digit
            case 1: numbers.1 = numbers.1 * 10 + digit
            default: numbers.2 = numbers.2 * 10 + digit
            }
        }
        guard count == 2, digits == 4 || digits == 2 else { return nil }
        return .three(numbers.0, numbers.1, numbers.2, hasShortYear: digits == 2)
    }
}

/// What a text of a column of dates is.
enum DateValue: Equatable {
    case day(Day)
    case instant(Instant)

    /// - Parameter time: the clock of times that name no zone.
    init?(_ text: String, _ order: DateOrder?, _ numbers: DateNumbers?, _ time: LocalTime) {
        if let day = Day(text) {
            self = .day(day)
        } else if let instant = Instant(text) {
            self = .instant(instant)
        } else if let number = PlainNumber(text) {
            guard let value = number.value(as: numbers, time) else { return nil }
            self = value
        } else {
            guard let date = WrittenDate(text), let day = date.day(order) else { return nil }
            self.init(day, date.time, date.offset, time)
        }
    }

    private init?(_ day: Day, _ clock: Int64?, _ offset: Int64?, _ time: LocalTime) {
        guard let clock else {
            self = .day(day)
            return
        }
        if let offset {
            self.init(Instant(microseconds: day.start.microseconds + clock - offset * 60_000_000))
        } else {
            guard let instant = time.instant(day, clock) else { return nil }
            self.init(instant)
        }
    }

    /// Within the years 1 to 9999 in UTC: others have no text.
    fileprivate init?(_ instant: Instant) {
        guard instant.isWritable else { return nil }
        self = .instant(instant)
    }
}

extension Instant {
    /// Whether its year in UTC has four digits, as RFC 3339 writes it.
    var isWritable: Bool { (1...9999).contains(day.civil.year) }
}

extension LocalTime {
    /// - Returns: `nil` when there is no such zone.
    init?(known zone: String) {
        guard zone.utf8.count <= 64, TimeZone(identifier: zone) != nil else { return nil }
        self.init(zone)
    }

    /// The instant at which clocks there show so many microseconds since midnight.
    fileprivate func instant(_ day: Day, _ clock: Int64) -> Instant? {
        let seconds = clock / 1_000_000
        return instant(
            day, hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60, microsecond: clock % 1_000_000)
    }
}

/// A number that may stand for a date.
struct PlainNumber {
    private let whole: Int64
    /// Microseconds of a day.
    private let fraction: Int64
    let kind: DateNumbers

    /// Days from 1954 to 2119 with an optional fraction, milliseconds from 1973 to 2286. Eight digits are a date of their own: `20300131`.
    init?(_ text: String) {
        guard text.utf8.count >= 5, text.utf8.count <= 24, text.utf8.prefix(5).allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let whole = Int64(parts[0])
        else { return nil }
        switch parts[0].utf8.count {
        case 5 where (20_000...80_000).contains(whole): kind = .spreadsheet
        case 12...13 where parts.count == 1: kind = .milliseconds
        default: return nil
        }
        self.whole = whole
        fraction = parts.count == 2 ? Int64(((Double("0." + parts[1]) ?? 0) * 86_400).rounded()) * 1_000_000 : 0
    }

    func value(as kind: DateNumbers?, _ time: LocalTime) -> DateValue? {
        switch kind {
        case self.kind where kind == .milliseconds: return DateValue(Instant(microseconds: whole * 1000))
        case self.kind where kind == .spreadsheet:
            // 25569 is 1970-01-01 in the count of spreadsheets.
            let day = Day(number: whole - 25_569)
            if fraction == 0 { return .day(day) }
            return time.instant(day, fraction).flatMap { DateValue($0) }
        default: return nil
        }
    }
}
