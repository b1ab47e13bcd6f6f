// Tasks as files: as CSV that can be imported again, and as iCalendar (RFC 5545).
import CSV
package import Model

/// How tasks become a file: what stands before them, between them and after them.
package struct TaskFileFormat: Sendable {
    package var head: [UInt8]
    package var between: [UInt8] = []
    package var tail: [UInt8] = []
    package var task: @Sendable (TaskItem, _ names: [ID<User>: String]) -> [UInt8]

    package init(
        head: [UInt8], between: [UInt8] = [], tail: [UInt8] = [],
        task: @escaping @Sendable (TaskItem, _ names: [ID<User>: String]) -> [UInt8]
    ) {
        self.head = head
        self.between = between
        self.tail = tail
        self.task = task
    }
}

extension TaskFileFormat {
    package static let csv = csv(bom: false)

    /// - Parameter bom: whether the file begins with a byte order mark, without which Excel takes UTF-8 for another encoding.
    package static func csv(bom: Bool) -> TaskFileFormat {
        TaskFileFormat(head: (bom ? [0xef, 0xbb, 0xbf] : []) + csvRow(WrittenColumn.allCases.map(\.rawValue))) { task, names in
            csvRow(WrittenColumn.allCases.map { $0.text(of: task, names) })
        }
    }

    private static func csvRow(_ fields: [String]) -> [UInt8] {
        var writer = CSVWriter()
        writer.row(fields)
        return writer.bytes
    }

    package static let iCalendar = TaskFileFormat(
        head: Array("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//TaskFlow//TaskFlow//EN\r\nCALSCALE:GREGORIAN\r\n".utf8),
        tail: Array("END:VCALENDAR\r\n".utf8)
    ) { task, names in
        var writer = ICalendarWriter()
        writer.task(task, names)
        return writer.bytes
    }
}

/// The columns of our own tables, in their order.
enum WrittenColumn: String, CaseIterable {
    case id, title, description, status, priority, owner
    case assignedUser = "assigned_user"
    case labels
    case dueAt = "due_at"
    case dueOn = "due_on"
    case archived
    case completedAt = "completed_at"
    case createdAt = "created_at"
    case updatedAt = "updated_at"

    fileprivate func text(of task: TaskItem, _ names: [ID<User>: String]) -> String {
        switch self {
        case .id: "\(task.id)"
        case .title: task.title
        case .description: task.description ?? ""
        case .status: task.status.word
        case .priority: task.priority.word
        case .owner: names[task.ownerID] ?? "#\(task.ownerID)"
        case .assignedUser: task.assigneeID.map { names[$0] ?? "#\($0)" } ?? ""
        case .labels: csvList(task.labels)
        case .dueAt: task.dueAt?.description ?? ""
        case .dueOn: task.dueOn?.description ?? ""
        case .archived: task.archived ? "true" : "false"
        case .completedAt: task.completedAt?.description ?? ""
        case .createdAt: task.createdAt.description
        case .updatedAt: task.updatedAt.description
        }
    }
}

/// The component of a task, in the files that are read and in those that are written.
let calendarTask = "VTODO"  // No open point: this is what iCalendar calls a task (RFC 5545, 3.6.2).

/// Lines of at most 75 bytes, with what has a meaning in them escaped.
private struct ICalendarWriter {
    private(set) var bytes: [UInt8] = []

