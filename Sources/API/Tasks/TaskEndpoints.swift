// Tasks over HTTP.
import ChangeLedger
import HTTPTypes
import Model
import Payloads
import Services
import StoreCore
import Wire

struct TaskEndpoints {
    let tasks: TaskService

    private static let path = "/api/v1/tasks"
    private static let one = "/api/v1/tasks/{id}"

    static func location(of task: TaskItem) -> String { "\(path)/\(task.id)" }

    var list: Endpoint {
        .read(
            .listTasks, Self.path, "List tasks", tag: .tasks, for: .tasksRead, .query(TaskSchemas.query), .query(TaskSchemas.order),
            .query(TaskSchemas.fields), .query(PageFields.taskRequest), gives: .page(TaskSchemas.page, "A page of tasks."), fails: [403]
        ) { actor, selection, order, fields, page in try list(selection.sorted(by: order), fields, page, by: actor) }
    }

    private func list(
        _ selection: TaskSelection, _ fields: Set<String>?, _ page: PageRequest, by actor: Actor
    ) throws -> PreparedRead<Page<TaskSchemas.Listed>> {
        try tasks.list(selection, page, by: actor).map { page in page.map { TaskSchemas.Listed(task: $0, fields: fields) } }
    }

    var counts: Endpoint {
        .read(
            .countTasks, "\(Self.path)/counts", "Count tasks by a field", tag: .tasks, for: .tasksRead, .query(TaskSchemas.grouping),
            .query(TaskSchemas.query), gives: .ok(TaskSchemas.counts, "The number of tasks of each value.").counting(\.groups.count),
            fails: [403]
        ) { try await tasks.counts(by: $1, $2, by: $0) }
    }

    var create: Endpoint {
        .change(
            .createTask, .post, Self.path, "Create a task", tag: .tasks, for: .tasksWrite, .body(TaskSchemas.draft),
            gives: .created(TaskPayload.task, "The new task.", at: Self.location).tagged(\.version), fails: [409]
        ) { try await tasks.create($1, by: $0) }
    }

    var get: Endpoint {
        .read(
            .getTask, Self.one, "Get a task", tag: .tasks, for: .tasksRead, .path("id", .id(TaskItem.self)),
            gives: .ok(TaskPayload.task, "The task.").tagged(\.version)
        ) { tasks.get($1, by: $0) }
    }

    var update: Endpoint { update(.updateTask, .patch, "Change some fields of a task") }

    /// The same partial update: that is what clients of PUT have always sent. A whole task is taken, too.
    var replace: Endpoint { update(.replaceTask, .put, "Change some fields of a task (the same as PATCH)") }

    private func update(_ id: OperationID, _ method: HTTPMethod, _ summary: String) -> Endpoint {
        .change(
            id, method, Self.one, summary, tag: .tasks, for: .tasksWrite, .path("id", .id(TaskItem.self)), .ifMatch,
            .update(TaskSchemas.changes, of: TaskPayload.task),
            gives: .ok(TaskPayload.task, "The task after the change.").tagged(\.version), fails: [409]
        ) { try await tasks.update($1, $3.changes, if: $2, repeating: Repeated($3.repetition) { $0 }, by: $0) }
    }

    private static let permanence = InputSchema<Bool>("TaskDeletion", { $0 }) {
        defaulted("permanent", .flag, to: false, "Deletes the task permanently, not to the trash; admins only.")
    }

    var delete: Endpoint {
        .change(
            .deleteTask, .delete, Self.one, "Delete a task", tag: .tasks, for: .tasksWrite, .path("id", .id(TaskItem.self)), .ifMatch,
            .query(Self.permanence), gives: .noContent("The task is in the trash for 30 days, or deleted permanently.")
        ) { tasks.delete($1, permanently: $3, if: $2, by: $0) }
    }

    var restore: Endpoint {
        .change(
            .restoreTask, .post, "\(Self.one)/restore", "Restore a task from the trash", tag: .tasks, for: .tasksWrite,
            .path("id", .id(TaskItem.self)), gives: .ok(TaskPayload.task, "The restored task.").tagged(\.version)
        ) { tasks.restore($1, by: $0) }
    }

