// The job that moves the ends of due days when their owner moves to another time zone.
package import ChangeLedger
package import Model
import Repositories
import StoreCore

package struct MoveDueDaysJob: Sendable {
    private struct Payload: Codable { let user: Int64 }

    /// What one transaction does at most: others wait for no longer than that.
    private static let portion: Int64 = 500

    package init() {}

    /// Queues the job when there are such tasks.
    package static func begin(of user: ID<User>, _ entry: Entry) throws {
        guard try !Tasks(entry.tx).dueDays(of: user, after: nil, limit: 1).isEmpty else { return }
        try entry.enqueue(NewJob(.moveDueDays, about: Payload(user: user.value)))
    }

    package func run(_ run: JobRun) async throws -> JobCompletion {
        let user = ID<User>(try run.payload(as: Payload.self).user)
        typealias Place = (day: Day, id: ID<TaskItem>)
        var (done, place): (Int64, Place?) = (0, nil)
        repeat {
            let (before, after) = (done, place)
            (done, place) = try await run.step { entry in
                let tasks = Tasks(entry.tx)
                guard let owner = try Users(entry.tx).find(user) else { return ((before, nil), JobProgress(done: before)) }
                let time = LocalTime(owner.timeZone)
                let found = try tasks.dueDays(of: user, after: after, limit: Self.portion)
                for (day, group) in Dictionary(grouping: found, by: \.day).sorted(by: { $0.key < $1.key }) {
                    try tasks.setDueEnd(time.end(of: day), of: day, group.map(\.id))
                }
                let count = before + Int64(found.count)
                return ((count, found.last), JobProgress(done: count, message: "\(count) due days moved"))
            }
        } while place != nil
        return JobCompletion(result: #"{"done":\#(done)}"#)
    }
}
