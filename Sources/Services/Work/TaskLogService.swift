// The daily log: who may read it, and the job that writes it.
package import Model
package import Repositories
package import StoreCore

package struct TaskLogService: Sendable {
    let store: any Store

    package init(store: any Store) { self.store = store }

    package func list(
        _ scope: TaskScope, _ filter: TaskLogs.Filter, _ page: PageRequest, by actor: Actor
    ) async throws -> Page<TaskLog> {
        if scope == .all, !actor.isAdmin { throw Failure.forbidden(.adminOnly) }
        let user = scope == .all ? nil : actor.userID
        return try await store.read(from: .anyCopy) { tx in
            try Page(
                page, order: "task-logs", key: { .int($0.day.number) }, id: \.id.value, total: { try TaskLogs(tx).count(filter, of: user) }
            ) {
                try TaskLogs(tx).list(filter, of: user, after: $0, offset: $1, limit: $2)
            }
        }
    }

    package func get(_ id: ID<TaskLog>, by actor: Actor) async throws -> TaskLog {
        let (log, task) = try await store.read(from: .anyCopy) { tx -> (TaskLog?, TaskItem?) in
            let log = try TaskLogs(tx).find(id)
            return (log, try log.flatMap { try Tasks(tx).find($0.taskID) })
        }
        guard let log, let task else { throw Failure.notFound(.taskLog) }
        try actor.may(see: log, of: task).require(.taskLog)
        return log
    }

    /// Writes the rows that are missing of the day that it is for the owner of each task. It may run again and again.
    package func write(_ run: JobRun) async throws -> JobCompletion {
        let now = run.clock.now()
        let (last, today) = try await store.read { (try Tasks($0).lastID(), try TaskLogs($0).today(at: now)) }
        var written: Int64 = 0
        var first: Int64 = 1
        while first <= last {
            let from = first
            // Others wait for no longer than one range takes, however long the descriptions are.
            let ids = try await run.store.read { try TaskLogs($0).range(from: from, through: last) }
            let sum = written
            written = try await run.step { entry in
                let count = sum + Int64(try TaskLogs(entry.tx).write(today, of: ids))
                return (count, JobProgress(done: ids.upperBound, total: last, message: "\(count) rows written"))
            }
            first = ids.upperBound + 1
        }
        return JobCompletion(result: #"{"written":\#(written)}"#)
    }
}
