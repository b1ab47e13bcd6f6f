// The first pass over a file of tasks, while it arrives: what kind of file it is, and what its columns mean.
import BoundedText
import Model

/// Holds the first 256 KiB of the file until it is clear what it is, and no more than one record after that. Only what must be read whole is held
/// whole, at most 16 MiB.
package struct TaskFileSurvey: Sendable {
    /// Tasks that have been seen.
    package private(set) var rowCount: Int64 = 0
    /// Records that have been seen, those without any text as well.
    package private(set) var recordCount: Int64 = 0

    private let hints: ImportHints
    private let recordLimit: Int64
    private var opening: [UInt8] = []
    private var reading: Reading?
    private var evidence = CharsetEvidence()
    /// Of calendars, whose lines are cut within characters.
    private var unfolding: CalendarUnfolding?

    /// What is known once the beginning has been looked at.
    private struct Reading: Sendable {
        var plan: TaskFilePlan
        var source: RecordSource
        var dates: [DateEvidence]
        var isFilled: [Bool]
        /// Whether the percentages of the column go up to 100.
        var isOfHundred: [Bool]
        var lastRow: Int64 = 0
    }

    private static let openingLength = 256 << 10

    /// - Parameter recordLimit: records without any text are no tasks, but reading them takes time; the file is refused that has more.
    package init(_ hints: ImportHints, recordLimit: Int64 = 4_000_000) {
        self.hints = hints
        self.recordLimit = recordLimit
    }

    /// Takes the next bytes, cut anywhere.
    /// - Throws: `TaskFileFault`; nothing may be taken after that.
    package mutating func take(_ bytes: [UInt8]) throws {
        guard reading == nil else { return try read(bytes) }
        opening += bytes
        if opening.count >= Self.openingLength { try begin(isWhole: false) }
    }

    /// - Returns: how the tasks of the file are read.
    /// - Throws: `TaskFileFault`.
    package mutating func finish() throws -> TaskFilePlan {
        if reading == nil { try begin(isWhole: true) }
        try pass { try $0.source.finish($1) }
        guard var reading else { throw TaskFileFault("", "is empty") }
        evidence.finish()
        var plan = reading.plan
        try settleCharset(&plan)
        plan.columns = reading.source.columns
        try settleDates(&plan, reading.dates)
        for index in plan.columns.indices where plan.columns[index].meaning == .percent && reading.isOfHundred[index] {
            plan.columns[index].isOfHundred = true
        }
        // Of these the kind of file has the columns, and this file names those that it uses.
        if plan.product == .googleTasks || plan.kind == .todotxt || plan.kind == .ics && plan.product == nil {
            for index in plan.columns.indices where !reading.isFilled[index] { plan.columns[index] = .init(name: "", meaning: .ignored) }
        }
        plan.members = reading.source.members ?? plan.members
        if plan.summary.columns.isEmpty {
            plan.summary.columns = plan.columns.filter { $0.meaning != .ignored }.map { .init(name: $0.name, meaning: $0.meaning.shown) }
        }
        plan.summary.ignored = Array((plan.summary.ignored + reading.source.ignored).prefix(100))
        reading.plan = plan
        plan.lastRow = reading.lastRow
        plan.rowCount = rowCount
        plan.summary.notes += reading.source.notes
        plan.summary.notes = Array(plan.summary.notes.prefix(40))
        return plan
    }

    private mutating func begin(isWhole: Bool) throws {
        let all = opening
        opening = []
        // As many as always, so that a file means the same however it comes.
        let beginning = Opening(bytes: Array(all.prefix(Self.openingLength)), isWhole: isWhole)
        let header = try HeaderReader(hints)
        let plan = try beginning.plan(hints, header)
        // What the characters are is not certain before the last of them, and says nothing about rows.
        let source = RecordSource(plan, text: { String(decoding: $0, as: UTF8.self) }, header: header)
        reading = Reading(
            plan: plan, source: source, dates: plan.columns.map { _ in DateEvidence() }, isFilled: plan.columns.map { _ in false },
            isOfHundred: plan.columns.map { _ in false })
        if plan.kind == .ics { unfolding = CalendarUnfolding() }
        try read(all)
    }

    private mutating func read(_ bytes: [UInt8]) throws {
        if reading?.plan.charset != .utf16 { evidence.take(unfolding?.unfolded(bytes) ?? bytes) }
        try pass { try $0.source.read(bytes, $1) }
    }

    private mutating func pass(_ read: (inout Reading, (TaskRecord) throws -> Void) throws -> Void) throws {
        guard var reading else { return }
        self.reading = nil
        var (dates, isFilled, isOfHundred) = (reading.dates, reading.isFilled, reading.isOfHundred)
        var columnCount = reading.plan.columns.count
        var (records, count, last) = (recordCount, rowCount, reading.lastRow)
        let isTable = reading.plan.kind == .csv
        var dated = reading.plan.columns.indices.filter { reading.plan.columns[$0].meaning.isDate }
        var percents = reading.plan.columns.indices.filter { reading.plan.columns[$0].meaning == .percent }
        try read(&reading) { record in
            records += 1
            guard records <= recordLimit else {
                throw TaskFileFault("", "has more than \(recordLimit) rows, including blank ones: remove the blank rows")
            }
            if record.fields.count > columnCount, !isTable {
                // Only JSON meets new columns on its way, and every record has a field for each. What they mean is known at the end.
                dated += columnCount..<record.fields.count
                percents += columnCount..<record.fields.count
                columnCount = record.fields.count
                while dates.count < columnCount {
                    dates.append(DateEvidence())
                    isFilled.append(false)
                    isOfHundred.append(false)
                }
            }
            if record.fields.allSatisfy({ $0.isEmpty || $0.isBlank }) { return }
            count += 1
            last = record.number
            for index in dated where index < record.fields.count { dates[index].take(record.fields[index], row: record.number) }
            for index in percents where index < record.fields.count && !isOfHundred[index] {
                isOfHundred[index] = Percent(record.fields[index].trimmed)?.isOfHundred == true
            }
            if !isTable {
                for index in record.fields.indices where !record.fields[index].isEmpty { isFilled[index] = true }
            }
        }
        (reading.dates, reading.isFilled, reading.isOfHundred, reading.lastRow) = (dates, isFilled, isOfHundred, last)
        (recordCount, rowCount) = (records, count)
        self.reading = reading
    }

    // MARK: What all rows tell

    private func settleCharset(_ plan: inout TaskFilePlan) throws(TaskFileFault) {
        plan.summary.charset = plan.charset
        if plan.charset == .utf16 { return }
        let isNamed = hints.charset != nil
        // What the beginning showed has been used to read the names of the columns.
        if !isNamed, plan.kind != .json, plan.charset == .utf8 { plan.charset = evidence.charset }
        if plan.charset == .utf8, !evidence.isUTF8 {
            throw TaskFileFault(
                "", "line \(evidence.firstOtherLine) is not UTF-8. Save the file in UTF-8, or name its encoding with charset")
        }
        plan.summary.charset = plan.charset
        if !isNamed, plan.charset == .windows1252 || plan.charset == .macintosh {
            plan.summary.notes.append(
                "the file is not UTF-8, so it is read as \(plan.charset.rawValue): check letters such as ä and é, or save the file in UTF-8"
            )
        }
    }

    private func settleDates(_ plan: inout TaskFilePlan, _ dates: [DateEvidence]) throws(TaskFileFault) {
        let product = Product.named(plan.product)
        var faults: [TaskSheet.Fault] = []
        var orders: [DateOrder] = []
        let sure = Set(plan.columns.indices.compactMap { plan.columns[$0].meaning.isDate ? dates[$0].own : nil })
        for index in plan.columns.indices where plan.columns[index].meaning.isDate {
            let evidence = dates[index]
            plan.columns[index].numbers = product?.numbers ?? evidence.numbers
            if evidence.midnightsAreDays { plan.columns[index].midnightsAreDays = true }
            guard evidence.hasThreeNumbers else { continue }
            // The sender is asked first, as far as the rows allow it, then what the rows show, then what writes the file, then the other
            // columns, then the account.
            let possible = [
                hints.dateOrder, evidence.own, product?.order, sure.count == 1 ? sure.first : nil, hints.preferredDateOrder,
            ]
            if let order = possible.compactMap({ $0 }).first(where: evidence.allows) {
                plan.columns[index].order = order
                if !orders.contains(order) { orders.append(order) }
            } else {
                faults.append(.init(plan.columns[index].name, evidence.question))
            }
        }
        guard faults.isEmpty else { throw TaskFileFault(faults) }
        plan.summary.dateOrder = orders.count == 1 ? orders.first : nil
        if orders.count > 1 {
            for column in plan.columns {
                if let order = column.order { plan.summary.notes.append("the dates of “\(column.name)” are read as \(order.words)") }
            }
        }
    }
}
