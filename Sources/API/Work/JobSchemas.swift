// How jobs, schedules and the daily log look on the wire.
import Model
import Repositories
import Services
import Wire

enum JobSchemas {
    private static let progress = OutputSchema<JobProgress>("JobProgress") {
        field("done", .count, example: 500) { $0.done }
        nullable("total", .count, "null while it is not known.", example: 1000) { $0.total }
        nullable("message", .text(0...1000), example: "500 rows read") { $0.message }
    }

    /// A JSON object as the job left it; what is in it depends on the kind.
    private static let result = Shape<String?>(
        .string, document: ["type": ["object", "null"], "additionalProperties": true]
    ) { _, faults in
        faults.append(.init("", "is never read"))
        return nil
    } write: { text, writer in
        writer.json(text.flatMap { try? JSON(parsing: $0.utf8) } ?? .null)
    }

    private static let kind = Shape<JobKind>.word(JobKind.allCases.map { ($0.rawValue, $0) })
    private static let state = Shape<JobState>.word(JobState.allCases.map { ($0.word, $0) })

    static let job = OutputSchema<Job>("Job", uses: [progress]) {
        field("id", .id(), example: 7) { $0.id }
        field("kind", kind) { $0.kind }
        field("state", state, "failed: given up, and an admin may try it again.", example: "running") { $0.state }
        field("progress", progress.shape) { $0.progress }
        field("attempts", .count, "How often it was begun.", example: 1) { $0.attempts }
        field("result", result, "What came of it; depends on the kind.", example: ["created": 3]) { $0.result }
        nullable("error", .text(0...2000), "Why the last attempt failed.") { $0.error }
        field("created_at", .instant) { $0.createdAt }
        nullable("started_at", .instant) { $0.startedAt }
        nullable("finished_at", .instant) { $0.finishedAt }
    }

    static let page = job.page("JobPage")

    struct Query: Sendable {
        var filter: Jobs.Filter
        var page: PageRequest
    }

    static let query = InputSchema<Query>("JobQuery", Query.init) {
        filter("state", state)
        filter("kind", kind)
        PageFields.limit
        PageFields.cursor
        PageFields.count
        PageFields.page
        PageFields.perPage
    }

    // MARK: Schedules

    static let scheduleName = Shape<Schedule>.word(Schedule.allCases.map { ($0.rawValue, $0) })

    private static let schedule = OutputSchema<ScheduleState>("Schedule") {
        field("name", scheduleName) { $0.schedule }
        field("kind", kind, "The kind of the jobs it queues.") { $0.schedule.jobKind }
        field("interval_seconds", .count, "From one slot to the next; slots are counted from 00:00 UTC.", example: 3600) {
            $0.schedule.interval.components.seconds
        }
        nullable("last_slot_at", .instant, "The slot that was used last.") { $0.lastSlot }
        field("next_slot_at", .instant) { $0.nextSlot }
    }

    static let schedules = schedule.all("ScheduleList")

    // MARK: The daily log

    static let taskLog = OutputSchema<TaskLog>("TaskLog") {
        field("id", .id(), example: 4711) { $0.id }
        field("task_id", .id(), example: 42) { $0.taskID }
        field("log_date", .day) { $0.day }
        field("status", .taskStatus) { $0.status }
        field("priority", .taskPriority) { $0.priority }
        field("title", .text(TaskItem.titleLength), example: "Renew the certificate") { $0.title }
        nullable("description", .text(TaskItem.descriptionLength)) { $0.description }
        nullable("assignee_id", .id()) { $0.assigneeID }
    }

    static let taskLogPage = taskLog.page("TaskLogPage")

    struct TaskLogQuery: Sendable {
        var scope: TaskScope
        var filter: TaskLogs.Filter
        var page: PageRequest
    }

    static let taskLogQuery = InputSchema<TaskLogQuery>("TaskLogQuery", TaskLogQuery.init) {
        defaulted(
            "scope", .word([("mine", TaskScope.mine), ("all", .all)]), to: .mine, "mine: owned or assigned; all: everybody's, admins only.")
        filter("date", .day, "One day.")
        filter("task_id", .id(TaskItem.self))
        PageFields.limit
        PageFields.cursor
        PageFields.count
        PageFields.page
        PageFields.perPage
    }
}

extension JobSchemas.Query {
    @Sendable
    fileprivate init(
        state: JobState?, kind: JobKind?, limit: Int64?, cursor: Cursor?, count: Bool?, page: Int64?, perPage: Int64?
    ) throws {
        self.init(
            filter: .init(state: state, kind: kind),
            page: try PageRequest(limit: limit, cursor: cursor, count: count, page: page, perPage: perPage))
    }
}

extension JobSchemas.TaskLogQuery {
    @Sendable
    fileprivate init(
        scope: TaskScope, day: Day?, taskID: ID<TaskItem>?, limit: Int64?, cursor: Cursor?, count: Bool?, page: Int64?, perPage: Int64?
    ) throws {
        self.init(
            scope: scope, filter: .init(day: day, taskID: taskID),
            page: try PageRequest(limit: limit, cursor: cursor, count: count, page: page, perPage: perPage))
    }
}
