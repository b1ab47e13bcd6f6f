// The rows of a stored table, a batch at a time, worked out as far as that goes without a transaction.
import Crypto
import CSV
import Model
import Repositories
import StoreCore

/// A row as it will be inserted, or what is wrong with it.
struct ImportRow: Sendable {
    var number: Int64
    /// It names a day of creation and no moment.
    var isOfDay: Bool
    var likeness: Tasks.Likeness
    var task: PreparedTask
}

struct RowFault: Codable, Sendable {
    var row: Int64
    var column: String
    var detail: String
}

struct ImportBatch: Sendable {
    var rows: [ImportRow] = []
    var faults: [RowFault] = []
    /// The rows that say what a task says that was there before.
    var known: Set<Int64> = []
    /// The number of the last row in it, be it blank.
    var last: Int64

    var assignees: Set<ID<User>> { Set(rows.compactMap(\.task.task.assigneeID)) }
    /// Rows of which something is wrong.
    var failed: Int64 { Int64(Set(faults.map(\.row)).count) }
}

/// Reads on while the batch before is being written.
actor ImportBatches {
    /// Rows and bytes of one transaction: enough for its fsync to be a small part of it, little enough for others to wait.
    private static let limit = TransactionBudget.Limits.insertion
    /// Earlier imports in which a row is looked for.
    private static let earlierImports: Int64 = 20

    private let item: TaskImport
    private let store: any Store
    private let clock: WallClock
    private let accounts: ImportAccounts
    private var reader = CSVReader()
    private var sheet: TaskSheet?
    private var nextChunk: Int64 = 0
    private var bytesRead: Int64 = 0
    private var isAtEnd = false
    private var earlier: [ID<Job>]?
    private var waiting: [CSVRow] = []
    private var taken = 0

    /// - Parameter item: says which rows were dealt with before.
    init(_ item: TaskImport, _ accounts: ImportAccounts, store: any Store, clock: WallClock) {
        self.item = item
        self.accounts = accounts
        self.store = store
        self.clock = clock
    }

    /// `nil` behind the last row.
    func next() async throws -> ImportBatch? {
        var rows: [CSVRow] = []
        var bytes = 0
        while rows.count < Self.limit.rows, bytes < Self.limit.bytes, let row = try await nextRow() {
            rows.append(row)
            bytes += row.fields.reduce(0) { $0 + $1.utf8.count }
        }
        guard let last = rows.last, let sheet else { return nil }
        return try await batch(of: rows, sheet, last: last.number)
    }

    private func nextRow() async throws -> CSVRow? {
        while true {
            if taken < waiting.count {
                defer { taken += 1 }
                return waiting[taken]
            }
            if isAtEnd { return nil }
            (waiting, taken) = ([], 0)
            do {
                if let chunk = try await store.rows(Files.chunk(nextChunk, of: item.fileID), from: .primary).first {
                    nextChunk += 1
                    bytesRead += Int64(chunk.count)
                    try reader.read(chunk) { try take($0) }
                } else {
                    isAtEnd = true
                    try await requireWhole()
                    try reader.finish { try take($0) }
                }
            } catch is CSVFault {
                throw JobFailure("The stored table cannot be read any more.")
            }
        }
    }

    /// A piece that is missing looks like the end: a table that was removed meanwhile must not pass for a short one.
    private func requireWhole() async throws {
        let id = item.fileID
        guard let file = try await store.read({ try Files($0).find(id) }), file.size == bytesRead else {
            throw JobFailure("The file is not there, or not whole: send it again.")
        }
    }

    private func take(_ row: CSVRow) throws {
        if sheet == nil {
            sheet = try TaskSheet(header: row.fields)
        } else if row.number > item.done {
            waiting.append(row)
        }
    }

    private func batch(of rows: [CSVRow], _ sheet: TaskSheet, last: Int64) async throws -> ImportBatch {
        var batch = ImportBatch(last: last)
        var drafts: [(number: Int64, draft: TaskSheet.Draft)] = []
        for row in rows {
            do {
                if let draft = try sheet.draft(row.fields) { drafts.append((row.number, draft)) }
            } catch {
                batch.faults += error.all.map { RowFault(row: row.number, column: $0.column, detail: $0.detail) }
            }
        }
        let people = try await accounts.find(Set(drafts.compactMap(\.draft.assignee)))
        let now = clock.now()
        for (number, draft) in drafts {
            switch draft.assignee.map({ people[$0] ?? .unknown }) {
            case .unusable(let reason)?:
                batch.faults.append(RowFault(row: number, column: sheet.name(of: .assignedUser), detail: reason))
            case .known(let id)?: batch.rows.append(row(number, draft, assignee: id, at: now))
            case .planned?, nil: batch.rows.append(row(number, draft, assignee: nil, at: now))
            }
        }
        batch.known = try await known(batch.rows)
        return batch
    }

    /// Looked up before the transaction and some at a time: however many tasks have those titles, nobody waits for it.
    private func known(_ rows: [ImportRow]) async throws -> Set<Int64> {
        guard item.phase == .inserting, let last = item.lastTaskBefore, last > 0 else { return [] }
        let item = item
        let earlier = try await earlierImports()
        // Rows that say the same are looked up once; a day and the moment at which it begins are two things.
        let alike = Dictionary(grouping: rows) { $0.likeness.key + [$0.isOfDay ? 1 : 0] }
        let firsts = alike.values.compactMap { $0.first?.likeness }.sorted { $0.row < $1.row }
        var known: Set<Int64> = []
        for start in stride(from: 0, to: firsts.count, by: Tasks.likenessesAtOnce) {
            let part = Array(firsts[start..<min(start + Tasks.likenessesAtOnce, firsts.count)])
            known.formUnion(
                try await store.read { try Tasks($0).known(part, of: item.ownerID, upTo: last, earlier: earlier) })
        }
        return Set(alike.values.filter { $0.first.map { known.contains($0.number) } == true }.joined().map(\.number))
    }

    private func earlierImports() async throws -> [ID<Job>] {
        if let earlier { return earlier }
        let item = item
        let found = try await store.read { try Imports($0).earlier(than: item, limit: Self.earlierImports) }
        earlier = found
        return found
    }

    private func row(_ number: Int64, _ draft: TaskSheet.Draft, assignee: ID<User>?, at now: Instant) -> ImportRow {
        var new = draft.task
        new.assigneeID = assignee
        let created = draft.createdAt.map { $0.start..<($0.isDay ? $0.start + .seconds(86_400) : $0.start + .milliseconds(1)) }
        var likeness = Tasks.Likeness(
            row: number, key: [], title: new.title, description: new.description, assigneeID: assignee, created: created)
        likeness.key = Self.key(likeness, draft.assignee)
        let task = PreparedTask(
            new, owner: item.ownerID, createdAt: draft.createdAt?.start ?? now, completedAt: draft.completedAt, at: now)
        return ImportRow(number: number, isOfDay: draft.createdAt?.isDay == true, likeness: likeness, task: task)
    }

    /// The same for rows that say the same.
    private static func key(_ likeness: Tasks.Likeness, _ assignee: String?) -> [UInt8] {
        var hash = SHA256()
        let moment = likeness.created.map { "\($0.lowerBound.microseconds)" } ?? ""
        let person = likeness.assigneeID.map { "\($0)" } ?? assignee ?? ""
        hash.update(data: Array("\(likeness.title)\0\(likeness.description ?? "")\0\(moment)\0\(person)".utf8))
        return Array(hash.finalize().prefix(16))
    }
}
