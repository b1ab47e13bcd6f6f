// Reads the to-dos of a calendar (RFC 5545) as records.
import BoundedText
import CSV
import Foundation
import Model

struct CalendarRecords: Sendable {
    /// The properties that are read. Those of our own have what iCalendar has no place for.
    private enum Property: String, CaseIterable {
        case summary, description, due, status, priority, categories, completed, created, attendee, url, location, comment, rrule, uid
        case start = "dtstart"
        case percent = "percent-complete"
        case parent = "related-to"
        case archived = "x-taskflow-archived"
    }

    private static let meanings: [(Property, Meaning)] = [
        (.summary, .title), (.description, .description), (.due, .due), (.status, .status), (.priority, .priority), (.categories, .labels),
        (.completed, .completedAt), (.created, .createdAt), (.attendee, .personName), (.archived, .archived), (.rrule, .detail),
        (.url, .detail),
        (.location, .detail), (.start, .detail), (.comment, .comment), (.parent, .parentKey), (.uid, .key), (.percent, .percent),
    ]

    static let columns = meanings.map { PlannedColumn(name: $0.0.rawValue.uppercased(), meaning: $0.1) }
    private static let places = Dictionary(uniqueKeysWithValues: meanings.enumerated().map { ($0.element.0, $0.offset) })

    /// Bytes of a to-do.
    private static let limit = 1 << 20

    private var lines: TextLines
    /// The line so far: the next one may go on with it.
    private var unfolded = ""
    /// The components that are open.
    private var open: [String] = []
    private var fields: [String]?
    private var size = 0
    private var number: Int64 = 0
    private var leftOut: [String: Int64] = [:]
    private var alarms: Int64 = 0
    private var unknownZones: Set<String> = []
    /// Properties of to-dos that are not read, as far as a reader may miss them.
    private(set) var ignored: Set<String> = []

    init(_ text: @escaping @Sendable ([UInt8]) -> String?) {
        lines = TextLines(text)
    }

    /// What there is beside to-dos.
    var notes: [String] {
        leftOut.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key) left out: only to-dos (VTODO) are tasks" }
            + (alarms > 0 ? ["\(alarms) × VALARM left out: there are no reminders at a time of their own"] : [])
            + unknownZones.sorted().map { "the time zone “\($0)” is not known: its times are read in that of the account" }
    }

    mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws {
        // The lines are moved out while they call back.
        var lines = lines
        try lines.read(bytes) { line, _ in try self.line(line, take) }
        self.lines = lines
    }

    mutating func finish(_ take: (TaskRecord) throws -> Void) throws {
        var lines = lines
        try lines.finish { line, _ in try self.line(line, take) }
        self.lines = lines
        try content(unfolded, take)
        unfolded = ""
        guard open.isEmpty else { throw TaskFileFault("", "the file ends in the middle of \(open.last ?? "a component"): is it whole?") }
    }

    private mutating func line(_ line: String, _ take: (TaskRecord) throws -> Void) throws {
        if line.utf8.first == 0x20 || line.utf8.first == 0x09 {
            unfolded += line.dropFirst()
            guard unfolded.utf8.count <= Self.limit else {
                throw TaskFileFault("", "a line of to-do \(number + 1) is longer than \(Self.limit) bytes")
            }
        } else {
            let whole = unfolded
            unfolded = line
            try content(whole, take)
        }
    }

    private mutating func content(_ text: String, _ take: (TaskRecord) throws -> Void) throws {
        guard !text.isEmpty, let line = CalendarLine(text) else { return }
        switch line.name {
        case "begin":
            let component = line.value.cut(toBytes: 40).uppercased()
            guard open.count < 16 else { throw TaskFileFault("", "components are nested deeper than 16 levels") }
            open.append(component)
            if open.count == 2, component == "VTODO" {
                number += 1
                size = 0
                fields = Self.columns.map { _ in "" }
            } else if open.count == 2, component == "VEVENT" || component == "VJOURNAL" {
                leftOut[component, default: 0] += 1
            }
        case "end":
            let isTask = open.count == 2
            if !open.isEmpty { open.removeLast() }
            if isTask, let fields {
                self.fields = nil
                try take(TaskRecord(number: number, fields: fields))
            }
        default:
            // What belongs to an alarm within a to-do is none of its own.
            if open.count == 2, fields != nil {
                try set(line)
            } else if line.name == "trigger", open.last == "VALARM" {
                alarms += 1
            }
        }
    }

    private mutating func set(_ line: CalendarLine) throws(TaskFileFault) {
        size += line.value.utf8.count
        guard size <= Self.limit else { throw TaskFileFault("", "to-do \(number) has more than \(Self.limit) bytes") }
        let prefix = "x-taskflow-"
        let exact = line.name.hasPrefix(prefix) ? Property(rawValue: String(line.name.dropFirst(prefix.count))) : nil
        guard let property = Property(rawValue: line.name) ?? exact, let place = Self.places[property] else {
            if !Self.technical.contains(line.name), ignored.count < 50 { ignored.insert(line.name.uppercased().cut(toBytes: 60)) }
            return
        }
        let before = fields?[place] ?? ""
        // Our own property is the same moment in full.
        if exact == nil, !before.isEmpty, property == .due || property == .created || property == .completed { return }
        let text = value(line, property, before)
        fields?[place] = text
    }

    /// Says nothing of the task that its reader could miss.
    private static let technical: Set<String> = ["dtstamp", "last-modified", "sequence", "organizer", "class"]

    private mutating func value(_ line: CalendarLine, _ property: Property, _ before: String) -> String {
        switch property {
        case .summary, .description, .location: return line.text
        case .comment: return before.isEmpty ? line.text : before + "\n" + line.text
        case .categories:
            let labels = line.texts.map(\.trimmed).filter { !$0.isEmpty }
            return before.isEmpty ? csvList(labels) : before + "," + csvList(labels)
        case .due, .completed, .created, .start: return moment(line)
        case .status: return line.value == "IN-PROCESS" ? "in_progress" : line.value
        case .priority: return priority(line.value)
        // That of a task which has a status says the same once more.
        case .percent: return fields?[Self.places[.status] ?? 0].isEmpty == true ? line.value : ""
        case .attendee: return before.isEmpty ? line.person : before + ";" + line.person
        case .archived, .rrule, .url, .parent, .uid: return line.value
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
        guard let zone = line.parameters["tzid"], let date = WrittenDate(line.value), let day = date.day(nil), let clock = date.time,
            date.offset == nil
        else { return line.value }
        let seconds = clock / 1_000_000
        guard let time = LocalTime(known: zone) else {
            if unknownZones.count < 10 { unknownZones.insert(zone.visible.cut(toBytes: 60)) }
            return line.value
        }
        return time.instant(day, hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60)?.description ?? line.value
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
        let name = String(line[..<nameEnd])
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
