// Tables of tasks that people send: taken as they come, and queued to be imported or undone.
import Crypto
package import Model
import CSV
import Repositories
package import StoreCore

/// A table that was received whole.
package struct ReceivedTable: Sendable {
    package var fileID: ID<StoredFile>
    package var sha256: [UInt8]
    /// The number of the last row.
    package var rows: Int64
}

/// What an undo is about.
struct UndoPayload: Codable {
    var importID: Int64
    /// Nothing of the import was ever meant to be seen.
    var isPermanent: Bool
}

package struct ImportService: Sendable {
    let store: any Store
    let clock: WallClock
    let quotas: Quotas

    package init(store: any Store, clock: WallClock, quotas: Quotas = Quotas()) {
        self.store = store
        self.clock = clock
        self.quotas = quotas
    }

    /// Who may ask for what; asked before anything is received.
    package func require(_ options: TaskImport.Options, of actor: Actor) async throws {
        guard options.createsUsers else { return }
        guard actor.isAdmin else { throw Failure.forbidden(.adminOnly) }
        try await Standing.requireRecentPassword(of: actor, store, at: clock.now())
    }

    // MARK: Receiving

    /// Pieces that are written in one transaction, and the memory that a sender can fill.
    private static let piecesAtOnce = 16

    /// Takes a table piece by piece into the database. Whatever ends it early leaves nothing behind.
    /// - Parameter send: calls its argument with the next bytes until there are no more.
    /// - Throws: `Failure.invalid` when it is no table of tasks, and what `send` throws.
    package func receive(
        for owner: ID<User>, from send: (_ take: ([UInt8]) async throws -> Void) async throws -> Void
    ) async throws -> ReceivedTable {
        let now = clock.now()
        let id = try await store.write { tx in
            try Files(tx).insert("tasks.csv", "text/csv", of: owner, at: now, expires: now + StoredFile.unfinishedLifetime)
        }
        do {
            var intake = TableIntake()
            try await send { bytes in
                try intake.take(bytes)
                while let pieces = intake.pieces(Self.piecesAtOnce) { try await write(pieces, to: id, of: owner) }
            }
            let table = try intake.finish(id)
            for pieces in intake.rest(Self.piecesAtOnce) { try await write(pieces, to: id, of: owner) }
            return table
        } catch {
            await discard(id)
            throw error
        }
    }

    private func write(_ pieces: TableIntake.Pieces, to id: ID<StoredFile>, of owner: ID<User>) async throws {
        let now = clock.now()
        let size = Int64(pieces.bytes.reduce(0) { $0 + $1.count })
        try await store.write { [quotas] tx in
            try quotas.require(.files, .files, of: owner, adding: size, tx, at: now)
            try Files(tx).append(pieces.bytes, to: id, at: pieces.first, expires: now + StoredFile.unfinishedLifetime)
        }
    }

    /// Removes a table that no import was queued for. What cannot be removed now goes when its time is over.
    package func discard(_ id: ID<StoredFile>) async {
        while let removed = try? await store.write({ try Files($0).discard(id, limit: 200) }), removed > 0 {}
    }

    // MARK: Importing

    /// Queues the import of a table that was received.
    package func start(_ table: ReceivedTable, _ options: TaskImport.Options, by actor: Actor) -> Change<Job> {
        start(table, options, for: actor.userID, by: .user(options.createsUsers ? actor.requiringRecentPassword : actor))
    }

    /// The same for the command line.
    package func start(_ table: ReceivedTable, _ options: TaskImport.Options, for owner: ID<User>, by author: Author) -> Change<Job> {
        Change(by: author) { entry in
            // Locked, so that those that are sent together count each other.
            _ = try Users(entry.tx).lock(owner)
            guard try Imports(entry.tx).unfinished(of: owner) < TaskImport.unfinishedLimit else {
                throw Failure.conflict(.tooManyImports)
            }
            try Files(entry.tx).keep(table.fileID, sha256: table.sha256, at: entry.now, until: entry.now + Job.retention)
            let job = try Self.enqueue(NewJob(.importTasks, owner: owner), entry)
            let phase = options.isAtomic && !options.isDryRun ? TaskImport.Phase.checking : .inserting
            try Imports(entry.tx).insert(
                TaskImport(
                    id: job.id, ownerID: owner, fileID: table.fileID, options: options, phase: phase, rows: table.rows, done: 0,
                    counts: .init(), lastTaskBefore: nil, faultsFileID: nil, undoJobID: nil), at: entry.now)
            try entry.record(.importStarted, .job(job.id))
            return job
        }
    }

    /// Queues the removal of what an import made. Only who asked for the import may undo it, once.
    package func undo(_ id: ID<Job>, by actor: Actor) -> Change<Job> {
        Change(by: .user(actor)) { entry in
            guard var item = try Imports(entry.tx).lock(id), item.ownerID == actor.userID else { throw Failure.notFound(.import) }
            guard let job = try Jobs(entry.tx).find(id), job.state.isFinal, !item.isTorn else {
                throw Failure.conflict(.importNotEnded)
            }
            guard item.undoJobID == nil else { throw Failure.conflict(.importUndone) }
            let undo = try Self.enqueue(
                NewJob(.undoImport, owner: actor.userID, about: UndoPayload(importID: id.value, isPermanent: false)), entry)
            item.undoJobID = undo.id
            item.phase = .finished
            try Imports(entry.tx).update(item)
            try entry.record(.importUndone, .job(id))
            return undo
        }
    }

    private static func enqueue(_ new: NewJob, _ entry: Entry) throws -> Job {
        guard let id = try entry.enqueue(new), let job = try Jobs(entry.tx).find(id) else { throw Failure.unavailable(retryAfter: 1) }
        return job
    }

    // MARK: All or nothing

    /// Queues the removal of what imports of all or nothing left that ended in between.
    static func takeBackTorn(_ entry: Entry) throws -> Int {
        let torn = try Imports(entry.tx).torn(limit: 20)
        for item in torn { try takeBack(item, entry) }
        return torn.count
    }

    static func takeBack(_ item: TaskImport, _ entry: Entry) throws {
        let payload = UndoPayload(importID: item.id.value, isPermanent: true)
        guard let job = try entry.enqueue(NewJob(.undoImport, owner: item.ownerID, about: payload, uniqueKey: "take back \(item.id)"))
        else { return }
        var item = item
        item.phase = .takingBack
        item.undoJobID = job
        try Imports(entry.tx).update(item)
    }
}