    var trash: Endpoint {
        .read(
            .listTrash, "\(Self.path)/trash", "List deleted tasks that can be restored", tag: .tasks, for: .tasksRead,
            .query(TaskSchemas.trashQuery), .query(PageFields.request),
            gives: .page(TaskSchemas.trash, "A page of deleted tasks, the most recently deleted first.")
        ) { try await tasks.trash($1, $2, by: $0) }
    }

    var batch: Endpoint {
        .steppedChange(
            .batchTasks, .post, "\(Self.path)/batch", "Change many tasks", tag: .tasks, for: .tasksWrite,
            .body(TaskSchemas.batch), gives: .ok(TaskSchemas.batchResult, "The result for each task."), fails: [409],
            joining: TaskSchemas.join
        ) { try await tasks.batch($1, by: $0) }
    }

    var move: Endpoint {
        .change(
            .moveTask, .post, "\(Self.one)/move", "Move a task in the manual order", tag: .tasks, for: .tasksWrite,
            .path("id", .id(TaskItem.self)), .ifMatch, .body(MoveSchemas.move),
            gives: .ok(TaskPayload.task, "The task at its new position.").tagged(\.version)
        ) { tasks.move($1, $3, if: $2, by: $0) }
    }

    var undo: Endpoint {
        .steppedChange(
            .undoChange, .post, "/api/v1/changes/{request_id}/undo", "Undo a change of tasks", tag: .tasks, for: .tasksWrite,
            .path("request_id", UndoSchemas.requestID),
            gives: .ok(
                UndoSchemas.result,
                "The result of the undo, with the changes that were refused."),
            fails: [409], joining: UndoSchemas.join
        ) { try await tasks.undo($1, by: $0) }
    }

    var statistics: Endpoint {
        .read(
            .getTaskStats, "\(Self.path)/stats", "Get statistics of your tasks", tag: .tasks, for: .tasksRead, .query(TaskSchemas.zone),
            gives: .ok(TaskSchemas.statistics, "The statistics of all tasks that you own or are assigned.")
        ) { try await tasks.statistics(.mine, in: $1, of: $0) }
    }

    var history: Endpoint {
        .read(
            .getTaskHistory, "\(Self.one)/history", "List the history of a task", tag: .tasks, for: .tasksRead,
            .path("id", .id(TaskItem.self)), .query(PageFields.request),
            gives: .page(
                EventSchemas.page,
                "The changes, the newest first. An assignee sees the changes since the assignment, unless the owner shares the whole "
                    + "history.")
        ) { try await tasks.history($1, $2, by: $0) }
    }

    var shareHistory: Endpoint {
        .change(
            .shareTaskHistory, .put, "\(Self.one)/history/shared", "Show the whole history to the assignee", tag: .tasks, for: .tasksWrite,
            .path("id", .id(TaskItem.self)), gives: .noContent("The assignee sees every change of the task.")
        ) { tasks.shareHistory($1, true, by: $0) }
    }

    var unshareHistory: Endpoint {
        .change(
            .unshareTaskHistory, .delete, "\(Self.one)/history/shared", "Stop showing the whole history to the assignee", tag: .tasks,
            for: .tasksWrite, .path("id", .id(TaskItem.self)), gives: .noContent("The assignee sees the changes since the assignment.")
        ) { tasks.shareHistory($1, false, by: $0) }
    }

    // MARK: Administration

    var listAll: Endpoint {
        .read(
            .listAllTasks, "/api/v1/admin/tasks", "List everybody's tasks", tag: .administration, for: .admin,
            .query(TaskSchemas.adminQuery), .query(TaskSchemas.order), .query(TaskSchemas.fields), .query(PageFields.taskRequest),
            gives: .page(TaskSchemas.page, "A page of tasks.")
        ) { actor, selection, order, fields, page in try list(selection.sorted(by: order), fields, page, by: actor) }
    }

    var deleteAny: Endpoint {
        .change(
            .deleteAnyTask, .delete, "/api/v1/admin/tasks/{id}", "Delete anybody's task", tag: .administration, for: .admin,
            .path("id", .id(TaskItem.self)), .ifMatch, .query(Self.permanence),
            gives: .noContent("The task is in the trash for 30 days, or deleted permanently.")
        ) { tasks.delete($1, permanently: $3, if: $2, by: $0) }
    }
}
