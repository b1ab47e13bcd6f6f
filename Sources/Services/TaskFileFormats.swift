// Tasks as CSV that can be imported again, and as iCalendar (RFC 5545).
import CSV
import Model

extension TaskFileFormat {
    package static let csv = TaskFileFormat(head: csvRow(TaskSheet.Column.allCases.map(\.rawValue))) { task, names in
        csvRow(TaskSheet.Column.allCases.map { TaskSheet.text(of: task, $0, names) })
    }

    private static func csvRow(_ fields: [String]) -> [UInt8] {
        var writer = CSVWriter()
        writer.row(fields)
        return writer.bytes
    }

    package static let iCalendar = TaskFileFormat(
        head: Array("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//TaskFlow//TaskFlow//EN\r\nCALSCALE:GREGORIAN\r\n".utf8),
        tail: Array("END:VCALENDAR\r\n".utf8)
    ) { task, _ in
        var writer = ICalendarWriter()
        writer.task(task)
        return writer.bytes
    }
}

extension TaskSheet {
    fileprivate static func text(of task: TaskItem, _ column: Column, _ names: [ID<User>: String]) -> String {
        switch column {
        case .id: "\(task.id)"
        case .title: task.title
        case .description: task.description ?? ""
        case .status: task.status.word
        case .priority: task.priority.word
        case .owner: names[task.ownerID] ?? "#\(task.ownerID)"
        case .assignedUser: task.assigneeID.map { names[$0] ?? "#\($0)" } ?? ""
        case .labels: csvList(task.labels)
        case .dueAt: task.dueAt?.description ?? ""
        case .archived: task.archived ? "true" : "false"
        case .completedAt: task.completedAt?.description ?? ""
        case .createdAt: task.createdAt.description
        case .updatedAt: task.updatedAt.description
        }
    }
}

/// Lines of at most 75 bytes, with what has a meaning in them escaped.
private struct ICalendarWriter {
    private static let component = "VTODO"  // No open point: this is what iCalendar calls a task (RFC 5545, 3.6.2).

    private(set) var bytes: [UInt8] = []

    /// No text of people or clocks but the task's own: the same task gives the same lines wherever it is exported.
    mutating func task(_ task: TaskItem) {
        line("BEGIN:\(Self.component)")
        // An id alone is given by every installation; the moment of creation makes it one of its kind.
        line("UID:\(task.id)-\(task.createdAt.microseconds)@taskflow")
        line("DTSTAMP:\(Self.time(task.updatedAt))")
        line("CREATED:\(Self.time(task.createdAt))")
        line("LAST-MODIFIED:\(Self.time(task.updatedAt))")
        line("SEQUENCE:\(task.version)")
        line("SUMMARY:\(Self.escaped(task.title))")
        if let description = task.description, !description.isEmpty { line("DESCRIPTION:\(Self.escaped(description))") }
        if let dueAt = task.dueAt { line("DUE:\(Self.time(dueAt))") }
        line("STATUS:\(Self.status(task.status))")
        if let completedAt = task.completedAt { line("COMPLETED:\(Self.time(completedAt))") }
        line("PRIORITY:\(Self.priority(task.priority))")
        if !task.labels.isEmpty { line("CATEGORIES:\(task.labels.map(Self.escaped).joined(separator: ","))") }
        line("END:\(Self.component)")
    }

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
