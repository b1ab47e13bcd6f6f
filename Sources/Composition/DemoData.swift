// Two documented accounts and 200 tasks to try things with. Made only when asked for, and never in production.
import API
import ChangeLedger
import Credentials
import Model
import Repositories
import StoreCore

struct DemoData: Sendable {
    struct Account: Sendable {
        let email: String
        let username: String
        let name: String
        let role: Role
        let password: String
    }

    static let accounts = [
        Account(email: "admin@example.com", username: "admin", name: "Ada Admin", role: .admin, password: "admin123"),
        Account(email: "user@example.com", username: "user", name: "Uwe User", role: .user, password: "user123"),
    ]

    private static let count = 200

    private let installation: Installation

    init(_ installation: Installation) { self.installation = installation }

    func seed() async throws -> AdminReply {
        guard !installation.settings.isProduction else {
            return AdminReply(error: "demo data has known passwords and is never made with TASKFLOW_ENV=production")
        }
        var hashes: [String] = []
        for account in Self.accounts { hashes.append(try await installation.hasher.hash(account.password)) }
        let passwordHashes = hashes
        let change = Change<AdminReply>(by: .system(.commandLine, "seed")) { entry in
            guard try Users(entry.tx).find(email: Self.accounts[0].email) == nil else {
                return AdminReply(lines: ["the demo data is there already"])
            }
            let users = try zip(Self.accounts, passwordHashes).map { account, hash in
                let new = NewUser(email: account.email, username: account.username, name: account.name, role: account.role)
                let user = try Users(entry.tx).insert(new, passwordHash: hash, at: entry.now)
                try entry.record(.userCreated, .user(user.id), user.differences(from: nil))
                return user
            }
            for index in 0..<Self.count {
                let owner = users[index % 3 == 0 ? 0 : 1]
                let task = try Tasks(entry.tx).insert(
                    Self.task(index, assignee: users[index % 2].id, now: entry.now), owner: owner.id, at: entry.now)
                try entry.record(.taskCreated, .task(task, before: nil), task.differences(from: nil))
            }
            return AdminReply(
                lines: ["made \(Self.count) tasks and two accounts:"]
                    + Self.accounts.map { "  \($0.role.rawValue): \($0.email) / \($0.password)" })
        }
        return try await installation.rooms.ledger.perform(change)
    }

    private static func task(_ index: Int, assignee: ID<User>, now: Instant) -> NewTask {
        let verbs = ["Review", "Plan", "Fix", "Write", "Update", "Call about", "Prepare", "Test", "Order", "Clean up"]
        let things = [
            "the quarterly report", "the login page", "the backup of the file server", "the contract with the printer", "the release notes",
            "the onboarding guide", "the invoice of March", "the search index", "the meeting room", "the customer survey",
            "the data export", "the phone list", "the holiday calendar", "the test plan", "the price list", "the café menu",
            "the office plants", "the VPN certificate", "the dashboard", "the parking permits",
        ]
        let labels = [["ops"], ["docs"], ["customer", "urgent"], ["finance"], [], ["office"]]
        let due: Duration? = index % 4 == 3 ? nil : .seconds(Int64(index % 60 - 15) * 86_400)
        return NewTask(
            title: "\(verbs[index % verbs.count]) \(things[(index / verbs.count) % things.count])",
            description: index % 3 == 0 ? "Talk to the team first, then do it, then tell everybody." : nil,
            status: TaskStatus.allCases[index % 5 % 3], priority: TaskPriority.allCases[index % 7 % 4],
            assigneeID: index % 5 == 0 ? assignee : nil, labels: labels[index % labels.count],
            due: due.map { index % 2 == 0 ? .at(now + $0) : .on((now + $0).day) },
            archived: index % 20 == 19)
    }
}
