// The job that writes the daily log.
import ChangeLedger
import Model
import Repositories
import StoreCore

package struct TaskLogJob: Sendable {
    package init() {}

    /// Writes the rows that are missing of the day that it is for the owner of each task. It may run again and again.
    package func run(_ run: JobRun) async throws -> JobCompletion {
        let now = run.clock.now()
        let (last, today) = try await run.store.read { (try Tasks($0).lastID(), try TaskLogs($0).today(at: now)) }
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
