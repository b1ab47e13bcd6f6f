// What only the rows around a row tell of its task.
import BoundedText
import CSV
import Model

/// Tables in which sections and notes are rows, and subtasks stand below their task. Columns for what was found there are added at the end.
struct RowsBelowRows: Sendable {
    static let added = [
        PlannedColumn(name: "section", meaning: .label), PlannedColumn(name: "indent", meaning: .parent),
        PlannedColumn(name: "labels", meaning: .labels), PlannedColumn(name: "note", meaning: .comment),
    ]
    /// Bytes of the notes of a task: more than a description can have, whose end is cut with a note.
    private static let noteLimit = 128 << 10

    private let kind: Int
    private let title: Int
    private let indent: Int
    private let width: Int
    private var section = ""
    /// The titles of the tasks above, by depth.
    private var above: [String] = []
    /// It ends where the next task begins.
    private var pending: TaskRecord?

    init?(_ columns: [PlannedColumn]) {
        guard let kind = columns.firstIndex(where: { $0.meaning == .rowKind }),
            let title = columns.firstIndex(where: { $0.meaning == .title }),
            let indent = columns.firstIndex(where: { $0.meaning == .indent })
        else { return nil }
        (self.kind, self.title, self.indent) = (kind, title, indent)
        width = columns.count - Self.added.count
    }

    /// - Returns: the task before, when this row ends it.
    mutating func take(_ record: TaskRecord) -> TaskRecord? {
        let fields = record.fields
        guard fields.count > max(kind, title) else { return nil }
        let text = withoutGuard(fields[title])
        switch Words.folded(fields[kind]) {
        case "section":
            let last = finish()
            section = text
            above = []
            return last
        case "note":
            append(note: text)
            return nil
        case "task":
            let last = finish()
            pending = task(record, text)
            return last
        default: return nil
        }
    }

    mutating func finish() -> TaskRecord? {
        defer { pending = nil }
        return pending
    }

    private mutating func append(note text: String) {
        guard let last = pending?.fields.indices.last, let size = pending?.fields[last].utf8.count, size <= Self.noteLimit else { return }
        // In place: many notes are not copied once for each.
        if size > 0 { pending?.fields[last] += "\n" }
        pending?.fields[last] += text
    }

    private mutating func task(_ record: TaskRecord, _ text: String) -> TaskRecord {
        let (title, labels) = Self.labels(in: text)
        let depth = record.fields.count > indent ? max(1, min(10, Int(record.fields[indent].trimmed) ?? 1)) : 1
        above = Array(above.prefix(depth - 1))
        let parent = above.last ?? ""
        above.append(title.cut(toBytes: 1024))
        var fields = Array(record.fields.prefix(width))
        fields += Array(repeating: "", count: width - fields.count)
        fields[self.title] = title
        return TaskRecord(number: record.number, fields: fields + [section, parent, csvList(labels), ""])
    }

    /// Words that begin with `@` are labels.
    private static func labels(in text: String) -> (title: String, labels: [String]) {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return (text, []) }
        var words: [Substring] = []
        var labels: [String] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if word.utf8.first == UInt8(ascii: "@"), word.utf8.count > 1 {
                labels.append(String(word.dropFirst()))
            } else {
                words.append(word)
            }
        }
        let title = words.joined(separator: " ").trimmed
        return title.isEmpty ? (text, []) : (title, labels)
    }
}

/// The titles of tasks by what their program calls them, for the tasks that are parts of them.
struct ParentTitles: Sendable {
    /// Bytes that are remembered. What is behind them is named by its id.
    private static let limit = 4 << 20

    private let key: Int
    private let parent: Int
    private let title: Int
    private var titles: [String: String] = [:]
    private var bytes = 0

    init?(_ columns: [PlannedColumn]) {
        guard let key = columns.firstIndex(where: { $0.meaning == .key }), let title = columns.firstIndex(where: { $0.meaning == .title }),
            let parent = columns.firstIndex(where: { $0.meaning == .parentKey })
        else { return nil }
        (self.key, self.parent, self.title) = (key, parent, title)
    }

    mutating func resolve(_ record: inout TaskRecord) {
        let fields = record.fields
        guard fields.count > max(key, title) else { return }
        let (id, name) = (fields[key], fields[title].cut(toBytes: 255))
        if !id.isEmpty, id.utf8.count <= 100, id.isStreamSafe, bytes + id.utf8.count + name.utf8.count <= Self.limit {
            titles[id] = name
            bytes += id.utf8.count + name.utf8.count
        }
        guard fields.count > parent, !fields[parent].isEmpty, fields[parent].utf8.count <= 100, fields[parent].isStreamSafe,
            let title = titles[fields[parent]]
        else { return }
        record.fields[parent] = title
    }
}
