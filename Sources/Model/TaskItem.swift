// A task, and what a caller may say of one. On the wire and in SQL it is called “task”.

package enum TaskStatus: Int64, CaseIterable, Sendable {
    case pending = 0
    case inProgress = 1
    case completed = 2

    package var word: String {
        switch self {
        case .pending: "pending"
        case .inProgress: "in_progress"
        case .completed: "completed"
        }
    }
}

package enum TaskPriority: Int64, CaseIterable, Sendable {
    case low = 0
    case medium = 1
    case high = 2
    case critical = 3

    package var word: String { "\(self)" }
}

package struct TaskItem: Equatable, Sendable {
    package var id: ID<TaskItem>
    package var title: String
    package var description: String?
    package var status: TaskStatus
    package var priority: TaskPriority
    package var ownerID: ID<User>
    package var assigneeID: ID<User>?
    package var labels: [String]
    package var due: Due?
    /// The last instant that is not too late, by the clock of the owner.
    package var dueEnd: Instant?
    package var archived: Bool
    /// Where it stands in the manual order, the lowest first. It is the same for everybody who has the task.
    package var position: Int64
    package var completedAt: Instant?
    package var deletedAt: Instant?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64

    package init(
        id: ID<TaskItem>, title: String, description: String?, status: TaskStatus, priority: TaskPriority, ownerID: ID<User>,
        assigneeID: ID<User>?, labels: [String], due: Due?, dueEnd: Instant?, archived: Bool, completedAt: Instant?, deletedAt: Instant?,
        createdAt: Instant, updatedAt: Instant, version: Int64, position: Int64? = nil
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.status = status
        self.priority = priority
        self.ownerID = ownerID
        self.assigneeID = assigneeID
        self.labels = labels
        self.due = due
        self.dueEnd = dueEnd
        self.archived = archived
        self.position = position ?? Self.position(ofNew: id)
        self.completedAt = completedAt
        self.deletedAt = deletedAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// Why the two limits: a title fits a line, a description a page; both fit an index and a mail.
    package static let titleLength: ClosedRange<Int> = 1...255
    package static let descriptionLength: ClosedRange<Int> = 0...20_000
    package static let labelLength: ClosedRange<Int> = 1...50
    package static let labelCount: ClosedRange<Int> = 0...50
    /// How long a deleted task can be restored.
    package static let trashLifetime: Duration = .seconds(30 * 86_400)

    package var isDeleted: Bool { deletedAt != nil }

    /// Between the positions of two tasks that were made one after the other. A task can be moved between two others twenty times at one spot
    /// before their neighbours make room, and browsers, whose numbers have 53 bits, know the positions of eight billion tasks exactly.
    package static let positionGap: Int64 = 1 << 20

    /// Until somebody moves it: the newest task comes first.
    package static func position(ofNew id: ID<TaskItem>) -> Int64 { id.value &* -positionGap }
}

/// What a new task is made of.
package struct NewTask: Sendable {
    package var title: String
    package var description: String?
    package var status: TaskStatus
    package var priority: TaskPriority
    package var assigneeID: ID<User>?
    package var labels: [String]
    package var due: Due?
    package var archived: Bool

    package init(
        title: String, description: String? = nil, status: TaskStatus = .pending, priority: TaskPriority = .medium,
        assigneeID: ID<User>? = nil, labels: [String] = [], due: Due? = nil, archived: Bool = false
    ) {
        self.title = title
        self.description = description
        self.status = status
        self.priority = priority
        self.assigneeID = assigneeID
        self.labels = labels
        self.due = due
        self.archived = archived
    }
}

/// A partial update: `nil` keeps a field, `.some(nil)` clears one. Of the two due fields one at most has a value.
package struct TaskChanges: Sendable {
    package var title: String?
    package var description: String??
    package var status: TaskStatus?
    package var priority: TaskPriority?
    package var assigneeID: ID<User>??
    package var labels: [String]?
    /// Setting either of the two clears the other; clearing one leaves the other as it is.
    package var dueAt: Instant??
    package var dueOn: Day??
    package var archived: Bool?
    package var position: Int64?
    /// Put on beside the labels that the task has.
    package var addedLabels: [String] = []
    /// Taken off, whatever their case.
    package var removedLabels: [String] = []
    /// Moves the due date that the task has.
    package var dueShift: DueShift?

    package init(
        title: String? = nil, description: String?? = nil, status: TaskStatus? = nil, priority: TaskPriority? = nil,
        assigneeID: ID<User>?? = nil, labels: [String]? = nil, dueAt: Instant?? = nil, dueOn: Day?? = nil,
        archived: Bool? = nil
    ) {
        self.title = title
        self.description = description
        self.status = status
        self.priority = priority
        self.assigneeID = assigneeID
        self.labels = labels
        self.dueAt = dueAt
        self.dueOn = dueOn
        self.archived = archived
    }

    /// Whether the task gets other labels.
    package var changesLabels: Bool { labels != nil || !addedLabels.isEmpty || !removedLabels.isEmpty }
}

extension TaskItem {
    /// The task after `changes`; `completedAt` follows the status. Version and `updatedAt` are the caller's business.
    package func applying(_ changes: TaskChanges, at now: Instant) -> TaskItem {
        var task = self
        if let title = changes.title { task.title = title }
        if let description = changes.description { task.description = description }
        if let priority = changes.priority { task.priority = priority }
        if let assigneeID = changes.assigneeID { task.assigneeID = assigneeID }
        if changes.changesLabels {
            let removed = Set(changes.removedLabels.map(caseFolded))
            let kept = (changes.labels ?? task.labels).filter { removed.isEmpty || !removed.contains(caseFolded($0)) }
            task.labels = Self.distinct(kept + changes.addedLabels)
        }
        let due = changes.due(after: task.due)
        if due != task.due { (task.due, task.dueEnd) = (due, due?.instant) }
        if let archived = changes.archived { task.archived = archived }
        if let position = changes.position { task.position = position }
        if let status = changes.status, status != task.status {
            task.status = status
            task.completedAt = status == .completed ? now : nil
        }
        return task
    }

    /// The labels without repetitions, whatever their case; the first spelling wins.
    package static func distinct(_ labels: [String]) -> [String] {
        var seen: Set<String> = []
        return labels.filter { seen.insert(caseFolded($0)).inserted }
    }
}
