// What this process is at: who may begin something more, and whom to stop.
import Model
import Synchronization

/// Why a run was stopped before it had ended by itself.
enum StopReason: Sendable {
    case cancelled, timeLimit, leaseLost, shutdown
}

final class RunningJobs: Sendable {
    private struct Entry {
        let claim: JobClaim
        let policy: JobPolicy
        let began: ContinuousClock.Instant
        var task: Task<Void, any Error>?
        var stopped: StopReason?
    }

    private let places: Int
    private let entries = Mutex<[ID<Job>: Entry]>([:])

    /// - Parameter places: jobs at a time, at least one.
    init(places: Int) { self.places = places }

    /// How many more jobs of that priority may begin. What takes long gets a quarter of the places at most, and what somebody waits for
    /// always finds one in eight free. What waits for others takes no place of those who work, but four times as many of its own.
    func room(for priority: JobPriority) -> Int {
        entries.withLock { entries in
            let remote = entries.values.count { $0.policy.priority == .remote }
            let bulk = entries.values.count { $0.policy.priority == .bulk }
            let patient = entries.values.count { $0.policy.priority == .normal || $0.policy.priority == .bulk }
            let free = places + remote - entries.count
            return switch priority {
            case .remote: places * 4 - remote
            case .urgent: free
            case .normal: min(free, max(1, places - max(1, places / 8)) - patient)
            case .bulk: min(free, max(1, places - max(1, places / 8)) - patient, max(1, places / 4) - bulk)
            }
        }
    }

    var isEmpty: Bool { entries.withLock { $0.isEmpty } }

    func begin(_ claim: JobClaim, _ policy: JobPolicy) {
        entries.withLock { $0[claim.id] = Entry(claim: claim, policy: policy, began: .now) }
    }

    /// From now on the run can be stopped; one that is to be stopped already is.
    func set(_ task: Task<Void, any Error>, of claim: JobClaim) {
        let isStopped = entries.withLock { entries in
            entries[claim.id]?.task = task
            return entries[claim.id]?.stopped != nil
        }
        if isStopped { task.cancel() }
    }

    func end(_ claim: JobClaim) { _ = entries.withLock { $0.removeValue(forKey: claim.id) } }

    func reason(of claim: JobClaim) -> StopReason? { entries.withLock { $0[claim.id]?.stopped } }

    func stop(_ id: ID<Job>, _ reason: StopReason) {
        let task = entries.withLock { entries -> Task<Void, any Error>? in
            guard entries[id]?.stopped == nil else { return nil }
            entries[id]?.stopped = reason
            return entries[id]?.task
        }
        task?.cancel()
    }

    func stopAll(_ reason: StopReason) { for claim in claims { stop(claim.id, reason) } }

    /// Stops what has run for longer than it may.
    func stopLate() {
        let late = entries.withLock { $0.values.filter { ContinuousClock.now - $0.began > $0.policy.timeLimit }.map(\.claim.id) }
        for id in late { stop(id, .timeLimit) }
    }

    var claims: [JobClaim] { entries.withLock { $0.values.map(\.claim) } }
}
