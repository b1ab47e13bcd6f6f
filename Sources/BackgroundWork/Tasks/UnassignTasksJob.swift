// The job that takes the tasks of a deleted account from it: anybody can assign any number, so that one transaction may not be enough.
package import ChangeLedger
package import Model
import Repositories
import StoreCore

package struct UnassignTasksJob: Sendable {
    private struct Payload: Codable { let user: Int64 }

    /// Tasks that are read at a time, with their texts.
    private static let readAtOnce = 50

    package init() {}

    /// Takes some tasks at once, and queues the job when there are more.
    package static func begin(of user: ID<User>, _ entry: Entry) throws {
        guard try unassignSome(of: user, entry).isMoreLeft else { return }
        try entry.enqueue(NewJob(.unassignTasks, about: Payload(user: user.value), uniqueKey: "unassign the tasks of \(user)"))
    }

    package func run(_ run: JobRun) async throws -> JobCompletion {
        let user = ID<User>(try run.payload(as: Payload.self).user)
        var (done, isMoreLeft) = (Int64(0), true)
        while isMoreLeft {
            let before = done
            (done, isMoreLeft) = try await run.step { entry in
                let some = try Self.unassignSome(of: user, entry)
                let count = before + Int64(some.count)
                return ((count, some.isMoreLeft), JobProgress(done: count, message: "\(count) tasks unassigned"))
            }
        }
        return JobCompletion(result: #"{"done":\#(done)}"#)
    }

    private static func unassignSome(of user: ID<User>, _ entry: Entry) throws -> (count: Int, isMoreLeft: Bool) {
        let tasks = Tasks(entry.tx)
        var budget = TransactionBudget()
        while true {
            let found = try tasks.lockAssigned(to: user, limit: readAtOnce)
            for task in found {
                if budget.isSpent { return (budget.rows, true) }
                _ = try entry.write(task, as: task.applying(TaskChanges(assigneeID: .some(nil)), at: entry.now))
                budget.spend(bytes: task.textBytes)
            }
            if found.count < readAtOnce { return (budget.rows, false) }
        }
    }
}
