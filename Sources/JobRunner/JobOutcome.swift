// What becomes of a job that did not complete: tried again, given up, cancelled, given back, or left to whoever has it now.
import BackgroundWork
import Model
import Repositories
import StoreCore

enum JobOutcome: Sendable {
    case retry(at: Instant, error: String, counts: Bool = true)
    case fail(error: String)
    case cancel
    case release
    case leave

    var word: String {
        switch self {
        case .retry: "retried"
        case .fail: "failed"
        case .cancel: "cancelled"
        case .release: "released"
        case .leave: "lost"
        }
    }

    /// Whether somebody should look into it.
    var isFault: Bool {
        switch self {
        case .retry, .fail, .leave: true
        case .cancel, .release: false
        }
    }

    static func of(_ job: Job, _ error: any Error, _ reason: StopReason?, at now: Instant, chance: Double) -> JobOutcome {
        if error is LeaseLost { return .leave }
        switch reason {
        case .leaseLost: return .leave
        case .cancelled: return .cancel
        case .shutdown: return .release
        case .timeLimit:
            let seconds = job.kind.policy.timeLimit.components.seconds
            return again(job, "The job took longer than \(seconds) seconds.", at: now, chance: chance)
        case nil: break
        }
        switch error {
        // Nothing but a request to cancel, which the run met before this process heard of it.
        case is CancellationError: return .cancel
        case let failure as JobFailure: return .fail(error: failure.reason)
        case let setback as JobSetback: return again(job, setback.reason, at: now, chance: chance)
        // However long the database is away: no job is given up for that.
        case let error as StoreError where error.isTransient:
            return .retry(
                at: now + job.kind.policy.wait(afterAttempt: job.attempts + 2, chance: chance), error: "The database could not be used.",
                counts: false)
        case is StoreError: return again(job, "The database could not be used.", at: now, chance: chance)
        default: return again(job, "The server has an internal error.", at: now, chance: chance)
        }
    }

    /// For a job whose worker gave no sign of life: it gets its old place, for it has waited once. If that happens again and again, it may
    /// be what its workers die of, and waits.
    static func of(_ job: Job, afterDeathAt now: Instant, chance: Double) -> JobOutcome {
        if job.isCancelling { return .cancel }
        let policy = job.kind.policy
        let error = "The worker of the job died."
        if job.attempts >= policy.attempts { return .fail(error: error) }
        return .retry(
            at: job.attempts < 3 ? min(job.runAt, now) : now + policy.wait(afterAttempt: job.attempts, chance: chance), error: error)
    }

    private static func again(_ job: Job, _ error: String, at now: Instant, chance: Double) -> JobOutcome {
        let policy = job.kind.policy
        guard job.attempts < policy.attempts else { return .fail(error: error) }
        return .retry(at: now + policy.wait(afterAttempt: job.attempts, chance: chance), error: error)
    }

    /// - Returns: `false` when the job is somebody else's now.
    func write(_ claim: JobClaim, _ tx: Tx, at now: Instant) throws -> Bool {
        switch self {
        case .retry(let instant, let error, let counts): try Jobs(tx).retry(claim, error: error, runAt: instant, counts: counts)
        case .fail(let error): try Jobs(tx).end(claim, as: .failed, error: error, at: now)
        case .cancel: try Jobs(tx).end(claim, as: .cancelled, error: nil, at: now)
        case .release: try Jobs(tx).release(claim)
        case .leave: true
        }
    }
}
