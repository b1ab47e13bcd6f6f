// What this process is at: who may begin something more, and whom to stop.
import Model
import Synchronization

/// Why a run was stopped before it had ended by itself.
enum StopReason: Sendable {
    case cancelled, timeLimit, leaseLost, shutdown
}

/// Which places are taken. What takes long gets a quarter of them at most, and what somebody waits for always finds one in eight free.
/// What waits for others takes no place of those who work, but four times as many of its own.
struct Occupancy: Sendable {
    private let places: Int
    private var counts: [JobPriority: Int] = [:]

    init(places: Int) { self.places = places }

    mutating func take(_ count: Int, _ priority: JobPriority) { counts[priority, default: 0] += count }

    private func count(_ priorities: JobPriority...) -> Int { priorities.reduce(0) { $0 + counts[$1, default: 0] } }

    /// How many more jobs of that priority may begin.
    func room(for priority: JobPriority) -> Int {
        let free = places - count(.urgent, .normal, .bulk)
        let patient = max(1, places - max(1, places / 8)) - count(.normal, .bulk)
        return switch priority {
        case .remote: places * 4 - count(.remote)
        case .urgent: free
        case .normal: min(free, patient)
        case .bulk: min(free, patient, max(1, places / 4) - count(.bulk))
        }
    }

    /// Whether it is worth asking for more: a question for each place that becomes free would cost more than most jobs.
    func isSpacious(for priority: JobPriority) -> Bool {
        room(for: priority) >= max(1, Occupancy(places: places).room(for: priority) / 4)
    }
}

final class RunningJobs: Sendable {
    private struct Entry {
        let claim: JobClaim
        let policy: JobPolicy
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
            entries.values.reduce(into: Occupancy(places: places)) { if !$1.isCompleted { $0.take(1, $1.policy.priority) } }
        }
    }

    var isEmpty: Bool { entries.withLock { $0.isEmpty } }

    func begin(_ claim: JobClaim, _ policy: JobPolicy) {
        entries.withLock { $0[claim] = Entry(claim: claim, policy: policy, began: .now) }
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
