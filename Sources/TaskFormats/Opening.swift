// What the first bytes of a file tell: its kind, its encoding, its delimiter, and where its columns are named.
import BoundedText
import CSV
import Model
import Wire

struct Opening {
    let bytes: [UInt8]
    /// Whether the file has no more than these.
    let isWhole: Bool

    func plan(_ hints: ImportHints, _ header: HeaderReader) throws(TaskFileFault) -> TaskFilePlan {
        if let name = Self.foreign(bytes) { throw TaskFileFault("", name) }
        var plan = TaskFilePlan(summary: .init(format: .csv), kind: .csv, timeZone: hints.timeZone ?? "UTC")
        var text = bytes
        let isBigEndian = hints.charset == nil || hints.charset == .utf16 ? UTF16Decoder.isBigEndian(bytes) : nil
        if isBigEndian != nil || hints.charset == .utf16 {
            plan.charset = .utf16
            plan.isBigEndian = isBigEndian ?? false
            var decoder = UTF16Decoder(isBigEndian: plan.isBigEndian)
            text = try decoder.utf8(bytes)
        } else {
            plan.charset = hints.charset ?? charset(bytes)
        }
        if text.starts(with: [0xef, 0xbb, 0xbf]) { plan.skippedBytes = 3 }
        let body = text[plan.skippedBytes...]
        guard body.contains(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) || !isWhole else {
            throw TaskFileFault("", "is empty")
        }
        plan.kind = hints.kind ?? Self.kind(body)
        switch plan.kind {
        case .csv: try table(&plan, body, hints, header)
        case .json: try elements(&plan, body, header)
        case .ics:
            guard Self.kind(body) == .ics else { throw TaskFileFault("", "is not a calendar: its first line is not BEGIN:VCALENDAR") }
            if hints.charset == nil, plan.charset != .utf16 {
                var unfolding = CalendarUnfolding()
                plan.charset = charset(unfolding.unfolded(bytes))
            }
            let isOurs = String(decoding: body.prefix(512), as: UTF8.self).contains("PRODID:-//TaskFlow//")
            plan.product = isOurs ? .taskFlow : nil
            plan.columns = CalendarRecords.columns
        case .todotxt: break
        }
        if plan.kind == .todotxt {
            plan.columns = TodoLines.columns
            plan.product = .todotxt
        }
        plan.summary.format = plan.kind
        plan.summary.product = plan.product?.rawValue
        return plan
    }

    private func charset(_ bytes: [UInt8]) -> Charset {
        var evidence = CharsetEvidence()
        evidence.take(bytes)
        if isWhole { evidence.finish() }
        return evidence.charset
    }

    private static func kind(_ text: ArraySlice<UInt8>) -> TaskFileKind {
        let start = text.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
        if String(decoding: start.prefix(15), as: UTF8.self).lowercased() == "begin:vcalendar" { return .ics }
        let next = start.dropFirst().first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
        switch (start.first, next) {
        case (UInt8(ascii: "["), UInt8(ascii: "{")), (UInt8(ascii: "["), UInt8(ascii: "]")), (UInt8(ascii: "{"), UInt8(ascii: "\"")),
            (UInt8(ascii: "{"), UInt8(ascii: "}")):
            return .json
        default: return .csv
        }
    }

    // MARK: JSON

