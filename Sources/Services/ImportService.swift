// Tables of tasks that people send: taken as they come, and queued to be imported or undone.
import BackgroundWork
package import ChangeLedger
import Crypto
import Foundation
package import Model
import Repositories
package import StoreCore
package import TaskFormats

/// A file of tasks that was received whole.
package struct ReceivedTable: Sendable {
    package var fileID: ID<StoredFile>
    package var sha256: [UInt8]
    package var plan: TaskFilePlan
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
    /// - Parameters:
    ///   - hints: what the sender says of the file; without a time zone, that of the account counts.
    ///   - send: calls its argument with the next bytes until there are no more.
    /// - Throws: `Failure.invalid` when it is no file of tasks, and what `send` throws.
    package func receive(
        for owner: ID<User>, _ hints: ImportHints, from send: (_ take: ([UInt8]) async throws -> Void) async throws -> Void
    ) async throws -> ReceivedTable {
        let now = clock.now()
        let (id, user) = try await store.write { tx in
            let id = try Files(tx).insert(
                "tasks", "application/octet-stream", of: owner, at: now, expires: now + StoredFile.unfinishedLifetime)
            return (id, try Users(tx).get(owner))
        }
        do {
            var intake = FileIntake(hints.with(user))
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

    private func write(_ pieces: FileIntake.Pieces, to id: ID<StoredFile>, of owner: ID<User>) async throws {
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
            // Sent again since the first answer was lost: each would not see what the other makes.
            guard try options.isDryRun || !Imports(entry.tx).isUnfinished(sha256: table.sha256, of: owner) else {
                throw Failure.conflict(.importInProgress)
            }
            try Files(entry.tx).keep(table.fileID, sha256: table.sha256, at: entry.now, until: entry.now + Job.retention)
            guard let id = try ImportJob.queue(for: owner, entry), let job = try Jobs(entry.tx).find(id) else {
                throw Failure.unavailable(retryAfter: 1)
            }
            let plan = String(decoding: try JSONEncoder().encode(table.plan), as: UTF8.self)
            let phase = options.isAtomic && !options.isDryRun ? TaskImport.Phase.checking : .inserting
            try Imports(entry.tx).insert(
                TaskImport(
                    id: job.id, ownerID: owner, fileID: table.fileID, options: options, plan: plan, phase: phase, rows: table.plan.lastRow,
                    done: 0,
                    counts: .init(), lastTaskBefore: nil, remarksFileID: nil, undoJobID: nil), at: entry.now)
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
            guard let undoID = try UndoImportJob.queue(item, entry), let undo = try Jobs(entry.tx).find(undoID) else {
                throw Failure.unavailable(retryAfter: 1)
            }
            item.undoJobID = undoID
            item.phase = .finished
            try Imports(entry.tx).update(item)
            try entry.record(.importUndone, .job(id))
            return undo
        }
    }
}

extension ImportHints {
    /// With what the account prefers where the sender says nothing.
    func with(_ user: User) -> ImportHints {
        var hints = self
        if hints.timeZone == nil { hints.timeZone = user.timeZone }
        if hints.preferredDateOrder == nil { hints.preferredDateOrder = user.dateOrder }
        return hints
    }
}

/// A file while it arrives: looked through, and cut into pieces.
struct FileIntake {
    struct Pieces: Sendable {
        /// The number of the first.
        var first: Int64
        var bytes: [[UInt8]]
    }

    private var survey: TaskFileSurvey
    private var hash = SHA256()
    private var held: [UInt8] = []
    private var next: Int64 = 0

    init(_ hints: ImportHints) { survey = TaskFileSurvey(hints) }

    mutating func take(_ bytes: [UInt8]) throws {
        hash.update(data: bytes)
        held += bytes
        do {
            try survey.take(bytes)
        } catch let fault as TaskFileFault {
            throw Failure(fault)
        }
        guard survey.rowCount <= TaskImport.rowLimit else { throw Failure.invalid([.init("file", ImportJob.tooLong)]) }
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

    /// What is wrong with the file as such is told at once, before anything is queued; its rows are judged one by one later.
    mutating func finish(_ id: ID<StoredFile>) throws -> ReceivedTable {
        do {
            let plan = try survey.finish()
            guard plan.rowCount <= TaskImport.rowLimit else { throw Failure.invalid([.init("file", ImportJob.tooLong)]) }
            return ReceivedTable(fileID: id, sha256: Array(hash.finalize()), plan: plan)
        } catch let fault as TaskFileFault {
            throw Failure(fault)
        }
    }
}

extension Failure {
    fileprivate init(_ fault: TaskFileFault) {
        self = .invalid(fault.all.map { .init("file", $0.column.isEmpty ? $0.detail : "the column “\($0.column)”: \($0.detail)") })
    }
}
