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
        groupedSubcommands: [
            CommandGroup(name: "Server", subcommands: [Serve.self, Worker.self, Migrate.self, Doctor.self]),
            CommandGroup(
                name: "Installation",
                subcommands: [
                    UserCommand.self, Seed.self, Backup.self, Restore.self, Transfer.self, Add.self, Export.self, Import.self, Audit.self,
                ]),
            CommandGroup(
                name: "Client",
                subcommands: [Login.self, Logout.self, TaskCommand.self, TokenCommand.self, JobCommand.self, WebhookCommand.self]),
            CommandGroup(name: "Tool", subcommands: [OpenAPI.self, Completion.self]),
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
        } catch let error as OptionError {
            FileHandle.standardError.write(Data("taskflow: \(error.description)\n".utf8))
            exit(withError: ExitCode.validationFailure)
        } catch let error as any CustomStringConvertible & Error where !(error is CleanExit) && !isArgumentError(error) {
            FileHandle.standardError.write(Data("taskflow: \(error.description)\n".utf8))
            exit(withError: ExitCode.failure)
        } catch {
            if exitCode(for: error) == .validationFailure {
                let told = message(for: error)
                for option in unknownOptions(in: CommandLine.arguments) where !told.contains("'\(option)'") {
                    FileHandle.standardError.write(Data("taskflow: no command has an option \(option)\n".utf8))
                }
            }
            exit(withError: error)
        }
    }

    /// The parser tells what is missing before it tells what it does not know, and a misspelt option is the reason for both.
    private static func unknownOptions(in arguments: [String]) -> [String] {
        func helps(_ command: any ParsableCommand.Type) -> [String] {
            [helpMessage(for: command, columns: 1000)] + command.configuration.subcommands.flatMap(helps)
        }
        let typed = arguments.dropFirst().prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
        if typed.isEmpty { return [] }
        let known = Set(helps(Self.self).flatMap { $0.split { $0.isWhitespace || $0 == "," } })
        return typed.map { String($0.prefix { $0 != "=" }) }.filter { !known.contains(Substring($0)) }
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

/// Runs a command here, or in the server that owns the data folder.
func run(_ command: AdminCommand, _ arguments: SettingsArguments) async throws {
    try await run(command, try arguments.settings(signs: command.signs))
}

func run(_ command: AdminCommand, _ settings: Settings) async throws {
    let reply = try await reply(to: command, settings)
    for line in reply.lines { print(line) }
    if let error = reply.error { throw SettingsError(error) }
}

func reply(to command: AdminCommand, _ settings: Settings) async throws -> AdminReply {
    printNotes(of: settings)
    return try await AdminConnection.open(settings, isMigrating: command.needsCurrentSchema, isCreating: command.creates) {
        try await $0.run(command)
    }
}
