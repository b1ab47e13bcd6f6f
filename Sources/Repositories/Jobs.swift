// The queue: jobs wait, are claimed by one worker, and end. Every word about a running job is checked against the claim it belongs to,
// so that a worker that was taken for dead and wakes up changes nothing.
package import Model
package import StoreCore

extension JobState: Bindable { package var bind: Bind { .int(rawValue) } }
extension JobPriority: Bindable { package var bind: Bind { .int(rawValue) } }

package struct Jobs {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    private static let columns: SQL =
        """
        id, kind, state, owner_id, payload, done, total, message, attempts, is_cancelling, result, error, run_at, created_at, started_at,
        finished_at, priority, share
        """

    /// During an upgrade of several instances newer ones may queue what this program does not know: it leaves that to them.
    private static let isKnown = SQL(stringLiteral: "kind IN (\(JobKind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")))")

    private static func read(_ row: Row) throws -> Job {
        Job(
            id: try row.value(0), kind: try decoded(row.value(1)), state: try decoded(row.value(2)), ownerID: try row.value(3),
            priority: try decoded(row.value(16)), share: try row.value(17), payload: try row.value(4),
            progress: .init(done: try row.value(5), total: try row.value(6), message: try row.value(7)),
            attempts: try row.value(8), isCancelling: try row.value(9), result: try row.value(10), error: try row.value(11),
            runAt: try row.value(12), createdAt: try row.value(13), startedAt: try row.value(14), finishedAt: try row.value(15))
    }

    // MARK: Waiting

    /// - Returns: `nil` when a job with its unique key is queued or running. One that is about to complete on another connection is waited for:
    ///   what it can no longer see is then done by this one.
    @discardableResult
    package func insert(_ new: NewJob, at now: Instant) throws -> ID<Job>? {
        if let id = try attempt(new, at: now) { return id }
        guard let key = new.uniqueKey,
            try tx.first("SELECT id FROM jobs WHERE unique_key = \(key) AND state < 2 \(.forUpdate)", { _ in true }) == nil
        else { return nil }
        return try attempt(new, at: now)
    }

    /// Lets the job with that unique key run now, if it waits for later.
    package func hasten(_ uniqueKey: String, at now: Instant) throws {
        let found = try tx.first(
            "SELECT id, priority, share FROM jobs WHERE unique_key = \(uniqueKey) AND state = 0 AND run_at > \(now) \(.forUpdate)",
            Self.place)
        guard let found else { return }
        try tx.run("UPDATE jobs SET run_at = \(now), turn = \(Self.turn(found)) WHERE id = \(found.id)")
        try tx.tell(.jobsWaiting)
    }

    private func attempt(_ new: NewJob, at now: Instant) throws -> ID<Job>? {
        let runAt = new.runAt ?? now
        let priority = new.priority ?? new.kind.policy.priority
        let share = new.share ?? new.ownerID
        let turn = runAt <= now ? Self.turn((ID(0), priority, share)) : "NULL"
        let id: ID<Job>? = try tx.first(
            """
            INSERT INTO jobs (kind, state, priority, owner_id, share, turn, payload, unique_key, run_at, attempts, is_cancelling, done,
                created_at)
            VALUES (\(new.kind.rawValue), \(JobState.queued), \(priority), \(new.ownerID), \(share), \(turn), \(new.payload),
                \(new.uniqueKey), \(runAt), 0, \(false), 0, \(now))
            ON CONFLICT DO NOTHING RETURNING id
            """
        ) { try $0.value(0) }
        if id != nil { try tx.tell(.jobsWaiting) }
        return id
    }

    /// How many jobs wait although they are due, and since when the oldest of them.
    package func backlog(at now: Instant) throws -> (count: Int64, oldest: Instant?) {
        try tx.first("SELECT count(*), min(run_at) FROM jobs WHERE state = 0 AND run_at <= \(now)") {
            (try $0.value(0), try $0.value(1))
        } ?? (0, nil)
    }

    /// Jobs that nobody asked for and that were given up: schedules, mails, deliveries.
    package func failedOfServer(since instant: Instant) throws -> Int64 {
        try tx.value("SELECT count(*) FROM jobs WHERE state = \(JobState.failed) AND owner_id IS NULL AND finished_at > \(instant)")
    }

    // MARK: Running

    /// What one claim may take of a queue.
    package struct Room: Sendable {
        package var priority: JobPriority
        package var limit: Int
        /// Jobs of one user at most.
        package var ofOne: Int
        /// Users of whom none is taken.
        package var without: [ID<User>]

        package init(_ priority: JobPriority, limit: Int, ofOne: Int = .max, without: [ID<User>] = []) {
            self.priority = priority
            self.limit = limit
            self.ofOne = ofOne
            self.without = without
        }
    }

    /// Takes jobs that have a turn, in the order of the turns.
    package func claim(_ room: Room, by worker: String, at now: Instant) throws -> [Job] {
        let sql = Self.claiming(room, by: worker, at: now)
        return try tx.rows(room.without.isEmpty ? sql : sql.unkept, Self.read).sorted { ($0.runAt, $0.id.value) < ($1.runAt, $1.id.value) }
    }

    static func claiming(_ room: Room, by worker: String, at now: Instant) -> SQL {
        // The states are spelled out: the planner must see that the index holds just these rows.
        var waiting: SQL = "state = 0 AND turn IS NOT NULL AND priority = \(room.priority) AND \(isKnown)"
        if !room.without.isEmpty { waiting += " AND (share IS NULL OR share NOT IN (\(list: room.without)))" }
        var due = waiting
        // No two jobs of one user have the same turn: so many turns have no more of his jobs.
        if room.ofOne < room.limit {
            due += " AND turn < (SELECT turn FROM jobs WHERE \(waiting) ORDER BY turn, run_at, id LIMIT 1) + \(room.ofOne)"
        }
        return """
            WITH due AS MATERIALIZED (
                SELECT id FROM jobs WHERE \(due) ORDER BY turn, run_at, id LIMIT \(room.limit) \(.skippingLocked)
            )
            UPDATE jobs SET state = 1, attempts = attempts + 1, worker = \(worker), leased_until = \(now + JobClaim.lease),
                started_at = coalesce(started_at, \(now))
            WHERE id IN (SELECT id FROM due) RETURNING \(columns)
            """
    }

    /// Keeps all that a worker has claimed for another lease.
    /// - Returns: the attempts of what is still its own, and whether somebody wants it cancelled.
    package func renew(_ worker: String, at now: Instant) throws -> [ID<Job>: (attempt: Int64, isCancelling: Bool)] {
        let rows: [(ID<Job>, (Int64, Bool))] = try tx.rows(
            """
            UPDATE jobs SET leased_until = \(now + JobClaim.lease) WHERE state = 1 AND worker = \(worker)
            RETURNING id, attempts, is_cancelling
            """
        ) { (try $0.value(0), (try $0.value(1), try $0.value(2))) }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0, (attempt: $1.0, isCancelling: $1.1)) })
    }

    private static func isOurs(_ claim: JobClaim) -> SQL {
        "id = \(claim.id) AND state = 1 AND attempts = \(claim.attempt) AND worker = \(claim.worker)"
    }

    /// Writes how far the run has come. Nobody else can take the job before this transaction ends.
    /// - Returns: whether it is to be cancelled; `nil` when the job is somebody else's now.
    package func report(_ progress: JobProgress, _ claim: JobClaim) throws -> Bool? {
        try tx.first(
            """
            UPDATE jobs SET done = \(progress.done), total = \(progress.total), message = \(progress.message)
            WHERE \(Self.isOurs(claim)) RETURNING is_cancelling
            """
        ) { try $0.value(0) }
    }

    /// The good end of a run, and what came of it as a JSON object.
    package struct Completion: Sendable {
        package var claim: JobClaim
        package var result: String?

        package init(_ claim: JobClaim, result: String?) {
            self.claim = claim
            self.result = result
        }
    }

    /// - Returns: those whose jobs were still theirs.
    package func complete(_ completions: [Completion], at now: Instant) throws -> Set<ID<Job>> {
        if completions.isEmpty { return [] }
        let rows = completions.map { end -> [Bind] in
            [end.claim.id.bind, end.claim.attempt.bind, end.claim.worker.bind, end.result?.bind ?? .null]
        }
        let sql: SQL = """
            WITH ended (job_id, attempt, by_worker, outcome) AS (VALUES \(tuples: rows))
            UPDATE jobs SET state = 2, result = outcome, error = NULL, worker = NULL, leased_until = NULL, finished_at = \(now)
            FROM ended
            WHERE id = CAST(job_id AS BIGINT) AND state = 1 AND attempts = CAST(attempt AS BIGINT) AND worker = by_worker RETURNING id
            """
        return Set(try tx.rows(rows.count == 1 ? sql : sql.unkept) { try $0.value(0) })
    }

    /// - Returns: `false` when the job is somebody else's now.
    package func complete(_ claim: JobClaim, result: String?, at now: Instant) throws -> Bool {
        try complete([Completion(claim, result: result)], at: now) == [claim.id]
    }

    /// The file is what came of the job.
    package func attach(_ file: ID<StoredFile>, to id: ID<Job>) throws { try tx.run("UPDATE jobs SET file_id = \(file) WHERE id = \(id)") }

    package func file(of id: ID<Job>) throws -> StoredFile? {
        let file = try tx.first("SELECT file_id FROM jobs WHERE id = \(id)") { try $0.value(0, as: ID<StoredFile>?.self) } ?? nil
        return try file.flatMap { try Files(tx).find($0) }
    }

    /// Ends the run as failed, or as cancelled.
    package func end(_ claim: JobClaim, as state: JobState, error: String?, at now: Instant) throws -> Bool {
        try tx.run(
            """
            UPDATE jobs SET state = \(state), error = \(error), worker = NULL, leased_until = NULL, finished_at = \(now)
            WHERE \(Self.isOurs(claim))
            """) == 1
    }

    /// Puts the job back into the queue, to be tried again at `runAt`.
    /// - Parameter counts: whether this was one of the attempts that it has.
    package func retry(_ claim: JobClaim, error: String, runAt: Instant, counts: Bool = true) throws -> Bool {
        try tx.run(
            """
            UPDATE jobs SET state = 0, attempts = attempts - \(counts ? 0 : 1), error = \(error), worker = NULL, leased_until = NULL,
                turn = CASE WHEN run_at >= \(runAt) THEN turn END, run_at = \(runAt)
            WHERE \(Self.isOurs(claim))
            """) == 1
    }

    /// Gives back what was not begun or not ended: the attempt does not count.
    /// - Returns: `false` when the job is somebody else's now.
    package func release(_ claim: JobClaim) throws -> Bool {
        let isFree =
            try tx.run(
                "UPDATE jobs SET state = 0, attempts = attempts - 1, worker = NULL, leased_until = NULL WHERE \(Self.isOurs(claim))") == 1
        if isFree { try tx.tell(.jobsWaiting) }
        return isFree
    }

    /// Some of the running jobs whose workers gave no sign of life for a lease, with the claims they had. A lease that is
    /// not credible counts for nothing.
    package func abandoned(at now: Instant, limit: Int) throws -> [(job: Job, claim: JobClaim)] {
        try tx.rows(
            """
            SELECT \(Self.columns), coalesce(worker, '') FROM jobs
            WHERE state = 1 AND (leased_until < \(now) OR leased_until > \(now + JobClaim.credibleLease)) AND \(Self.isKnown)
            ORDER BY leased_until, id LIMIT \(limit) \(.skippingLocked)
            """
        ) {
            let job = try Self.read($0)
            return (job, JobClaim(id: job.id, attempt: job.attempts, worker: try $0.value(18)))
        }
    }

    // MARK: Looking and steering

    package func find(_ id: ID<Job>) throws -> Job? {
        try tx.first("SELECT \(Self.columns) FROM jobs WHERE id = \(id)", Self.read)
    }

    /// The job with that unique key that is queued or running.
    package func unfinished(_ uniqueKey: String) throws -> Job? {
        try tx.first("SELECT \(Self.columns) FROM jobs WHERE unique_key = \(uniqueKey) AND state < 2", Self.read)
    }

    /// When those of the jobs that wait are due.
    package func due(_ uniqueKeys: [String]) throws -> [String: Instant] {
        guard !uniqueKeys.isEmpty else { return [:] }
        let found = try tx.rows(
            ("SELECT unique_key, state, run_at FROM jobs WHERE unique_key IN (\(list: uniqueKeys)) AND state < 2" as SQL).unkept
        ) { (key: try $0.value(0, as: String.self), state: try $0.value(1, as: Int64.self), runAt: try $0.value(2, as: Instant.self)) }
        let waiting = found.filter { $0.state == JobState.queued.rawValue }
        return Dictionary(waiting.map { ($0.key, $0.runAt) }, uniquingKeysWith: { first, _ in first })
    }

    /// The job as it is now and stays until the transaction ends.
    package func lock(_ id: ID<Job>) throws -> Job? {
        try tx.first("SELECT \(Self.columns) FROM jobs WHERE id = \(id) \(.forUpdate)", Self.read)
    }

    package struct Filter: Sendable {
        package var ownerID: ID<User>?
        package var state: JobState?
        package var kind: JobKind?

        package init(ownerID: ID<User>? = nil, state: JobState? = nil, kind: JobKind? = nil) {
            self.ownerID = ownerID
            self.state = state
            self.kind = kind
        }

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = [Jobs.isKnown]
            if let ownerID { conditions.append("owner_id = \(ownerID)") }
            if let state { conditions.append("state = \(state)") }
            if let kind { conditions.append("kind = \(kind.rawValue)") }
            return conditions
        }
    }

    /// Newest first.
    package func list(_ filter: Filter, before id: Int64?, offset: Int64, limit: Int64) throws -> [Job] {
        var conditions = filter.conditions
        if let id { conditions.append("id < \(id)") }
        return try tx.rows(
            "SELECT \(Self.columns) FROM jobs WHERE \(all(of: conditions)) ORDER BY id DESC LIMIT \(limit) OFFSET \(offset)", Self.read)
    }

    package func count(_ filter: Filter) throws -> Int64 {
        try tx.value("SELECT count(*) FROM jobs WHERE \(all(of: filter.conditions))")
    }

    /// Ends a job that waits, or asks the worker of one that runs to stop.
    package func cancel(_ job: Job, at now: Instant) throws {
        if job.state == .queued {
            try tx.run("UPDATE jobs SET state = 4, is_cancelling = \(true), finished_at = \(now) WHERE id = \(job.id)")
        } else {
            try tx.run("UPDATE jobs SET is_cancelling = \(true) WHERE id = \(job.id)")
            try tx.tell(.jobCancelled(job.id))
        }
    }

    /// Queues a finished job once more, as if it had never run.
    /// - Throws: `StoreError.duplicate` when a job with its unique key is queued or running.
    package func requeue(_ job: Job, at now: Instant) throws {
        try tx.run(
            """
            UPDATE jobs SET state = 0, attempts = 0, is_cancelling = \(false), run_at = \(now), error = NULL, finished_at = NULL,
                turn = \(Self.turn((job.id, job.priority, job.share)))
            WHERE id = \(job.id)
            """)
        try tx.tell(.jobsWaiting)
    }

    /// Removes some jobs that ended before `instant`.
    /// - Returns: how many.
    package func deleteFinished(before instant: Instant, limit: Int64) throws -> Int {
        try tx.run(
            """
            DELETE FROM jobs WHERE id IN (
                SELECT id FROM jobs WHERE finished_at IS NOT NULL AND finished_at < \(instant) ORDER BY finished_at LIMIT \(limit))
            """)
    }
}
