// Tasks as rows of a table: which columns there are, and what their texts mean.
import CSV
package import Model
import BoundedText

/// The columns of a table of tasks, in the order in which its header names them.
package struct TaskSheet: Sendable, Equatable {
    package enum Column: String, CaseIterable, Sendable {
        case id, title, description, status, priority, owner
        case assignedUser = "assigned_user"
        case labels
        case dueAt = "due_at"
        case archived
        case completedAt = "completed_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"

        /// What an export writes so that people see it, and an import has no use for: they are the server's to say.
        fileprivate var isIgnored: Bool { self == .id || self == .owner || self == .updatedAt }
    }

    /// One text of a row that is not acceptable.
    package struct Fault: Equatable, Sendable {
        /// As the header names it, but for blanks and case; empty is the whole row.
        package var column: String
        package var detail: String

        package init(_ column: String, _ detail: String) {
            self.column = column
            self.detail = detail
        }
    }

    /// What faults call the columns: never the text of the header, which can be as long as a field and is repeated for every fault.
    private let names: [String]
    private let columns: [Column]

    /// - Throws: `Failure.invalid`, with every fault of the header.
    package init(header: [String]) throws(Failure) {
        var names: [String] = []
        var columns: [Column] = []
        var faults: [String] = []
        for name in header {
            guard name.isStreamSafe else {
                faults.append("the name of a column has more than \(combiningMarkLimit) combining marks in a row")
                continue
            }
            let trimmed = name.trimmed
            let key = trimmed.utf8.count <= Self.longestName ? trimmed.lowercased() : ""
            guard let column = key == "task_name" ? .title : Column(rawValue: key) else {
                faults.append("there is no column “\(String(name.unicodeScalars.prefix(100)))”; there are \(Self.known)")
                continue
            }
            if columns.contains(column) { faults.append("there are two columns for \(column.rawValue)") }
            columns.append(column)
            names.append(key)
        }
        if !columns.contains(.title) { faults.append("the column title (or task_name) is missing") }
        guard faults.isEmpty else { throw .invalid(faults.prefix(20).map { .init("file", "the first line: \($0)") }) }
        self.names = names
        self.columns = columns
    }

    /// Bytes of the longest name of a column.
    private static let longestName = Column.allCases.map(\.rawValue.utf8.count).reduce("task_name".utf8.count, max)

    private static let known = "task_name or title, " + Column.allCases.filter { $0 != .title }.map(\.rawValue).joined(separator: ", ")

    /// What faults call the column.
    func name(of column: Column) -> String { columns.firstIndex(of: column).map { names[$0] } ?? "" }

    // MARK: Rows

    /// A task as a row asks for it.
    package struct Draft: Sendable {
        package var task: NewTask
        /// Who is to do it, as the row names them: a username, an e-mail address or # and an id.
        package var assignee: String?
        package var createdAt: TimeText?
        package var completedAt: Instant?
    }

    /// A moment, or a day that stands for its beginning.
    package struct TimeText: Equatable, Sendable {
        package var start: Instant
        package var isDay: Bool

        package init(start: Instant, isDay: Bool) {
            self.start = start
            self.isDay = isDay
        }
    }

    /// The task of a row; `nil` for a row without any text.
    /// - Throws: `RowFaults`, with every fault of the row.
    package func draft(_ fields: [String]) throws(RowFaults) -> Draft? {
        if fields.allSatisfy({ $0.isEmpty || $0.isBlank }) { return nil }
        guard fields.count == columns.count else {
            throw RowFaults(all: [Fault("", "has \(fields.count) fields, and there are \(columns.count) columns")])
        }
        var reader = RowReader(draft: Draft(task: NewTask(title: "")))
        for (index, column) in columns.enumerated() where !column.isIgnored {
            reader.column = names[index]
            reader.read(withoutGuard(fields[index]), column)
        }
        guard reader.faults.isEmpty else { throw RowFaults(all: reader.faults) }
        return reader.finished
    }

    package struct RowFaults: Error, Equatable {
        package let all: [Fault]
    }
}

/// Reads the fields of one row.
private struct RowReader {
    var draft: TaskSheet.Draft
    var column = ""
    var faults: [TaskSheet.Fault] = []
    private var archived: Bool?

    init(draft: TaskSheet.Draft) { self.draft = draft }

    /// A completed task has the moment at which it was; others have none.
    var finished: TaskSheet.Draft {
        var draft = draft
        if let archived { draft.task.archived = archived }
        if draft.task.status != .completed { draft.completedAt = nil }
        return draft
    }

