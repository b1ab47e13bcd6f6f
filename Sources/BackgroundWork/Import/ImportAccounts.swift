// The people whom the rows of an import name: found, or made when an admin asked for that.
import ChangeLedger
import Model
import Repositories
import StoreCore

/// Who the rows name. What was found once is not asked for again.
actor ImportAccounts {
    enum Finding: Sendable {
        /// The row names nobody.
        case nobody
        case known(ID<User>)
        /// Found by what it shows as its name, which anybody can choose: its username says who it is.
        case shown(username: String, ID<User>)
        /// Will be made when the import is not only tried.
        case planned
        case unusable(String)

        var id: ID<User>? {
            switch self {
            case .known(let id), .shown(_, let id): id
            case .nobody, .planned, .unusable: nil
            }
        }

        static let unknown = unusable("there is no active user with that name")
        static let clash = unusable("the account cannot be created, since another account has that name or address")
    }

    /// Where the addresses of those who are named by a username lead: nowhere (RFC 2606). Nobody else gets one there.
    private static let nowhere = "@imported.invalid"

    /// Names that are remembered: a table can name as many as it has rows.
    private static let memory = 10_000

    private let item: TaskImport
    private let run: JobRun
    private var found: [[String]: Finding] = [:]

    init(_ item: TaskImport, _ run: JobRun) {
        self.item = item
        self.run = run
    }

    /// - Parameter people: the names of one person each, the surest first.
    func find(_ people: [[String]]) async throws -> [[String]: Finding] {
        if found.count > Self.memory { found = [:] }
        let new = Set(people).subtracting(found.keys)
        if !new.isEmpty {
            let item = item
            let sorted = new.sorted { $0.lexicographicallyPrecedes($1) }
            for start in stride(from: 0, to: sorted.count, by: 100) {
                let part = Array(sorted[start..<min(start + 100, sorted.count)])
                let findings = try await run.store.read { tx in
                    guard let owner = try Users(tx).find(item.ownerID) else { throw JobFailure("The account is not active.") }
                    let shown = try Self.shown(part, owner.id, tx)
                    return try part.map { names in
                        let findings = try names.map { try Self.look(for: $0, shown, owner, item, tx) }
                        return findings.first { if case .known = $0 { true } else { false } } ?? findings.first { $0.id != nil }
                            ?? findings.first { if case .planned = $0 { true } else { false } }
                            ?? findings.first ?? .nobody
                    }
                }
                for (names, finding) in zip(part, findings) { found[names] = finding }
            }
            if !item.options.isDryRun, item.phase == .inserting {
                for names in sorted { if case .planned? = found[names] { found[names] = try await make(names) } }
            }
        }
        let asked = Set(people)
        return found.filter { asked.contains($0.key) }
    }

    /// The accounts that alone show one of the names: where a file has nothing but what its program shows of people. Anybody can choose what
    /// he shows, so that only accounts count that the owner has given a task before.
    private static func shown(_ people: [[String]], _ owner: ID<User>, _ tx: Tx) throws -> [String: Finding] {
        let names = Set(people.joined().filter { !$0.contains("@") && !$0.utf8.contains(0) }).sorted()
        if names.isEmpty { return [:] }
        let groups = Dictionary(grouping: try Users(tx).active(named: names, knownTo: owner), by: \.name)
        return groups.compactMapValues { $0.count == 1 ? .shown(username: $0[0].username ?? "account \($0[0].id)", $0[0].id) : nil }
    }

    private static func look(
        for name: String, _ shown: [String: Finding], _ owner: User, _ item: TaskImport, _ tx: Tx
    ) throws -> Finding {
        guard let user = try account(name, owner, tx) else {
            if let finding = shown[name] { return finding }
            return item.options.createsUsers ? try plan(name, owner, tx) : .unknown
        }
        if user.isActive { return .known(user.id) }
        guard item.options.createsUsers else { return .unknown }
        // What an import has made before.
        return try Users(tx).passwordHash(of: user.id) == nil ? .known(user.id) : .unusable("the account is not active")
    }

    /// Whether an account of that name can be made: what would be refused then is told now.
    private static func plan(_ name: String, _ owner: User, _ tx: Tx) throws -> Finding {
        if User.isEmail(name) {
            // It may be somebody's whom the owner may not see any more.
            let isFree = try !name.lowercased().hasSuffix(nowhere) && Users(tx).find(email: name) == nil
            return isFree ? .planned : .clash
        }
        guard User.isUsername(name) else { return .unknown }
        return try Users(tx).find(email: name + nowhere) == nil ? .planned : .clash
    }

    /// Addresses say nothing to those who may not see them.
    private static func account(_ name: String, _ owner: User, _ tx: Tx) throws -> User? {
        if name.utf8.contains(0) { return nil }
        if let id = try User.id(exported: name, tx) { return try Users(tx).find(id) }
        guard name.contains("@") else { return try Users(tx).find(username: name) }
        guard let user = try Users(tx).find(email: name), owner.role == .admin || user.id == owner.id else { return nil }
        return user
    }

    private func make(_ names: [String]) async throws -> Finding {
        let item = item
        guard let name = names.first(where: User.isEmail) ?? names.first(where: User.isUsername) else { return .unknown }
        do {
            return try await run.write { entry in
                guard let owner = try Users(entry.tx).lock(item.ownerID), owner.isActive, owner.role == .admin else {
                    throw JobFailure("Only an active admin may create accounts.")
                }
                // It may have been made since: by this import, for the same name in other letters.
                let finding = try Self.look(for: name, [:], owner, item, entry.tx)
                guard case .planned = finding else { return finding }
                let isAddress = User.isEmail(name)
                let new = NewUser(
                    email: isAddress ? name : name + Self.nowhere, username: isAddress ? nil : name, isActive: false)
                let user = try Users(entry.tx).insert(new, passwordHash: nil, at: entry.now)
                try entry.record(.userCreated, .user(user.id), user.differences(from: nil))
                return .known(user.id)
            }
        } catch Failure.conflict, StoreError.duplicate {
            return .clash
        }
    }
}
