// The job that takes back an import: what it made goes to the trash, unless somebody has changed it since.
package import ChangeLedger
import Foundation
package import Model
import Repositories
import StoreCore

package struct UndoImportJob: Sendable {
    private struct Result: Codable {
        var removed: Int64 = 0
        /// Changed since, or gone already.
        var kept: Int64 = 0
        /// The first of those that were kept.
        var keptTasks: [Int64] = []

        enum CodingKeys: String, CodingKey {
            case removed, kept
            case keptTasks = "kept_tasks"
        }
    }

    private struct Payload: Codable {
        var importID: Int64
        /// Nothing of the import was ever meant to be seen.
        var isPermanent: Bool
    }

    private static let portion: Int64 = 200
    private static let shownTasks = 1000

    package init() {}

    /// Queues the removal of what an import made.
    package static func queue(_ item: TaskImport, _ entry: Entry) throws -> ID<Job>? {
        try entry.enqueue(
            NewJob(.undoImport, owner: item.ownerID, about: Payload(importID: item.id.value, isPermanent: false)))
    }

    /// Queues the removal of what imports of all or nothing left that ended in between.
    static func takeBackTorn(_ entry: Entry) throws -> Int {
        let torn = try Imports(entry.tx).torn(limit: 20)
        for item in torn { try takeBack(item, entry) }
        return torn.count
    }

    /// Queues the removal of what an import of all or nothing left, for good.
    static func takeBack(_ item: TaskImport, _ entry: Entry) throws {
        let payload = Payload(importID: item.id.value, isPermanent: true)
        guard let job = try entry.enqueue(NewJob(.undoImport, owner: item.ownerID, about: payload, uniqueKey: "take back \(item.id)"))
        else { return }
        var item = item
        item.phase = .takingBack
        item.undoJobID = job
        try Imports(entry.tx).update(item)
    }

    package func run(_ run: JobRun) async throws -> JobCompletion {
        let payload = try run.payload(as: Payload.self)
        let id = ID<Job>(payload.importID)
        guard let item = try await run.store.read({ try Imports($0).find(id) }) else {
            throw JobFailure("The import no longer exists.")
        }
        var (result, last) = (Result(), [UInt8]())
        while true {
            let (before, after) = (result, last)
            let portion = try await run.step { entry -> ((result: Result, last: [UInt8]?), JobProgress) in
                let found = try Imports(entry.tx).tasks(of: id, after: after, limit: Self.portion)
                var (result, budget, last) = (before, TransactionBudget(), [UInt8]?.none)
                for (key, task) in found {
                    if budget.isSpent { break }
                    budget.spend(bytes: try Self.remove(task, isPermanent: payload.isPermanent, &result, entry))
                    last = key
                }
                let done = result.removed + result.kept
                return (
                    (result, last),
                    JobProgress(done: done, total: item.counts.created, message: "\(result.removed) tasks removed")
                )
            }
            result = portion.result
            guard let reached = portion.last else { break }
            last = reached
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(result), as: UTF8.self)
        return JobCompletion(result: text) { entry in
            guard payload.isPermanent, var item = try Imports(entry.tx).lock(id) else { return }
            item.phase = .finished
            item.counts.created = 0
            try Imports(entry.tx).update(item)
        }
    }

    /// What an interrupted run has removed already counts again.
    /// - Returns: the bytes of its texts.
    private static func remove(_ id: ID<TaskItem>, isPermanent: Bool, _ result: inout Result, _ entry: Entry) throws -> Int {
        let task = try Tasks(entry.tx).lock(id)
        if isPermanent {
            if let task { try entry.purge(task) }
            result.removed += 1
        } else if let task, task.version == 1, !task.isDeleted {
            try entry.trash(task)
            result.removed += 1
        } else if let task, task.isDeleted, task.version == 2 {
            result.removed += 1
        } else {
            result.kept += 1
            if result.keptTasks.count < shownTasks { result.keptTasks.append(id.value) }
        }
        return task?.textBytes ?? 0
    }
}
