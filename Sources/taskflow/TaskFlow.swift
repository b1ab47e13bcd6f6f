// The front door: one command, its subcommands, and what they share.
import ArgumentParser
import Composition
import Foundation
import Logging
import Metrics

@main
struct TaskFlow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "taskflow", abstract: "A task-management server.", version: programVersion,
        subcommands: [
            Serve.self, Worker.self, Migrate.self, UserCommand.self, Seed.self, Backup.self, Restore.self, Transfer.self, Add.self,
            Export.self,
            Import.self, Audit.self,
            Doctor.self,
            OpenAPI.self,
        ])

    static func main() async {
        // Files are made for their owner only, and a client that goes away is an error, not a signal.
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asyncCommand = command as? any AsyncParsableCommand { try await asyncCommand.run() } else { try command.run() }
        } catch let ended as Ended {
            if let reason = ended.reason { FileHandle.standardError.write(Data("taskflow: \(reason)\n".utf8)) }
            exit(withError: ExitCode(ended.status))
        } catch let error as any CustomStringConvertible & Error where !(error is CleanExit) && !isArgumentError(error) {
            FileHandle.standardError.write(Data("taskflow: \(error.description)\n".utf8))
            exit(withError: ExitCode.failure)
        } catch {
            exit(withError: error)
        }
    }

    /// Errors of the parser print their own usage.
    private static func isArgumentError(_ error: any Error) -> Bool { exitCode(for: error) != .failure || error is ExitCode }
}

/// The end of a command whose exit status says more than that it failed.
struct Ended: Error {
    var status: Int32
    /// `nil` when what was printed says it.
    var reason: String?

    init(status: Int32, _ reason: String?) {
        self.status = status
        self.reason = reason
    }
}

/// The server's options, which every command takes.
struct SettingsArguments: ParsableArguments {
    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("Options of the server; see `taskflow serve --help`.", valueName: "options"))
    var options: [String] = []

    func settings() throws -> Settings {
        try Settings(arguments: options, environment: ProcessInfo.processInfo.environment)
    }
}

/// Runs a command here, or in the server that owns the data folder.
func run(_ command: AdminCommand, _ settings: Settings) async throws {
    let reply = try await AdminConnection.open(settings, isMigrating: command.needsCurrentSchema) { try await $0.run(command) }
    for line in reply.lines { print(line) }
    if let error = reply.error { throw SettingsError(error) }
}
