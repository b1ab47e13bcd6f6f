// What is known of a file of tasks before its tasks are read: what the caller said, and what was found out.
package import Model
import Wire

/// The kinds of files of tasks that are read; the raw values are those of the option `format`.
package enum TaskFileKind: String, CaseIterable, Codable, Sendable {
    case csv, json, ics
    case todotxt = "todo.txt"
}

/// How the characters of a file are encoded.
package enum Charset: String, CaseIterable, Codable, Sendable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case windows1252 = "windows-1252"
    case macintosh
}

/// What stands between the fields of a row.
package enum Delimiter: String, CaseIterable, Codable, Sendable {
    case comma, semicolon, tab, pipe

    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .semicolon: UInt8(ascii: ";")
        case .tab: UInt8(ascii: "\t")
        case .pipe: UInt8(ascii: "|")
        }
    }
}

/// What the sender of a file says of it. `nil` lets the file decide.
package struct ImportHints: Codable, Equatable, Sendable {
    package var kind: TaskFileKind?
    package var charset: Charset?
    package var delimiter: Delimiter?
    /// For columns whose dates can be read in more than one order.
    package var dateOrder: DateOrder?
    /// The same from the account's settings: it counts where `dateOrder` is not given.
    package var preferredDateOrder: DateOrder?
    /// The names of columns in the file, and the fields that they are read as; `nil` and `ignore` leave a column out.
    package var columns: [String: String?]
    /// An IANA name: the zone of times that name none. Without it they are in UTC.
    package var timeZone: String?

    package init(
        kind: TaskFileKind? = nil, charset: Charset? = nil, delimiter: Delimiter? = nil, dateOrder: DateOrder? = nil,
        preferredDateOrder: DateOrder? = nil, columns: [String: String?] = [:], timeZone: String? = nil
    ) {
        self.kind = kind
        self.charset = charset
        self.delimiter = delimiter
        self.dateOrder = dateOrder
        self.preferredDateOrder = preferredDateOrder
        self.columns = columns
        self.timeZone = timeZone
    }
}

extension ImportHints {
    /// The value of `columns` as an option has it: a JSON object of names and fields.
    /// - Throws: `TaskFileFault` when it is something else.
    package static func columns(json text: String) throws(TaskFileFault) -> [String: String?] {
        let fault = TaskFileFault("", #"must be a JSON object of names and fields, such as {"Betreff": "title"}"#)
        guard let json = try? JSON(parsing: Array(text.utf8), limits: JSONLimits(depth: 2, values: 1000)), case .object(let members) = json
        else { throw fault }
        var columns: [String: String?] = [:]
        for member in members {
            switch member.value {
            case .string(let field): columns[member.name] = .some(field)
            case .null: columns[member.name] = .some(nil)
            default: throw fault
            }
        }
        return columns
    }
}

/// Why a file as such is refused. The texts can be shown to the sender.
package struct TaskFileFault: Error, Equatable, Sendable {
    /// At least one, at most 20.
    package let all: [TaskSheet.Fault]

    /// The name of the column; empty is the whole file.
    package var column: String { all.first?.column ?? "" }
    package var detail: String { all.first?.detail ?? "" }

    package init(_ all: [TaskSheet.Fault]) { self.all = Array(all.prefix(20)) }
    package init(_ column: String = "", _ detail: String) { self.init([.init(column, detail)]) }
}

/// What was found out about a file, for its sender. Names have at most 60 bytes, lists at most 100 entries.
package struct TaskFileSummary: Codable, Equatable, Sendable {
    package struct Column: Codable, Equatable, Sendable {
        package var name: String
        /// The field of the task, such as `due`, or `text in the description`.
        package var meaning: String
    }

    package var format: TaskFileKind
    /// The name of the program that wrote the file, such as “Todoist”; `nil` when the file shows none.
    package var product: String?
    package var charset: Charset?
    package var delimiter: Delimiter?
    /// Of the columns whose dates can be read in more than one order.
    package var dateOrder: DateOrder?
    package var columns: [Column] = []
    /// Columns that are left out.
    package var ignored: [String] = []
    package var notes: [String] = []
}

/// All that reading the tasks of a file needs, as the first pass found it out. At most 64 KiB as JSON.
package struct TaskFilePlan: Codable, Equatable, Sendable {
    /// The number of the last task, as `TaskRecord.number` counts.
    package internal(set) var lastRow: Int64 = 0
    /// Tasks that the file has; rows without any text are none.
    package internal(set) var rowCount: Int64 = 0
    package internal(set) var summary: TaskFileSummary

    var kind: TaskFileKind
    var product: Product.Name?
    var charset: Charset = .utf8
    var isBigEndian = false
    var delimiter: Delimiter = .comma
    /// Bytes at the beginning that are no text of the file: a byte order mark, a first line such as `sep=;`, which a spreadsheet does not show.
    var skippedBytes = 0
    /// The row of the names of the columns.
    var headerRow: Int64 = 1
    /// The member of a JSON object that has the tasks.
    var member: String?
    /// Whether a JSON text is one task after the other.
    var isSequence = false
    /// The names of the members of tasks in JSON, in the order of the columns.
    var members: [String]?
    var columns: [PlannedColumn] = []
    var timeZone: String
}

struct PlannedColumn: Codable, Equatable, Sendable {
    /// As the header has it, cut; empty when the column is left out.
    var name: String
    var meaning: Meaning
    /// Of dates that have one.
    var order: DateOrder?
    /// Whether plain numbers are dates, and which.
    var numbers: DateNumbers?
    /// Whether times without a zone are in UTC, as the name of the column says.
    var isUTC: Bool?
    /// Whether midnights are days, as all times of the column are midnights.
    var midnightsAreDays: Bool?
    /// Whether percentages go up to 100, and not up to 1.
    var isOfHundred: Bool?
}

/// A task as the file has it: a text for each column.
package struct TaskRecord: Equatable, Sendable {
    /// Of a table the row, which a spreadsheet shows; otherwise the number of the element, to-do or line, from 1.
    package let number: Int64
    package internal(set) var fields: [String]

    package var byteCount: Int { fields.reduce(0) { $0 + $1.utf8.count } }
}