    /// No text of people or clocks but the task's own: the same task gives the same lines wherever it is exported.
    mutating func task(_ task: TaskItem, _ names: [ID<User>: String]) {
        line("BEGIN:\(calendarTask)")
        // An id alone is given by every installation; the moment of creation makes it one of its kind.
        line("UID:\(task.id)-\(task.createdAt.microseconds)@taskflow")
        line("DTSTAMP:\(Self.time(task.updatedAt))")
        moment("CREATED", task.createdAt)
        line("LAST-MODIFIED:\(Self.time(task.updatedAt))")
        line("SEQUENCE:\(task.version)")
        line("SUMMARY:\(Self.escaped(task.title))")
        if let description = task.description, !description.isEmpty { line("DESCRIPTION:\(Self.escaped(description))") }
        switch task.due {
        case .at(let instant): moment("DUE", instant)
        case .on(let day): line("DUE;VALUE=DATE:\(Self.digits(day.description))")
        case nil: break
        }
        line("STATUS:\(Self.status(task.status))")
        if let completedAt = task.completedAt { moment("COMPLETED", completedAt) }
        line("PRIORITY:\(Self.priority(task.priority))")
        if !task.labels.isEmpty { line("CATEGORIES:\(task.labels.map(Self.escaped).joined(separator: ","))") }
        person("ORGANIZER", names[task.ownerID] ?? "#\(task.ownerID)")
        if let assigneeID = task.assigneeID { person("ATTENDEE", names[assigneeID] ?? "#\(assigneeID)") }
        if task.archived { line("X-TASKFLOW-ARCHIVED:TRUE") }
        line("END:\(calendarTask)")
    }

    /// iCalendar has no fractions of a second; a property of our own has them, so that nothing changes on the way back.
    private mutating func moment(_ property: String, _ instant: Instant) {
        line("\(property):\(Self.time(instant))")
        if instant.milliseconds != Instant.seconds(instant.seconds) { line("X-TASKFLOW-\(property):\(instant)") }
    }

    /// A calendar user is a URI (RFC 5545, 3.3.3): an address, or a name within a space of our own.
    private mutating func person(_ property: String, _ name: String) {
        if name.utf8.contains(UInt8(ascii: "@")), !name.hasPrefix("#") {
            line("\(property):mailto:\(name)")
        } else {
            let path = name.utf8.map {
                Self.isPlain($0) ? String(UnicodeScalar($0)) : "%" + String(UInt16($0) + 0x100, radix: 16, uppercase: true).dropFirst()
            }
            line("\(property);CN=\(Self.parameter(name)):urn:taskflow:user:\(path.joined())")
        }
    }

    /// What a URI may have as it is (RFC 3986, 2.3: unreserved).
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) && byte >= 0x41 || "-._~".utf8.contains(byte)
    }

    /// In quotes, which is why it can have none (RFC 5545, 3.2), nor controls.
    private static func parameter(_ text: String) -> String { "\"\(text.visible.replacing("\"", with: "'"))\"" }

    private static func digits(_ text: String) -> String { text.replacing("-", with: "") }

    private static func status(_ status: TaskStatus) -> String {
        switch status {
        case .pending: "NEEDS-ACTION"
        case .inProgress: "IN-PROCESS"
        case .completed: "COMPLETED"
        }
    }

    /// 1 is the most urgent, 9 the least (RFC 5545, 3.8.1.9).
    private static func priority(_ priority: TaskPriority) -> Int {
        switch priority {
        case .critical: 1
        case .high: 3
        case .medium: 5
        case .low: 9
        }
    }

    /// `20261120T093000Z`.
    private static func time(_ instant: Instant) -> String {
        let digits = instant.description.prefix(19).filter { $0 != "-" && $0 != ":" }
        return "\(digits)Z"
    }

    /// RFC 5545, 3.3.11. Control characters have no way to be written.
    private static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped += ["\\", scalar]
            case "\n", "\r": escaped += ["\\", "n"]
            case "\t": escaped.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7f: break
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// Longer lines are folded (RFC 5545, 3.1), never inside of a character.
    private mutating func line(_ text: String) {
        var width = 0
        for scalar in text.unicodeScalars {
            let encoded = UTF8.encode(scalar)
            let count = encoded?.count ?? 0
            if width + count > 75 {
                bytes += [0x0d, 0x0a, 0x20]
                width = 1
            }
            if let encoded { bytes += encoded }
            width += count
        }
        bytes += [0x0d, 0x0a]
    }
}
