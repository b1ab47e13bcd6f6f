// What stands in a report, read in one transaction so that its figures agree with each other.
import Model
import Reports
import Repositories
import StoreCore

struct ReportReading {
    private let tx: Tx
    private let reader: User
    private let audience: TaskAudience
    private let zone: String
    private let now: Instant

    init(_ tx: Tx, _ reader: User, ofEverybody: Bool, zone: String, now: Instant) {
        self.tx = tx
        self.reader = reader
        self.zone = zone
        self.now = now
        audience = TaskAudience(ofEverybody ? .all : .mine, of: reader.id)
    }

    func data(_ range: ReportRange) throws -> ReportData {
        let time = LocalTime(zone)
        let statistics = try Tasks(tx).statistics(audience, in: time, now: now)
        let burnUp = try Tasks(tx).burnUp(audience, range.from...range.to, in: time, now: now)
        let (overdue, tasks) = (try overdueTasks(), try tasks())
        let names = try names(in: overdue + tasks)
        let row = { (task: TaskItem) in
            ReportData.Row(
                id: task.id, title: task.title, status: task.status, priority: task.priority,
                assignee: task.assigneeID.map { names[$0] ?? "#\($0)" }, due: task.due,
                isOverdue: task.isOverdue(at: now))
        }
        return ReportData(
            audience: audience.scope == .all ? "All tasks" : "Tasks of \(reader.name ?? reader.shownName(to: reader.id, isAdmin: false))",
            range: range, timeZone: zone, madeAt: now, byStatus: statistics.byStatus, byPriority: statistics.byPriority,
            overdue: statistics.overdue,
            createdInRange: burnUp.created, completedInRange: burnUp.completed,
            burnUp: burnUp.days.map { .init(day: $0.day, tasks: $0.tasks, completed: $0.completed) },
            overdueTasks: overdue.map(row), tasks: tasks.map(row))
    }

    private func overdueTasks() throws -> [TaskItem] {
        var filter = TaskFilter()
        filter.overdue = true
        return try list(filter, TaskSort(.dueAt), ReportData.overdueLimit)
    }

    /// What is open, the most pressing first, and then what was done last.
    private func tasks() throws -> [TaskItem] {
        var open = TaskFilter()
        open.statuses = [.pending, .inProgress]
        var done = TaskFilter()
        done.statuses = [.completed]
        let tasks = try list(open, TaskSort(.dueAt), ReportData.taskLimit)
        let room = ReportData.taskLimit - Int64(tasks.count)
        return room > 0 ? tasks + (try list(done, TaskSort(.updatedAt, descending: true), room)) : tasks
    }

    private func list(_ filter: TaskFilter, _ sort: TaskSort, _ limit: Int64) throws -> [TaskItem] {
        try Tasks(tx).list(audience, filter, sort, limit: limit, now: now)
    }

    private func names(in tasks: [TaskItem]) throws -> [ID<User>: String] {
        let ids = Set(tasks.compactMap(\.assigneeID))
        if ids.isEmpty { return [:] }
        let isAdmin = reader.role == .admin
        return Dictionary(
            try tx.rows(Users.byID(ids)).map { ($0.id, $0.shownName(to: reader.id, isAdmin: isAdmin)) },
            uniquingKeysWith: { first, _ in first })
    }
}