    private func elements(_ plan: inout TaskFilePlan, _ text: ArraySlice<UInt8>, _ header: HeaderReader) throws(TaskFileFault) {
        guard plan.charset == .utf8 || plan.charset == .utf16 else {
            throw TaskFileFault("", "is JSON, but not in UTF-8")
        }
        let outline = JSONOutline(text)
        if let kind = outline?.kind, GoogleTasks.kinds.contains(kind) {
            plan.product = .googleTasks
            plan.columns = GoogleTasks.columns
            return
        }
        let place = Self.place(outline, header)
        plan.isSequence = place == .sequence
        if case .member(let name) = place { plan.member = name }
        var elements = JSONElements(place)
        var first: [[UInt8]] = []
        do { try elements.read(Array(text)) { if first.count < Self.headerRows { first.append($0) } } } catch let fault as TaskFileFault {
            throw fault
        } catch {
            throw TaskFileFault("", "is not JSON")
        }
        if isWhole { _ = try elements.finish() }
        var names: [String] = []
        var known: Set<String> = []
        for (index, element) in first.enumerated() {
            for member in try JSONRecords.object(element, Int64(index) + 1) {
                if first.count == 1, isWhole, plan.member == nil, member.value.isListOfObjects,
                    member.name == "cards" || member.name == "lists"
                {
                    throw TaskFileFault("", "is the JSON of a board, which is not supported: export the board as CSV and send that file")
                }
                guard JSONRecords.isName(member.name), known.insert(member.name).inserted else { continue }
                // Of many names those that mean something are looked at; the others are listed when the tasks are read.
                if names.count < JSONRecords.nameLimit || Self.means(member.name, header) { names.append(member.name) }
            }
        }
        guard !known.isEmpty else {
            throw TaskFileFault(
                "", isWhole ? "has no tasks: it must have an array of objects" : "the first task has more than \(bytes.count) bytes")
        }
        if let outline, outline.list == nil, let list = names.first(where: JSONElements.members.contains), !Self.hasTitle(outline, header) {
            throw TaskFileFault("", "has no tasks: there is no list of objects under “\(list)”")
        }
        settle(&plan, try header.header(names))
        let read = plan.columns.indices.filter { plan.columns[$0].meaning != .ignored }
        guard read.count <= JSONRecords.nameLimit else { throw JSONRecords.tooManyNames }
        plan.members = [""] + read.map { names[$0] }
        plan.columns = [JSONRecords.unread] + read.map { plan.columns[$0] }
        if let outline, let list = outline.list, plan.isSequence, !outline.isFollowed {
            plan.summary.notes.append(
                "the object has a title, so it is read as one task: to import the tasks under “\(list)”, send only that list")
        }
    }

    /// An object that has a title is a task itself, and so is one of several; another one may hold tasks.
    private static func place(_ outline: JSONOutline?, _ header: HeaderReader) -> JSONElements.Place {
        guard let outline else { return .array }
        if let list = outline.list, !outline.isFollowed, !hasTitle(outline, header) { return .member(list) }
        return .sequence
    }

    private static func hasTitle(_ outline: JSONOutline, _ header: HeaderReader) -> Bool {
        header.score(Array(outline.names.prefix(TaskFileKind.columnLimit))) > 0
    }

    private static func means(_ name: String, _ header: HeaderReader) -> Bool {
        header.hints.columns[name] != nil || header.late(name, nil, []).meaning != .ignored
    }

    private func settle(_ plan: inout TaskFilePlan, _ found: HeaderReader.Header) {
        plan.columns = found.columns
        plan.product = found.product?.name
        plan.summary.columns = found.shown
        plan.summary.ignored = found.ignored
        plan.summary.notes = found.notes
    }

    // MARK: Tables

    private struct Candidate {
        var delimiter: Delimiter
        var row: CSVRow
        var score: Int
    }

    private func table(
        _ plan: inout TaskFilePlan, _ text: ArraySlice<UInt8>, _ hints: ImportHints, _ header: HeaderReader
    ) throws(TaskFileFault) {
        var text = text
        var given = hints.delimiter
        if let (delimiter, length) = Self.separatorLine(text) {
            given = given ?? delimiter
            plan.skippedBytes += length
            text = text.dropFirst(length)
        }
        var best: Candidate?
        for delimiter in given.map({ [$0] }) ?? Delimiter.allCases {
            let rows = rows(text, delimiter, plan.charset)
            for row in rows {
                let score = header.score(row.fields)
                if score > best?.score ?? 0 { best = Candidate(delimiter: delimiter, row: row, score: score) }
            }
        }
        guard let best else {
            // Nothing is known: the delimiter that makes the most columns is the likely one.
            let all = (given.map { [$0] } ?? Delimiter.allCases).compactMap { rows(text, $0, plan.charset).first }
            let row = all.max { $0.fields.count < $1.fields.count }
            if hints.kind == nil, TodoLines.isLikely(text) { return plan.kind = .todotxt }
            guard row != nil || isWhole else { throw TaskFileFault("", "has a first row of more than \(bytes.count) bytes") }
            _ = try header.header(row?.fields ?? [], first: row?.number ?? 1)
            throw TaskFileFault("", "has no row with the names of the columns")
        }
        let found = try header.header(best.row.fields, first: best.row.number)
        plan.delimiter = best.delimiter
        plan.headerRow = best.row.number
        plan.summary.delimiter = best.delimiter
        settle(&plan, found)
        if found.columns.contains(where: { $0.meaning == .rowKind }) { plan.columns += RowsBelowRows.added }
        if best.row.number > 1 {
            plan.summary.notes.append("the names of the columns are in row \(best.row.number); the rows above it are left out")
        }
    }

