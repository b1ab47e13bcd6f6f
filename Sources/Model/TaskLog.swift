// The daily log: what every active task was on a day.

/// One row a day for each task that is neither archived nor deleted.
package struct TaskLog: Sendable {
    package var id: ID<TaskLog>
    package var taskID: ID<TaskItem>
    package var day: Day
    package var status: TaskStatus
    package var priority: TaskPriority
    package var title: String
    package var description: String?
    package var ownerID: ID<User>
    package var assigneeID: ID<User>?

    package init(
        id: ID<TaskLog>, taskID: ID<TaskItem>, day: Day, status: TaskStatus, priority: TaskPriority, title: String, description: String?,
        ownerID: ID<User>, assigneeID: ID<User>?
    ) {
        self.id = id
        self.taskID = taskID
        self.day = day
        self.status = status
        self.priority = priority
        self.title = title
        self.description = description
        self.ownerID = ownerID
        self.assigneeID = assigneeID
    }
}
