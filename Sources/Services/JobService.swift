// Jobs and schedules as people see and steer them.
import BackgroundWork
package import ChangeLedger
package import Model
package import Repositories
package import StoreCore

/// A schedule with its last and next time.
package struct ScheduleState: Sendable {
    package var schedule: Schedule
    package var lastSlot: Instant?
    package var nextSlot: Instant
}

package struct JobService: Sendable {
    let store: any Store
    let clock: WallClock

    package init(store: any Store, clock: WallClock) {
        self.store = store
        self.clock = clock
    }

    package func get(_ id: ID<Job>, by actor: Actor) async throws -> Job {
        try Self.allowed(try await store.read { try Jobs($0).find(id) }, by: actor)
    }

    /// The file that came of a job, and what is in it.
    package func result(of id: ID<Job>, by actor: Actor) async throws -> (file: StoredFile, contents: BodyStream) {
        let file = try await store.read { tx -> StoredFile? in
            let job = try Self.allowed(try Jobs(tx).find(id), by: actor)
            try ReportService.requireReader(of: job, actor)
            return try Jobs(tx).file(of: id)
        }
        guard let file, file.expiresAt > clock.now() else { throw Failure.notFound(.file) }
        return (file, contents(of: file))
    }

    private func contents(of file: StoredFile) -> BodyStream {
        BodyStream { [store, clock] send in
            var (sent, number) = (Int64(0), Int64(0))
            while sent < file.size {
                // What is missing cuts the answer: the time of the file ended while it was sent.
                guard let chunk = try await store.rows(Files.liveChunk(number, of: file.id, at: clock.now()), from: .primary).first else {
                    throw Failure.notFound(.file)
                }
                try await send(chunk)
                sent += Int64(chunk.count)
                number += 1
            }
        }
    }

    /// The caller's jobs, or everybody's and the server's own; the newest first.
    package func list(_ scope: TaskScope, _ filter: Jobs.Filter, _ page: PageRequest, by actor: Actor) async throws -> Page<Job> {
        var filter = filter
        if scope != .all { filter.ownerID = actor.userID }
        let wanted = filter
        return try await store.read { tx in
            try Page(page, order: "jobs", key: { .int($0.id.value) }, id: \.id.value, total: { try Jobs(tx).count(wanted) }) {
                try Jobs(tx).list(wanted, before: $0?.id, offset: $1, limit: $2)
            }
        }
    }

    /// A job that waits is cancelled at once, one that runs as soon as its worker notices.
    package func cancel(_ id: ID<Job>, by actor: Actor) -> Change<Job> {
        Change(by: .user(actor)) { entry in
            try Self.cancel(try Self.allowed(try Jobs(entry.tx).lock(id), by: actor), entry)
            return try Self.allowed(try Jobs(entry.tx).find(id), by: actor)
        }
    }

    /// The same for the command line, of any job.
    package func cancel(_ id: ID<Job>, by author: Author) -> Change<Void> {
        Change(by: author) { entry in
            guard let job = try Jobs(entry.tx).lock(id) else { throw Failure.notFound(.job) }
            try Self.cancel(job, entry)
        }
    }

    private static func cancel(_ job: Job, _ entry: Entry) throws {
        guard !job.state.isFinal else { throw Failure.conflict(.jobEnded) }
        try Jobs(entry.tx).cancel(job, at: entry.now)
        try entry.record(.jobCancelled, .job(job.id))
    }

    /// Queues a job that has failed or was cancelled once more.
    package func retry(_ id: ID<Job>, by actor: Actor) -> Change<Job> {
        Change(by: .user(actor)) { entry in
            let job = try Self.allowed(try Jobs(entry.tx).lock(id), by: actor)
            guard job.state == .failed || job.state == .cancelled else { throw Failure.conflict(.jobNotEnded) }
            do {
                try entry.tx.savepoint { try Jobs(entry.tx).requeue(job, at: entry.now) }
            } catch StoreError.duplicate {
                // Another job does the same already.
                throw Failure.conflict(.jobNotEnded)
            }
            try entry.record(.jobRetried, .job(id))
            return try Self.allowed(try Jobs(entry.tx).find(id), by: actor)
        }
    }

    private static func allowed(_ job: Job?, by actor: Actor) throws -> Job {
        guard let job else { throw Failure.notFound(.job) }
        try actor.may(see: job).require(.job)
        return job
    }

    // MARK: Schedules

    package func schedules() async throws -> [ScheduleState] {
        let now = clock.now()
        let last = try await store.read { try Schedules($0).lastSlots() }
        return Schedule.allCases.map {
            ScheduleState(schedule: $0, lastSlot: last[$0], nextSlot: $0.slot(of: now) + $0.interval)
        }
    }

    /// Runs a schedule now, whatever its next slot is; the job that is queued or running already counts as that.
    package func run(_ schedule: Schedule, by actor: Actor) -> Change<Job> {
        Change(by: .user(actor)) { entry in
            let job = try ScheduledJobs.queue(schedule, for: actor.userID, entry)
            try entry.record(.scheduleRun, .job(job.id))
            return job
        }
    }
}
