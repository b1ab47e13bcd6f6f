// `taskflow task`: tasks of one's own on a server.
import ArgumentParser
import Client
import Foundation
import Wire

struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task", abstract: "Works with your tasks on the server that you logged in to.",
        subcommands: [Add.self, List.self, Done.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a task of a line of text.",
            discussion: "The line is read as `taskflow add --help` says: 'Pay rent friday 5pm !high #home @grace // by transfer'.")

        @Argument(help: "The line, as one argument.") var text: String
        @OptionGroup var format: JSONFlag

        func run() async throws {
            let client = try client()
            let reading = try await client.send("POST", "/tasks/parse", ["text": .string(text)])
            for hint in reading["hints"]?.elements ?? [] { Terminal.note("note: \(hint.cell)") }
            let task = try await client.send("POST", "/tasks", reading["fields"] ?? [:])
            print(format.json ? task.text : "made task \(task["id"]?.cell ?? ""): \(TextTable.harmless(task["title"]?.cell ?? ""))")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists your tasks: owned or assigned, the newest first.",
            discussion: "Without --status and --all those that are not done.")

        @ArgumentParser.Option(help: "pending, in_progress or completed; may be given several times.") var status: [String] = []
        @Flag(help: "Whatever their status.") var all = false
        @ArgumentParser.Option(help: "A label; may be given several times, for any of them.") var label: [String] = []
        @ArgumentParser.Option(help: ArgumentHelp("Words in title, description or labels.", valueName: "words")) var search: String?
        @Flag(help: "Only what is overdue.") var overdue = false
        @ArgumentParser.Option(
            help: ArgumentHelp("A field such as due_at, priority or title, with - before it for descending.", valueName: "field"))
        var sort: String?
        @ArgumentParser.Option(help: "How many at most, 1 to 10000.") var limit = 100
        @OptionGroup var format: JSONFlag

        func validate() throws { try validateLimit(limit) }

        func run() async throws {
            var query = (status.isEmpty && !all ? ["pending", "in_progress"] : status).map { ("status", $0) } + label.map { ("label", $0) }
            if let search { query.append(("q", search)) }
            if overdue { query.append(("overdue", "true")) }
            if let sort { query.append(("sort", sort)) }
            let tasks = try await client().list("/tasks", query, upTo: limit)
            if format.json { return print(JSON.array(tasks).text) }
            Terminal.printTable(
                ["ID", "STATUS", "PRIORITY", "DUE", "TITLE", "LABELS"],
                tasks.map { task in
                    let due = task["due_on"] == .null ? task["due_at"] : task["due_on"]
                    return [
                        task["id"]?.cell, task["status"]?.cell, task["priority"]?.cell, due?.momentCell, task["title"]?.cell,
                        task["labels"]?.cell,
                    ].map { $0 ?? "" }
                })
        }
    }

    struct Done: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Completes tasks.")

        @Argument(help: "Their ids.") var ids: [Int64]
        @OptionGroup var format: JSONFlag

        /// Each of them by itself: what was refused is told at the end, and the others are done.
        func run() async throws {
            let client = try client()
            var refusals: [String] = []
            for id in ids {
                do {
                    let task = try await client.send("PATCH", "/tasks/\(id)", ["status": "completed"])
                    print(format.json ? task.text : "task \(id) is done: \(TextTable.harmless(task["title"]?.cell ?? ""))")
                } catch let refusal as RefusedRequest {
                    refusals.append("task \(id): \(refusal)")
                }
            }
            if !refusals.isEmpty { throw Ended(status: 1, refusals.joined(separator: "\ntaskflow: ")) }
        }
    }
}

/// - Throws: `ValidationError` for a number of rows that is none.
func validateLimit(_ limit: Int) throws {
    guard 1...10_000 ~= limit else { throw ValidationError("--limit takes a number from 1 to 10000, not \(limit)") }
}
