// Commands that make tasks, and carry them out and in.
import ArgumentParser
import Composition
import Foundation
import Logging

struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a task of a line of text, while the server runs or not.",
        discussion: """
            For example: taskflow add 'Pay rent friday 5pm !high #home @grace // by transfer' --user ada

            A date and a time at the end or the beginning say when the task is due. #label, @username or @"Full Name", !low to !critical (or !4 to \
            !1), and /todo, /doing or /done say what they say anywhere; what comes after // is the description. A backslash before a word, or quotes \
            around words, keep them in the title. Put single quotes around the text: shells read # and ! themselves. What was not taken is told.
            """)

    @Argument(help: "The line, as one argument.") var text: String
    @ArgumentParser.Option(help: "Whose task it is: an id, e-mail address or username.") var user: String
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        try await taskflow.run(.addTask(who: user, text: text), arguments)
    }
}

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the tasks of an account to a file, while the server runs or not.",
        discussion: """
            The tasks that the account owns or is assigned, the newest first. A file can be imported again. It is written beside its place and \
            renamed, so that a file under that name is whole; one that is there is never overwritten. Pipes are written to as they \
            are. With them and with - nothing but the tasks goes to standard output.

            Exit status: 0 when the export is whole, 1 when it is not, 64 when the command was not understood, 130 after Ctrl-C.
            """)

    @Argument(help: "The file to make; - is standard output.", completion: .file()) var file: String
    @ArgumentParser.Option(help: "An id, e-mail address or username.") var user: String
    @ArgumentParser.Option(help: "csv, json or ics; without it the ending of the file says it, and csv where there is none.")
    var format: String?
    @Flag(help: "Begin a CSV file with a byte order mark: Excel needs one to read UTF-8.") var bom = false
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try arguments.settings(signs: false)
        printNotes(of: settings)
        let interrupts = await Interrupts()
        let output = try OutputFile(file, interrupts)
        do {
            let command = AdminCommand.exportTasks(who: user, format: format ?? ending, hasByteOrderMark: bom)
            let reply = try await AdminConnection.open(settings) { try await $0.run(command, output: output) }
            if let error = reply.error { throw SettingsError(error) }
            try output.finish()
            let summary = reply.lines.map { "\($0) to \(file == "-" ? "standard output" : file)\n" }.joined()
            (output.isStream ? FileHandle.standardError : .standardOutput).write(Data(summary.utf8))
        } catch {
            output.discard()
            guard interrupts.count > 0 else { throw error }
            throw Ended(
                status: Interrupts.exitStatus, "interrupted: \(output.isStream ? "the export is not whole" : "nothing was exported")")
        }
    }

    private var ending: String {
        let ending = URL(filePath: file).pathExtension
        return ending.isEmpty ? "csv" : ending
    }
}

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes tasks of the rows of a file, while the server runs or not.",
        discussion: """
            The file is CSV, JSON, iCalendar or todo.txt, of TaskFlow or of another program. It is read by this command, with your rights, and \
            sent to the server. A row that is faulty is told and stops no other; one that says what a task says already is skipped.

            Ctrl-C before the file is sent imports nothing. After that it asks on a terminal whether to cancel the job; without one, and \
            without a yes, the job goes on, and its id is printed.

            Exit status: 0 when every row arrived or was there already, 1 when the import failed, 2 when some rows failed and the others \
            arrived (with --atomic: none did), 64 when the command was not understood, 130 after Ctrl-C.
            """)

    @Argument(help: "The file; - is standard input.", completion: .file()) var file: String
    @ArgumentParser.Option(help: "Who owns the tasks: an id, e-mail address or username.") var user: String
    @Flag(help: "Everything but making tasks.") var dryRun = false
    @Flag(help: "All rows or none.") var atomic = false
    @Flag(help: "Make accounts for assigned users that do not exist; only for an admin.") var createUsers = false
    @ArgumentParser.Option(
        help:
            "What becomes of a row whose assigned user is not known: unassign (the task is assigned to nobody, and there is a note) or fail."
    )
    var unknownUsers: String?
    @ArgumentParser.Option(help: "csv, json, ics or todo.txt; without it the file shows it.") var format: String?
    @ArgumentParser.Option(help: "utf-8, utf-16, windows-1252 or macintosh; without it the file shows it.") var charset: String?
    @ArgumentParser.Option(help: "comma, semicolon, tab or pipe; without it the file shows it.") var delimiter: String?
    @ArgumentParser.Option(
        help:
            "dmy, mdy or ymd: how dates such as 01/02/2030 are meant where a column allows more than one; without it as the account has it."
    )
    var dateOrder: String?
    @ArgumentParser.Option(
        help: ArgumentHelp(
            #"Columns of the file and the fields they are read as: {"Betreff": "title", "Notiz": null}; null leaves one out."#,
            valueName: "json"))
    var columns: String?
    @ArgumentParser.Option(
        help: "The time zone of times that name none, such as Europe/Berlin; without it that of the account.") var tz: String?
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try arguments.settings(signs: true)
        printNotes(of: settings)
        let interrupts = await Interrupts()
        let input = try InputFile(file, interrupts)
        let progress = ProgressLines()
        let conversation = ImportConversation(settings, interrupts, logger: Logger(label: "taskflow") { _ in SwiftLogNoOpLogHandler() })
        let ending = try await conversation.run(order, from: input) { job in
            // Nothing is to be seen of a job that waits.
            if job.total > 0 { progress.show(dryRun ? "tried" : "imported", job.done, of: job.total) }
        }
        for line in ending.lines { print(line) }
        if ending.status != 0 { throw Ended(status: ending.status, ending.error) }
    }

    private var order: ImportOrder {
        var order = ImportOrder(who: user)
        order.isDryRun = dryRun
        order.isAtomic = atomic
        order.createsUsers = createUsers
        order.unknownUsers = unknownUsers
        order.format = format
        order.charset = charset
        order.delimiter = delimiter
        order.dateOrder = dateOrder
        order.columns = columns
        order.timeZone = tz
        return order
    }
}
