// The job that imports a table: batch by batch, each with its checkpoint in one transaction.
package import ChangeLedger
import Foundation
package import Model
import Repositories
import StoreCore
import TaskFormats

package struct ImportJob: Sendable {
    package static let tooLong = "has more than \(TaskImport.rowLimit) rows: send it in several parts"

    package init() {}

    /// The import itself, under the id of the job, says what is to be done.
    package static func queue(for owner: ID<User>, _ entry: Entry) throws -> ID<Job>? {
        try entry.enqueue(NewJob(.importTasks, owner: owner))
    }

    package func run(_ run: JobRun) async throws -> JobCompletion {
        guard var item = try await run.store.read({ try Imports($0).find(run.job.id) }) else {
            throw JobFailure("The import no longer exists.")
        }
        let plan: TaskFilePlan
        (plan, item) = try await self.plan(of: item, run)
        // Refused while it arrives; this is for one that was queued by a program that took more.
        guard plan.rowCount <= TaskImport.rowLimit else { throw JobFailure("The file \(Self.tooLong).") }
        do {
            if item.phase == .checking { item = try await pass(item, plan, run) }
            if item.phase == .checking { item = try await endOfCheck(item, plan, run) }
            if item.phase == .inserting {
                item = try await begin(item, plan, run)
                item = try await pass(item, plan, run)
                item = try await move(item, to: .finished, plan, run)
            }
        } catch {
            // Others find what is left of all or nothing later, should this come to nothing.
            if error is JobFailure || error is CancellationError { try? await takeBack(run, isFailure: error is JobFailure) }
            throw error
        }
        guard item.phase == .finished else { throw JobFailure("The import is being undone.") }
        let ended = item
        let result = try await ImportResult(ended, plan.summary, store: run.store).json()
        return JobCompletion(result: result) { entry in
            try Files(entry.tx).expire(ended.fileID, at: entry.now)
            guard let remarks = ended.remarksFileID else { return }
            try ImportRemarks.end(ended, entry)
            try Jobs(entry.tx).attach(remarks, to: ended.id)
        }
    }

    /// How the file is read. One that an older program has taken is looked through now: to it the row behind the header was the first.
    private func plan(of item: TaskImport, _ run: JobRun) async throws -> (TaskFilePlan, TaskImport) {
        do {
            if let text = item.plan { return (try JSONDecoder().decode(TaskFilePlan.self, from: Data(text.utf8)), item) }
            var survey = TaskFileSurvey(ImportHints())
            var number: Int64 = 0
            while let chunk = try await run.store.rows(Files.chunk(number, of: item.fileID), from: .primary).first {
                try survey.take(chunk)
                number += 1
            }
            let plan = try survey.finish()
            let text = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
            let updated = try await run.step { entry in
                var item = try Self.current(run.job.id, entry)
                item.plan = text
                item.rows = plan.lastRow
                if item.done > 0 { item.done += 1 }
                try Imports(entry.tx).update(item)
                return (item, JobProgress(done: 0, total: plan.rowCount))
            }
            return (plan, updated)
        } catch is DecodingError {
            throw JobFailure("The import no longer has the settings for its file: send the file again.")
        } catch let fault as TaskFileFault {
            throw JobFailure("The file cannot be read: \(fault.detail).")
        }
    }

    // MARK: Passes

    /// What is there before the first row is inserted is what rows can repeat.
    private func begin(_ item: TaskImport, _ plan: TaskFilePlan, _ run: JobRun) async throws -> TaskImport {
        if item.lastTaskBefore != nil { return item }
        return try await run.step { entry in
            var item = try Self.current(run.job.id, entry)
            item.lastTaskBefore = try item.lastTaskBefore ?? Tasks(entry.tx).lastID(of: item.ownerID)
            try Imports(entry.tx).update(item)
            return (item, Self.progress(item, plan))
        }
    }

    /// Goes over all rows that are left in this phase.
    private func pass(_ start: TaskImport, _ plan: TaskFilePlan, _ run: JobRun) async throws -> TaskImport {
        var item = start
        let batches = ImportBatches(item, plan, ImportAccounts(item, run), store: run.store, clock: run.clock)
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
                return (item, Self.progress(item, plan))
            }
            next = try await upcoming
        }
        return item
    }

    private static func current(_ id: ID<Job>, _ entry: Entry) throws -> TaskImport {
        guard let item = try Imports(entry.tx).lock(id), item.phase == .checking || item.phase == .inserting else {
            throw JobFailure("The import is being undone.")
        }
        guard try Users(entry.tx).holdActive(item.ownerID) else { throw JobFailure("The account is not active.") }
        return item
    }

    private static func progress(_ item: TaskImport, _ plan: TaskFilePlan) -> JobProgress {
        let verb = item.phase == .checking ? "checked" : item.options.isDryRun ? "tried" : "imported"
        // Rows are numbered as the file has them, headers and blank ones included.
        let done = min(max(0, item.done - (plan.lastRow - plan.rowCount)), plan.rowCount)
        return JobProgress(done: done, total: plan.rowCount, message: "\(verb) \(done) of \(plan.rowCount) rows")
    }

    private static func apply(_ batch: ImportBatch, _ item: inout TaskImport, _ entry: Entry) throws {
        var remarks = batch.remarks
        let active = try Users(entry.tx).holdAssignable(batch.assignees, includingMade: item.options.createsUsers)
        let rows = batch.rows.filter { row in
            guard let assignee = row.task.task.assigneeID, !active.contains(assignee) else { return true }
            remarks.append(RowRemark(.error, row: row.number, "", "the assigned user is not active"))
            return false
        }
        let before = item.counts
        let faults = remarks.filter { $0.kind == .error }
        item.counts.failed += Int64(Set(faults.map(\.row)).count)
        item.counts.noted += Int64(Set(remarks.filter { $0.kind == .note }.map(\.row)).count)
        if item.phase == .inserting {
            if item.options.isAtomic, !item.options.isDryRun, let fault = faults.first {
                throw JobFailure("Row \(fault.row): \(fault.detail). Nothing was imported.")
            }
            let new = rows.filter { !batch.known.contains($0.number) }
            if !item.options.isDryRun { try insert(new, item, entry) }
            item.counts.created += Int64(new.count)
            item.counts.skipped += Int64(rows.count - new.count)
            remarks += rows.filter { batch.known.contains($0.number) }.map {
                RowRemark(.skipped, row: $0.number, "", "equals one of your tasks")
            }
        }
        try ImportRemarks.keep(remarks, after: before, &item, entry)
        item.done = batch.last
    }

    private static func insert(_ rows: [ImportRow], _ item: TaskImport, _ entry: Entry) throws {
        let ids = try Tasks(entry.tx).reserveIDs(rows.count)
        try Imports(entry.tx).note(
            zip(rows, ids).map { Imports.Entry(key: $0.likeness.key, number: $0.number, taskID: $1) }, of: item.id)
        try entry.insert(zip(rows, ids).map { (id: $1, task: $0.task) })
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
    private func endOfCheck(_ item: TaskImport, _ plan: TaskFilePlan, _ run: JobRun) async throws -> TaskImport {
        try await move(item, to: item.counts.failed > 0 ? .finished : .inserting, plan, run)
    }

    private func move(_ item: TaskImport, to phase: TaskImport.Phase, _ plan: TaskFilePlan, _ run: JobRun) async throws -> TaskImport {
        try await run.step { entry in
            var item = try Self.current(run.job.id, entry)
            item.phase = phase
            if phase == .inserting {
                // The notes are written again with what becomes of the rows.
                (item.done, item.counts.noted) = (0, 0)
                if let remarks = item.remarksFileID { try Files(entry.tx).expire(remarks, at: entry.now) }
                item.remarksFileID = nil
            }
            try Imports(entry.tx).update(item)
            return (item, Self.progress(item, plan))
        }
    }

    /// A run is also cancelled when its process shuts down, when its time is over, and when another one has the job: then it goes on.
    private func takeBack(_ run: JobRun, isFailure: Bool) async throws {
        try await run.write { entry in
            // In the order of a step: the import first, then the job.
            guard let item = try Imports(entry.tx).lock(run.job.id), item.options.isAtomic, item.phase == .inserting else { return }
            guard let isCancelling = try Jobs(entry.tx).lockCancellation(of: run.claim), isFailure || isCancelling else { return }
            try UndoImportJob.takeBack(item, entry)
        }
    }
}
