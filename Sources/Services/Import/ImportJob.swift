// The job that imports a table: batch by batch, each with its checkpoint in one transaction.
import CSV
import Foundation
import Model
import Repositories
import StoreCore

package struct ImportJob: Sendable {
    package init() {}

    package func run(_ run: JobRun) async throws -> JobCompletion {
        guard var item = try await run.store.read({ try Imports($0).find(run.job.id) }) else {
            throw JobFailure("What is to be imported is not known any more.")
        }
        do {
            if item.phase == .checking { item = try await pass(item, run) }
            if item.phase == .checking { item = try await endOfCheck(item, run) }
            if item.phase == .inserting {
                item = try await pass(item, run)
                item = try await move(item, to: .finished, run)
            }
        } catch {
            // Others find what is left of all or nothing later, should this come to nothing.
            if error is JobFailure || error is CancellationError { try? await takeBack(run) }
            throw error
        }
        guard item.phase == .finished else { throw JobFailure("What was imported is being taken back.") }
        let ended = item
        let result = try await ImportResult(ended, store: run.store).json()
        return JobCompletion(result: result) { entry in
            try Files(entry.tx).expire(ended.fileID, at: entry.now)
            if let faults = ended.faultsFileID { try Jobs(entry.tx).attach(faults, to: ended.id) }
        }
    }

    // MARK: Passes

    /// Goes over all rows that are left in this phase.
    private func pass(_ start: TaskImport, _ run: JobRun) async throws -> TaskImport {
        var item = start
        let batches = ImportBatches(item, ImportAccounts(item, run), store: run.store, clock: run.clock)
        var next = try await batches.next()
        while let batch = next {
            async let upcoming = batches.next()
            let done = item.done
            item = try await run.step { entry in
                var item = try Self.current(run.job.id, entry)
                // What another run of this job has done since is not done again.
                guard item.done == done else { throw LeaseLost() }
                try Self.apply(batch, &item, entry)
                try Imports(entry.tx).update(item)
                return (item, JobProgress(done: item.done, total: item.rows, message: Self.words(item)))
            }
            next = try await upcoming
        }
        return item
    }

    private static func current(_ id: ID<Job>, _ entry: Entry) throws -> TaskImport {
        guard let item = try Imports(entry.tx).lock(id), item.phase == .checking || item.phase == .inserting else {
            throw JobFailure("What was imported is being taken back.")
        }
        guard try Users(entry.tx).holdActive(item.ownerID) else { throw JobFailure("The account is not active any more.") }
        return item
    }

    private static func words(_ item: TaskImport) -> String {
        let verb = item.phase == .checking ? "checked" : item.options.isDryRun ? "tried" : "imported"
        return "\(verb) \(item.done) of \(item.rows) rows"
    }

    private static func apply(_ batch: ImportBatch, _ item: inout TaskImport, _ entry: Entry) throws {
        var faults = batch.faults
        let active = try Users(entry.tx).holdAssignable(batch.assignees, includingMade: item.options.createsUsers)
        let rows = batch.rows.filter { row in
            guard let assignee = row.task.task.assigneeID, !active.contains(assignee) else { return true }
            faults.append(RowFault(row: row.number, column: "", detail: "the assigned user is not active any more"))
            return false
        }
        item.counts.failed += Int64(Set(faults.map(\.row)).count)
        if item.phase == .inserting {
            if item.options.isAtomic, !item.options.isDryRun, let fault = faults.first {
                throw JobFailure("Row \(fault.row): \(fault.detail). Nothing was imported.")
            }
            let created = try insert(rows, &item, entry)
            item.counts.created += created
            item.counts.skipped += Int64(rows.count) - created
        }
        try keep(faults, &item, entry)
        item.done = batch.last
    }

    /// - Returns: how many tasks were created; the other rows are repetitions.
    private static func insert(_ rows: [ImportRow], _ item: inout TaskImport, _ entry: Entry) throws -> Int64 {
        let tasks = Tasks(entry.tx)
        let before = try item.lastTaskBefore ?? tasks.lastID(of: item.ownerID)
        item.lastTaskBefore = before
        let known = before == 0 ? [] : try tasks.known(rows.map(\.likeness), of: item.ownerID, upTo: before)
        let candidates = rows.filter { !known.contains($0.number) }
        let ids: [ID<TaskItem>?] = item.options.isDryRun ? candidates.map { _ in nil } : try tasks.reserveIDs(candidates.count)
        let entries = zip(candidates, ids).map { Imports.Entry(key: $0.key, number: $0.number, taskID: $1) }
        let new = try Imports(entry.tx).note(entries, of: item.id)
        let inserted = zip(candidates, ids).compactMap { row, id in
            id.flatMap { new.contains(row.number) ? (id: $0, task: row.task) : nil }
        }
        try entry.insert(inserted)
        return Int64(new.count)
    }

    private static func keep(_ faults: [RowFault], _ item: inout TaskImport, _ entry: Entry) throws {
        if faults.isEmpty { return }
        var writer = CSVWriter()
        let files = Files(entry.tx)
        let id: ID<StoredFile>
        if let known = item.faultsFileID {
            id = known
        } else {
            let expires = entry.now + Job.retention
            id = try files.insert(
                "import-\(item.id)-errors.csv", "text/csv; charset=utf-8", of: item.ownerID, at: entry.now, expires: expires)
            item.faultsFileID = id
            writer.row(["row", "column", "detail"])
        }
        for fault in faults.sorted(by: { $0.row < $1.row }) { writer.row(["\(fault.row)", fault.column, fault.detail]) }
        let bytes = writer.bytes
        let pieces = stride(from: 0, to: bytes.count, by: StoredFile.chunkSize).map {
            Array(bytes[$0..<min($0 + StoredFile.chunkSize, bytes.count)])
        }
        try files.append(pieces, to: id, at: try files.nextNumber(id))
    }

    // MARK: Phases

    /// A faulty row ends an import of all or nothing before anything was inserted.
    private func endOfCheck(_ item: TaskImport, _ run: JobRun) async throws -> TaskImport {
        try await move(item, to: item.counts.failed > 0 ? .finished : .inserting, run)
    }

    private func move(_ item: TaskImport, to phase: TaskImport.Phase, _ run: JobRun) async throws -> TaskImport {
        try await run.step { entry in
            var item = try Self.current(run.job.id, entry)
            item.phase = phase
            if phase == .inserting { item.done = 0 }
            try Imports(entry.tx).update(item)
            return (item, JobProgress(done: phase == .inserting ? 0 : item.rows, total: item.rows))
        }
    }

    private func takeBack(_ run: JobRun) async throws {
        try await run.write { entry in
            guard let item = try Imports(entry.tx).lock(run.job.id), item.options.isAtomic, item.phase == .inserting else { return }
            try ImportService.takeBack(item, entry)
        }
    }
}

/// What came of an import, as its job shows it.
private struct ImportResult {
    private struct Shown: Encodable {
        var created: Int64
        var skipped: Int64
        var failed: Int64
        var errors: [RowFault]
    }

    /// The others are in the file.
    private static let shownFaults = 1000

    private let item: TaskImport
    private let store: any Store

    init(_ item: TaskImport, store: any Store) {
        self.item = item
        self.store = store
    }

    func json() async throws -> String {
        let shown = Shown(
            created: item.counts.created, skipped: item.counts.skipped, failed: item.counts.failed, errors: try await faults())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(shown), as: UTF8.self)
    }

    private func faults() async throws -> [RowFault] {
        guard let file = item.faultsFileID else { return [] }
        var reader = CSVReader()
        var faults: [RowFault] = []
        var number: Int64 = 0
        while faults.count < Self.shownFaults, let chunk = try await store.rows(Files.chunk(number, of: file), from: .primary).first {
            number += 1
            try reader.read(chunk) { row in
                guard faults.count < Self.shownFaults, row.fields.count == 3, let number = Int64(row.fields[0]) else { return }
                faults.append(RowFault(row: number, column: withoutGuard(row.fields[1]), detail: withoutGuard(row.fields[2])))
            }
        }
        return faults
    }
}
