// Tasks as files, as the command line asks for them: their bytes come from it and go to it, and no path of it is opened here.
import API
import ChangeLedger
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
    func export(for user: User, as format: String, hasByteOrderMark: Bool, to bytes: CommandBytes) async throws -> AdminReply {
        guard let format = ExportFormat(rawValue: format.lowercased()) else {
            return AdminReply(error: "a format is one of \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")), not “\(format)”")
        }
        guard format == .csv || !hasByteOrderMark else { return AdminReply(error: "only a CSV file begins with a byte order mark") }
        let file = format.file(bom: hasByteOrderMark)
        try await installation.rooms.tasks.export(TaskSelection(.mine), as: file, asSeenBy: user).write(bytes.send)
        return AdminReply(lines: ["exported the tasks of \(user.email)"])
    }

    // MARK: Import

    /// Takes the file into the database and queues its import.
    func startImport(for user: User, _ order: ImportOrder, from bytes: CommandBytes, by author: Author) async throws -> AdminReply {
        guard user.isActive else { return AdminReply(error: "\(user.email) is not active") }
        if order.createsUsers, user.role != .admin { return AdminReply(error: "only for an admin accounts are made") }
        let options = try order.options()
        let hints = try order.hints()
        let imports = installation.rooms.imports
        let table = try await imports.receive(for: user.id, hints) { take in
            while let piece = try await bytes.next() { try await take(piece) }
        }
        let job: Job
        do {
            job = try await installation.rooms.ledger.perform(imports.start(table, options, for: user.id, by: author))
        } catch {
            await imports.discard(table.fileID)
            throw error
        }
        return AdminReply(job: JobNews(job))
    }

    func news(of id: ID<Job>) async throws -> AdminReply {
        guard let job = try await installation.store.read({ try Jobs($0).find(id) }) else {
            return AdminReply(error: "there is no such job")
        }
        return AdminReply(job: JobNews(job))
    }
}

extension ImportOrder {
    fileprivate func options() throws -> TaskImport.Options {
        let failsUnknownUsers =
            switch unknownUsers {
            case nil, "unassign": false
            case "fail": true
            case let word?: throw SettingsError("--unknown-users is unassign or fail, not “\(word)”")
            }
        return TaskImport.Options(
            isDryRun: isDryRun, isAtomic: isAtomic, createsUsers: createsUsers, failsUnknownUsers: failsUnknownUsers)
    }

    fileprivate func hints() throws -> ImportHints {
        if let timeZone, !User.isTimeZone(timeZone) {
            throw SettingsError("--tz must be an IANA time zone such as Europe/Berlin, not “\(timeZone)”")
        }
        return ImportHints(
            kind: try Self.word(format, of: "--format"), charset: try Self.word(charset, of: "--charset"),
            delimiter: try Self.word(delimiter, of: "--delimiter"), dateOrder: try Self.word(dateOrder, of: "--date-order"),
            columns: try fields(), timeZone: timeZone)
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(_ text: String?, of option: String) throws -> Word? {
        guard let text else { return nil }
        guard let word = Word(rawValue: text.lowercased()) else {
            throw SettingsError("\(option) is one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")), not “\(text)”")
        }
        return word
    }

    private func fields() throws -> [String: String?] {
        guard let columns else { return [:] }
        do {
            return try ImportHints.columns(json: columns)
        } catch {
            throw SettingsError("--columns \(error.detail)")
        }
    }
}

extension JobNews {
    fileprivate init(_ job: Job) {
        self.init(
            id: job.id.value, isFinal: job.state.isFinal, isCancelled: job.state == .cancelled, state: job.state.word,
            done: job.progress.done, total: job.progress.total ?? 0, result: job.result, error: job.error)
    }
}
