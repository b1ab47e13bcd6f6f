// Commands about the audit: sign where it ends, and verify that it is what was recorded.
import ArgumentParser
import Composition
import Foundation

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Signs and verifies the audit.", subcommands: [Checkpoint.self, Verify.self])

    struct Checkpoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Prints a signed line that says where the audit ends now: keep it where the administrator of the database cannot reach it.")

        @OptionGroup var arguments: SettingsArguments

        func run() async throws { try await taskflow.run(.auditCheckpoint, arguments) }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Verifies that nothing in the audit was changed, removed or added.")

        @ArgumentParser.Option(help: "A file with a checkpoint: its last line counts.", completion: .file()) var checkpoint: String?
        @OptionGroup var arguments: SettingsArguments

        func run() async throws {
            try await taskflow.run(.auditVerify(checkpoint: try checkpoint.map(Self.lastLine)), arguments)
        }

        private static func lastLine(of file: String) throws -> String {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8), let line = text.split(separator: "\n").last else {
                throw SettingsError("\(file) has no checkpoint")
            }
            return String(line)
        }
    }
}
