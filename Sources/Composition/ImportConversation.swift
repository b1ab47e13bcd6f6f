// An import from the command line: sent to the server that owns the data, or done here, and watched until it ends.
import Foundation
package import Logging
import ServiceLifecycle

package struct ImportConversation: Sendable {
    private static let pause: Duration = .milliseconds(200)

    private let settings: Settings
    private let logger: Logger

    package init(_ settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// - Parameter show: hears how far it has come.
    /// - Returns: what is to be said at the end.
    package func run(_ command: AdminCommand, show: (JobNews) -> Void) async throws -> AdminReply {
        let installation: Installation
        do {
            installation = try await Installation(settings)
        } catch DataFolder.Problem.held {
            let socket = DataFolder.controlSocket(in: settings.dataFolder)
            return try await watch(command, show) { try await ControlSocket.send($0, to: socket) }
        }
        // With a server database other processes may take the job as well.
        let workers = installation.workers(places: 4, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [.init(service: workers)], logger: logger))
        let console = AdminConsole(installation)
        async let work: Void = group.run()
        let reply: AdminReply
        do {
            reply = try await watch(command, show) { await console.run($0) }
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await work
        try await installation.close()
        return reply
    }

    private func watch(
        _ command: AdminCommand, _ show: (JobNews) -> Void, _ send: (AdminCommand) async throws -> AdminReply
    ) async throws -> AdminReply {
        var reply = try await send(command)
        while let job = reply.job {
            show(job)
            if job.isFinal { return Self.words(job) }
            try await Task.sleep(for: Self.pause)
            reply = try await send(.job(job.id))
        }
        return reply
    }

    private struct Result: Decodable {
        struct Fault: Decodable {
            var row: Int64
            var column: String
            var detail: String
        }

        var created: Int64
        var skipped: Int64
        var failed: Int64
        var errors: [Fault]
    }

    /// Faults that are shown; the file of the job has all of them.
    private static let shownFaults = 20

    private static func words(_ job: JobNews) -> AdminReply {
        guard let text = job.result, let result = try? JSONDecoder().decode(Result.self, from: Data(text.utf8)) else {
            return AdminReply(error: "the import is \(job.state): \(job.error ?? "no reason was given")")
        }
        var lines = result.errors.prefix(shownFaults).map { fault in
            "row \(fault.row)\(fault.column.isEmpty ? "" : ", \(fault.column)"): \(fault.detail)"
        }
        if result.errors.count > shownFaults { lines.append("… and more: GET /api/v1/jobs/\(job.id)/result has them all") }
        lines.append("\(result.created) created, \(result.skipped) skipped as repetitions, \(result.failed) failed (job \(job.id))")
        return AdminReply(lines: lines)
    }
}
