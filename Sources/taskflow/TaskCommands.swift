// Commands that carry tasks out and in.
import ArgumentParser
import Composition
import Foundation

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the tasks of an account to a file, while the server runs or not.",
        discussion: "The tasks that the account owns or is assigned, the newest first. A CSV file can be imported again.")

    @Argument(help: "The file to make.", completion: .file()) var file: String
    @ArgumentParser.Option(help: "An id, e-mail address or username.") var user: String
    @ArgumentParser.Option(help: "csv, json or ics; without it the ending of the file says it.") var format: String?
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        // The server that does it may have another working directory.
        let url = URL(filePath: file)
        let command = AdminCommand.exportTasks(who: user, format: format ?? url.pathExtension, path: url.path)
        try await taskflow.run(command, try arguments.settings())
    }
}
