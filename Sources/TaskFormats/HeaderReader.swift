// What the names of columns mean, by the program that wrote them, by what people call them, and by what the sender says.
import BoundedText
import Model

struct HeaderReader {
    let hints: ImportHints
    /// The sender's own names, folded.
    private let mapped: [String: Meaning]

    init(_ hints: ImportHints) throws(TaskFileFault) {
        self.hints = hints
        var mapped: [String: Meaning] = [:]
        var faults: [TaskSheet.Fault] = []
        for (name, field) in hints.columns {
            if let meaning = field.map(Words.field(named:)) ?? .ignored {
                mapped[Self.key(name)] = meaning
            } else {
                let field = (field ?? "").cut(toBytes: 60)
                faults.append(
                    .init(name.cut(toBytes: 100), "“\(field)” is not a field; the fields are \(Words.fieldNames.joined(separator: ", "))"))
            }
        }
        guard faults.isEmpty else { throw TaskFileFault(faults.sorted { $0.column < $1.column }) }
        self.mapped = mapped
    }

    /// Long names are compared as they are: only short ones are words.
    private static func key(_ name: String) -> String {
        guard name.isStreamSafe else { return "" }
        return name.utf8.count <= Words.longest ? Words.folded(name) : name
    }

    /// How many of the names are known; 0 when none of them is that of a title.
    func score(_ names: [String]) -> Int {
        guard names.count <= TaskFileKind.columnLimit else { return 0 }
        let keys = names.map(Self.key)
        let product = Product.of(header: Set(keys))
        let meanings = keys.compactMap { mapped[$0] ?? product?.columns[$0] ?? Words.field($0)?.meaning }
        return meanings.contains(.title) ? meanings.count + (product == nil ? 0 : 1000) : 0
    }

    struct Header {
        var product: Product?
        var columns: [PlannedColumn]
        var shown: [TaskFileSummary.Column] = []
        var ignored: [String] = []
        var notes: [String] = []
    }

    /// - Throws: `TaskFileFault`, with all that is wrong with the names.
    func header(_ names: [String], first row: Int64 = 1) throws(TaskFileFault) -> Header {
        let names = Array(names.reversed().drop { $0.isBlank }.reversed())
        let keys = names.map(Self.key)
        let present = Set(keys)
        let product = Product.of(header: present)
        let missing = mapped.keys.filter { !present.contains($0) }
        guard missing.isEmpty else {
            throw TaskFileFault(
                missing.sorted().map {
                    .init($0.cut(toBytes: 100), "columns names it, but the file has no such column; it has \(Self.list(names))")
                })
        }
        var found: [(meaning: Meaning, rank: Int)?] = keys.map { key in
            if let meaning = mapped[key] { return (meaning, -2) }
            if let meaning = product?.columns[key] { return (meaning, -1) }
            return Words.field(key)
        }
        var header = Header(product: product, columns: [])
        try settle(&found, names, keys, &header)
        guard found.contains(where: { $0?.meaning == .title }) else {
            throw TaskFileFault(
                "",
                "there is no column for the title: row \(row) has \(Self.list(names)). Say which it is with columns, such as "
                    + "{\"\((names.first ?? "Name").visible.cut(toBytes: 40))\": \"title\"}")
        }
        // The plan has at most 64 KiB, however many columns there are.
        let length = max(12, min(100, 12 << 10 / max(1, names.count)))
        for (name, entry) in zip(names, found) {
            let shown = name.trimmed.visible
            let meaning = entry?.meaning ?? .ignored
            var column = PlannedColumn(name: meaning == .ignored ? "" : shown.cut(toBytes: length), meaning: meaning)
            if meaning.isDate, Words.folded(name).hasSuffix("(utc)") { column.isUTC = true }
            header.columns.append(column)
            if meaning == .ignored {
                if header.ignored.count < 100, !shown.isEmpty { header.ignored.append(shown.cut(toBytes: 60)) }
            } else if header.shown.count < 100 {
                header.shown.append(.init(name: shown.cut(toBytes: 60), meaning: meaning.shown))
            }
        }
        return header
    }

    /// What a name means that is met when the others are settled.
    func late(_ name: String, _ product: Product?, _ columns: [PlannedColumn]) -> PlannedColumn {
        let key = Self.key(name)
        var meaning = mapped[key] ?? product?.columns[key] ?? Words.field(key)?.meaning ?? .ignored
        if Self.single.contains(meaning), columns.contains(where: { $0.meaning == meaning }) { meaning = .detail }
        return PlannedColumn(name: meaning == .ignored ? "" : name.visible.cut(toBytes: 60), meaning: meaning)
    }

    private static let single: [Meaning] = [
        .title, .status, .priority, .due, .archived, .active, .completed, .percent, .completedAt, .createdAt,
    ]

    /// Of several columns for one field the one with the surest name is it; the others stay as text.
    private func settle(
        _ found: inout [(meaning: Meaning, rank: Int)?], _ names: [String], _ keys: [String], _ header: inout Header
    ) throws(TaskFileFault) {
        var faults: [TaskSheet.Fault] = []
        for (index, name) in names.enumerated() where !name.isStreamSafe {
            faults.append(.init("", "the name of column \(index + 1) has more than \(combiningMarkLimit) combining marks in a row"))
        }
        for meaning in Self.single {
            let places = found.indices.filter { found[$0]?.meaning == meaning }
            guard places.count > 1, let best = places.compactMap({ found[$0]?.rank }).min() else { continue }
            let isOneOfTwo =
                meaning == .due && places.allSatisfy { found[$0]?.rank == 0 } && Set(places.map { keys[$0] }).count == places.count
            // Programs have several columns for a state, and say what the state is with all of them.
            if isOneOfTwo || best == -1 && meaning == .status { continue }
            let winners = places.filter { found[$0]?.rank == best }
            if winners.count > 1 {
                faults.append(
                    .init("", "there are two columns for \(meaning.shown): leave one out with columns, such as {\"…\": \"ignore\"}"))
            }
            for place in places where found[place]?.rank != best {
                found[place] = (.detail, 0)
                let name = names[place].visible.cut(toBytes: 60)
                header.notes.append("“\(name)” is kept as text in the description, since another column is the \(meaning.shown)")
            }
        }
        guard faults.isEmpty else { throw TaskFileFault(faults) }
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).map { "“\($0.trimmed.visible.cut(toBytes: 40))”" }.joined(separator: ", ")
        return names.isEmpty ? "none" : shown + (names.count > 12 ? " and \(names.count - 12) more" : "")
    }
}

extension TaskFileKind {
    /// Columns of a table. Some programs write one for each repetition of a field.
    static let columnLimit = 512
}
