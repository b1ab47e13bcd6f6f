// How tasks look on the wire.
import Model
import Payloads
import Repositories
import Services
import Wire

extension Shape where Value == TaskSort {
    static var taskSort: Self { .word(TaskSort.all.map { ($0.word, $0) }) }
}

enum TaskSchemas {
    /// A label to look for; `nil` is `none`. The label of that name stands in quotes.
    private static let labelOrNone =
        TaskPayload.label.map(fault: "", into: { .some(unquoted($0)) }, from: { $0 ?? "none" }) as Shape<String?>
    private static let labelNotNone = TaskPayload.label.map(
        fault: "must not be none: label=none finds tasks without a label, and in quotes \"none\" is the label of that name",
        into: { unquoted($0) }, from: { $0 })

    private static func unquoted(_ label: String) -> String? {
        switch label.lowercased() {
        case "none": nil
        case "\"none\"": String(label.dropFirst().dropLast())
        default: label
        }
    }

    /// A task of a list, with the fields that the caller asks for.
    struct Listed: Sendable {
        var task: TaskItem
        /// `nil` for all.
        var fields: Set<String>?
    }

    private static let listed = OutputSchema<Listed>(
        "ListedTask", partOf: TaskPayload.task, always: ["id"], { $0.task }, asked: { $0.fields })

    static let page = listed.page("TaskPage", upTo: PageRequest.taskSizes.upperBound)

    private static let deleted = OutputSchema<TaskItem>("DeletedTask", extending: TaskPayload.task, { $0 }) {
        // A task in the trash has the time of its deletion.
        field("deleted_at", .instant, "The time when it was deleted.") { $0.deletedAt ?? $0.updatedAt }
        field("purged_at", .instant, "The time when it is purged. Until then it can be restored.") {
            ($0.deletedAt ?? $0.updatedAt) + TaskItem.trashLifetime
        }
    }

    static let trash = deleted.page("DeletedTaskPage")

    static let trashQuery = InputSchema<SearchQuery?>("TrashQuery", { (text: String?) in text.map { SearchQuery($0) } }) {
        filter(
            "q", .text(SearchQuery.textLength),
            "Words in title or labels, without case and accents; the last word may be incomplete. Only the last \(Tasks.trashSearched) "
                + "deleted tasks are searched.",
            example: "certif")
    }

    /// Whose days are meant in figures.
    static let zone = InputSchema<String?>("TimeZoneQuery", { $0 }) {
        filter("tz", .timeZone, "The time zone of the days; by default that of your account.", example: "Europe/Berlin")
    }

    static let draft = InputSchema<NewTask>(
        "NewTask", example: ["title": "Renew the certificate", "priority": "high", "labels": ["ops"], "due_on": "2026-11-20"],
        NewTask.checked
    ) {
        required("title", TaskPayload.title, example: "Renew the certificate")
        optional("description", TaskPayload.description, example: "It ends on Friday.")
        defaulted("status", .taskStatus, to: .pending)
        defaulted("priority", .taskPriority, to: .medium)
        optional("assignee_id", .id(User.self), "An active user.")
        defaulted("labels", TaskPayload.labels, to: [], example: ["ops"])
        optional("due_at", .instant, "The time at which it is due. Use due_on for a day without a time; both together are refused.")
        optional("due_on", .day, "The day on which it is due. The task is overdue when the day is over in the owner's time zone.")
        defaulted("archived", .flag, to: false)
    }

    static let changes = InputSchema<TaskChanges>("TaskChanges", example: ["status": "completed"], TaskChanges.checked) {
        ChangeFields.title
        ChangeFields.description
        ChangeFields.status
        ChangeFields.priority
        ChangeFields.assigneeID
        ChangeFields.labels
        ChangeFields.dueAt
        ChangeFields.dueOn
        ChangeFields.archived
    }

    /// The fields of a partial update.
    enum ChangeFields {
        static let title = filter("title", TaskPayload.title)
        static let description = clearable("description", TaskPayload.description)
        static let status = filter("status", .taskStatus, example: "completed")
        static let priority = filter("priority", .taskPriority)
        static let assigneeID = clearable("assignee_id", .id(User.self))
        static let labels = filter("labels", TaskPayload.labels, "Replaces all labels.")
        static let dueAt = clearable("due_at", .instant, "Clears due_on. Both together are answered with 400.")
        static let dueOn = clearable("due_on", .day, "Clears due_at.")
        static let archived = filter("archived", .flag)
    }

    // MARK: Lists

    static let query = query("TaskQuery", scope: .mine)

    /// The same filters, with everybody's tasks when nothing is said of the scope.
    static let adminQuery = query("AdminTaskQuery", scope: .all)

