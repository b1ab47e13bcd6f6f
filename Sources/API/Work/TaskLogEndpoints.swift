// The daily log over HTTP.
import Model
import Payloads
import Services
import Wire

struct TaskLogEndpoints {
    let taskLogs: TaskLogService

    var list: Endpoint {
        .read(
            .listTaskLogs, "/api/v1/task-logs", "List the daily log of tasks", tag: .tasks, for: .tasksRead,
            .query(JobSchemas.taskLogQuery), gives: .page(JobSchemas.taskLogPage, "A page of the daily log, the newest day first."),
            fails: [403]
        ) { try await taskLogs.list($1.scope, $1.filter, $1.page, by: $0) }
    }

    var get: Endpoint {
        .read(
            .getTaskLog, "/api/v1/task-logs/{id}", "Get a row of the daily log", tag: .tasks, for: .tasksRead,
            .path("id", .id(TaskLog.self)), gives: .ok(TaskLogPayload.taskLog, "The state of the task on that day.")
        ) { try await taskLogs.get($1, by: $0) }
    }
}