    mutating func read(_ text: String, _ column: TaskSheet.Column) {
        guard text.isStreamSafe else { return fault("has more than \(combiningMarkLimit) combining marks in a row") }
        let word = text.trimmed
        // Only a title cannot be left out.
        if word.isEmpty, column != .title { return }
        switch column {
        case .title: readTitle(text)
        case .description:
            if hasLength(text, TaskItem.descriptionLength) { draft.task.description = text }
        case .status: readStatus(keyword(word))
        case .priority:
            let word = keyword(word)
            if let priority = TaskPriority.allCases.first(where: { $0.word == word }) {
                draft.task.priority = priority
            } else {
                fault("must be one of \(TaskPriority.allCases.map(\.word).joined(separator: ", "))")
            }
        case .assignedUser: draft.assignee = word
        case .labels: readLabels(text)
        case .dueAt: draft.task.due = time(word).map { .at($0.start) }
        case .createdAt: draft.createdAt = time(word)
        case .completedAt: draft.completedAt = time(word)?.start
        case .archived:
            archived = flag(keyword(word))
            if archived == nil { fault("must be true or false") }
        case .id, .owner, .updatedAt: break
        }
    }

    /// One of a closed set of words as it is compared; a text that is longer than all of them is none.
    private func keyword(_ text: String) -> String { text.utf8.count <= 32 ? text.lowercased() : "" }

    private mutating func fault(_ detail: String) { faults.append(.init(column, detail)) }

    private mutating func hasLength(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        // No text has more characters than bytes.
        if length.lowerBound <= 1, !text.isEmpty, text.utf8.count <= length.upperBound { return true }
        let count = text.unicodeScalars.count
        if length.contains(count) { return true }
        fault("must have \(length.lowerBound) to \(length.upperBound) characters, has \(count)")
        return false
    }

    private mutating func readTitle(_ text: String) {
        guard !text.isBlank else { return fault("must not be blank") }
        if hasLength(text, TaskItem.titleLength) { draft.task.title = text }
    }

    /// A truth value says whether the task is in use, as it does in tables that know no progress; it is not a progress.
    private mutating func readStatus(_ word: String) {
        if let status = TaskStatus.allCases.first(where: { $0.word == word }) {
            draft.task.status = status
        } else if let isActive = flag(word) {
            draft.task.archived = !isActive
        } else {
            fault("must be one of \(TaskStatus.allCases.map(\.word).joined(separator: ", ")), or true or false for in use or archived")
        }
    }

    private func flag(_ word: String) -> Bool? {
        switch word {
        case "true", "yes", "y", "1": true
        case "false", "no", "n", "0": false
        default: nil
        }
    }

    private mutating func readLabels(_ text: String) {
        guard let labels = texts(ofCSVList: text) else { return fault("is not a list of labels separated by commas") }
        for label in labels {
            guard label.isTrimmed else { return fault("a label must not begin or end with white space") }
            guard hasLength(label, TaskItem.labelLength) else { return }
        }
        let distinct = TaskItem.distinct(labels)
        guard TaskItem.labelCount.contains(distinct.count) else { return fault("has more than \(TaskItem.labelCount.upperBound) labels") }
        draft.task.labels = distinct
    }

    private mutating func time(_ word: String) -> TaskSheet.TimeText? {
        if let time = TaskSheet.TimeText(word) { return time }
        fault("must be a day such as 2026-11-20 or 11/20/2026, or a time such as 2026-11-20T09:30:00Z")
        return nil
    }
}

extension TaskSheet.TimeText {
    /// A day, ISO 8601 or month/day/year, or a time; in UTC when it names no zone.
    package init?(_ text: String) {
        if let day = Day(text) ?? Self.slashed(text) {
            self.init(start: day.start, isDay: true)
        } else if let instant = Instant(text) ?? Instant(text + "Z") ?? Instant(text + ":00Z") {
            self.init(start: instant, isDay: false)
        } else {
            return nil
        }
    }

    /// `M/D/YYYY`.
    private static func slashed(_ text: String) -> Day? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, (1...2).contains(parts[0].utf8.count), (1...2).contains(parts[1].utf8.count), parts[2].utf8.count == 4
        else { return nil }
        let numbers = parts.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64($0) : nil }
        return numbers.count == 3 ? Day(year: numbers[2], month: numbers[0], day: numbers[1]) : nil
    }
}
