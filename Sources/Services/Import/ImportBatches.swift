// The rows of a stored table, a batch at a time, worked out as far as that goes without a transaction.
import Crypto
import CSV
import Model
import Repositories
import StoreCore

/// A row as it will be inserted, or what is wrong with it.
struct ImportRow: Sendable {
    var number: Int64
    var key: [UInt8]
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
    /// The number of the last row in it, be it blank.
    var last: Int64

    var assignees: Set<ID<User>> { Set(rows.compactMap(\.task.task.assigneeID)) }
    /// Rows of which something is wrong.
    var failed: Int64 { Int64(Set(faults.map(\.row)).count) }
}

/// Reads on while the batch before is being written.
actor ImportBatches {
    /// Rows and bytes of one transaction: enough for its fsync to be a small part of it, little enough for others to wait.
    private static let limit = (rows: 1000, bytes: 2 << 20)

    private let item: TaskImport
    private let store: any Store
    private let clock: WallClock
    private let accounts: ImportAccounts
    private var reader = CSVReader()
    private var sheet: TaskSheet?
    private var nextChunk: Int64 = 0
    private var isAtEnd = false
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
                    try reader.read(chunk) { try take($0) }
                } else {
                    isAtEnd = true
                    try reader.finish { try take($0) }
                }
            } catch is CSVFault {
                throw JobFailure("The stored table cannot be read any more.")
            }
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
            case .unknown?:
                batch.faults.append(
                    RowFault(row: number, column: sheet.name(of: .assignedUser), detail: "there is no active user of that name"))
            case .known(let id)?: batch.rows.append(row(number, draft, assignee: id, at: now))
            case .planned?, nil: batch.rows.append(row(number, draft, assignee: nil, at: now))
            }
        }
        return batch
    }

    private func row(_ number: Int64, _ draft: TaskSheet.Draft, assignee: ID<User>?, at now: Instant) -> ImportRow {
        var new = draft.task
        new.assigneeID = assignee
        let created = draft.createdAt.map { $0.start..<($0.isDay ? $0.start + .seconds(86_400) : $0.start + .milliseconds(1)) }
        let likeness = Tasks.Likeness(
            row: number, title: new.title, description: new.description, assigneeID: assignee, created: created)
        let task = PreparedTask(
            new, owner: item.ownerID, createdAt: draft.createdAt?.start ?? now, completedAt: draft.completedAt, at: now)
        return ImportRow(number: number, key: Self.key(likeness, draft.assignee), likeness: likeness, task: task)
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

/// Who the rows name. What was found once is not asked for again.
actor ImportAccounts {
    enum Finding: Sendable {
        case known(ID<User>)
        /// Will be made when the import is not only tried.
        case planned
        case unknown
    }

    /// Names that are remembered: a table can name as many as it has rows.
    private static let memory = 10_000

    private let item: TaskImport
    private let run: JobRun
    private var found: [String: Finding] = [:]

    init(_ item: TaskImport, _ run: JobRun) {
        self.item = item
        self.run = run
    }

    func find(_ names: Set<String>) async throws -> [String: Finding] {
        if found.count > Self.memory { found = [:] }
        let new = names.subtracting(found.keys)
        if !new.isEmpty {
            let item = item
            let sorted = new.sorted()
            for start in stride(from: 0, to: sorted.count, by: 100) {
                let part = Array(sorted[start..<min(start + 100, sorted.count)])
                let findings = try await run.store.read { tx in try Self.look(for: part, item, tx) }
                for (name, finding) in zip(part, findings) { found[name] = finding }
            }
            if item.options.createsUsers { try await plan(new) }
        }
        return found.filter { names.contains($0.key) }
    }

    private static func look(for names: [String], _ item: TaskImport, _ tx: Tx) throws -> [Finding] {
        let owner = try Users(tx).get(item.ownerID)
        return try names.map { name in
            guard let user = try account(name, owner, tx) else { return .unknown }
            if user.isActive { return .known(user.id) }
            // What an import has made before.
            let isMade = try item.options.createsUsers && Users(tx).passwordHash(of: user.id) == nil
            return isMade ? .known(user.id) : .unknown
        }
    }

    /// Addresses say nothing to those who may not see them.
    private static func account(_ name: String, _ owner: User, _ tx: Tx) throws -> User? {
        if name.hasPrefix("#") { return try Int64(name.dropFirst()).flatMap { try Users(tx).find(ID($0)) } }
        guard name.contains("@") else { return try Users(tx).find(username: name) }
        guard let user = try Users(tx).find(email: name), owner.role == .admin || user.id == owner.id else { return nil }
        return user
    }

    private func plan(_ names: Set<String>) async throws {
        for name in names.sorted() {
            guard case .unknown? = found[name] else { continue }
            let isAddress = User.isEmail(name)
            guard isAddress || User.isUsername(name) else { continue }
            if item.options.isDryRun || item.phase == .checking {
                found[name] = .planned
            } else {
                // An account has an address; this one leads nowhere (RFC 2606).
                let new = NewUser(
                    email: isAddress ? name : "\(name)@imported.invalid", username: isAddress ? nil : name, isActive: false)
                found[name] = .known(try await make(new))
            }
        }
    }

    private func make(_ new: NewUser) async throws -> ID<User> {
        let item = item
        return try await run.write { entry in
            guard let owner = try Users(entry.tx).lock(item.ownerID), owner.isActive, owner.role == .admin else {
                throw JobFailure("Only an active admin creates accounts.")
            }
            let user = try Users(entry.tx).insert(new, passwordHash: nil, at: entry.now)
            try entry.record(.userCreated, .user(user.id), user.differences(from: nil))
            return user.id
        }
    }
}
