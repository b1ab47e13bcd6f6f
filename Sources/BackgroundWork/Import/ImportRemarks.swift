// What there is to say of the rows of an import: a file of bounded size for its owner, and the first of it in the result of the job.
import ChangeLedger
import CSV
import Foundation
import Model
import Repositories
import StoreCore
import TaskFormats

/// Something about one row.
struct RowRemark: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// The row made no task.
        case error
        /// The row made a task that differs from what the row asks for.
        case note
        /// The row says what a task says that was there before.
        case skipped
    }

    var kind: Kind
    var row: Int64
    var column: String
    var detail: String

    init(_ kind: Kind, row: Int64, _ column: String, _ detail: String) {
        self.kind = kind
        self.row = row
        self.column = column
        self.detail = detail
    }
}

enum ImportRemarks {
    /// Adds remarks on further rows to the file of the import, as long as there is room for those of their kind.
    /// - Parameter before: what was counted before these.
    static func keep(_ remarks: [RowRemark], after before: TaskImport.Counts, _ item: inout TaskImport, _ entry: Entry) throws {
        let kept = RowRemark.Kind.allCases.flatMap { kind -> [RowRemark] in
            let room = Int(max(0, TaskImport.keptRemarks - before.count(of: kind)))
            let some = remarks.filter { $0.kind == kind }
            let rows = Set(Set(some.map(\.row)).sorted().prefix(room))
            return some.filter { rows.contains($0.row) }
        }
        if kept.isEmpty { return }
        var writer = CSVWriter()
        let id: ID<StoredFile>
        if let known = item.remarksFileID {
            id = known
        } else {
            id = try Files(entry.tx).insert(
                "import-\(item.id)-remarks.csv", "text/csv; charset=utf-8", of: item.ownerID, at: entry.now,
                expires: entry.now + Job.retention)
            item.remarksFileID = id
            writer.row(["row", "kind", "column", "detail"])
        }
        for remark in kept.sorted(by: { $0.row < $1.row }) {
            writer.row(["\(remark.row)", remark.kind.rawValue, remark.column, remark.detail])
        }
        try append(writer.bytes, to: id, entry)
    }

    /// Says at the end of the file how many rows it leaves out.
    static func end(_ item: TaskImport, _ entry: Entry) throws {
        guard let id = item.remarksFileID else { return }
        var writer = CSVWriter()
        for kind in RowRemark.Kind.allCases where item.counts.count(of: kind) > TaskImport.keptRemarks {
            writer.row(["", kind.rawValue, "", "\(item.counts.count(of: kind) - TaskImport.keptRemarks) more rows"])
        }
        if !writer.bytes.isEmpty { try append(writer.bytes, to: id, entry) }
    }

    private static func append(_ bytes: [UInt8], to id: ID<StoredFile>, _ entry: Entry) throws {
        let files = Files(entry.tx)
        let pieces = stride(from: 0, to: bytes.count, by: StoredFile.chunkSize).map {
            Array(bytes[$0..<min($0 + StoredFile.chunkSize, bytes.count)])
        }
        try files.append(pieces, to: id, at: try files.nextNumber(id))
    }
}

extension TaskImport.Counts {
    fileprivate func count(of kind: RowRemark.Kind) -> Int64 {
        switch kind {
        case .error: failed
        case .note: noted
        case .skipped: skipped
        }
    }
}

/// What came of an import, as its job shows it.
struct ImportResult {
    private struct Shown: Encodable {
        struct Remark: Encodable {
            var row: Int64
            var column: String
            var detail: String
        }

        var created: Int64
        var skipped: Int64
        var failed: Int64
        var errors: [Remark] = []
        var notes: [Remark] = []
        var skippedRows: [Int64] = []
        var file: TaskFileSummary

        enum CodingKeys: String, CodingKey {
            case created, skipped, failed, errors, notes, file
            case skippedRows = "skipped_rows"
        }
    }

    /// Of each kind. The others are in the file.
    private static let shownRemarks = 1000
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return encoder
    }()

    private let item: TaskImport
    private let file: TaskFileSummary
    private let store: any Store

    init(_ item: TaskImport, _ file: TaskFileSummary, store: any Store) {
        self.item = item
        self.file = file
        self.store = store
    }

    func json() async throws -> String {
        let counts = item.counts
        // A try of all or nothing says what the import would come to.
        let isNothing = item.options.isAtomic && counts.failed > 0
        let shown = Shown(
            created: isNothing ? 0 : counts.created, skipped: isNothing ? 0 : counts.skipped, failed: counts.failed, file: file)
        return String(decoding: try Self.encoder.encode(try await withRemarks(shown)), as: UTF8.self)
    }

    private func withRemarks(_ shown: Shown) async throws -> Shown {
        guard let id = item.remarksFileID else { return shown }
        var reader = CSVReader()
        var shown = shown
        var (number, bytes) = (Int64(0), 0)
        while bytes <= TaskImport.shownBytes, let chunk = try await store.rows(Files.chunk(number, of: id), from: .primary).first {
            number += 1
            try reader.read(chunk) { row in
                guard row.fields.count == 4, let number = Int64(row.fields[0]), let kind = RowRemark.Kind(rawValue: row.fields[1])
                else { return }
                let remark = Shown.Remark(row: number, column: withoutGuard(row.fields[2]), detail: withoutGuard(row.fields[3]))
                bytes += kind == .skipped ? 8 : try Self.encoder.encode(remark).count + 1
                guard bytes <= TaskImport.shownBytes else { return }
                switch kind {
                case .error: if shown.errors.count < Self.shownRemarks { shown.errors.append(remark) }
                case .note: if shown.notes.count < Self.shownRemarks { shown.notes.append(remark) }
                case .skipped: if shown.skippedRows.count < Self.shownRemarks { shown.skippedRows.append(number) }
                }
            }
        }
        return shown
    }
}
