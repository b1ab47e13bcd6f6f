// Commands that carry tasks out and in.
import ArgumentParser
import Composition
import Foundation
import Logging

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

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes tasks of the rows of a CSV file, while the server runs or not.",
        discussion: """
            The first line names the columns: task_name or title, description, status, priority, created_at, assigned_user, due_at, labels, and \
            those that an export has. A row that is faulty is told and stops no other; one that says what a task says already is skipped.
            """)

    @Argument(help: "The file.", completion: .file()) var file: String
    @ArgumentParser.Option(help: "Who owns the tasks: an id, e-mail address or username.") var user: String
    @Flag(help: "Everything but making tasks.") var dryRun = false
    @Flag(help: "All rows or none.") var atomic = false
    @Flag(help: "Make accounts for assigned users that do not exist; only for an admin.") var createUsers = false
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let command = AdminCommand.importTasks(
            who: user, path: URL(filePath: file).path, dryRun: dryRun, atomic: atomic, createUsers: createUsers)
        let progress = ProgressLines()
        let conversation = ImportConversation(try arguments.settings(), logger: Logger(label: "taskflow") { _ in SwiftLogNoOpLogHandler() })
        let reply = try await conversation.run(command) { job in
            // Nothing is to be seen of a job that waits.
            if job.total > 0 { progress.show(dryRun ? "tried" : "imported", job.done, of: job.total) }
        }
        for line in reply.lines { print(line) }
        if let error = reply.error { throw SettingsError(error) }
    }
}
