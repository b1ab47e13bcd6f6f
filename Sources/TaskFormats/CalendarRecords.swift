// Reads the to-dos of a calendar (RFC 5545) as records.
import BoundedText
import CSV
import Foundation
import Model

struct CalendarRecords: Sendable {
    /// The properties that are read. Those of our own have what iCalendar has no place for.
    private enum Property: String, CaseIterable {
        case summary, description, due, status, priority, categories, completed, created, attendee, url, location, comment, rrule, uid,
            duration
        case start = "dtstart"
        case percent = "percent-complete"
        case parent = "related-to"
        case archived = "x-taskflow-archived"
    }

    private static let meanings: [(Property, Meaning)] = [
        (.summary, .title), (.description, .description), (.due, .due), (.status, .status), (.priority, .priority), (.categories, .labels),
        (.completed, .completedAt), (.created, .createdAt), (.attendee, .personName), (.archived, .archived), (.rrule, .detail),
        (.url, .detail),
        (.location, .detail), (.start, .detail), (.duration, .detail), (.comment, .comment), (.parent, .parentKey), (.uid, .key),
        (.percent, .percent),
    ]

    static let columns = meanings.map { PlannedColumn(name: $0.0.rawValue.uppercased(), meaning: $0.1) }
    private static let places = Dictionary(uniqueKeysWithValues: meanings.enumerated().map { ($0.element.0, $0.offset) })

    /// Bytes of a to-do.
    private static let limit = 1 << 20

    private var lines: TextLines
    /// The components that are open.
    private var open: [String] = []
    private var fields: [String]?
    /// When the to-do begins, as the file has it.
    private var start: CalendarLine?
    private var size = 0
    private var number: Int64 = 0
    private var leftOut: [String: Int64] = [:]
    private var alarms: Int64 = 0
    private var zones = NamedZones()
    /// Lines in to-dos that cannot be read, the first ones.
    private var unreadable: [Int64] = []
    /// Properties of to-dos that are not read, as far as a reader may miss them.
    private(set) var ignored: Set<String> = []

    init(_ text: @escaping @Sendable ([UInt8]) -> String?) {
        lines = TextLines(text, limit: Self.limit, isFolded: true)
    }

