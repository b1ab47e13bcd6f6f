// The bytes of a file as records, by a plan; both passes read with it.
import CSV
import Model

struct RecordSource: Sendable {
    private enum Source: Sendable {
        case table(CSVReader)
        case elements(JSONRecords)
        case calendar(CalendarRecords)
        case lines(TodoLines)
        case none

        /// - Parameter bytes: `nil` is the end.
        mutating func read(_ bytes: [UInt8]?, after headerRow: Int64, _ take: (TaskRecord) throws -> Void) throws {
            // Moved out and in, so that no buffer is copied.
            switch self {
            case .table(var reader):
                self = .none
                defer { self = .table(reader) }
                let taking = { (row: CSVRow) throws in
                    if row.number > headerRow { try take(TaskRecord(number: row.number, fields: row.fields)) }
                }
                if let bytes { try reader.read(bytes, taking) } else { try reader.finish(taking) }
            case .elements(var records):
                self = .none
                defer { self = .elements(records) }
                if let bytes { try records.read(bytes, take) } else { try records.finish(take) }
            case .calendar(var records):
                self = .none
                defer { self = .calendar(records) }
                if let bytes { try records.read(bytes, take) } else { try records.finish(take) }
            case .lines(var lines):
                self = .none
                defer { self = .lines(lines) }
                if let bytes { try lines.read(bytes, take) } else { try lines.finish(take) }
            case .none: break
            }
        }
    }

    /// The columns; of JSON they grow while the file is looked at for the first time.
    private(set) var columns: [PlannedColumn]
    private(set) var notes: [String] = []
    /// The names that were met late and mean nothing, and the names of all columns of JSON.
    private(set) var ignored: [String] = []
    private(set) var members: [String]?
    private var source: Source
    private let headerRow: Int64
    private var utf16: UTF16Decoder?
    private var toSkip: Int
    private var rows: RowsBelowRows?
    private var parents: ParentTitles?

    /// - Parameter header: the reader of names that are met for the first time; `nil` when the plan has all of them.
    init(_ plan: TaskFilePlan, text: @escaping @Sendable ([UInt8]) -> String?, header: HeaderReader? = nil) {
        columns = plan.columns
        headerRow = plan.headerRow
        toSkip = plan.skippedBytes
        if plan.charset == .utf16 { utf16 = UTF16Decoder(isBigEndian: plan.isBigEndian) }
        switch plan.kind {
        case .csv: source = .table(CSVReader(limits: Self.limits, delimiter: plan.delimiter.byte, text: text))
        case .json: source = .elements(JSONRecords(plan, header))
        case .ics: source = .calendar(CalendarRecords(text))
        case .todotxt: source = .lines(TodoLines(text))
        }
        rows = RowsBelowRows(plan.columns)
        parents = ParentTitles(plan.columns)
    }

    static let limits = CSVLimits(columns: TaskFileKind.columnLimit)

    mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws {
        var bytes = try utf16?.utf8(bytes) ?? bytes
        if toSkip > 0 {
            let count = min(toSkip, bytes.count)
            bytes.removeFirst(count)
            toSkip -= count
        }
        try pass(bytes, take)
    }

    mutating func finish(_ take: (TaskRecord) throws -> Void) throws {
        try utf16?.finish()
        try pass(nil, take)
        if let last = rows?.finish() { try take(last) }
    }

    /// Hands on the records, with what only their neighbours tell.
    /// - Parameter bytes: `nil` is the end.
    private mutating func pass(_ bytes: [UInt8]?, _ take: (TaskRecord) throws -> Void) throws {
        var (rows, parents) = (rows, parents)
        let isPlain = rows == nil && parents == nil
        do {
            try source.read(bytes, after: headerRow) { record in
                if isPlain { return try take(record) }
                guard var record = rows == nil ? record : rows?.take(record) else { return }
                parents?.resolve(&record)
                try take(record)
            }
        } catch let fault as CSVFault {
            throw TaskFileFault("", fault.description)
        }
        (self.rows, self.parents) = (rows, parents)
        if case .elements(let records) = source {
            ignored = records.ignored
            notes = records.notes
            if records.columns.count != columns.count {
                columns = records.columns
                members = records.members
            }
        }
        if case .calendar(let records) = source {
            notes = records.notes
            ignored = records.ignored.sorted()
        }
    }
}
