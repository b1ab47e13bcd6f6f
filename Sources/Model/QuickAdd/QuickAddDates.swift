// Looks for the due date among the words of a title.

struct QuickAddDates {
    struct Reading {
        var words: Range<Int>
        /// `nil` where there is no such date or time: then the words stay text.
        var value: Due?
        var hint: String?
    }

    private let words: [String]
    private let lower: [String]
    private let clock: QuickAddClock

    /// - Parameter words: literal ones are empty.
    init(_ words: [String], _ clock: QuickAddClock) {
        self.words = words.map { $0.utf8.count > Self.longestWord ? "" : $0 }
        lower = self.words.map(asciiLowered)
        self.clock = clock
    }

    /// At the end, else at the beginning. In the middle it is only offered.
    func result() -> (due: Reading?, offered: Reading?, hints: [String]) {
        let count = words.count
        for start in max(0, count - Self.longestDate)..<max(count, 0) {
            guard let reading = due(start), reading.words.upperBound == count else { continue }
            if reading.value != nil, start > 0, !isTied(reading) { return (reading, nil, []) }
            break
        }
        if let reading = due(0), reading.value != nil, reading.words.upperBound < count, !isTied(reading) { return (reading, nil, []) }

        var (offered, hints, start) = (Reading?.none, [String](), 0)
        while start < count {
            let reading = due(start)
            if let hint = reading?.hint { hints.append(hint) }
            if let reading, reading.value != nil {
                if isTied(reading) {
                    hints.append("a date was left in the title")
                } else if reading.words != 0..<count {
                    offered = reading
                }
            }
            start = reading?.words.upperBound ?? start + 1
        }
        return (nil, offered, hints)
    }

    private func isTied(_ reading: Reading) -> Bool {
        Self.ties.contains(word(reading.words.lowerBound - 1)) || Self.joints.contains(word(reading.words.upperBound))
    }

    private func word(_ index: Int) -> String { lower.indices.contains(index) ? lower[index] : "" }

    private func due(_ start: Int) -> Reading? {
        let hasPrefix = Self.prefixes.contains(word(start))
        let first = hasPrefix ? start + 1 : start
        if let moment = moment(first) { return Reading(words: start..<moment.end, value: moment.value) }
        if let day = day(first) {
            let time = time(word(day.end) == "at" ? day.end + 1 : day.end)
            if day.isWord, !hasPrefix, time == nil { return nil }
            return Reading(words: start..<(time?.end ?? day.end), value: clock.due(day, time), hint: day.hint)
        }
        guard let time = time(first) else { return nil }
        guard let day = day(word(time.end) == "on" ? time.end + 1 : time.end) else {
            return Reading(words: start..<time.end, value: clock.next(time))
        }
        return Reading(words: start..<day.end, value: clock.due(day, time), hint: day.hint)
    }

    // MARK: Days

    struct DayReading {
        var end: Int
        /// `nil`: no such day.
        var value: Day?
        /// In minutes, where the words have one.
        var time: Int64?
        /// Whether it is a short name that is a word too.
        var isWord = false
        var hint: String?
    }

    /// So many minutes or hours from now.
    private func moment(_ start: Int) -> (end: Int, value: Due?)? {
        guard word(start) == "in", let number = Self.number(word(start + 1), 1...4) else { return nil }
        switch Self.units[word(start + 2)] {
        case .minute: return (start + 3, clock.after(minutes: number))
        case .hour: return (start + 3, clock.after(minutes: number * 60))
        default: return nil
        }
    }

