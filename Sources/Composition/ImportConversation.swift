// An import from the command line: the file is sent, and its job watched until it ends or Ctrl-C leaves it.
import Foundation
package import Logging

package struct ImportConversation: Sendable {
    /// How it came out.
    package struct Ending: Sendable {
        /// 0 when every row arrived, 2 when some failed, 1 when the import did, and 130 after Ctrl-C.
        package var status: Int32
        package var lines: [String] = []
        package var error: String?
    }

    private static let pause: Duration = .milliseconds(200)

    private let settings: Settings
    private let interrupts: Interrupts
    private let logger: Logger

    package init(_ settings: Settings, _ interrupts: Interrupts, logger: Logger) {
        self.settings = settings
        self.interrupts = interrupts
        self.logger = logger
    }

    /// - Parameter show: hears how far it has come.
    package func run(_ order: ImportOrder, from file: InputFile, show: (JobNews) -> Void) async throws -> Ending {
        try await AdminConnection.open(settings, working: logger) { connection in
            let reply: AdminReply
            do {
                reply = try await connection.run(.importTasks(order), input: file)
            } catch is Interrupts.Interrupted {
                return Self.interrupted
            }
            guard let job = reply.job else { return interrupts.count > 0 ? Self.interrupted : Ending(status: 1, error: reply.error) }
            return try await watch(job, order, connection, show)
        }
    }

    private static let interrupted = Ending(status: Interrupts.exitStatus, error: "interrupted: nothing was imported")

    private func watch(
        _ first: JobNews, _ order: ImportOrder, _ connection: AdminConnection, _ show: (JobNews) -> Void
    ) async throws -> Ending {
        var (job, isAsked) = (first, false)
        while true {
            show(job)
            if job.isFinal { return Self.ending(job, order) }
            if interrupts.count > 0, !isAsked {
                isAsked = true
                guard await interrupts.isConfirmed("Cancel job \(job.id)?") else { return Self.left(job, connection) }
                // One that has ended meanwhile shows what became of it.
                _ = try await connection.run(.cancelJob(job.id))
            }
            try await Task.sleep(for: Self.pause)
            do {
                let reply = try await connection.run(.job(job.id))
                guard let news = reply.job else { return Self.lost(job, reply.error) }
                job = news
            } catch let error as SettingsError {
                return Self.lost(job, error.description)
            }
        }
    }

    private static func left(_ job: JobNews, _ connection: AdminConnection) -> Ending {
        let when = if case .here = connection { "goes on when a server runs" } else { "goes on" }
        return Ending(
            status: Interrupts.exitStatus,
            error: "job \(job.id) \(when). To see it: GET /api/v1/jobs/\(job.id). To cancel it: POST /api/v1/jobs/\(job.id)/cancel")
    }

    private static func lost(_ job: JobNews, _ reason: String?) -> Ending {
        let why = reason.map { ": \($0)" } ?? ""
        return Ending(
            status: 1,
            error: "job \(job.id) cannot be watched any more, and goes on when a server runs; see GET /api/v1/jobs/\(job.id)\(why)")
    }

    private struct Result: Decodable {
        struct Remark: Decodable {
            var row: Int64
            var column: String
            var detail: String

            var line: String { "row \(row)\(column.isEmpty ? "" : ", \(column)"): \(detail)" }
        }

        struct File: Decodable {
            var format: String
            var product: String?
            var charset: String?
            var delimiter: String?
            var ignored: [String]
            var notes: [String]
        }

        var created: Int64
        var skipped: Int64
        var failed: Int64
        var errors: [Remark]
        var notes: [Remark]
        var file: File
    }

    /// Remarks of a kind that are shown; the file of the job has those of 10 000 rows.
    private static let shownRemarks = 20

    private static func ending(_ job: JobNews, _ order: ImportOrder) -> Ending {
        guard let text = job.result, let result = try? JSONDecoder().decode(Result.self, from: Data(text.utf8)) else {
            return unfinished(job, order)
        }
        let file = result.file
        var lines = ["read as \([file.format, file.product, file.charset, file.delimiter].compactMap(\.self).joined(separator: ", "))"]
        lines += file.notes.map { "note: \($0)" }
        if !result.file.ignored.isEmpty { lines.append("note: columns that are left out: \(result.file.ignored.joined(separator: ", "))") }
        lines += result.errors.prefix(shownRemarks).map(\.line)
        lines += result.notes.prefix(shownRemarks).map { "note: \($0.line)" }
        if max(result.errors.count, result.notes.count) > shownRemarks {
            lines.append("… and more: GET /api/v1/jobs/\(job.id)/result has more of them")
        }
        if order.isDryRun { lines.append("this was a dry run: nothing was imported") }
        if order.isAtomic, result.failed > 0 { lines.append("nothing was imported, because some rows failed") }
        lines.append("\(result.created) created, \(result.skipped) skipped as repetitions, \(result.failed) failed (job \(job.id))")
        return Ending(status: result.failed > 0 ? 2 : 0, lines: lines)
    }

    private static func unfinished(_ job: JobNews, _ order: ImportOrder) -> Ending {
        guard job.isCancelled else {
            return Ending(status: 1, error: "job \(job.id) is \(job.state): \(job.error ?? "no reason was given")")
        }
        let remains =
            order.isAtomic || order.isDryRun
            ? "nothing stays" : "what is imported already stays, and POST /api/v1/imports/\(job.id)/undo takes it back"
        return Ending(status: Interrupts.exitStatus, error: "job \(job.id) is cancelled: \(remains)")
    }
}
