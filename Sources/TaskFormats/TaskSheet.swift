// What the texts of a task in a file mean.
import BoundedText
import CSV
package import Model

/// Reads the tasks of a file, each alone.
package struct TaskSheet: Sendable {
    /// What a file can say of a task.
    package enum Column: String, CaseIterable, Sendable {
        case title, description, status, priority, assignee, labels, due, archived
        case completedAt = "completed_at"
        case createdAt = "created_at"
    }

    /// Something about one text of a row: why it is not acceptable, or what became of it.
    package struct Fault: Codable, Equatable, Sendable {
        /// As the header names it, at most 100 bytes; empty is the whole row.
        package var column: String
        package var detail: String

        package init(_ column: String, _ detail: String) {
            self.column = column
            self.detail = detail
        }
    }

    /// What the file has a column for: this is compared with what is stored.
    package let named: Set<Column>

    let rules: SheetRules

    package init(_ plan: TaskFilePlan) {
        named = Set(plan.columns.compactMap(\.meaning.column))
        rules = SheetRules(plan)
    }

    /// The task of a record, or what is wrong with it.
    package func row(_ record: TaskRecord) -> TaskRow {
        var row = TaskRow(number: record.number)
        if record.fields.allSatisfy({ $0.isEmpty || $0.isBlank }) { return row }
        let columns = rules.columns
        if record.fields.count > columns.count, !record.fields[columns.count...].allSatisfy(\.isBlank) {
            row.faults = [Fault("", "has \(record.fields.count) fields, and there are \(columns.count) columns")]
            return row
        }
        var reader = RowReader(rules)
        // Fields that a row lacks at its end are empty.
        for (index, text) in record.fields.enumerated() where index < columns.count && columns[index].meaning != .ignored {
            reader.index = index
            reader.read(rules.isTable ? withoutGuard(text) : text, columns[index].meaning)
        }
        reader.finish()
        row.faults = reader.faults
        row.notes = reader.notes
        if row.faults.isEmpty { row.draft = reader.draft }
        return row
    }
}

/// What all rows share, in one place: copies of it would cost more than reading a row.
final class SheetRules: Sendable {
    let columns: [PlannedColumn]
    let product: Product?
    /// In tables a quote mark before a formula is to be taken away.
    let isTable: Bool
    let time: LocalTime
    let utc = LocalTime("UTC")
    private let isUTC: Bool

    init(_ plan: TaskFilePlan) {
        columns = plan.columns
        product = Product.named(plan.product)
        isTable = plan.kind == .csv
        time = LocalTime(plan.timeZone)
        isUTC = ["UTC", "Etc/UTC", "GMT"].contains(plan.timeZone)
    }

    /// The calendar is slow, and many clocks are those of UTC.
    func start(of day: Day) -> Instant { isUTC ? day.start : time.start(of: day) }
}

/// What became of a record.
package struct TaskRow: Sendable {
    package let number: Int64
    /// `nil` for a record without any text, and for one with faults.
    package internal(set) var draft: TaskDraft?
    package internal(set) var faults: [TaskSheet.Fault] = []
    /// What the sender may want to know, although the task is taken.
    package internal(set) var notes: [TaskSheet.Fault] = []
}

/// A task as a record asks for it.
package struct TaskDraft: Sendable {
    /// Its `assigneeID` is not known yet.
    package var task: NewTask
    /// Who is to do it, the surest name first: an e-mail address, a username, a displayed name.
    package var people: [String] = []
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
