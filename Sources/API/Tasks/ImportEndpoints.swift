// Tables of tasks over HTTP: sent, imported by a job, undone.
import HTTPTypes
import Model
import Services
import Wire

struct ImportEndpoints {
    let imports: ImportService

    private static let options = InputSchema<TaskImport.Options>("TaskImport", TaskImport.Options.init) {
        defaulted("dry_run", .flag, to: false, "Everything but creating tasks.")
        defaulted("atomic", .flag, to: false, "All rows or none.")
        defaulted(
            "create_users", .flag, to: false,
            "Admins only, with a session whose password was entered within the last 10 minutes: assigned users that do not exist are made, "
                + "inactive and without a password.")
    }

    var start: Endpoint {
        .upload(
            .importTasks, "/api/v1/tasks/import", "Import tasks from a CSV file", tag: .tasks, for: .tasksWrite, .query(Self.options),
            gives: .accepted(
                JobSchemas.job,
                "The job that imports the file. A user has at most \(TaskImport.unfinishedLimit) imports that have not ended: one more is "
                    + "refused with 409, too_many_imports.",
                at: JobEndpoints.location), fails: [409]
        ) { actor, options, content in
            try await imports.require(options, of: actor)
            return try await imports.receive(for: actor.userID, from: content.read)
        } discard: {
            await imports.discard($0.fileID)
        } handle: { actor, options, table in
            imports.start(table, options, by: actor)
        }
    }

    var undo: Endpoint {
        .change(
            .undoImport, .post, "/api/v1/imports/{id}/undo", "Take back an import, by the id of its job", tag: .tasks, for: .tasksWrite,
            .path("id", .id(Job.self)),
            gives: .accepted(
                JobSchemas.job, "The job that moves what was imported to the trash, but for tasks that were changed since.",
                at: JobEndpoints.location), fails: [409]
        ) { imports.undo($1, by: $0) }
    }
}