    /// What there is beside to-dos.
    var notes: [String] {
        leftOut.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key) left out: only to-dos (\(calendarTask)) are tasks" }
            + (alarms > 0 ? ["\(alarms) × VALARM left out: TaskFlow has no separate reminder times"] : [])
            + zones.notes
            + unreadable.map { "line \($0) is not a property, so it is left out" }
    }

    mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws {
        // The lines are moved out while they call back.
        var lines = lines
        try lines.read(bytes) { try content($0, $1, take) }
        self.lines = lines
    }

    mutating func finish(_ take: (TaskRecord) throws -> Void) throws {
        var lines = lines
        try lines.finish { try content($0, $1, take) }
        self.lines = lines
        guard open.isEmpty else { throw TaskFileFault("", "the file ends in the middle of \(open.last ?? "a component"): is it complete?") }
    }

    private mutating func content(_ text: String, _ lineNumber: Int64, _ take: (TaskRecord) throws -> Void) throws {
        if text.isBlank { return }
        let isInTask = fields != nil
        if isInTask {
            size += text.utf8.count
            guard size <= Self.limit else { throw TaskFileFault("", "to-do \(number) has more than \(Self.limit) bytes") }
        }
        guard let line = CalendarLine(text) else {
            if isInTask, unreadable.count < 10 { unreadable.append(lineNumber) }
            return
        }
        switch line.name {
        case "begin": try begin(Self.component(line), lineNumber)
        case "end":
            let component = Self.component(line)
            guard open.last == component else {
                let expected = open.last.map { "\($0) is open" } ?? "nothing is open"
                throw TaskFileFault("", "line \(lineNumber) ends \(component), and \(expected)")
            }
            open.removeLast()
            if open.count == 1 { finishDue() }
            if open.count == 1, let fields {
                self.fields = nil
                try take(TaskRecord(number: number, fields: fields))
            }
        default:
            // What belongs to an alarm within a to-do is none of its own.
            if open.count == 2, isInTask {
                set(line)
            } else if line.name == "trigger", open.last == "VALARM" {
                alarms += 1
            }
        }
    }

    private static func component(_ line: CalendarLine) -> String { line.value.cut(toBytes: 40).visible.trimmed.uppercased() }

    private mutating func begin(_ component: String, _ lineNumber: Int64) throws(TaskFileFault) {
        guard open.count < 16 else { throw TaskFileFault("", "line \(lineNumber): components are nested deeper than 16 levels") }
        guard component != calendarTask || open == ["VCALENDAR"] else {
            let place = open.last.map { "within \($0), which is not closed" } ?? "outside of a calendar"
            throw TaskFileFault("", "line \(lineNumber) begins a to-do \(place)")
        }
        open.append(component)
        if component == calendarTask {
            number += 1
            size = 0
            start = nil
            fields = Self.columns.map { _ in "" }
        } else if open.count == 2, component == "VEVENT" || component == "VJOURNAL" {
            leftOut[component, default: 0] += 1
        }
    }

    private mutating func set(_ line: CalendarLine) {
        let prefix = "x-taskflow-"
        let exact = line.name.hasPrefix(prefix) ? Property(rawValue: String(line.name.dropFirst(prefix.count))) : nil
        guard let property = Property(rawValue: line.name) ?? exact, let place = Self.places[property] else {
            if !Self.technical.contains(line.name), ignored.count < 50 { ignored.insert(line.name.uppercased().cut(toBytes: 60)) }
            return
        }
        switch property {
        case .comment: append(line.text, after: "\n", place)
        case .attendee: append(line.person, after: ";", place)
        case .categories: append(csvList(line.texts.map(\.trimmed).filter { !$0.isEmpty }), after: ",", place)
        case .due, .created, .completed:
            // Our own property is the same moment in full.
            if exact != nil || fields?[place].isEmpty == true { set(moment(line), place) }
        case .start:
            start = line
            set(moment(line), place)
        default: set(value(line, property), place)
        }
    }

    /// A beginning and a duration are a due date (RFC 5545, 3.6.2).
    private mutating func finishDue() {
        guard let fields, let start, let due = Self.places[.due], let duration = Self.places[.duration], fields[due].isEmpty,
            let length = CalendarDuration(fields[duration]),
            let text = zones.text(start.value, in: start.parameters["tzid"], after: length)
        else { return }
        set(text, due)
    }

    private mutating func set(_ text: String, _ place: Int) { fields?[place] = text }

    /// Adds to a field in place: of many lines none is copied once for each.
    private mutating func append(_ text: String, after separator: String, _ place: Int) {
        if text.isEmpty { return }
        if fields?[place].isEmpty == false { fields?[place] += separator }
        fields?[place] += text
    }

    /// Says nothing of the task that its reader could miss.
    private static let technical: Set<String> = ["dtstamp", "last-modified", "sequence", "organizer", "class"]

    /// Of a property that has one value.
    private func value(_ line: CalendarLine, _ property: Property) -> String {
        switch property {
        case .summary, .description, .location: line.text
        case .status: line.value == "IN-PROCESS" ? "in_progress" : line.value
        case .priority: priority(line.value)
        // That of a task which has a status says the same once more.
        case .percent: fields?[Self.places[.status] ?? 0].isEmpty == true ? line.value : ""
        default: line.value
        }
    }

    /// 0 is none, 1 the most urgent, 9 the least (RFC 5545, 3.8.1.9).
    private func priority(_ text: String) -> String {
        switch Int(text) {
        case 0: ""
        case 1, 2: "critical"
        case 3, 4: "high"
        case 5: "medium"
        case 6, 7, 8, 9: "low"
        default: text
        }
    }

    /// As ISO 8601, in UTC when the line names a zone that is known.
    private mutating func moment(_ line: CalendarLine) -> String {
        guard let zone = line.parameters["tzid"] else { return line.value }
        return zones.text(line.value, in: zone)
    }
}

/// Times that name a zone beside them.
struct NamedZones: Sendable {
    private var unknown: Set<String> = []

    var notes: [String] { unknown.sorted().map { "the time zone “\($0)” is unknown: its times are read in the time zone of the account" } }

    /// As ISO 8601 in UTC when the zone is known and the text is a time without one; otherwise as it is.
    mutating func text(_ text: String, in zone: String) -> String {
        guard let date = WrittenDate(text), let day = date.day(nil), let clock = date.time, date.offset == nil, let time = time(zone) else {
            return text
        }
        return Self.instant(time, day, clock)?.description ?? text
    }

    /// A later day, or time; `nil` when there is none. Days are those of the zone, which may have 23 or 25 hours.
    mutating func text(_ text: String, in zone: String?, after duration: CalendarDuration) -> String? {
        guard let date = WrittenDate(text), let first = date.day(nil) else { return nil }
        let day = Day(number: first.number + duration.days)
        guard let clock = date.time else {
            let last = Day(number: day.number + duration.seconds / 86_400)
            return duration.seconds % 86_400 == 0 && Self.years.contains(last.civil.year) ? last.description : nil
        }
        guard Self.years.contains(day.civil.year) else { return nil }
        if date.offset == nil, let zone, let time = time(zone) {
            guard let instant = Self.instant(time, day, clock) else { return nil }
            return Self.checked(instant + .seconds(duration.seconds))?.description
        }
        let shift = duration.seconds - (date.offset ?? 0) * 60
        guard let instant = Self.checked(Instant(microseconds: day.start.microseconds + clock + shift * 1_000_000)) else { return nil }
        // Without a zone it stays a time on the clock.
        return date.offset == nil ? String(instant.description.dropLast()) : instant.description
    }

    private static let years: ClosedRange<Int64> = 1...9999

    private static func checked(_ instant: Instant) -> Instant? { years.contains(instant.day.civil.year) ? instant : nil }

    private static func instant(_ time: LocalTime, _ day: Day, _ clock: Int64) -> Instant? {
        let seconds = clock / 1_000_000
        return time.instant(day, hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60)
    }

