// What is wrong with the rows of an import: a file of bounded size for its owner, and the first of it in the result of the job.
import CSV
import Foundation
import Model
import Repositories
import StoreCore

enum ImportFaults {
    /// Adds the faults of further rows to the file of the import, as long as there is room.
    /// - Parameter failed: rows that had failed before these.
    static func keep(_ faults: [RowFault], after failed: Int64, _ item: inout TaskImport, _ entry: Entry) throws {
        let room = Int(max(0, TaskImport.keptFailures - failed))
        if faults.isEmpty || room == 0 { return }
        var writer = CSVWriter()
        let id: ID<StoredFile>
        if let known = item.faultsFileID {
            id = known
        } else {
            id = try Files(entry.tx).insert(
                "import-\(item.id)-errors.csv", "text/csv; charset=utf-8", of: item.ownerID, at: entry.now,
                expires: entry.now + Job.retention)
            item.faultsFileID = id
            writer.row(["row", "column", "detail"])
        }
        let kept = Set(Set(faults.map(\.row)).sorted().prefix(room))
        for fault in faults.filter({ kept.contains($0.row) }).sorted(by: { $0.row < $1.row }) {
            writer.row(["\(fault.row)", fault.column, fault.detail])
        }
        try append(writer.bytes, to: id, entry)
    }

    /// Says at the end of the file how many rows it leaves out.
    static func end(_ item: TaskImport, _ entry: Entry) throws {
        guard let id = item.faultsFileID, item.counts.failed > TaskImport.keptFailures else { return }
        var writer = CSVWriter()
        writer.row(["", "", "\(item.counts.failed - TaskImport.keptFailures) more rows failed"])
        try append(writer.bytes, to: id, entry)
    }

    private static func append(_ bytes: [UInt8], to id: ID<StoredFile>, _ entry: Entry) throws {
        let files = Files(entry.tx)
        let pieces = stride(from: 0, to: bytes.count, by: StoredFile.chunkSize).map {
            Array(bytes[$0..<min($0 + StoredFile.chunkSize, bytes.count)])
        }
        try files.append(pieces, to: id, at: try files.nextNumber(id))
    }
}

/// What came of an import, as its job shows it.
struct ImportResult {
    private struct Shown: Encodable {
        var created: Int64
        var skipped: Int64
        var failed: Int64
        var errors: [RowFault]
    }

    /// The others are in the file.
    private static let shownFaults = 1000
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    private let item: TaskImport
    private let store: any Store

    init(_ item: TaskImport, store: any Store) {
        self.item = item
        self.store = store
    }

    func json() async throws -> String {
        let shown = Shown(
            created: item.counts.created, skipped: item.counts.skipped, failed: item.counts.failed, errors: try await faults())
        return String(decoding: try Self.encoder.encode(shown), as: UTF8.self)
    }

    private func faults() async throws -> [RowFault] {
        guard let file = item.faultsFileID else { return [] }
        var reader = CSVReader()
        var faults: [RowFault] = []
        var (number, bytes) = (Int64(0), 0)
        while faults.count < Self.shownFaults, bytes <= TaskImport.shownBytes,
            let chunk = try await store.rows(Files.chunk(number, of: file), from: .primary).first
        {
            number += 1
            try reader.read(chunk) { row in
                guard faults.count < Self.shownFaults, row.fields.count == 3, let number = Int64(row.fields[0]) else { return }
                let fault = RowFault(row: number, column: withoutGuard(row.fields[1]), detail: withoutGuard(row.fields[2]))
                bytes += try Self.encoder.encode(fault).count + 1
                if bytes <= TaskImport.shownBytes { faults.append(fault) }
            }
        }
        return faults
    }
}
