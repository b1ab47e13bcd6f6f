// Tables of tasks over HTTP: sent, imported by a job, undone.
import HTTPTypes
import Model
import Payloads
import Services
import TaskFormats
import Wire

struct ImportEndpoints {
    let imports: ImportService

    struct Options: Sendable {
        var options: TaskImport.Options
        var hints: ImportHints
    }

    private static let columnsLength: ClosedRange<Int> = 2...16_384

    private static let options = InputSchema<Options>("TaskImport", Options.init) {
        defaulted("dry_run", .flag, to: false, "Everything but creating tasks.")
        defaulted("atomic", .flag, to: false, "All rows or none.")
        defaulted(
            "create_users", .flag, to: false,
            "Admins only, with a session whose password was entered within the last 10 minutes: assigned users that do not exist are made, "
                + "inactive and without a password.")
        defaulted(
            "unknown_users", .word([("unassign", false), ("fail", true)]), to: false,
            "What becomes of a row whose assigned user is not known or not active. unassign: the task is assigned to nobody, and the result has "
                + "a note; fail: the row fails.")
        filter("format", .word(TaskFileKind.allCases.map { ($0.rawValue, $0) }), "Without it, the file shows what it is.")
        filter("charset", .word(Charset.allCases.map { ($0.rawValue, $0) }), "How characters are encoded; without it, the file shows it.")
        filter(
            "delimiter", .word(Delimiter.allCases.map { ($0.rawValue, $0) }),
            "What separates the fields of a row; without it, the file shows it.")
        filter(
            "date_order", .dateOrder,
            "How dates such as 01/02/2030 are meant where the rows of a column allow more than one order. Without it the program that wrote the "
                + "file decides, then the other columns, then the date_order of your account. Otherwise the import is refused and shows two rows."
        )
        filter(
            "columns", .text(columnsLength),
            "A JSON object with names of columns in the file and the fields they are read as; null leaves a column out.",
            example: #"{"Betreff": "title", "Kostenstelle": "label"}"#)
        filter("tz", .timeZone, "The time zone of times that name none; without it that of your account.", example: "Europe/Berlin")
    }

    var start: Endpoint {
        .upload(
            .importTasks, "/api/v1/tasks/import", "Import tasks from a file", tag: .tasks, for: .tasksWrite, .query(Self.options),
            gives: .accepted(
                JobPayload.job,
                "The job that imports the file. A user has at most \(TaskImport.unfinishedLimit) imports that have not ended: one more is "
                    + "refused with 409, too_many_imports.",
                at: JobEndpoints.location), fails: [409]
        ) { actor, options, content in
            try await imports.require(options.options, of: actor)
            var hints = options.hints
            hints.charset = hints.charset ?? content.charset
            return try await imports.receive(for: actor.userID, hints, from: content.read)
        } discard: {
            await imports.discard($0.fileID)
        } handle: { actor, options, table in
            imports.start(table, options.options, by: actor)
        }
    }

    var undo: Endpoint {
        .change(
            .undoImport, .post, "/api/v1/imports/{id}/undo", "Take back an import, by the id of its job", tag: .tasks, for: .tasksWrite,
            .path("id", .id(Job.self)),
            gives: .accepted(
                JobPayload.job, "The job that moves what was imported to the trash, but for tasks that were changed since.",
                at: JobEndpoints.location), fails: [409]
        ) { imports.undo($1, by: $0) }
    }
}

extension ImportEndpoints.Options {
    @Sendable
    fileprivate init(
        isDryRun: Bool, isAtomic: Bool, createsUsers: Bool, failsUnknownUsers: Bool, kind: TaskFileKind?, charset: Charset?,
        delimiter: Delimiter?, dateOrder: DateOrder?, columns: String?, timeZone: String?
    ) throws {
        options = TaskImport.Options(
            isDryRun: isDryRun, isAtomic: isAtomic, createsUsers: createsUsers, failsUnknownUsers: failsUnknownUsers)
        hints = ImportHints(
            kind: kind, charset: charset, delimiter: delimiter, dateOrder: dateOrder, columns: try Self.columns(columns), timeZone: timeZone
        )
    }

    private static func columns(_ text: String?) throws -> [String: String?] {
        guard let text else { return [:] }
        do {
            return try ImportHints.columns(json: text)
        } catch {
            throw Faults([Fault("query:columns", error.detail)])
        }
    }
}
