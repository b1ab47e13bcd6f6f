// How the words, numbers and signs of a date follow each other.
import Model

/// Reads a date from a folded text.
struct DateScanner {
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
