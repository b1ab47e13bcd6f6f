// The jobs that keep the house in order: what is overdue is said, what is old goes.
import ChangeLedger
import Model
import Repositories
import StoreCore

package struct Housekeeping: Sendable {
    package init() {}

    /// What one transaction does at most: others wait for no longer than that.
    private static let portion: Int64 = 500
    /// Rows of up to a hundred kilobytes: deliveries and pieces of files.
    private static let largeRows: Int64 = 100
    /// Tasks that are read at a time, with their texts.
    private static let longRows: Int64 = 50

    /// Records `task.overdue` once for each due date that has passed.
    package func announceOverdue(_ run: JobRun) async throws -> JobCompletion {
        typealias Place = (end: Instant, id: ID<TaskItem>)
        var (done, place): (Int64, Place?) = (0, nil)
        repeat {
            let (before, after) = (done, place)
            (done, place) = try await run.step { entry in
                let tasks = Tasks(entry.tx)
                var budget = TransactionBudget()
                var (count, last) = (before, Place?.none)
                for (end, id, isAnnounced) in try tasks.overdue(at: entry.now, after: after, limit: Self.portion) {
                    if budget.isSpent { break }
                    last = (end, id)
                    // Somebody may have changed it since.
                    guard !isAnnounced, let task = try tasks.lock(id), task.dueEnd == end, task.isOverdue(at: entry.now) else { continue }
                    try tasks.noteOverdue(task)
                    try entry.record(.taskOverdue, .task(task, before: nil))
                    budget.spend(bytes: task.textBytes)
                    count += 1
                }
                return ((count, last), JobProgress(done: count, message: "\(count) tasks announced"))
            }
        } while place != nil
        return JobCompletion(result: #"{"done":\#(done)}"#)
    }

    /// Removes for good what was in the trash for its time.
    package func emptyTrash(_ run: JobRun) async throws -> JobCompletion {
        try await untilNothingIsLeft(run, "tasks removed") { entry in
            var budget = TransactionBudget()
            while !budget.isSpent {
                let found = try Tasks(entry.tx).lockTrash(before: entry.now - TaskItem.trashLifetime, limit: Self.longRows)
                for task in found {
                    if budget.isSpent { break }
                    try entry.purge(task)
                    budget.spend(bytes: task.textBytes)
                }
                if found.count < Self.longRows { break }
            }
            return Int64(budget.rows)
        }
    }

    /// Removes sessions, tokens, jobs, deliveries, mails, files and imports whose time is over.
    package func cleanUp(_ run: JobRun) async throws -> JobCompletion {
        try await untilNothingIsLeft(run, "records removed") { entry in
            let tokens = try Sessions(entry.tx).deleteExpiredTokens(before: entry.now, limit: Self.portion)
            let sessions = try Sessions(entry.tx).deleteExpired(before: entry.now, limit: Self.portion)
            let jobs = try Jobs(entry.tx).deleteFinished(before: entry.now - Job.retention, limit: Self.portion)
            let deliveries = try Webhooks(entry.tx).deleteDeliveries(before: entry.now - Webhook.retention, limit: Self.largeRows)
            let gone = try Webhooks(entry.tx).removeDeleted(limit: Self.largeRows)
            let files = try Files(entry.tx).deleteExpired(at: entry.now, limit: Self.largeRows)
            let imports = try Imports(entry.tx).deleteOld(before: entry.now - Job.retention, limit: Self.portion)
            let torn = try UndoImportJob.takeBackTorn(entry)
            let mails = try Mails(entry.tx).deleteOld(at: entry.now, limit: Self.portion)
            return Int64(tokens + sessions + jobs + deliveries + gone + mails + files + imports + torn)
        }
    }

    private func untilNothingIsLeft(
        _ run: JobRun, _ what: String, _ portion: @escaping @Sendable (Entry) throws -> Int64
    ) async throws -> JobCompletion {
        var done: Int64 = 0
        while true {
            let before = done
            let count = try await run.step { entry in
                let count = try portion(entry)
                return (count, JobProgress(done: before + count, message: "\(before + count) \(what)"))
            }
            if count == 0 { break }
            done += count
        }
        return JobCompletion(result: #"{"done":\#(done)}"#)
    }
}