    private func day(_ start: Int) -> DayReading? {
        let (first, next) = (word(start), word(start + 1))
        if let weekday = Self.weekdays[first] {
            return DayReading(end: start + 1, value: clock.day(on: weekday, from: 1), isWord: ["wed", "sat", "sun"].contains(first))
        }
        switch first {
        case "today": return DayReading(end: start + 1, value: clock.today)
        case "tonight": return DayReading(end: start + 1, value: clock.today, time: 20 * 60)
        case "tomorrow":
            let time: Int64? = next == "morning" ? 9 * 60 : next == "evening" ? 19 * 60 : nil
            return DayReading(end: start + (time == nil ? 1 : 2), value: clock.day(after: 1), time: time)
        case "this":
            if let weekday = Self.weekdays[next] { return DayReading(end: start + 2, value: clock.day(on: weekday, from: 0)) }
            return next == "weekend" ? DayReading(end: start + 2, value: clock.weekend) : nil
        case "next":
            if let weekday = Self.weekdays[next] { return DayReading(end: start + 2, value: clock.dayOfNextWeek(weekday)) }
            if next == "week" { return DayReading(end: start + 2, value: clock.nextWeek) }
            return next == "month" ? DayReading(end: start + 2, value: clock.nextMonth) : nil
        case "end":
            return next == "of" && word(start + 2) == "month" ? DayReading(end: start + 3, value: clock.endOfMonth) : nil
        case "in":
            guard let number = Self.number(next, 1...4), let unit = Self.units[word(start + 2)], unit != .minute, unit != .hour else {
                return nil
            }
            return DayReading(end: start + 3, value: clock.day(after: number, unit))
        default: return numberedDay(start) ?? namedMonth(start)
        }
    }

    /// `25 dec`, `December 25 2030`.
    private func namedMonth(_ start: Int) -> DayReading? {
        let (first, second) = (word(start), word(start + 1))
        guard let month = Self.months[first] ?? Self.months[second],
            let day = Self.number(Self.months[first] == nil ? first : second, 1...2)
        else { return nil }
        let year = Self.year(word(start + 2))
        return DayReading(end: start + (year == nil ? 2 : 3), value: clock.day(year, month, day))
    }

    /// `2030-01-31`, `31.1.`, `31.1.2030`, `31/1`, `31/1/2030`.
    private func numberedDay(_ start: Int) -> DayReading? {
        let text = word(start)
        guard let separator = text.utf8.first(where: { "-./".utf8.contains($0) }) else { return nil }
        let parts = text.utf8.split(separator: separator, omittingEmptySubsequences: false).map { String($0) ?? "" }
        guard parts.count == 2 || parts.count == 3 else { return nil }
        let numbers = parts.map { Self.number($0, 1...2) }
        let end = start + 1
        let last = parts.count == 3 ? parts[2] : nil
        switch UnicodeScalar(separator) {
        case "-":
            guard let year = Self.year(parts[0]), text.utf8.count == 10, parts.count == 3, let b = numbers[1], let c = numbers[2] else {
                return nil
            }
            return DayReading(end: end, value: clock.day(year, b, c))
        case ".":
            guard let a = numbers[0], let b = numbers[1], let last, last.isEmpty || Self.year(last) != nil else { return nil }
            return DayReading(end: end, value: clock.day(Self.year(last), b, a))
        default:
            if clock.dateOrder == .ymd, let year = Self.year(parts[0]), parts.count == 3, let b = numbers[1], let c = numbers[2] {
                return DayReading(end: end, value: clock.day(year, b, c))
            }
            guard let a = numbers[0], let b = numbers[1] else { return nil }
            if let last, Self.year(last) == nil || clock.dateOrder == .ymd { return nil }
            return slashed(text, a, b, year: last.flatMap(Self.year), end)
        }
    }

    private func slashed(_ text: String, _ a: Int64, _ b: Int64, year: Int64?, _ end: Int) -> DayReading {
        let dayFirst = clock.dateOrder == nil || clock.dateOrder == .dmy ? clock.day(year, b, a) : nil
        let monthFirst = clock.dateOrder != .dmy ? clock.day(year, a, b) : nil
        if let dayFirst, let monthFirst, dayFirst != monthFirst {
            return DayReading(end: end, hint: "\(text) can be two dates: choose your date order in the settings")
        }
        return DayReading(end: end, value: dayFirst ?? monthFirst)
    }

    // MARK: Times

    struct TimeReading {
        var end: Int
        /// `nil`: no such time.
        var minutes: Int64?
        var zone: QuickAddClock.Zone?
    }

    private func time(_ start: Int) -> TimeReading? {
        guard var reading = clockTime(start) else { return nil }
        guard let zone = Self.zone(words.indices.contains(reading.end) ? words[reading.end] : "") else { return reading }
        reading.end += 1
        if let zone = zone.value { reading.zone = zone } else { reading.minutes = nil }
        return reading
    }

