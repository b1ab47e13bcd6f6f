// The readers of what is uploaded: whatever comes, and however it is cut, they end and say the same.
import CSV
import Model
import TaskFormats
import Wire

/// The bytes in pieces, whose lengths follow from the seed.
func pieces(_ bytes: ArraySlice<UInt8>, seed: UInt8) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes
    var state = UInt32(seed)
    while !rest.isEmpty {
        // The linear congruential generator of Numerical Recipes: its high bits are the good ones.
        state = state &* 1_664_525 &+ 1_013_904_223
        let piece = rest.prefix(1 + Int(state >> 24) % (1 + Int(seed) % 40))
        pieces.append(Array(piece))
        rest = rest.dropFirst(piece.count)
    }
    return pieces
}

// MARK: CSV

private func readCSV(_ pieces: [[UInt8]], _ limits: CSVLimits) -> (rows: [CSVRow], fault: CSVFault?) {
    var reader = CSVReader(limits: limits)
    var rows: [CSVRow] = []
    do {
        for piece in pieces { try reader.read(piece) { rows.append($0) } }
        try reader.finish { rows.append($0) }
        return (rows, nil)
    } catch {
        require(error is CSVFault, "\(error)")
        return (rows, error as? CSVFault)
    }
}

/// The first byte says how the rest is cut.
func fuzzCSV(_ input: ArraySlice<UInt8>) {
    guard let seed = input.first else { return }
    let bytes = input.dropFirst()
    // Narrow limits are met by short inputs, too.
    let limits = seed % 2 == 0 ? CSVLimits() : CSVLimits(columns: 5, field: 20)
    let whole = readCSV([Array(bytes)], limits)
    let cut = readCSV(pieces(bytes, seed: seed), limits)
    require(whole == cut, "in one piece \(whole), in many \(cut)")
    for row in whole.rows {
        require(row.fields.count <= limits.columns && row.fields.allSatisfy { $0.utf8.count <= limits.field }, "beyond the limits: \(row)")
        for field in row.fields { _ = texts(ofCSVList: field) }
    }
    var writer = CSVWriter()
    // As every file that the program writes: behind names of its own, since at the very beginning some characters are a mark.
    writer.row(["header"])
    for row in whole.rows { writer.row(row.fields) }
    let again = readCSV([writer.bytes], CSVLimits())
    require(
        again.fault == nil && again.rows.dropFirst().map { $0.fields.map(withoutGuard) } == whole.rows.map(\.fields),
        "read \(whole.rows), written and read again \(again)")
}

// MARK: Files of tasks

private func readTasks(_ pieces: [[UInt8]], _ hints: ImportHints) -> (plan: TaskFilePlan?, records: [TaskRecord], fault: TaskFileFault?) {
    var records: [TaskRecord] = []
    var plan: TaskFilePlan?
    do {
        var survey = TaskFileSurvey(hints)
        for piece in pieces { try survey.take(piece) }
        let found = try survey.finish()
        plan = found
        var reader = TaskFileReader(found)
        for piece in pieces { try reader.read(piece) { records.append($0) } }
        try reader.finish { records.append($0) }
        return (plan, records, nil)
    } catch {
        require(error is TaskFileFault, "\(error)")
        return (plan, records, error as? TaskFileFault)
    }
}

/// The first byte says how the rest is cut, and what the sender says of it.
func fuzzTaskFile(_ input: ArraySlice<UInt8>) {
    guard let seed = input.first else { return }
    let bytes = input.dropFirst()
    let hints = ImportHints(dateOrder: seed % 3 == 0 ? .dmy : nil, timeZone: seed % 2 == 0 ? "UTC" : "Europe/Berlin")
    let whole = readTasks([Array(bytes)], hints)
    let cut = readTasks(pieces(bytes, seed: seed), hints)
    require(whole == cut, "in one piece \(whole), in many \(cut)")
    guard let plan = whole.plan else { return }
    let sheet = TaskSheet(plan)
    for record in whole.records {
        let row = sheet.row(record)
        require(row.draft == nil || row.faults.isEmpty, "a task with faults: \(row)")
        guard let task = row.draft?.task else { continue }
        require(
            TaskItem.titleLength.contains(task.title.unicodeScalars.count)
                && TaskItem.descriptionLength.contains(task.description?.unicodeScalars.count ?? 0)
                && TaskItem.labelCount.contains(task.labels.count),
            "beyond the limits: \(row)")
    }
}

// MARK: Multipart

private func readMultipart(_ type: String, _ pieces: [[UInt8]]) -> (events: [MultipartReader.Event], fault: MultipartReader.Fault?)? {
    guard var reader = MultipartReader(contentType: type) else { return nil }
    var events: [MultipartReader.Event] = []
    do {
        for piece in pieces {
            try reader.read(piece) { event in
                // Where the contents of a part are cut is nobody's business.
                if case .bytes(let next) = event, case .bytes(let before)? = events.last {
                    events[events.count - 1] = .bytes(before + next)
                } else {
                    events.append(event)
                }
            }
        }
        try reader.finish()
        return (events, nil)
    } catch {
        require(error is MultipartReader.Fault, "\(error)")
        return (events, error as? MultipartReader.Fault)
    }
}

/// The first byte says how the body is cut, the rest of the first line is the `Content-Type`.
func fuzzMultipart(_ input: ArraySlice<UInt8>) {
    guard let seed = input.first, let end = input.firstIndex(of: UInt8(ascii: "\n")), end > input.startIndex else { return }
    let type = String(decoding: input[1..<end], as: UTF8.self)
    let body = input[end...].dropFirst()
    guard let whole = readMultipart(type, [Array(body)]), let cut = readMultipart(type, pieces(body, seed: seed)) else { return }
    require(whole == cut, "in one piece \(whole), in many \(cut)")
}
