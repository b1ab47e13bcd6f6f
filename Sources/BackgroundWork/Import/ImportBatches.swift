// The rows of a stored file, a batch at a time, worked out as far as that goes without a transaction.
import BoundedText
import Crypto
import Model
import Repositories
import StoreCore
import TaskFormats

/// A row as it will be inserted.
struct ImportRow: Sendable {
    var likeness: Tasks.Likeness
    var task: PreparedTask

    var number: Int64 { likeness.row }
}

struct ImportBatch: Sendable {
    var rows: [ImportRow] = []
    var remarks: [RowRemark] = []
    /// The rows that say what a task says that was there before.
    var known: Set<Int64> = []
    /// The number of the last row in it, be it blank.
    var last: Int64

    var assignees: Set<ID<User>> { Set(rows.compactMap(\.task.task.assigneeID)) }
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
    private let sheet: TaskSheet
    private let compared: [Tasks.ComparedField]
    private var reader: TaskFileReader
    private var nextChunk: Int64 = 0
    private var bytesRead: Int64 = 0
    private var isAtEnd = false
    private var earlier: [ID<Job>]?
    private var waiting: [TaskRecord] = []
    private var taken = 0
    /// How often each text has come, under the first bytes of its hash: 12 bytes and their spare room for each row.
    private var occurrences: [UInt64: UInt32] = [:]

    /// - Parameter item: says which rows were dealt with before.
    init(_ item: TaskImport, _ plan: TaskFilePlan, _ accounts: ImportAccounts, store: any Store, clock: WallClock) {
        self.item = item
        self.accounts = accounts
        self.store = store
        self.clock = clock
        sheet = TaskSheet(plan)
        compared = sheet.named.compactMap(\.compared)
        reader = TaskFileReader(plan)
    }

    /// `nil` behind the last row.
    func next() async throws -> ImportBatch? {
        var records: [TaskRecord] = []
        var bytes = 0
        while records.count < Self.limit.rows, bytes < Self.limit.bytes, let record = try await nextRecord() {
            records.append(record)
            bytes += record.byteCount
        }
        guard let last = records.last else { return nil }
        return try await batch(of: records, last: last.number)
    }

