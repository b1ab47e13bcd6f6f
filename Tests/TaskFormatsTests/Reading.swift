// Reads whole files of tasks, as an import does: looked at once, and read a second time by the plan.
import Model
import TaskFormats
import Testing

struct ReadFile {
    let plan: TaskFilePlan
    let rows: [TaskRow]

    /// The tasks of the rows that have one.
    var tasks: [TaskDraft] { rows.compactMap(\.draft) }
    var faults: [TaskSheet.Fault] { rows.flatMap(\.faults) }
    var named: Set<TaskSheet.Column> { TaskSheet(plan).named }

    /// - Parameter size: how many bytes come at a time.
    init(_ bytes: [UInt8], _ hints: ImportHints = ImportHints(), pieces size: Int = .max) throws {
        let pieces = stride(from: 0, to: bytes.count, by: min(size, max(1, bytes.count))).map {
            Array(bytes[$0..<min(bytes.count, $0 + min(size, bytes.count))])
        }
        var survey = TaskFileSurvey(hints)
        for piece in pieces { try survey.take(piece) }
        let plan = try survey.finish()
        let sheet = TaskSheet(plan)
        var reader = TaskFileReader(plan)
        var rows: [TaskRow] = []
        for piece in pieces { try reader.read(piece) { rows.append(sheet.row($0)) } }
        try reader.finish { rows.append(sheet.row($0)) }
        self.plan = plan
        self.rows = rows
    }

    init(_ text: String, _ hints: ImportHints = ImportHints(), pieces size: Int = .max) throws {
        try self.init(Array(text.utf8), hints, pieces: size)
    }
}

/// Why a file as such is refused.
func refusal(_ text: String, _ hints: ImportHints = ImportHints()) -> TaskFileFault? { refusal(Array(text.utf8), hints) }

func refusal(_ bytes: [UInt8], _ hints: ImportHints = ImportHints()) -> TaskFileFault? {
    do {
        _ = try ReadFile(bytes, hints)
        return nil
    } catch {
        return error as? TaskFileFault
    }
}

func day(_ text: String) throws -> Due { .on(try #require(Day(text))) }
func moment(_ text: String) throws -> Due { .at(try #require(Instant(text))) }