    private static func query(_ name: String, scope: TaskScope) -> InputSchema<TaskSelection> {
        InputSchema(name, TaskSelection.init) {
            defaulted(
                "scope", .word(TaskScope.allCases.map { ($0.rawValue, $0) }), to: scope,
                "mine: tasks that you own or are assigned; all: all tasks, admins only.")
            filter("status", .list(.taskStatus, 1...10), "One or more values; a task matches any of them.")
            filter("priority", .list(.taskPriority, 1...10), "One or more values; a task matches any of them.")
            filter(
                "label", .list(labelOrNone, 1...20),
                "One or more labels, compared without case; a task matches any of them. none means no label; write the label of that name "
                    + "in quotes: `\"none\"`.")
            filter("label_all", .list(labelNotNone, 1...20), "A task must have all of these labels.")
            filter("assignee_id", .idOrNone, "none: tasks without an assignee.")
            filter("owner_id", .id(User.self))
            filter("archived", .flag, "true: archived tasks; false: other tasks; by default both.")
            filter(
                "q", .text(SearchQuery.textLength),
                """
                Words in title, description or labels, without case and accents; the last word may be incomplete. Symbols are words (🐱, C++, #42). \
                In scripts without spaces between words, the search finds parts of a text.
                """,
                example: "certif")
            filter("created_after", .instant)
            filter("created_before", .instant)
            filter("updated_after", .instant)
            filter("updated_before", .instant)
            filter("completed_after", .instant)
            filter("completed_before", .instant)
            filter("due", .word([("none", true)]), "none: tasks without a due date.")
            filter("due_after", .instant, "A due day counts as its end in the owner's time zone.")
            filter("due_before", .instant)
            filter("due_on", .day, "Tasks due on that day, or at a time of that day.")
            filter("tz", .timeZone, "The time zone of due_on, and of the days that due_day counts; by default that of your account.")
            filter(
                "overdue", .flag,
                "Whether the task is overdue: not completed, not archived, and past the due time, or past the end of the due day in the "
                    + "owner's time zone.")
            filter("date", .day, "Tasks in the daily log of that day.")
        }
    }

    static let order = InputSchema<TaskSort?>("TaskOrder", TaskSort.checked) {
        filter(
            "sort", .taskSort,
            """
            The order; with - descending. Titles are in the order of the Unicode collation, without case. position: the manual order, in which new \
            tasks come first. By default the newest task comes first, or with q the best match.
            """)
        filter(
            "nulls", .word([("first", true), ("last", false)]),
            "The place of tasks without a due date when you sort by due_at, and of open tasks when you sort by completed_at: last in both "
                + "directions by default."
        )
    }

    private static let fieldNames = TaskPayload.task.fieldNames

    static let fields = InputSchema<Set<String>?>("TaskFields", { $0 }) {
        filter(
            "fields",
            Shape<String>.text(1...500).map(
                fault: "must be names of fields, separated by commas: \(fieldNames.joined(separator: ", "))",
                into: { text in
                    let names = Set(text.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed })
                    return names.isSubset(of: fieldNames) ? names : nil
                }, from: { $0.sorted().joined(separator: ",") }), "Only these fields of each task, and its id.", example: "title,status")
    }

    // MARK: Counts

    static let grouping = InputSchema<TaskGrouping>("TaskGrouping", { $0 }) {
        required(
            "group_by", .word(TaskGrouping.allCases.map { ($0.rawValue, $0) }),
            "due_day: the day on which a task is due, also for a task with a due time.", example: "status")
    }

    private static let group = OutputSchema<TaskCounts.Group>("TaskCount") {
        nullable(
            "key", .text(0...1000),
            "The status, the priority, the id of the assignee, the label, or the day; null for tasks without one.", example: "pending"
        ) { $0.key }
        field("count", .count, example: 5) { $0.count }
    }

    private static let countsMeta = OutputSchema<TaskCounts>("TaskCountsMeta") {
        field(
            "total", .count,
            "The number of matching tasks. A task with two labels is in two groups, but counts once here.", example: 17
        ) { $0.total }
    }

    static let counts = OutputSchema<TaskCounts>("TaskCounts", uses: [group, countsMeta]) {
        field(
            "data", .list(group.shape, 0...1_000_000),
            "For status and priority all values, in their order; for days, ids and labels only values that occur, in order, with null at "
                + "the end."
        ) { $0.groups }
        field("meta", countsMeta.shape) { $0 }
    }

    // MARK: Figures

    private struct DayCount: Sendable {
        var day: Day
        var count: Int64
    }

    private static let dayCount = OutputSchema<DayCount>("DayCount") {
        field("day", .day) { $0.day }
        field("count", .count) { $0.count }
    }

    private static let statusCounts = OutputSchema<[TaskStatus: Int64]>("StatusCounts") {
        field("pending", .count) { $0[.pending] ?? 0 }
        field("in_progress", .count) { $0[.inProgress] ?? 0 }
        field("completed", .count) { $0[.completed] ?? 0 }
    }

    private static let priorityCounts = OutputSchema<[TaskPriority: Int64]>("PriorityCounts") {
        field("low", .count) { $0[.low] ?? 0 }
        field("medium", .count) { $0[.medium] ?? 0 }
        field("high", .count) { $0[.high] ?? 0 }
        field("critical", .count) { $0[.critical] ?? 0 }
    }

    static let statistics = OutputSchema<TaskStatistics>("TaskStats", uses: [statusCounts, priorityCounts, dayCount]) {
        field("total", .count) { $0.total }
        field("by_status", statusCounts.shape) { $0.byStatus }
        field("by_priority", priorityCounts.shape) { $0.byPriority }
        field("overdue", .count) { $0.overdue }
        field(
            "completed_per_day", .list(dayCount.shape, 30...30), "The last 30 days in your time zone, or in tz, today last.",
            example: .array((1...30).map { ["day": .string("2026-11-\($0 < 10 ? "0" : "")\($0)"), "count": 2] })
        ) {
            $0.completedPerDay.map { DayCount(day: $0.day, count: $0.count) }
        }
    }
}

