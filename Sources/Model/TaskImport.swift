// The import of a table of tasks: what was asked for, and how far it has come.

package struct TaskImport: Sendable {
    package enum Phase: Int64, Sendable {
        /// All rows are looked at first, and one that is faulty ends the import: all or none.
        case checking = 0
        case inserting = 1
        /// What was inserted goes again.
        case takingBack = 2
        case finished = 3
    }

    package struct Options: Equatable, Sendable {
        /// Everything but inserting.
        package var isDryRun: Bool
        /// All rows or none.
        package var isAtomic: Bool
        /// Accounts that do not exist are made: inactive, and with no password.
        package var createsUsers: Bool
        /// A row that names nobody who can be assigned fails; otherwise its task comes unassigned.
        package var failsUnknownUsers: Bool

        package init(isDryRun: Bool = false, isAtomic: Bool = false, createsUsers: Bool = false, failsUnknownUsers: Bool = false) {
            self.isDryRun = isDryRun
            self.isAtomic = isAtomic
            self.createsUsers = createsUsers
            self.failsUnknownUsers = failsUnknownUsers
        }
    }

    /// What became of the rows so far.
    package struct Counts: Equatable, Sendable {
        package var created: Int64
        package var skipped: Int64
        package var failed: Int64
        /// Rows that were taken with a note.
        package var noted: Int64

        package init(created: Int64 = 0, skipped: Int64 = 0, failed: Int64 = 0, noted: Int64 = 0) {
            self.noted = noted
            self.created = created
            self.skipped = skipped
            self.failed = failed
        }
    }

    /// Rows of a table.
    package static let rowLimit: Int64 = 1_000_000
    /// Imports of one user that have not ended.
    package static let unfinishedLimit: Int64 = 3
    /// Rows whose faults are kept, and as many with notes, and as many that were skipped; the others are only counted.
    package static let keptRemarks: Int64 = 10_000
    /// Bytes of the remarks that the job itself shows.
    package static let shownBytes = 240 << 10

    /// The job that does it; the import's name, too.
    package var id: ID<Job>
    package var ownerID: ID<User>
    package var fileID: ID<StoredFile>
    package var options: Options
    /// How the file is read, as JSON; `nil` when an older program took it.
    package var plan: String?
    package var phase: Phase
    /// The number of the last row, as the file counts: a table from its header on.
    package var rows: Int64
    /// Rows up to this number are dealt with in this phase.
    package var done: Int64
    package var counts: Counts
    /// The last task before that the owner has or is assigned; `nil` before the first step.
    package var lastTaskBefore: Int64?
    /// What there is to say of the rows, as a table.
    package var remarksFileID: ID<StoredFile>?
    package var undoJobID: ID<Job>?

    /// Of all or nothing something is there; when its job has ended like that, it is taken back.
    package var isTorn: Bool { phase == .takingBack || options.isAtomic && phase == .inserting }

    package init(
        id: ID<Job>, ownerID: ID<User>, fileID: ID<StoredFile>, options: Options, plan: String?, phase: Phase, rows: Int64, done: Int64,
        counts: Counts,
        lastTaskBefore: Int64?, remarksFileID: ID<StoredFile>?, undoJobID: ID<Job>?
    ) {
        self.id = id
        self.ownerID = ownerID
        self.fileID = fileID
        self.options = options
        self.plan = plan
        self.phase = phase
        self.rows = rows
        self.done = done
        self.counts = counts
        self.lastTaskBefore = lastTaskBefore
        self.remarksFileID = remarksFileID
        self.undoJobID = undoJobID
    }
}
