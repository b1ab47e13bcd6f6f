// Tasks to files of this machine, as the command line asks for them.
import API
import Foundation
import Model
import Repositories
import Services
import StoreCore
import TaskFormats

struct TaskFiles: Sendable {
    private let installation: Installation

    init(_ installation: Installation) { self.installation = installation }

    /// Writes what that account owns or is assigned.
    func export(for user: User, as format: String, to path: String) async throws -> AdminReply {
        guard let format = ExportFormat(rawValue: format.lowercased()) else {
            return AdminReply(error: "a format is one of \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")), not “\(format)”")
        }
        guard !FileManager.default.fileExists(atPath: path) else { return AdminReply(error: "\(path) exists already") }
        let stream = try await installation.rooms.tasks.export(TaskSelection(.mine), as: format.file(bom: false), asSeenBy: user)
        // Written beside and renamed: a file under that name is whole.
        let unfinished = path + ".unfinished"
        try? FileManager.default.removeItem(atPath: unfinished)
        guard FileManager.default.createFile(atPath: unfinished, contents: nil), let file = FileHandle(forWritingAtPath: unfinished) else {
            return AdminReply(error: "\(path) cannot be written")
        }
        do {
            try await stream.write { try file.write(contentsOf: $0) }
            try file.synchronize()
            try file.close()
            try FileManager.default.moveItem(atPath: unfinished, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw error
        }
        return AdminReply(lines: ["exported the tasks of \(user.email) to \(path)"])
    }

    // MARK: Import

    /// Takes the file into the database and queues its import.
    func startImport(for user: User, _ options: TaskImport.Options, from path: String) async throws -> AdminReply {
        guard user.isActive else { return AdminReply(error: "\(user.email) is not active") }
        if options.createsUsers, user.role != .admin { return AdminReply(error: "only for an admin accounts are made") }
        guard let file = FileHandle(forReadingAtPath: path) else { return AdminReply(error: "\(path) cannot be read") }
        defer { try? file.close() }
        let imports = installation.rooms.imports
        let table = try await imports.receive(for: user.id, ImportHints()) { take in
            while let data = try file.read(upToCount: 256 << 10), !data.isEmpty { try await take(Array(data)) }
        }
        let change = imports.start(table, options, for: user.id, by: .system(.commandLine, "command-line"))
        return AdminReply(job: JobNews(try await installation.rooms.ledger.perform(change)))
    }

    func news(of id: ID<Job>) async throws -> AdminReply {
        guard let job = try await installation.store.read({ try Jobs($0).find(id) }) else {
            return AdminReply(error: "there is no such job")
        }
        return AdminReply(job: JobNews(job))
    }
}

extension JobNews {
    fileprivate init(_ job: Job) {
        self.init(
            id: job.id.value, isFinal: job.state.isFinal, state: job.state.word, done: job.progress.done, total: job.progress.total ?? 0,
            result: job.result, error: job.error)
    }
}
