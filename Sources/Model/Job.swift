// Work that is done later and survives everything: what kinds there are, and how each of them is treated.

/// Imperative; the raw value is the wire name.
package enum JobKind: String, CaseIterable, Sendable {
    case writeTaskLog = "task_log.write"
    case announceOverdue = "tasks.announce_overdue"
    case emptyTrash = "trash.empty"
    case cleanUp = "records.clean_up"
    case deliverWebhook = "webhook.deliver"
    case replayWebhook = "webhook.replay"
    case testWebhook = "webhook.test"
    case requestReset = "password_reset.request"
    case deliverMail = "mail.deliver"
    case announceDue = "tasks.announce_due"
    case writeDigests = "digests.write"
    case importTasks = "tasks.import"
    case undoImport = "tasks.undo_import"
    case makeReport = "report.make"
    case unassignTasks = "tasks.unassign"
    case moveDueDays = "tasks.move_due_days"
    /// Does nothing: for measuring the queue.
    case doNothing = "nothing.do"
}

package enum JobState: Int64, CaseIterable, Sendable {
    case queued = 0
    case running = 1
    case completed = 2
    /// Will not be tried again unless somebody asks for it.
    case failed = 3
    case cancelled = 4

    package var word: String { "\(self)" }
    package var isFinal: Bool { self != .queued && self != .running }
}

/// The queue that a job waits in. Each has slots of its own, so that jobs of one queue never wait for those of another.
package enum JobPriority: Int64, CaseIterable, Sendable {
    /// Somebody waits for it now.
    case urgent = 0
    /// Light work: soon done.
    case normal = 1
    /// Imports, and what else takes long.
    case bulk = 2
    /// Webhooks: they wait for other machines most of the time.
    case remote = 3
    /// Reports that are drawn: they keep a processor busy.
    case drawing = 4
    /// Mails about tasks.
    case mail = 5
    /// Mails without which an account cannot be used.
    case accountMail = 6

    /// Slots in a process that does so many light jobs at a time.
    package func slots(_ workers: Int) -> Int {
        switch self {
        case .normal, .mail: max(1, workers)
        case .urgent, .bulk, .accountMail: max(1, workers / 4)
        case .drawing: max(1, workers / 8)
        case .remote: max(1, workers * 4)
        }
    }

    /// Slots that the jobs of one user take at most, as long as there is more than one.
    package func slotsOfOne(_ workers: Int) -> Int { max(1, slots(workers) / 2) }
}

package struct JobPolicy: Sendable {
    package var priority: JobPriority
    /// How long one attempt may take.
    package var timeLimit: Duration
    /// After so many attempts the job has failed.
    package var attempts: Int64
    /// The wait after the first failed attempt at most; it doubles with each further one.
    package var firstWait: Duration
    package var longestWait: Duration
}

extension JobKind {
    package var policy: JobPolicy {
        switch self {
        case .writeTaskLog, .announceOverdue, .emptyTrash, .cleanUp, .announceDue, .writeDigests:
            JobPolicy(priority: .normal, timeLimit: .seconds(600), attempts: 4, firstWait: .seconds(10), longestWait: .seconds(600))
        // A subscription counts its failures itself: while it is active, there is a job for what waits.
        case .deliverWebhook:
            JobPolicy(priority: .remote, timeLimit: .seconds(1800), attempts: .max, firstWait: .seconds(1), longestWait: .seconds(600))
        case .replayWebhook, .testWebhook:
            JobPolicy(priority: .remote, timeLimit: .seconds(1800), attempts: 10, firstWait: .seconds(1), longestWait: .seconds(600))
        // For half a day: what is told later is news to nobody.
        case .deliverMail:
            JobPolicy(priority: .mail, timeLimit: .seconds(120), attempts: 12, firstWait: .seconds(30), longestWait: .seconds(14_400))
        case .requestReset:
            JobPolicy(priority: .urgent, timeLimit: .seconds(10), attempts: 10, firstWait: .seconds(1), longestWait: .seconds(60))
        case .importTasks, .undoImport, .unassignTasks, .moveDueDays:
            JobPolicy(priority: .bulk, timeLimit: .seconds(3600), attempts: 10, firstWait: .seconds(1), longestWait: .seconds(60))
        case .makeReport:
            JobPolicy(priority: .normal, timeLimit: .seconds(120), attempts: 3, firstWait: .seconds(1), longestWait: .seconds(30))
        case .doNothing:
            JobPolicy(priority: .normal, timeLimit: .seconds(10), attempts: 3, firstWait: .seconds(1), longestWait: .seconds(10))
        }
    }
}

