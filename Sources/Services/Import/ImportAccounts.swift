// The people whom the rows of an import name: found, or made when an admin asked for that.
import Model
import Repositories
import StoreCore

/// Who the rows name. What was found once is not asked for again.
actor ImportAccounts {
    enum Finding: Sendable {
        case known(ID<User>)
        /// Will be made when the import is not only tried.
        case planned
        case unusable(String)

        static let unknown = unusable("there is no active user of that name")
        static let clash = unusable("an account cannot be made, since another one has that name or address")
    }

    /// Where the addresses of those who are named by a username lead: nowhere (RFC 2606). Nobody else gets one there.
    private static let nowhere = "@imported.invalid"

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
                let findings = try await run.store.read { tx in
                    guard let owner = try Users(tx).find(item.ownerID) else { throw JobFailure("The account is not active any more.") }
                    return try part.map { try Self.look(for: $0, owner, item, tx) }
                }
                for (name, finding) in zip(part, findings) { found[name] = finding }
            }
            if !item.options.isDryRun, item.phase == .inserting {
                for name in sorted { if case .planned? = found[name] { found[name] = try await make(name) } }
            }
        }
        return found.filter { names.contains($0.key) }
    }

    private static func look(for name: String, _ owner: User, _ item: TaskImport, _ tx: Tx) throws -> Finding {
        guard let user = try account(name, owner, tx) else {
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
        if name.hasPrefix("#") { return try Int64(name.dropFirst()).flatMap { try Users(tx).find(ID($0)) } }
        guard name.contains("@") else { return try Users(tx).find(username: name) }
        guard let user = try Users(tx).find(email: name), owner.role == .admin || user.id == owner.id else { return nil }
        return user
    }

    private func make(_ name: String) async throws -> Finding {
        let item = item
        do {
            return try await run.write { entry in
                guard let owner = try Users(entry.tx).lock(item.ownerID), owner.isActive, owner.role == .admin else {
                    throw JobFailure("Only an active admin creates accounts.")
                }
                // It may have been made since: by this import, for the same name in other letters.
                let finding = try Self.look(for: name, owner, item, entry.tx)
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
