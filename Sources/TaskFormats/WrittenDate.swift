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

    fileprivate init(numbers: Numbers) { self.numbers = numbers }

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
            self = .instant(Instant(microseconds: day.start.microseconds + clock - offset * 60_000_000))
        } else {
            guard let instant = time.instant(day, clock) else { return nil }
            self = .instant(instant)
        }
    }

    /// Within the years 1 to 9999.
    fileprivate static func checked(_ instant: Instant) -> Self? {
        (1...9999).contains(instant.day.civil.year) ? .instant(instant) : nil
    }
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
        case self.kind where kind == .milliseconds: return .checked(Instant(microseconds: whole * 1000))
        case self.kind where kind == .spreadsheet:
            // 25569 is 1970-01-01 in the count of spreadsheets.
            let day = Day(number: whole - 25_569)
            if fraction == 0 { return .day(day) }
            return time.instant(day, fraction).map { .instant($0) }
        default: return nil
        }
    }
}

/// Reads a date from a folded text.
private struct DateScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func date() -> WrittenDate? {
        skipBlanks()
        let start = index
        var found = dayMonthYear()
        if found == nil {
            // Only now: “mar” is March and Tuesday.
            index = start
            guard let word = word(), Self.weekdays.contains(word) else { return nil }
            _ = take(".")
            _ = take(",")
            skipBlanks()
            found = dayMonthYear()
        }
        guard var date = found else { return nil }
        guard !isAtEnd else { return date }
        let behind = index
        _ = take(",")
        skipBlanks()
        while true {
            let beforeWord = index
            guard let word = word(), ["t", "at", "um", "a", "las", "le"].contains(word) else {
                index = beforeWord
                break
            }
            skipBlanks()
        }
        if !isAtEnd {
            guard index > behind, clock(&date) else { return nil }
        }
        return isAtEnd ? date : nil
    }

    // MARK: The day

    private mutating func dayMonthYear() -> WrittenDate? {
        if let word = word() {
            guard let month = Self.months[word] else { return nil }
            skipSeparator()
            guard let (day, digits) = number(), digits <= 2 else { return nil }
            skipOrdinal()
            skipSeparator()
            guard let year = year() else { return nil }
            return Day(year: year, month: month, day: day).map { WrittenDate(numbers: .day($0)) }
        }
        guard let (first, digits) = number() else { return nil }
        if digits == 8 {
            return Day(year: first / 10_000, month: first / 100 % 100, day: first % 100).map { WrittenDate(numbers: .day($0)) }
        }
        guard digits <= 2 || digits == 4 else { return nil }
        skipOrdinal()
        let mark = bytes.indices.contains(index) ? bytes[index] : 0
        guard skipSeparator() else { return nil }
        let beforeWord = index
        if let word = word() {
            var month = Self.months[word]
            if month == nil, word == "de" || word == "of" {
                skipBlanks()
                month = self.word().flatMap { Self.months[$0] }
            }
            guard let month else {
                index = beforeWord
                return nil
            }
            skipSeparator()
            if digits == 4 {
                guard let (day, count) = number(), count <= 2 else { return nil }
                return Day(year: first, month: month, day: day).map { WrittenDate(numbers: .day($0)) }
            }
            guard let year = year() else { return nil }
            return Day(year: year, month: month, day: first).map { WrittenDate(numbers: .day($0)) }
        }
        return threeNumbers(first, digits, mark)
    }

    private mutating func threeNumbers(_ first: Int64, _ digits: Int, _ mark: UInt8) -> WrittenDate? {
        guard mark != UInt8(ascii: " "), let (second, secondDigits) = number(), secondDigits <= 2, take(mark) else { return nil }
        skipBlanks()
        guard let (third, thirdDigits) = number() else { return nil }
        if digits == 4 {
            guard thirdDigits <= 2 else { return nil }
            return Day(year: first, month: second, day: third).map { WrittenDate(numbers: .day($0)) }
        }
        guard thirdDigits == 4 || thirdDigits == 2 else { return nil }
        let isShort = thirdDigits == 2
        // Whoever puts points between the numbers begins with the day.
        if mark == UInt8(ascii: "."), let day = Day(year: isShort ? WrittenDate.year(third) : third, month: second, day: first) {
            return WrittenDate(numbers: .day(day))
        }
        return WrittenDate(numbers: .three(first, second, third, hasShortYear: isShort))
    }

    private mutating func year() -> Int64? {
        let start = index
        if let word = word(), word == "de" || word == "del" { skipBlanks() } else { index = start }
        _ = take("'")
        guard let (year, digits) = number(), digits == 4 || digits == 2 else { return nil }
        return digits == 4 ? year : WrittenDate.year(year)
    }

    private mutating func skipOrdinal() {
        let start = index
        if let word = word(), ["st", "nd", "rd", "th", "er"].contains(word) { return }
        index = start
    }

    @discardableResult
    private mutating func skipSeparator() -> Bool {
        let start = index
        skipBlanks()
        if !(take(".") || take("-") || take("/")) { _ = take(",") }
        skipBlanks()
        return index > start
    }

    // MARK: The time

    private mutating func clock(_ date: inout WrittenDate) -> Bool {
        guard var (hour, digits) = number() else { return false }
        var (minute, second, fraction) = (Int64(0), Int64(0), Int64(0))
        switch digits {
        case 6: (hour, minute, second) = (hour / 10_000, hour / 100 % 100, hour % 100)
        case 4: (hour, minute) = (hour / 100, hour % 100)
        case 1, 2:
            if take(":") || take("h") {
                guard let read = number(), read.digits == 2 else { return false }
                minute = read.value
                if take(":") {
                    guard let read = number(), read.digits == 2 else { return false }
                    second = read.value
                }
            } else if !isHalfNext {
                return false
            }
        default: return false
        }
        if take(".") || take(",") {
            guard let read = number(), read.digits <= 9 else { return false }
            digits = read.digits
            fraction = read.value
            while digits < 6 { (fraction, digits) = (fraction * 10, digits + 1) }
            while digits > 6 { (fraction, digits) = (fraction / 10, digits - 1) }
        }
        skipBlanks()
        guard half(&hour) else { return false }
        guard hour < 24 || hour == 24 && minute == 0 && second == 0, minute < 60, second <= 60 else { return false }
        date.time = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
        skipBlanks()
        return zone(&date)
    }

    /// Whether `am` or `pm` follows.
    private var isHalfNext: Bool {
        let rest = bytes[index...].drop { $0 == 0x20 }
        return rest.count >= 2 && (rest.first == UInt8(ascii: "a") || rest.first == UInt8(ascii: "p"))
    }

    /// Takes am and pm, and the German word for o'clock.
    private mutating func half(_ hour: inout Int64) -> Bool {
        let start = index
        guard let first = word() else { return true }
        var half = first
        if first == "a" || first == "p" {
            guard take(".") else { return false }
            skipBlanks()
            guard word() == "m", take(".") || true else { return false }
            half = first + "m"
        }
        switch half {
        case "uhr": return true
        case "am" where (1...12).contains(hour): hour %= 12
        case "pm" where (1...12).contains(hour): hour = hour % 12 + 12
        case "am", "pm": return false
        default: index = start
        }
        return true
    }

    private mutating func zone(_ date: inout WrittenDate) -> Bool {
        let isBracketed = take("(")
        let start = index
        if let word = word() {
            guard ["z", "utc", "gmt"].contains(word) else {
                index = start
                return false
            }
            date.offset = 0
        }
        let isEast = take("+")
        if isEast || take("-") {
            guard let (value, digits) = number() else { return false }
            var (hours, minutes) = (value, Int64(0))
            if digits == 4 { (hours, minutes) = (value / 100, value % 100) } else if digits > 2 { return false }
            if digits <= 2, take(":") {
                guard let read = number(), read.digits == 2 else { return false }
                minutes = read.value
            }
            guard hours < 24, minutes < 60 else { return false }
            date.offset = (isEast ? 1 : -1) * (hours * 60 + minutes)
        }
        if isBracketed { return take(")") && date.offset != nil }
        // Behind an offset a name in brackets says the same once more.
        if date.offset != nil {
            skipBlanks()
            if take("(") {
                while !isAtEnd, !take(")") { index += 1 }
            }
        }
        return true
    }

    // MARK: Signs

    private var isAtEnd: Bool { index >= bytes.count }

    private mutating func skipBlanks() {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool { take(UInt8(ascii: character)) }

    private mutating func number() -> (value: Int64, digits: Int)? {
        let start = index
        var value: Int64 = 0
        while index < bytes.count, index - start < 10, (0x30...0x39).contains(bytes[index]) {
            value = value * 10 + Int64(bytes[index] - 0x30)
            index += 1
        }
        return index > start ? (value, index - start) : nil
    }

    private mutating func word() -> String? {
        let start = index
        while index < bytes.count, (0x61...0x7a).contains(bytes[index]) { index += 1 }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    private static let weekdays: Set<String> = [
        "mon", "monday", "tue", "tues", "tuesday", "wed", "wednesday", "thu", "thur", "thurs", "thursday", "fri", "friday", "sat",
        "saturday", "sun", "sunday", "mo", "montag", "di", "dienstag", "mi", "mittwoch", "do", "donnerstag", "fr", "freitag", "sa",
        "samstag", "sonnabend", "so", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mar",
        "mer", "jeu", "ven", "sam", "dim", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
    ]

    private static let months: [String: Int64] = {
        let names = [
            "january jan januar janner janvier janv enero ene", "february feb februar fevrier fevr fev febrero",
            "march mar marz mrz mars marzo", "april apr avril avr abril abr", "may mai mayo", "june jun juni juin junio",
            "july jul juli juillet juil julio", "august aug aout agosto ago", "september sep sept septembre septiembre setiembre",
            "october oct oktober okt octobre octubre", "november nov novembre noviembre",
            "december dec dezember dez decembre diciembre dic",
        ]
        var months: [String: Int64] = [:]
        for (index, row) in names.enumerated() {
            for name in row.split(separator: " ") { months[String(name)] = Int64(index) + 1 }
        }
        return months
    }()
}
