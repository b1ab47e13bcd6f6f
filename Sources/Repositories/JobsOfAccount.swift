// What becomes of the jobs of an account whose access ends.
package import Model
import StoreCore

extension Jobs {
    /// Ends what waits, and asks the workers of what runs to stop. One statement, so that no job slips from one to the other in between.
    /// - Returns: how many jobs.
    package func cancelAll(of owner: ID<User>, _ kinds: [JobKind], at now: Instant) throws -> Int {
        let cancelled: [(id: ID<Job>, state: Int64)] = try tx.rows(
            """
            UPDATE jobs SET is_cancelling = \(true), finished_at = CASE WHEN state = 0 THEN \(now) ELSE finished_at END,
                state = CASE WHEN state = 0 THEN 4 ELSE state END
            WHERE owner_id = \(owner) AND state < 2 AND kind IN (\(list: kinds.map(\.rawValue))) RETURNING id, state
            """
        ) { (try $0.value(0), try $0.value(1)) }
        for (id, state) in cancelled where state == JobState.running.rawValue { try tx.tell(.jobCancelled(id)) }
        return cancelled.count
    }
}
