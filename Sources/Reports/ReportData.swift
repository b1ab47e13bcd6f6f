// What stands in a report, as it was at one moment.
package import Model

package struct ReportData: Sendable {
    package struct Row: Sendable {
        package var id: ID<TaskItem>
        package var title: String
        package var status: TaskStatus
        package var priority: TaskPriority
        package var assignee: String?
        package var due: Due?
        package var isOverdue: Bool

        package init(
            id: ID<TaskItem>, title: String, status: TaskStatus, priority: TaskPriority, assignee: String?, due: Due?, isOverdue: Bool
        ) {
            self.id = id
            self.title = title
            self.status = status
            self.priority = priority
            self.assignee = assignee
            self.due = due
            self.isOverdue = isOverdue
        }
    }

    /// How things stood at the end of a day.
    package struct DayEnd: Equatable, Sendable {
        package var day: Day
        package var tasks: Int64
        package var completed: Int64

        package init(day: Day, tasks: Int64, completed: Int64) {
            self.day = day
            self.tasks = tasks
            self.completed = completed
        }
    }

    /// Whose tasks: `Tasks of ada`.
    package var audience: String
    package var range: ReportRange
    /// Where its days begin and end: an IANA name.
    package var timeZone: String
    package var madeAt: Instant
    package var byStatus: [TaskStatus: Int64]
    package var byPriority: [TaskPriority: Int64]
    package var overdue: Int64
    package var createdInRange: Int64
    package var completedInRange: Int64
    /// The days of the range that have begun, the oldest first.
    package var burnUp: [DayEnd]
    /// The first of those that are overdue, the longest first.
    package var overdueTasks: [Row]
    /// The first of all, in the order in which they are to be listed.
    package var tasks: [Row]

    package init(
        audience: String, range: ReportRange, timeZone: String, madeAt: Instant, byStatus: [TaskStatus: Int64],
        byPriority: [TaskPriority: Int64],
        overdue: Int64, createdInRange: Int64, completedInRange: Int64, burnUp: [DayEnd], overdueTasks: [Row], tasks: [Row]
    ) {
        self.audience = audience
        self.range = range
        self.timeZone = timeZone
        self.madeAt = madeAt
        self.byStatus = byStatus
        self.byPriority = byPriority
        self.overdue = overdue
        self.createdInRange = createdInRange
        self.completedInRange = completedInRange
        self.burnUp = burnUp
        self.overdueTasks = overdueTasks
        self.tasks = tasks
    }

    package var total: Int64 { byStatus.values.reduce(0, +) }
    package var unlisted: Int64 { max(0, total - Int64(tasks.count)) }
    package var unlistedOverdue: Int64 { max(0, overdue - Int64(overdueTasks.count)) }

    /// Rows are drawn one by one; more would be a table, not a report.
    package static let taskLimit: Int64 = 2000
    package static let overdueLimit: Int64 = 10
}

extension TaskStatus {
    package var title: String {
        switch self {
        case .pending: "Pending"
        case .inProgress: "In progress"
        case .completed: "Completed"
        }
    }
}

extension TaskPriority {
    package var title: String {
        switch self {
        case .low: "Low"
        case .medium: "Medium"
        case .high: "High"
        case .critical: "Critical"
        }
    }
}
