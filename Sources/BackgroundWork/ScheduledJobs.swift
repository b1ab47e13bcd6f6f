// Queues the jobs of schedules, each when its time has come.
package import ChangeLedger
package import Model
import Repositories
package import StoreCore

package struct ScheduledJobs: Sendable {
    package let store: any Store
    private let clock: WallClock

    package init(store: any Store, clock: WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Queues the job of a schedule now, whatever its next slot is.
    /// - Returns: the job, or the one that has not ended yet.
    package static func queue(_ schedule: Schedule, for user: ID<User>, _ entry: Entry) throws -> Job {
        let key = uniqueKey(of: schedule)
        try entry.enqueue(NewJob(schedule.jobKind, owner: user, uniqueKey: key))
        guard let job = try Jobs(entry.tx).unfinished(key) else { throw Failure.unavailable(retryAfter: 1) }
        return job
    }

    private static func uniqueKey(of schedule: Schedule) -> String { "schedule \(schedule.rawValue)" }

    /// Queues the jobs of all slots that have come, each slot once however many instances ask, and says when the next one comes.
    /// Slots that nobody was there for are made up for by one run.
    package func queueDueSlots() async throws -> Instant {
        let clock = clock
        return try await store.write { tx in
            let now = clock.now()
            for schedule in Schedule.allCases {
                let slot = schedule.slot(of: now)
                let last = try Schedules(tx).lockLastSlot(of: schedule)
                if last == slot { continue }
                // A clock that went back comes to slots that were used already; one that had gone far ahead must not stop them for long.
                if let last, last > slot, last - schedule.interval <= slot { continue }
                try Schedules(tx).setLastSlot(of: schedule, slot)
                guard last.map({ $0 < slot }) ?? schedule.runsAtOnce else { continue }
                try Jobs(tx).insert(NewJob(schedule.jobKind, uniqueKey: Self.uniqueKey(of: schedule)), at: now)
            }
            return Schedule.allCases.map { $0.slot(of: now) + $0.interval }.min() ?? now + .seconds(60)
        }
    }
}
