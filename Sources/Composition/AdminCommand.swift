// What the command line can ask of an installation, and what it gets to print. The same value is run here or sent to the running server.
package import StoreCore

package enum AdminCommand: Codable, Sendable {
    case createUser(email: String, username: String?, name: String?, role: String, password: String)
    case listUsers
    case setRole(who: String, role: String)
    case deactivate(who: String)
    case resetPassword(who: String, password: String)
    case seedDemo
    case addTask(who: String, text: String)
    /// With `keep`, so many of the backups that were named by their time stay in the folder; older ones are removed.
    case backup(path: String, keep: Int?)
    /// The bytes of the file come before the reply.
    case exportTasks(who: String, format: String, hasByteOrderMark: Bool)
    /// The bytes of the file come after the command.
    case importTasks(ImportOrder)
    case job(Int64)
    case cancelJob(Int64)
    case doctor
    case auditCheckpoint
    case auditVerify(checkpoint: String?)

    /// A look and a copy take the database as it is, whichever version wrote it.
    package var needsCurrentSchema: Bool {
        switch self {
        case .backup, .doctor: false
        case .createUser, .listUsers, .setRole, .deactivate, .resetPassword, .seedDemo, .addTask, .exportTasks, .importTasks, .job,
            .cancelJob,
            .auditCheckpoint, .auditVerify:
            true
        }
    }
}

extension AdminCommand {
    /// Whether it makes an installation where there is none.
    package var creates: Bool {
        switch self {
        case .createUser, .seedDemo: true
        case .listUsers, .setRole, .deactivate, .resetPassword, .addTask, .backup, .exportTasks, .importTasks, .job, .cancelJob, .doctor,
            .auditCheckpoint, .auditVerify:
            false
        }
    }

    /// Whether it seals or signs. An import does the jobs that follow from it.
    package var signs: Bool {
        switch self {
        case .importTasks, .auditCheckpoint, .auditVerify: true
        case .createUser, .listUsers, .setRole, .deactivate, .resetPassword, .seedDemo, .addTask, .backup, .exportTasks, .job, .cancelJob,
            .doctor:
            false
        }
    }
}

/// What is asked for with a file; the words of the options are judged where the import begins.
package struct ImportOrder: Codable, Sendable {
    /// Who owns the tasks: an id, e-mail address or username.
    package var who: String
    package var isDryRun = false
    package var isAtomic = false
    package var createsUsers = false
    /// `unassign` or `fail`.
    package var unknownUsers: String?
    package var format: String?
    package var charset: String?
    package var delimiter: String?
    package var dateOrder: String?
    /// A JSON object with the names of columns and the fields that they are read as.
    package var columns: String?
    package var timeZone: String?

    package init(who: String) { self.who = who }
}

/// The bytes that go with a command.
package struct CommandBytes {
    /// The next bytes of the file that is sent; `nil` at the end.
    package var next: () async throws -> [UInt8]?
    /// Takes bytes of the file that was asked for, and waits until there is room.
    package var send: ([UInt8]) async throws -> Void

    package init(next: @escaping () async throws -> [UInt8]? = { nil }, send: @escaping ([UInt8]) async throws -> Void = { _ in }) {
        self.next = next
        self.send = send
    }
}

package struct AdminReply: Codable, Sendable {
    package var lines: [String]
    /// Why it failed; the lines before it still hold.
    package var error: String?
    /// How a job is getting on.
    package var job: JobNews?
    /// What the doctor found.
    package var findings: [Diagnosis]?

    package init(lines: [String] = [], error: String? = nil, job: JobNews? = nil) {
        self.lines = lines
        self.error = error
        self.job = job
    }
}

package struct JobNews: Codable, Sendable {
    package var id: Int64
    package var isFinal: Bool
    package var isCancelled: Bool
    package var state: String
    package var done: Int64
    package var total: Int64
    package var result: String?
    package var error: String?
}
