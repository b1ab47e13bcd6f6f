// What a column can mean.

/// What the texts of a column are read as.
enum Meaning: String, Codable, Sendable, CaseIterable {
    case title, description, status, priority
    /// Who is to do the task.
    case personAddress, personUsername, personName
    /// A list of labels.
    case labels
    /// One label, whatever signs are in it: a section, a list.
    case label
    case due
    case archived
    /// The opposite of archived.
    case active
    /// Whether the task is completed.
    case completed
    /// How much of it is done, in percent.
    case percent
    case completedAt, createdAt
    /// Kept as text in the description, under the name of the column.
    case detail
    /// The title of the task that this one is a part of.
    case parent
    /// What the other program calls this task, and the one that it is a part of.
    case key, parentKey
    /// Kept like `detail` unless it says nothing, such as 0 and false.
    case count
    /// What the row is, and how deep the task stands: in tables in which rows stand below others.
    case rowKind, indent
    /// Texts that are added to the description as they are.
    case comment
    /// Whether `due` is a day, and whose: for programs that write days as instants.
    case allDay, zone
    /// Of no use here, such as ids of the other program.
    case ignored

    var isDate: Bool { self == .due || self == .completedAt || self == .createdAt }

    /// What the sender is told.
    var shown: String {
        switch self {
        case .personAddress, .personUsername, .personName: "assignee"
        case .label: "labels"
        case .active: "archived"
        case .percent, .completed: "status"
        case .completedAt: "completed_at"
        case .createdAt: "created_at"
        case .detail, .parent, .parentKey, .comment, .count, .indent: "text in the description"
        case .allDay, .zone: "due"
        case .rowKind: "kind of the row"
        case .key: "subtasks"
        case .ignored: "left out"
        case .title, .description, .status, .priority, .labels, .due, .archived: rawValue
        }
    }

    /// What is compared with stored tasks when a file has such a column.
    var column: TaskSheet.Column? {
        switch self {
        case .title: .title
        case .description, .detail, .parent, .parentKey, .comment, .count, .indent: .description
        case .status, .completed, .percent: .status
        case .priority: .priority
        case .personAddress, .personUsername, .personName: .assignee
        case .labels, .label: .labels
        case .due: .due
        case .archived, .active: .archived
        case .completedAt: .completedAt
        case .createdAt: .createdAt
        case .allDay, .zone, .rowKind, .key, .ignored: nil
        }
    }
}

/// What plain numbers in a column of dates are.
enum DateNumbers: String, Codable, Sendable {
    /// Days since 1899-12-30, as spreadsheets count them.
    case spreadsheet
    /// Milliseconds since 1970.
    case milliseconds
}
