// What this process is at: who may begin something more, and whom to stop.
import ChangeLedger
import Model
import Repositories
import Synchronization

/// Why a run was stopped before it had ended by itself.
enum StopReason: Sendable {
    case cancelled, timeLimit, leaseLost, shutdown
}

/// Which slots are taken, and by whom.
struct Occupancy: Sendable {
    /// Light jobs that the process does at a time; the slots of each queue follow from it.
    private let places: Int
    private var counts: [JobPriority: Int] = [:]
    private var ofUsers: [JobPriority: [ID<User>: Int]] = [:]

    init(places: Int) { self.places = places }

    mutating func take(_ priority: JobPriority, _ user: ID<User>?) {
        counts[priority, default: 0] += 1
        if let user { ofUsers[priority, default: [:]][user, default: 0] += 1 }
    }

    /// What may begin of a queue now; `nil` when it has no slot free.
    func room(in priority: JobPriority) -> Jobs.Room? {
        let free = priority.slots(places) - counts[priority, default: 0]
        guard free > 0 else { return nil }
        let most = priority.slotsOfOne(places)
        let users = ofUsers[priority, default: [:]]
        let full = users.filter { $0.value >= most }.keys.sorted()
        let busiest = users.values.filter { $0 < most }.max() ?? 0
        return Jobs.Room(priority, limit: free, ofOne: most - busiest, without: full)
    }

    /// Whether it is worth asking for more: a question for each slot that becomes free would cost more than most jobs.
    func isSpacious(in priority: JobPriority) -> Bool {
        priority.slots(places) - counts[priority, default: 0] >= max(1, priority.slots(places) / 4)
    }
}

final class RunningJobs: Sendable {
    private struct Entry {
        let claim: JobClaim
        let policy: JobPolicy
        let priority: JobPriority
        let user: ID<User>?
        let began: ContinuousClock.Instant
        var task: Task<Void, any Error>?
        var stopped: StopReason?
        /// It has done what it had to do, and waits for this to be written.
        var isCompleted = false
    }

    private let places: Int
    private let entries = Mutex<[JobClaim: Entry]>([:])

    /// - Parameter places: jobs at a time, at least one.
    init(places: Int) { self.places = places }

    /// What is running now; what has completed needs its place no more.
    var occupancy: Occupancy {
        entries.withLock { entries in
            entries.values.reduce(into: Occupancy(places: places)) { if !$1.isCompleted { $0.take($1.priority, $1.user) } }
        }
    }

    var isEmpty: Bool { entries.withLock { $0.isEmpty } }

    func begin(_ job: Job, _ claim: JobClaim) {
        entries.withLock {
            $0[claim] = Entry(claim: claim, policy: job.kind.policy, priority: job.priority, user: job.share, began: .now)
        }
    }

    /// From now on the run can be stopped; one that is to be stopped already is.
    func set(_ task: Task<Void, any Error>, of claim: JobClaim) {
        let isStopped = entries.withLock { entries in
            entries[claim]?.task = task
            return entries[claim]?.stopped != nil
        }
        if isStopped { task.cancel() }
    }

    func complete(_ claim: JobClaim) { entries.withLock { $0[claim]?.isCompleted = true } }

    func end(_ claim: JobClaim) { _ = entries.withLock { $0.removeValue(forKey: claim) } }

    func reason(of claim: JobClaim) -> StopReason? { entries.withLock { $0[claim]?.stopped } }

    func stop(_ claim: JobClaim, _ reason: StopReason) {
        let task = entries.withLock { entries -> Task<Void, any Error>? in
            guard entries[claim]?.stopped == nil else { return nil }
            entries[claim]?.stopped = reason
            return entries[claim]?.task
        }
        task?.cancel()
    }

    func stop(_ id: ID<Job>, _ reason: StopReason) { for claim in claims where claim.id == id { stop(claim, reason) } }

    func stopAll(_ reason: StopReason) { for claim in claims { stop(claim, reason) } }

    /// Stops what has run for longer than it may.
    func stopLate() {
        let late = entries.withLock { $0.values.filter { ContinuousClock.now - $0.began > $0.policy.timeLimit }.map(\.claim) }
        for claim in late { stop(claim, .timeLimit) }
    }

    var claims: [JobClaim] { entries.withLock { $0.values.map(\.claim) } }
}
