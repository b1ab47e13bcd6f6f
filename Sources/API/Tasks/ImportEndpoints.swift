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
        defaulted("dry_run", .flag, to: false, "Checks the file and creates no tasks.")
        defaulted("atomic", .flag, to: false, "Imports all rows or none.")
        defaulted(
            "create_users", .flag, to: false,
            "Admins only, with a session whose password was entered within the last 10 minutes: missing assigned users are created, "
                + "inactive and without a password.")
        defaulted(
            "unknown_users", .word([("unassign", false), ("fail", true)]), to: false,
            "How to import a row with an unknown or inactive assigned user. unassign: the task is assigned to nobody, and the result has a "
                + "note; fail: the row fails.")
        filter("format", .word(TaskFileKind.allCases.map { ($0.rawValue, $0) }), "The format; by default it is detected from the file.")
        filter(
            "charset", .word(Charset.allCases.map { ($0.rawValue, $0) }),
            "The character encoding; by default it is detected from the file.")
        filter(
            "delimiter", .word(Delimiter.allCases.map { ($0.rawValue, $0) }),
            "The separator between the fields of a row; by default it is detected from the file.")
        filter(
            "date_order", .dateOrder,
            "The order of dates such as 01/02/2030, if the rows of a column allow more than one order. By default the program that wrote "
                + "the file decides, then the other columns, then the date_order of your account. If none of them decides, the import is "
                + "refused and shows two rows."
        )
        filter(
            "columns", .text(columnsLength),
            "A JSON object that maps names of columns in the file to fields; null leaves a column out.",
            example: #"{"Betreff": "title", "Kostenstelle": "label"}"#)
        filter("tz", .timeZone, "The time zone of times without a zone; by default that of your account.", example: "Europe/Berlin")
    }

    var start: Endpoint {
        .upload(
            .importTasks, "/api/v1/tasks/import", "Import tasks from a file", tag: .tasks, for: .tasksWrite, .query(Self.options),
            gives: .accepted(
                JobPayload.job,
                "The job that imports the file. A user may have at most \(TaskImport.unfinishedLimit) unfinished imports: a further import "
                    + "is refused with 409 too_many_imports.",
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
            .undoImport, .post, "/api/v1/imports/{id}/undo", "Undo an import, by the id of its job", tag: .tasks, for: .tasksWrite,
            .path("id", .id(Job.self)),
            gives: .accepted(
                JobPayload.job, "The job that moves the imported tasks to the trash, except tasks that were changed since.",
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
