// The order in which jobs wait, and whether a run still has its job.
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

    // MARK: Turns

    /// What a job's turn depends on.
    typealias Place = (id: ID<Job>, priority: JobPriority, share: ID<User>?)

    static func place(_ row: Row) throws -> Place { (try row.value(0), try decoded(row.value(1)), try row.value(2)) }

    /// The turn of a job that begins to wait: behind the other waiting jobs of its share, and not before the first that waits now. So the
    /// shares take turns, whatever each of them has waiting, and a claim reads no more than it takes
    /// (start-time fair queueing: Goyal, Vin, Cheng 1996).
    static func turn(_ place: Place) -> SQL {
        let waiting: SQL = "state = 0 AND turn IS NOT NULL AND priority = \(place.priority)"
        let first: SQL = "coalesce((SELECT min(turn) FROM jobs WHERE \(waiting)), 0)"
        guard let share = place.share else { return first }
        let next: SQL = "coalesce((SELECT max(turn) + 1 FROM jobs WHERE \(waiting) AND share = \(share)), 0)"
        return "\(SQL.choice(sqlite: "max", postgres: "greatest"))(\(first), \(next))"
    }

    static let turnsAtOnce = 200

    /// Gives a turn to jobs that were to run later and have become due.
    /// - Returns: whether there may be more of them.
    package func admitDue(at now: Instant) throws -> Bool {
        let due = try tx.rows(Self.becomingDue(at: now), Self.place)
        for place in due { try tx.enqueue("UPDATE jobs SET turn = \(Self.turn(place)) WHERE id = \(place.id)") }
        return due.count == Self.turnsAtOnce
    }

    static func becomingDue(at now: Instant) -> SQL {
        """
        SELECT id, priority, share FROM jobs WHERE state = 0 AND turn IS NULL AND run_at <= \(now)
        ORDER BY run_at, id LIMIT \(turnsAtOnce) \(.skippingLocked)
        """
    }

    static let schema: [SQL] = [
        "ALTER TABLE jobs ADD COLUMN share BIGINT",
        "ALTER TABLE jobs ADD COLUMN turn BIGINT",
        "UPDATE jobs SET share = owner_id WHERE state < 2",
        // A claim takes from the head of one queue, in the order of the turns.
        "CREATE INDEX jobs_turns ON jobs (priority, turn, run_at, id, share) WHERE state = 0 AND turn IS NOT NULL",
        "CREATE INDEX jobs_shares ON jobs (priority, share, turn) WHERE state = 0 AND turn IS NOT NULL",
        // The state is a column of it, so that the planner takes it and not the one of all states.
        "CREATE INDEX jobs_later ON jobs (state, run_at, id) WHERE state = 0 AND turn IS NULL",
        "DROP INDEX jobs_queued",
    ]
}
