// The job that imports a table: batch by batch, each with its checkpoint in one transaction.
import Model
import Repositories
import StoreCore

package struct ImportJob: Sendable {
    package init() {}

    package func run(_ run: JobRun) async throws -> JobCompletion {
        guard var item = try await run.store.read({ try Imports($0).find(run.job.id) }) else {
            throw JobFailure("What is to be imported is not known any more.")
        }
        // Refused while it arrives; this is for one that was queued by a program that took more.
        guard item.rows <= TaskImport.rowLimit else { throw JobFailure("The file \(TableIntake.tooLong).") }
        do {
            if item.phase == .checking { item = try await pass(item, run) }
            if item.phase == .checking { item = try await endOfCheck(item, run) }
            if item.phase == .inserting {
                item = try await begin(item, run)
                item = try await pass(item, run)
                item = try await move(item, to: .finished, run)
            }
        } catch {
            // Others find what is left of all or nothing later, should this come to nothing.
            if error is JobFailure || error is CancellationError { try? await takeBack(run, isFailure: error is JobFailure) }
            throw error
        }
        guard item.phase == .finished else { throw JobFailure("What was imported is being taken back.") }
        let ended = item
        let result = try await ImportResult(ended, store: run.store).json()
        return JobCompletion(result: result) { entry in
            try Files(entry.tx).expire(ended.fileID, at: entry.now)
            guard let faults = ended.faultsFileID else { return }
            try ImportFaults.end(ended, entry)
            try Jobs(entry.tx).attach(faults, to: ended.id)
        }
    }

    // MARK: Passes

    /// What is there before the first row is inserted is what rows can repeat.
    private func begin(_ item: TaskImport, _ run: JobRun) async throws -> TaskImport {
        if item.lastTaskBefore != nil { return item }
        return try await run.step { entry in
            var item = try Self.current(run.job.id, entry)
            item.lastTaskBefore = try item.lastTaskBefore ?? Tasks(entry.tx).lastID(of: item.ownerID)
            try Imports(entry.tx).update(item)
            return (item, JobProgress(done: item.done, total: item.rows))
        }
    }

    /// Goes over all rows that are left in this phase.
    private func pass(_ start: TaskImport, _ run: JobRun) async throws -> TaskImport {
        var item = start
        let batches = ImportBatches(item, ImportAccounts(item, run), store: run.store, clock: run.clock)
        var next = try await batches.next()
        while let batch = next {
            try await Self.requireRoom(for: batch, item, run)
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
        let failedBefore = item.counts.failed
        item.counts.failed += Int64(Set(faults.map(\.row)).count)
        if item.phase == .inserting {
            if item.options.isAtomic, !item.options.isDryRun, let fault = faults.first {
                throw JobFailure("Row \(fault.row): \(fault.detail). Nothing was imported.")
            }
            let created = try insert(rows.filter { !batch.known.contains($0.number) }, item, entry)
            item.counts.created += created
            item.counts.skipped += Int64(rows.count) - created
        }
        try ImportFaults.keep(faults, after: failedBefore, &item, entry)
        item.done = batch.last
    }

    /// - Returns: how many tasks were created; the other rows are repetitions.
    private static func insert(_ candidates: [ImportRow], _ item: TaskImport, _ entry: Entry) throws -> Int64 {
        let ids: [ID<TaskItem>?] = item.options.isDryRun ? candidates.map { _ in nil } : try Tasks(entry.tx).reserveIDs(candidates.count)
        let entries = zip(candidates, ids).map { Imports.Entry(key: $0.likeness.key, number: $0.number, taskID: $1) }
        let new = try Imports(entry.tx).note(entries, of: item.id)
        let inserted = zip(candidates, ids).compactMap { row, id in
            id.flatMap { new.contains(row.number) ? (id: $0, task: row.task) : nil }
        }
        try entry.insert(inserted)
        return Int64(new.count)
    }

    private static func requireRoom(for batch: ImportBatch, _ item: TaskImport, _ run: JobRun) async throws {
        guard !item.options.isDryRun, item.phase == .inserting else { return }
        let rows = batch.rows.filter { !batch.known.contains($0.number) }
        var addition = QuotaMeter.Addition(tasks: Int64(rows.count))
        for row in rows {
            addition.text += Int64(row.task.task.textBytes)
            addition.labels.formUnion(row.task.task.labels.map(caseFolded))
        }
        do {
            try await run.meter.take(addition, of: item.ownerID)
        } catch let failure as Failure {
            throw JobFailure(quotas: failure)
        }
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

    /// A run is also cancelled when its process shuts down, when its time is over, and when another one has the job: then it goes on.
    private func takeBack(_ run: JobRun, isFailure: Bool) async throws {
        try await run.write { entry in
            // In the order of a step: the import first, then the job.
            guard let item = try Imports(entry.tx).lock(run.job.id), item.options.isAtomic, item.phase == .inserting else { return }
            guard let isCancelling = try Jobs(entry.tx).lockCancellation(of: run.claim), isFailure || isCancelling else { return }
            try ImportService.takeBack(item, entry)
        }
    }
}