    /// Rows above the header that are looked at.
    private static let headerRows = 30

    /// The first rows, as far as they can be read.
    private func rows(_ text: ArraySlice<UInt8>, _ delimiter: Delimiter, _ charset: Charset) -> [CSVRow] {
        let read = charset.text
        var reader = CSVReader(limits: RecordSource.limits, delimiter: delimiter.byte) {
            read($0) ?? String(decoding: $0, as: UTF8.self)
        }
        var rows: [CSVRow] = []
        do {
            try reader.read(Array(text)) { if rows.count < Self.headerRows { rows.append($0) } }
            if isWhole { try reader.finish { if rows.count < Self.headerRows { rows.append($0) } } }
        } catch {
            // What is wrong further down is told when the file is read with the delimiter that fits.
        }
        return rows
    }

    /// A first line such as `sep=;`, and its length.
    private static func separatorLine(_ text: ArraySlice<UInt8>) -> (Delimiter, length: Int)? {
        let line = text.prefix(16).prefix { $0 != 0x0a && $0 != 0x0d }
        let sign = String(decoding: line, as: UTF8.self).lowercased().replacing("\"", with: "")
        guard sign.hasPrefix("sep="), let delimiter = Delimiter.allCases.first(where: { sign.utf8.dropFirst(4).elementsEqual([$0.byte]) })
        else { return nil }
        let rest = text.dropFirst(line.count)
        let end = rest.starts(with: [0x0d, 0x0a]) ? 2 : rest.isEmpty ? 0 : 1
        return (delimiter, line.count + end)
    }

    // MARK: Other files

    /// What a file is that is none of tasks, and what to do; `nil` when it may be one.
    private static func foreign(_ bytes: [UInt8]) -> String? {
        let csv = "save the table as CSV in UTF-8 (in Excel: Save As, CSV UTF-8) and send that file"
        if bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) {
            let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
            if text.contains("xl/") || text.contains("[Content_Types].xml") { return "is an Excel workbook (XLSX): \(csv)" }
            if text.contains("opendocument.spreadsheet") { return "is an OpenDocument table (ODS): \(csv)" }
            return "is a ZIP archive: unpack it, and send the file inside"
        }
        let known: [([UInt8], String)] = [
            ([0xd0, 0xcf, 0x11, 0xe0], "is an old Excel workbook (XLS): \(csv)"),
            ([0x1f, 0x8b], "is compressed with gzip: unpack it, and send the file inside"),
            ([0x42, 0x5a, 0x68], "is compressed with bzip2: unpack it, and send the file inside"),
            ([0x28, 0xb5, 0x2f, 0xfd], "is compressed with Zstandard: unpack it, and send the file inside"),
            ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "is compressed with xz: unpack it, and send the file inside"),
            ([0x37, 0x7a, 0xbc, 0xaf], "is a 7z archive: unpack it, and send the file inside"),
            (Array("Rar!".utf8), "is a RAR archive: unpack it, and send the file inside"),
            (Array("%PDF".utf8), "is a PDF document: export the tasks as CSV from the program that made it"),
            (Array("{\\rtf".utf8), "is a rich text document (RTF): save its table as CSV in UTF-8"),
            (Array("SQLite format 3".utf8), "is an SQLite database: export its table as CSV"),
            ([0x89, 0x50, 0x4e, 0x47], "is an image (PNG), which has no tasks"),
            ([0xff, 0xd8, 0xff], "is an image (JPEG), which has no tasks"),
        ]
        if let (_, name) = known.first(where: { bytes.starts(with: $0.0) }) { return name }
        let start = String(decoding: bytes.prefix(300), as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{feff}" }.lowercased()
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<table") {
            return "is a web page (HTML), perhaps one that asks to sign in: export the tasks as CSV"
        }
        if start.hasPrefix("<?xml") || start.hasPrefix("<!doctype") { return "is XML: export the tasks as CSV" }
        return nil
    }
}
