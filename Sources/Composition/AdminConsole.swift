// Runs the commands of the command line on an installation that this process owns.
import API
import ChangeLedger
import Credentials
import Foundation
import Live
import Model
import Repositories
import Services
import StoreCore
import StoreSQLite

package struct AdminConsole: Sendable {
    private let installation: Installation

    package init(_ installation: Installation) { self.installation = installation }

    private var rooms: (users: UserService, ledger: Ledger) { (installation.rooms.users, installation.rooms.ledger) }
    private let author = Author.system(.commandLine, "command-line")

    package func run(_ command: AdminCommand, _ bytes: CommandBytes = CommandBytes()) async -> AdminReply {
        do {
            return try await perform(command, bytes)
        } catch Failure.invalid(let violations) {
            return AdminReply(error: violations.map { "\($0.field) \($0.detail)" }.joined(separator: "; "))
        } catch let failure as Failure {
            return AdminReply(error: Self.words(for: failure))
        } catch {
            return AdminReply(error: "\(error)")
        }
    }

    private func perform(_ command: AdminCommand, _ bytes: CommandBytes) async throws -> AdminReply {
        switch command {
        case .createUser(let email, let username, let name, let role, let password):
            return try await createUser(email, username, name, role, password)
        case .listUsers: return try await listUsers()
        case .setRole(let who, let role):
            guard let role = Role(rawValue: role) else { return AdminReply(error: "a role is user or admin, not “\(role)”") }
            let user = try await rooms.ledger.perform(rooms.users.update(try await find(who), UserChanges(role: role), by: author))
            return AdminReply(lines: ["\(user.email) is \(user.role.rawValue) now"])
        case .deactivate(let who):
            let user = try await rooms.ledger.perform(rooms.users.update(try await find(who), UserChanges(isActive: false), by: author))
            return AdminReply(lines: ["\(user.email) is deactivated and logged out everywhere"])
        case .resetPassword(let who, let password):
            let change = try await rooms.users.resetPassword(of: try await find(who), to: password, by: author)
            let user = try await rooms.ledger.perform(change)
            return AdminReply(lines: ["\(user.email) has a new password and is logged out everywhere"] + notes)
        case .seedDemo: return try await DemoData(installation).seed()
        case .addTask(let who, let text):
            return try await WrittenTask(installation).add(text, for: try await account(who), by: author)
        case .backup(let path, let keep): return try await backup(to: path, keep: keep)
        case .exportTasks(let who, let format, let hasByteOrderMark):
            return try await TaskFiles(installation).export(
                for: try await account(who), as: format, hasByteOrderMark: hasByteOrderMark, to: bytes)
        case .importTasks(let order):
            return try await TaskFiles(installation).startImport(for: try await account(order.who), order, from: bytes, by: author)
        case .job(let id): return try await TaskFiles(installation).news(of: ID(id))
        case .cancelJob(let id):
            _ = try await rooms.ledger.perform(installation.rooms.jobs.cancel(ID(id), by: author))
            return try await TaskFiles(installation).news(of: ID(id))
        case .doctor: return try await doctor()
        case .auditCheckpoint:
            try await installation.sealer.sealAll()
            return AdminReply(lines: [try await installation.rooms.audit.checkpoint()])
        case .auditVerify(let checkpoint): return try await verifyAudit(against: checkpoint)
        }
    }

    /// What whoever sets a password should know.
    private var notes: [String] { installation.missingPasswordList.map { ["note: \($0)"] } ?? [] }

    private func createUser(_ email: String, _ username: String?, _ name: String?, _ role: String, _ password: String) async throws
        -> AdminReply
    {
        guard let role = Role(rawValue: role) else { return AdminReply(error: "a role is user or admin, not “\(role)”") }
        guard User.isEmail(email) else { return AdminReply(error: "“\(email)” is not an e-mail address") }
        if let username, !User.isUsername(username) { return AdminReply(error: "“\(username)” is not a username") }
        if let name, name.isBlank || !User.nameLength.contains(name.unicodeScalars.count) {
            return AdminReply(
                error: "a name has \(User.nameLength.lowerBound) to \(User.nameLength.upperBound) characters, and one that can be seen")
        }
        let new = NewUser(email: email, username: username, name: name, role: role)
        let user = try await rooms.ledger.perform(try await rooms.users.create(.init(user: new, password: password), by: author))
        return AdminReply(lines: ["created \(user.role.rawValue) \(user.email) with id \(user.id)"] + notes)
    }

    private func listUsers() async throws -> AdminReply {
        var lines = [Self.row("ID", "ROLE", "ACTIVE", "USERNAME", "E-MAIL")]
        var last: Int64?
        repeat {
            let after = last
            let users = try await installation.store.read { try Users($0).list(.init(), after: after, limit: 1000) }
            lines += users.map { Self.row("\($0.id)", $0.role.rawValue, $0.isActive ? "yes" : "no", $0.username ?? "–", $0.email) }
            last = users.last?.id.value
        } while last != nil
        return AdminReply(lines: lines)
    }

    private static func row(_ id: String, _ role: String, _ active: String, _ username: String, _ email: String) -> String {
        func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
        return "\(padded(id, 8))\(padded(role, 8))\(padded(active, 8))\(padded(username, 24))\(email)"
    }

    /// An id, an e-mail address or a username.
    private func find(_ who: String) async throws -> ID<User> { try await account(who).id }

    private func account(_ who: String) async throws -> User {
        let user = try await installation.store.read { tx -> User? in
            if let id = Int64(who) { return try Users(tx).find(ID(id)) }
            return try Users(tx).find(Identifier(who))
        }
        guard let user else { throw Failure.notFound(.user) }
        return user
    }

    private func backup(to path: String, keep: Int?) async throws -> AdminReply {
        guard !FileManager.default.fileExists(atPath: path) else { return AdminReply(error: "\(path) exists already: name another file") }
        guard access(path.folderAbove, W_OK | X_OK) == 0 else {
            return AdminReply(error: "the folder \(path.folderAbove.wholePath) cannot take a backup: \(SystemReason(errno))")
        }
        // Written beside and renamed: a file under that name is a whole backup.
        let unfinished = path + ".unfinished"
        try? FileManager.default.removeItem(atPath: unfinished)
        if let store = installation.store as? SQLiteStore {
            try await store.backup(to: unfinished)
        } else {
            try await BackupFile(unfinished).write(from: installation.settings.database)
        }
        let contents = try await BackupFile(unfinished).verify()
        try FileManager.default.moveItem(atPath: unfinished, toPath: path)
        try installation.folder.noteBackup(at: installation.rooms.clock.now())
        let removed = try keep.map { try BackupFile.removeOldest(in: path.folderAbove, keeping: $0) } ?? []
        return AdminReply(lines: ["backed up to \(path): \(contents)"] + removed.map { "removed \($0)" })
    }

    private func doctor() async throws -> AdminReply {
        let findings = try await Doctor(installation).findings()
        var reply = AdminReply(error: findings.allSatisfy(\.isHealthy) ? nil : "something is wrong: see the lines marked FAIL")
        reply.findings = findings
        return reply
    }

    private func verifyAudit(against checkpoint: String?) async throws -> AdminReply {
        try await installation.sealer.sealAll()
        let report = try await installation.rooms.audit.verify(against: checkpoint)
        var lines = report.faults.map { fault in
            let place = [fault.position.map { "position \($0)" }, fault.eventID.map { "event \($0)" }].compactMap(\.self)
            return "FAIL  \(fault.kind.rawValue): \((place + [fault.detail]).joined(separator: ", "))"
        }
        lines.append("\(report.sealed) events are sealed, \(report.pending) wait; the chain ends at position \(report.head.position)")
        if report.isIntact { return AdminReply(lines: lines + ["the audit is what was recorded"]) }
        return AdminReply(lines: lines, error: "the audit is not what was recorded: see the lines marked FAIL")
    }

    private static func words(for failure: Failure) -> String {
        switch failure {
        case .notFound(let thing): "there is no such \(thing.rawValue)"
        case .conflict(.emailTaken), .conflict(.emailTakenMeanwhile): "there is an account with this e-mail address"
        case .conflict(.usernameTaken): "there is an account with this username"
        case .conflict(.lastAdmin): "the last active admin cannot be demoted or deactivated"
        case .conflict(.importInProgress): "the same file of that account is being imported already"
        case .conflict(.tooManyImports): "there are \(TaskImport.unfinishedLimit) imports of that account that have not ended: wait for one"
        case .conflict(.jobEnded): "the job has ended already"
        case .unavailable, .limited: "the server is busy: try again"
        default: "\(failure)"
        }
    }
}