/// A table while it arrives: checked, measured, and cut into pieces.
struct TableIntake {
    struct Pieces: Sendable {
        /// The number of the first.
        var first: Int64
        var bytes: [[UInt8]]
    }

    static let tooLong = "has more than \(TaskImport.rowLimit) rows: send it in parts"

    private var reader = CSVReader()
    private var hasHeader = false
    private var rows: Int64 = 0
    private var hash = SHA256()
    private var held: [UInt8] = []
    private var next: Int64 = 0

    mutating func take(_ bytes: [UInt8]) throws {
        hash.update(data: bytes)
        held += bytes
        try reading { try $0.read(bytes, $1) }
    }

    /// The next pieces, when there are so many whole ones.
    mutating func pieces(_ count: Int) -> Pieces? {
        held.count >= count * StoredFile.chunkSize ? cut(count * StoredFile.chunkSize) : nil
    }

    /// What is left, when everything was taken.
    mutating func rest(_ count: Int) -> [Pieces] {
        var all: [Pieces] = []
        while !held.isEmpty { all.append(cut(min(held.count, count * StoredFile.chunkSize))) }
        return all
    }

    private mutating func cut(_ length: Int) -> Pieces {
        let bytes = stride(from: 0, to: length, by: StoredFile.chunkSize).map { Array(held[$0..<min($0 + StoredFile.chunkSize, length)]) }
        defer {
            next += Int64(bytes.count)
            held.removeFirst(length)
        }
        return Pieces(first: next, bytes: bytes)
    }

    mutating func finish(_ id: ID<StoredFile>) throws -> ReceivedTable {
        try reading { try $0.finish($1) }
        guard hasHeader else { throw Failure.invalid([.init("file", "is empty: the first line names the columns")]) }
        return ReceivedTable(fileID: id, sha256: Array(hash.finalize()), rows: rows)
    }

    /// What is wrong with the table as such is told at once, before anything is queued; its rows are judged one by one later.
    private mutating func reading(_ read: (inout CSVReader, (CSVRow) throws -> Void) throws -> Void) throws {
        var (hasHeader, rows) = (hasHeader, rows)
        do {
            try read(&reader) { row in
                guard row.number <= TaskImport.rowLimit else { throw Failure.invalid([.init("file", TableIntake.tooLong)]) }
                if hasHeader { rows = row.number } else { _ = try TaskSheet(header: row.fields) }
                hasHeader = true
            }
        } catch let fault as CSVFault {
            throw Failure.invalid([.init("file", fault.description)])
        }
        (self.hasHeader, self.rows) = (hasHeader, rows)
    }
}
