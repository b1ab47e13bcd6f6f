// What the command line can ask of an installation, and what it gets to print. The same value is run here or sent to the running server.

package enum AdminCommand: Codable, Sendable {
    case createUser(email: String, username: String?, name: String?, role: String, password: String)
    case listUsers
    case setRole(who: String, role: String)
    case deactivate(who: String)
    case resetPassword(who: String, password: String)
    case seedDemo
    case backup(path: String)
    case exportTasks(who: String, format: String, path: String)
    case importTasks(who: String, path: String, dryRun: Bool, atomic: Bool, createUsers: Bool)
    case job(Int64)
    case doctor
    case auditCheckpoint
    case auditVerify(checkpoint: String?)

    /// A look and a copy take the database as it is, whichever version wrote it.
    package var needsCurrentSchema: Bool {
        switch self {
        case .backup, .doctor: false
        case .createUser, .listUsers, .setRole, .deactivate, .resetPassword, .seedDemo, .exportTasks, .importTasks, .job, .auditCheckpoint,
            .auditVerify:
            true
        }
    }
}

package struct AdminReply: Codable, Sendable {
    package var lines: [String]
    /// Why it failed; the lines before it still hold.
    package var error: String?
    /// How a job is getting on.
    package var job: JobNews?

    package init(lines: [String] = [], error: String? = nil, job: JobNews? = nil) {
        self.lines = lines
        self.error = error
        self.job = job
    }
}

package struct JobNews: Codable, Sendable {
    package var id: Int64
    package var isFinal: Bool
    package var state: String
    package var done: Int64
    package var total: Int64
    package var result: String?
    package var error: String?
}