extension JobKind {
    /// What somebody has asked for ends when the access to the account ends. An undo goes on: half of it would be worse than all, and it
    /// gives nothing out and brings nothing in.
    package static let endingWithAccess: [Self] = [.importTasks, .makeReport, .replayWebhook, .testWebhook]
}

extension JobPolicy {
    /// How long to wait after so many failed attempts. `chance`, from 0 to 1, spreads those that failed together over the second half of
    /// the wait, so that they do not come back together.
    package func wait(afterAttempt attempt: Int64, chance: Double) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        let most = min(firstWait * Int(1 << doublings), longestWait)
        return most / 2 + most / 2 * chance
    }
}

package struct JobProgress: Equatable, Sendable {
    package var done: Int64
    /// `nil` while it is not known.
    package var total: Int64?
    package var message: String?

    package init(done: Int64 = 0, total: Int64? = nil, message: String? = nil) {
        self.done = done
        self.total = total
        self.message = message
    }
}

package struct Job: Sendable {
    package var id: ID<Job>
    package var kind: JobKind
    package var state: JobState
    /// Who asked for it and may see it; `nil` for the server's own.
    package var ownerID: ID<User>?
    package var priority: JobPriority
    /// Whose share of the queue it takes.
    package var share: ID<User>?
    /// What it is about, as JSON; only its handler reads it.
    package var payload: String
    package var progress: JobProgress
    /// How often it was begun. It also tells one run of the job from every other: see `Jobs`.
    package var attempts: Int64
    package var isCancelling: Bool
    /// What came of it, as a JSON object.
    package var result: String?
    /// Why the last attempt failed, in words that its owner may read.
    package var error: String?
    package var runAt: Instant
    package var createdAt: Instant
    package var startedAt: Instant?
    package var finishedAt: Instant?

    package init(
        id: ID<Job>, kind: JobKind, state: JobState, ownerID: ID<User>?, priority: JobPriority, share: ID<User>?, payload: String,
        progress: JobProgress, attempts: Int64,
        isCancelling: Bool, result: String?, error: String?, runAt: Instant, createdAt: Instant, startedAt: Instant?, finishedAt: Instant?
    ) {
        self.id = id
        self.kind = kind
        self.state = state
        self.ownerID = ownerID
        self.priority = priority
        self.share = share
        self.payload = payload
        self.progress = progress
        self.attempts = attempts
        self.isCancelling = isCancelling
        self.result = result
        self.error = error
        self.runAt = runAt
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }

    /// How long a finished job can be looked at.
    package static let retention: Duration = .seconds(7 * 86_400)
}

/// What a new job is made of.
package struct NewJob: Sendable {
    package var kind: JobKind
    package var ownerID: ID<User>?
    package var payload: String
    /// While a job with the same key is queued or running there is no second one.
    package var uniqueKey: String?
    /// Not before.
    package var runAt: Instant?

    /// The queue that it waits in; `nil` is that of its kind.
    package var priority: JobPriority?
    /// Whose share of the queue it takes, when that is not its owner's.
    package var share: ID<User>?

    package init(
        _ kind: JobKind, owner: ID<User>? = nil, payload: String = "{}", uniqueKey: String? = nil, runAt: Instant? = nil,
        priority: JobPriority? = nil, share: ID<User>? = nil
    ) {
        self.kind = kind
        ownerID = owner
        self.payload = payload
        self.uniqueKey = uniqueKey
        self.runAt = runAt
        self.priority = priority
        self.share = share
    }
}

/// One run of a job by one process: nobody else's word counts for it.
package struct JobClaim: Hashable, Sendable {
    package var id: ID<Job>
    /// The job's attempts when it was claimed.
    package var attempt: Int64
    /// The process that claimed it.
    package var worker: String

    package init(id: ID<Job>, attempt: Int64, worker: String) {
        self.id = id
        self.attempt = attempt
        self.worker = worker
    }

    /// For so long after its last sign of life a worker keeps what it claimed.
    package static let lease: Duration = .seconds(30)
    /// What is left of a lease is never more, unless the clock that it was given by was wrong.
    package static let credibleLease: Duration = .seconds(600)
}
