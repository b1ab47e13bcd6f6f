// All tasks that somebody asks for as one file.
import Model
import Payloads
import Services
package import TaskFormats
import Wire

package enum ExportFormat: String, CaseIterable, Sendable {
    case csv, json, ics

    var mediaType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .json: "application/json"
        case .ics: "text/calendar; charset=utf-8"
        }
    }

    /// No `type` for what is a text: generators would read a list of tasks as one, too.
    var document: JSON {
        switch self {
        case .csv:
            ["description": "CSV (RFC 4180) in UTF-8, as text.", "examples": ["title,status\r\nRenew the certificate,pending\r\n"]]
        case .json: ["type": "array", "items": ExportedTask.schema.reference]
        case .ics:
            ["description": "A calendar (RFC 5545), as text.", "examples": ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"]]
        }
    }

    /// - Parameter bom: whether CSV begins with a byte order mark.
    package func file(bom: Bool) -> TaskFileFormat {
        switch self {
        case .csv: .csv(bom: bom)
        case .json: Self.jsonFile
        case .ics: .iCalendar
        }
    }

    /// The tasks as every other answer has them, with the names of people, one on a line.
    private static let jsonFile = TaskFileFormat(head: Array("[\n".utf8), between: Array(",\n".utf8), tail: Array("\n]\n".utf8)) {
        task, names in
        var writer = JSONWriter()
        ExportedTask.schema.write(ExportedTask(task: task, names: names), &writer)
        return writer.bytes
    }
}

/// A task as a file has it.
struct ExportedTask: Sendable {
    var task: TaskItem
    var names: [ID<User>: String]

    static let schema = OutputSchema<ExportedTask>("ExportedTask", extending: TaskPayload.task, { $0.task }) {
        nullable("owner", .text(1...300), "The owner's username or address.", example: "ada") { $0.names[$0.task.ownerID] }
        nullable(
            "assigned_user", .text(1...300), "The assignee's username or address. An import finds the account by it.", example: "bob"
        ) { exported in
            exported.task.assigneeID.flatMap { exported.names[$0] }
        }
    }
}

struct ExportEndpoints {
    let tasks: TaskService

    private struct Options: Sendable {
        var format: ExportFormat
        var bom: Bool
    }

    private static let options = InputSchema<Options>("TaskExport", Options.init) {
        defaulted(
            "format", .word(ExportFormat.allCases.map { ($0.rawValue, $0) }), to: .csv,
            "csv: a table; json: an array of tasks; ics: to-dos of a calendar. You can import each of them again.")
        defaulted("bom", .flag, to: false, "Whether csv begins with a byte order mark, which Excel needs to read UTF-8.")
    }

    var export: Endpoint {
        .read(
            .exportTasks, "/api/v1/tasks/export", "Export tasks as a file", tag: .tasks, for: .tasksRead, .query(TaskSchemas.query),
            .query(TaskSchemas.order), .query(Self.options), gives: Self.file, fails: [403, 409]
        ) { actor, selection, order, options in
            StreamedFile(
                body: try await tasks.export(selection.sorted(by: order), as: options.format.file(bom: options.bom), by: actor),
                mediaType: options.format.mediaType, name: "tasks.\(options.format.rawValue)")
        }
    }

    private static let file = Success<StreamedFile>.file(
        ExportFormat.allCases.map { ($0.mediaType, $0.document) }, schema: ExportedTask.schema,
        "All matching tasks, written while they are sent. If the file cannot be finished, it is cut off: its last chunk is missing.")
}