extension TaskSelection {
    @Sendable
    fileprivate init(
        scope: TaskScope, statuses: [TaskStatus]?, priorities: [TaskPriority]?, labels: [String?]?, allLabels: [String]?,
        assigneeID: ID<User>??, ownerID: ID<User>?, archived: Bool?, text: String?, createdAfter: Instant?, createdBefore: Instant?,
        updatedAfter: Instant?, updatedBefore: Instant?, completedAfter: Instant?, completedBefore: Instant?, undated: Bool?,
        dueAfter: Instant?, dueBefore: Instant?, dueOn: Day?, timeZone: String?, overdue: Bool?, loggedOn: Day?
    ) {
        var filter = TaskFilter()
        filter.statuses = statuses ?? []
        filter.priorities = priorities ?? []
        filter.labels = (labels ?? []).compactMap(\.self)
        filter.isUnlabelled = labels?.contains(nil) ?? false
        filter.allLabels = allLabels ?? []
        filter.assigneeID = assigneeID
        filter.ownerID = ownerID
        filter.archived = archived
        filter.search = text.map { SearchQuery($0) }
        filter.createdAfter = createdAfter
        filter.createdBefore = createdBefore
        filter.updatedAfter = updatedAfter
        filter.updatedBefore = updatedBefore
        filter.completedAfter = completedAfter
        filter.completedBefore = completedBefore
        filter.isUndated = undated ?? false
        filter.dueAfter = dueAfter
        filter.dueBefore = dueBefore
        filter.dueOn = dueOn
        filter.timeZone = timeZone
        filter.overdue = overdue
        filter.loggedOn = loggedOn
        self.init(scope, filter)
    }
}

extension TaskSort {
    @Sendable
    fileprivate static func checked(sort: TaskSort?, nullsFirst: Bool?) throws -> TaskSort? {
        if nullsFirst != nil, sort?.key.mayBeAbsent != true {
            throw Faults([Fault("query:nulls", "can be used only with a sort by due_at or completed_at")])
        }
        var sort = sort
        sort?.nullsFirst = nullsFirst ?? false
        return sort
    }
}

let bothDue = Faults([Fault("/due_on", "cannot be used with due_at: a task is due at a time or on a day, not both")])

extension NewTask {
    @Sendable
    fileprivate static func checked(
        title: String, description: String?, status: TaskStatus, priority: TaskPriority, assigneeID: ID<User>?, labels: [String],
        dueAt: Instant?, dueOn: Day?, archived: Bool
    ) throws -> NewTask {
        if dueAt != nil, dueOn != nil { throw bothDue }
        return NewTask(
            title: title, description: description, status: status, priority: priority, assigneeID: assigneeID, labels: labels,
            due: Due(at: dueAt, on: dueOn), archived: archived)
    }
}

extension TaskChanges {
    @Sendable
    static func checked(
        title: String?, description: String??, status: TaskStatus?, priority: TaskPriority?, assigneeID: ID<User>??, labels: [String]?,
        dueAt: Instant??, dueOn: Day??, archived: Bool?
    ) throws -> TaskChanges {
        if case (.some(.some), .some(.some)) = (dueAt, dueOn) { throw bothDue }
        return TaskChanges(
            title: title, description: description, status: status, priority: priority, assigneeID: assigneeID, labels: labels,
            dueAt: dueAt, dueOn: dueOn, archived: archived)
    }
}