    private func nextRecord() async throws -> TaskRecord? {
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
                    try reader.read(chunk) { take($0) }
                } else {
                    isAtEnd = true
                    try await requireWhole()
                    try reader.finish { take($0) }
                }
            } catch is TaskFileFault {
                throw JobFailure("The stored file cannot be read.")
            }
        }
    }

    /// A piece that is missing looks like the end: a file that was removed meanwhile must not pass for a short one.
    private func requireWhole() async throws {
        let id = item.fileID
        guard let file = try await store.read({ try Files($0).find(id) }), file.size == bytesRead else {
            throw JobFailure("The file is missing or incomplete: send it again.")
        }
    }

    private func take(_ record: TaskRecord) {
        if record.number > item.done {
            waiting.append(record)
        } else if let draft = sheet.row(record).draft {
            _ = key(of: draft)
        }
    }

    private func batch(of records: [TaskRecord], last: Int64) async throws -> ImportBatch {
        var batch = ImportBatch(last: last)
        var drafts: [(number: Int64, draft: TaskDraft)] = []
        for record in records {
            let row = sheet.row(record)
            batch.remarks += row.faults.map { RowRemark(.error, row: row.number, $0.column, $0.detail) }
            batch.remarks += row.notes.map { RowRemark(.note, row: row.number, $0.column, $0.detail) }
            if let draft = row.draft { drafts.append((row.number, draft)) }
        }
        let people = try await accounts.find(drafts.map(\.draft.people).filter { !$0.isEmpty })
        let now = clock.now()
        for (number, draft) in drafts {
            let finding = draft.people.isEmpty ? .nobody : people[draft.people] ?? .unknown
            if case .unusable(let reason) = finding {
                let isFailure = item.options.failsUnknownUsers
                let shown = draft.people[0].visible.cut(toBytes: 100)
                batch.remarks.append(
                    RowRemark(
                        isFailure ? .error : .note, row: number, "assigned_user",
                        "“\(shown)”: \(reason)\(isFailure ? "" : "; the task is assigned to nobody")"))
                if isFailure { continue }
            }
            if case .shown(let name, _) = finding {
                let shown = draft.people[0].visible.cut(toBytes: 100)
                batch.remarks.append(
                    RowRemark(.note, row: number, "assigned_user", "“\(shown)” is the displayed name of \(name), so \(name) gets the task"))
            }
            batch.rows.append(row(number, draft, assignee: finding.id, at: now))
        }
        batch.known = try await known(batch.rows)
        return batch
    }

    // MARK: Repetitions

    /// Looked up before the transaction and some at a time: however many tasks have those titles, nobody waits for it.
    private func known(_ rows: [ImportRow]) async throws -> Set<Int64> {
        guard item.phase == .inserting, let last = item.lastTaskBefore, last > 0 else { return [] }
        let item = item
        let (compared, earlier) = (compared, try await earlierImports())
        var known: Set<Int64> = []
        for all in rows.map(\.likeness).portions(of: Tasks.likenessesAtOnce) {
            let titled = try await store.read { try Tasks($0).titled(all, of: item.ownerID, upTo: last) }
            let part = all.filter { titled.contains($0.row) }
            if part.isEmpty { continue }
            let counts = try await store.read { try Tasks($0).alike(part, by: compared, of: item.ownerID, upTo: last) }
            // The second of two like rows needs a second like task.
            known.formUnion(part.filter { $0.occurrence < counts[$0.row] ?? 0 }.map(\.row))
            let others = part.filter { !known.contains($0.row) }
            known.formUnion(
                try await store.read { try Tasks($0).imported(others, by: compared, of: item.ownerID, upTo: last, earlier) })
        }
        return known
    }

    private func earlierImports() async throws -> [ID<Job>] {
        if let earlier { return earlier }
        let item = item
        let found = try await store.read { try Imports($0).earlier(than: item, limit: Self.earlierImports) }
        earlier = found
        return found
    }

    private func row(_ number: Int64, _ draft: TaskDraft, assignee: ID<User>?, at now: Instant) -> ImportRow {
        var new = draft.task
        new.assigneeID = assignee
        let created = draft.createdAt.map { $0.start..<($0.isDay ? $0.start + .seconds(86_400) : $0.start + .milliseconds(1)) }
        let task = PreparedTask(
            new, owner: item.ownerID, createdAt: draft.createdAt?.start ?? now, completedAt: draft.completedAt, at: now)
        let (key, occurrence) = key(of: draft)
        return ImportRow(
            likeness: Tasks.Likeness(
                row: number, key: key, occurrence: occurrence, task: task.task, created: created, completed: draft.completedAt), task: task)
    }

    /// What a row says and how many rows before it say the same: the same for the rows of a file that comes again.
    private func key(of draft: TaskDraft) -> (key: [UInt8], occurrence: Int64) {
        var hash = SHA256()
        let task = draft.task
        let moments = [draft.createdAt?.start, draft.completedAt, task.due?.instant].map { $0.map { "\($0.microseconds)" } ?? "" }
        let words = [
            task.title, task.description ?? "", "\(task.status)", "\(task.priority)", "\(task.archived)",
            "\(draft.createdAt?.isDay == true)",
            task.due?.day.map { "\($0)" } ?? "",
        ]
        hash.update(data: Array((words + moments + task.labels + ["\0"] + draft.people).joined(separator: "\0").utf8))
        let text = Array(hash.finalize().prefix(16))
        let short = text.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let occurrence = Int64(occurrences[short, default: 0])
        occurrences[short] = UInt32(occurrence + 1)
        // The number takes the place of bytes that no longer tell texts apart.
        let key = occurrence == 0 ? text : Array(text.prefix(12)) + (0..<4).map { UInt8(truncatingIfNeeded: occurrence >> (24 - 8 * $0)) }
        return (key, occurrence)
    }
}

extension Array {
    fileprivate func portions(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension TaskSheet.Column {
    /// How it is compared with what is stored; titles always are.
    fileprivate var compared: Tasks.ComparedField? {
        switch self {
        case .title: nil
        case .description: .description
        case .status: .status
        case .priority: .priority
        case .assignee: .assignee
        case .labels: .labels
        case .due: .due
        case .archived: .archived
        case .completedAt: .completedAt
        case .createdAt: .createdAt
        }
    }
}
