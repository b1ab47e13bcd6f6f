// Whether a run still has its job, asked by a transaction that would do harm if it had not.
package import Model
import StoreCore

extension Jobs {
    /// Whether somebody wants the job cancelled; `nil` when it is not that run's any more. It stays so until the transaction ends.
    package func lockCancellation(of claim: JobClaim) throws -> Bool? {
        try tx.first(
            """
            SELECT is_cancelling FROM jobs
            WHERE id = \(claim.id) AND state = 1 AND attempts = \(claim.attempt) AND worker = \(claim.worker) \(.forUpdate)
            """
        ) { try $0.value(0) }
    }
}
