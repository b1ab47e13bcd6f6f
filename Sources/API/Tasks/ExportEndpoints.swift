// All tasks that somebody asks for as one file.
import Model
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

    package var file: TaskFileFormat {
        switch self {
        case .csv: .csv
        case .json: Self.jsonFile
        case .ics: .iCalendar
        }
    }

    /// The tasks as every other answer has them, one on a line.
    private static let jsonFile = TaskFileFormat(head: Array("[\n".utf8), between: Array(",\n".utf8), tail: Array("\n]\n".utf8)) {
        task, _ in
        var writer = JSONWriter()
        TaskSchemas.task.write(task, &writer)
        return writer.bytes
    }
}

struct ExportEndpoints {
    let tasks: TaskService

    private static let format = InputSchema<ExportFormat>("TaskExport", { $0 }) {
        defaulted(
            "format", .word(ExportFormat.allCases.map { ($0.rawValue, $0) }), to: .csv,
            "csv: can be imported again; json: an array of tasks; ics: to-dos of a calendar.")
    }

    var export: Endpoint {
        .read(
            .exportTasks, "/api/v1/tasks/export", "Export tasks as a file", tag: .tasks, for: .tasksRead, .query(TaskSchemas.query),
            .query(Self.format), gives: Self.file, fails: [403, 409]
        ) { actor, selection, format in
            StreamedFile(
                body: try await tasks.export(selection, as: format.file, by: actor), mediaType: format.mediaType,
                name: "tasks.\(format.rawValue)")
        }
    }

    private static let file = Success<StreamedFile>.file(
        ExportFormat.allCases.map { format in
            let schema: JSON? =
                format == .json ? ["type": "array", "items": ["$ref": .string("#/components/schemas/\(TaskSchemas.task.name)")]] : nil
            return (format.mediaType, schema)
        },
        "All tasks that match, made while they are sent. A file that could not be finished is cut off: its last chunk is missing.")
}