    private mutating func time(_ zone: String) -> LocalTime? {
        if let time = LocalTime(known: zone) { return time }
        if unknown.count < 10 { unknown.insert(zone.cut(toBytes: 200).visible.cut(toBytes: 60)) }
        return nil
    }
}

/// A length of time (RFC 5545, 3.3.6): days as clocks count them, and seconds.
struct CalendarDuration: Equatable, Sendable {
    private(set) var days: Int64 = 0
    private(set) var seconds: Int64 = 0

    init?(_ text: String) {
        guard text.utf8.count <= 60 else { return nil }
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let rest = isNegative || text.utf8.first == UInt8(ascii: "+") ? text.utf8.dropFirst() : text.utf8[...]
        guard rest.first == UInt8(ascii: "P"), rest.count > 2 else { return nil }
        var (number, isTime): (Int64?, Bool) = (nil, false)
        for byte in rest.dropFirst() {
            switch (byte, number) {
            case (0x30...0x39, _):
                let value = (number ?? 0) * 10 + Int64(byte - 0x30)
                guard value < 1_000_000_000_000 else { return nil }
                number = value
                continue
            case (UInt8(ascii: "T"), nil) where !isTime: isTime = true
            case (UInt8(ascii: "W"), let weeks?) where !isTime: days += 7 * weeks
            case (UInt8(ascii: "D"), let count?) where !isTime: days += count
            case (UInt8(ascii: "H"), let hours?) where isTime: seconds += 3600 * hours
            case (UInt8(ascii: "M"), let minutes?) where isTime: seconds += 60 * minutes
            case (UInt8(ascii: "S"), let count?) where isTime: seconds += count
            default: return nil
            }
            number = nil
        }
        // Within the years that dates have.
        guard number == nil, days < 4_000_000, seconds < 400_000_000_000 else { return nil }
        if isNegative { (days, seconds) = (-days, -seconds) }
    }
}

/// Joins folded lines of bytes that come in pieces, for what looks at them before they are lines: a fold may be within a character. The end
/// of a line is one byte, and as many ends as there were folds follow on it, so that lines are counted as the file has them.
struct CalendarUnfolding: Sendable {
    private var folds = 0
    /// The end of a line that the next byte may fold.
    private var held: UInt8?

    mutating func unfolded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if let end = held {
                if end == 0x0d, byte == 0x0a {
                    held = byte
                    continue
                }
                held = nil
                if byte == 0x20 || byte == 0x09 {
                    folds += 1
                    continue
                }
                for _ in 0...folds { result.append(0x0a) }
                folds = 0
            }
            if byte == 0x0a || byte == 0x0d { held = byte } else { result.append(byte) }
        }
        return result
    }
}

/// A content line: a name, parameters, a value (RFC 5545, 3.1).
struct CalendarLine {
    /// In lower case.
    let name: String
    private(set) var parameters: [String: String] = [:]
    let value: String

    init?(_ line: String) {
        let bytes = line.utf8
        guard let nameEnd = bytes.firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ";") }) else { return nil }
        // A name may have that of a group before it, as in a card (RFC 6350, 3.3).
        let start = bytes[..<nameEnd].lastIndex(of: UInt8(ascii: ".")).map { bytes.index(after: $0) } ?? bytes.startIndex
        let name = String(line[start..<nameEnd])
        guard !name.isEmpty, name.utf8.count <= 64 else { return nil }
        self.name = name.lowercased()
        var rest = line[nameEnd...]
        while rest.utf8.first == UInt8(ascii: ";") {
            rest = rest.dropFirst()
            guard let equals = rest.utf8.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }),
                rest.utf8[equals] == UInt8(ascii: "=")
            else { return nil }
            let key = rest[..<equals].lowercased()
            var isQuoted = false
            rest = rest[rest.utf8.index(after: equals)...]
            guard
                let end = rest.utf8.firstIndex(where: { byte in
                    if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                    return !isQuoted && (byte == UInt8(ascii: ":") || byte == UInt8(ascii: ";"))
                })
            else { return nil }
            if parameters.count < 32 { parameters[key] = String(rest[..<end]).replacing("\"", with: "") }
            rest = rest[end...]
        }
        guard rest.utf8.first == UInt8(ascii: ":") else { return nil }
        value = String(rest.dropFirst())
    }

    var text: String { texts.joined(separator: ",") }

    /// The texts between commas, unescaped (RFC 5545, 3.3.11).
    var texts: [String] {
        var texts: [String] = []
        var text = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in value.unicodeScalars {
            if isEscaped {
                text.append(scalar == "n" || scalar == "N" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "," {
                texts.append(String(text))
                text = String.UnicodeScalarView()
            } else {
                text.append(scalar)
            }
        }
        return texts + [String(text)]
    }

    /// The name of a calendar user: its address, or how it is shown.
    var person: String {
        let own = "urn:taskflow:user:"
        if value.utf8.count <= 1024, value.lowercased().hasPrefix("mailto:") { return String(value.dropFirst(7)) }
        if value.hasPrefix(own) { return value.dropFirst(own.count).removingPercentEncoding ?? parameters["cn"] ?? "" }
        return parameters["cn"] ?? value
    }
}
