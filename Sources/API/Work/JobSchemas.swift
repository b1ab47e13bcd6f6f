// How jobs, schedules and the daily log look on the wire.
import Model
import Payloads
import Repositories
import Services
import Wire

enum JobSchemas {
    static let page = JobPayload.job.page("JobPage")

    struct Query: Sendable {
        var filter: Jobs.Filter
        var page: PageRequest
    }

    static let query = InputSchema<Query>("JobQuery", Query.init) {
        filter("state", JobPayload.state)
        filter("kind", JobPayload.kind)
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
        field("kind", JobPayload.kind, "The kind of the jobs it queues.") { $0.schedule.jobKind }
        field("interval_seconds", .count, "The time from one slot to the next; slots are counted from 00:00 UTC.", example: 3600) {
            $0.schedule.interval.components.seconds
        }
        nullable("last_slot_at", .instant, "The last slot that was used.") { $0.lastSlot }
        field("next_slot_at", .instant) { $0.nextSlot }
    }

    static let schedules = schedule.all("ScheduleList")

    // MARK: The daily log

    static let taskLogPage = TaskLogPayload.taskLog.page("TaskLogPage")

    struct TaskLogQuery: Sendable {
        var scope: TaskScope
        var filter: TaskLogs.Filter
        var page: PageRequest
    }

    static let taskLogQuery = InputSchema<TaskLogQuery>("TaskLogQuery", TaskLogQuery.init) {
        defaulted(
            "scope", .word([("mine", TaskScope.mine), ("all", .all)]), to: .mine,
            "mine: tasks that you own or are assigned; all: all tasks, admins only.")
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