    private func clockTime(_ start: Int) -> TimeReading? {
        var text = word(start)
        if text == "noon" { return TimeReading(end: start + 1, minutes: 12 * 60) }
        var (half, end) = (String?.none, start + 1)
        if text.hasSuffix("am") || text.hasSuffix("pm") {
            half = String(text.suffix(2))
            text.removeLast(2)
        } else if ["am", "pm"].contains(word(end)) {
            half = word(end)
            end += 1
        }
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { String($0) ?? "" }
        guard parts.count <= 2, let hour = Self.number(parts[0], 1...2), parts.count == 2 || half != nil else { return nil }
        guard let minute = parts.count == 2 ? Self.number(parts[1], 2...2) : 0 else { return nil }
        let isReal = minute < 60 && (half == nil ? hour < 24 : (1...12).contains(hour))
        let hours = half == nil ? hour : hour % 12 + (half == "pm" ? 12 : 0)
        return TimeReading(end: end, minutes: isReal ? hours * 60 + minute : nil)
    }

    /// `nil` for a word that is no zone; one without a value for an offset that no place has.
    private static func zone(_ text: String) -> (value: QuickAddClock.Zone?, Void)? {
        if asciiLowered(text) == "utc" { return (.offset(minutes: 0), ()) }
        let bytes = Array(text.utf8)
        if bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"), bytes[3] == UInt8(ascii: ":"),
            let hours = number(String(decoding: bytes[1...2], as: UTF8.self), 2...2),
            let minutes = number(String(decoding: bytes[4...5], as: UTF8.self), 2...2)
        {
            let offset = hours * 60 + minutes
            guard minutes < 60, offset <= 14 * 60 else { return (nil, ()) }
            return (.offset(minutes: bytes[0] == UInt8(ascii: "-") ? -offset : offset), ())
        }
        return isZoneName(bytes) && User.isTimeZone(text) ? (.named(text), ()) : nil
    }

    /// Whether it looks like one, part by part: no text is looked for among files that could be a path.
    private static func isZoneName(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count > 1
            && parts.allSatisfy { part in
                part.first.map { (0x41...0x5a).contains($0) } == true
                    && part.allSatisfy { $0.isASCIIAlphanumeric || "_+-".utf8.contains($0) }
            }
    }

    // MARK: Words

    /// Digits alone, so many of them.
    private static func number(_ text: String, _ digits: ClosedRange<Int>) -> Int64? {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }

    /// From 1900 on: an earlier one is a number, or of a title.
    private static func year(_ text: String) -> Int64? { number(text, 4...4).flatMap { $0 >= 1900 ? $0 : nil } }

    /// Words of the longest date: `on December 25 2030 at 5 pm Europe/Berlin`.
    private static let longestDate = 8
    /// Bytes of the longest word that is looked at: no name of a time zone is longer.
    private static let longestWord = 64

    private static let prefixes: Set<String> = ["on", "by", "due", "at"]
    /// A date after one of these belongs to the sentence.
    private static let ties: Set<String> = [
        "to", "from", "until", "till", "since", "for", "of", "than", "vs", "or", "and", "every", "each", "per", "after", "last",
    ]
    /// A date before one of these is half of what is said.
    private static let joints: Set<String> = ["to", "until", "till", "or", "and", "vs"]

    /// Days since Monday.
    private static let weekdays: [String: Int64] = names(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], from: 0, and: ["tues": 1, "thur": 3, "thurs": 3])
    private static let months: [String: Int64] = names(
        [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        ], from: 1, and: ["sept": 9])

    /// The names and their first three letters, numbered.
    private static func names(_ names: [String], from first: Int64, and more: [String: Int64]) -> [String: Int64] {
        var numbers = more
        for (index, name) in names.enumerated() {
            numbers[name] = first + Int64(index)
            numbers[String(name.prefix(3))] = first + Int64(index)
        }
        return numbers
    }

    enum Unit { case minute, hour, day, week, month, year }

    private static let units: [String: Unit] = [
        "minute": .minute, "minutes": .minute, "min": .minute, "mins": .minute, "hour": .hour, "hours": .hour, "hr": .hour, "hrs": .hour,
        "day": .day, "days": .day, "week": .week, "weeks": .week, "month": .month, "months": .month, "year": .year, "years": .year,
    ]
}
