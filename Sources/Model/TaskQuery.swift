// What a caller asks of a list: which tasks, in which order, which page.

package enum TaskScope: String, CaseIterable, Sendable {
    /// Owned or assigned.
    case mine
    case owned, assigned
    /// Everybody's; admins only.
    case all
}

package enum TaskSortKey: String, CaseIterable, Sendable {
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case dueAt = "due_at"
    case completedAt = "completed_at"
    case priority, title, status

    /// Whether a task may have no value of it.
    package var mayBeAbsent: Bool { self == .dueAt || self == .completedAt }
}

package struct TaskSort: Hashable, Sendable {
    package var key: TaskSortKey
    package var descending: Bool
    /// Where tasks without a value stand, such as those without a due date in an order by due date: before all others, or behind them.
    package var nullsFirst: Bool

    package init(_ key: TaskSortKey, descending: Bool = false, nullsFirst: Bool = false) {
        self.key = key
        self.descending = descending
        self.nullsFirst = nullsFirst
    }

    /// `-created_at`.
    package var word: String { (descending ? "-" : "") + key.rawValue }
    /// The word of exactly this order, as a cursor has it.
    package var order: String { word + (nullsFirst ? " nulls first" : "") }

    package static let all = TaskSortKey.allCases.flatMap { [TaskSort($0), TaskSort($0, descending: true)] }
    package static let newestFirst = TaskSort(.createdAt, descending: true)
}

package struct TaskFilter: Sendable {
    /// One of these; empty is any.
    package var statuses: [TaskStatus] = []
    package var priorities: [TaskPriority] = []
    package var labels: [String] = []
    /// No label at all; together with `labels`, either.
    package var isUnlabelled = false
    /// All of these.
    package var allLabels: [String] = []
    /// `.some(nil)` is nobody.
    package var assigneeID: ID<User>??
    package var ownerID: ID<User>?
    package var archived: Bool?
    package var createdAfter: Instant?
    package var createdBefore: Instant?
    package var updatedAfter: Instant?
    package var updatedBefore: Instant?
    package var completedAfter: Instant?
    package var completedBefore: Instant?
    /// Without a due date.
    package var isUndated = false
    package var dueAfter: Instant?
    package var dueBefore: Instant?
    /// Due on that day, or at an instant of it in `timeZone`.
    package var dueOn: Day?
    /// An IANA name; `nil` is the reader's own.
    package var timeZone: String?
    /// `TaskItem.isOverdue`, or not so.
    package var overdue: Bool?
    /// On the daily log of that day.
    package var loggedOn: Day?
    /// The words to search for; `nil` does not search.
    package var search: SearchQuery?

    package init() {}
}

/// What the tasks of a list are counted by.
package enum TaskGrouping: String, CaseIterable, Sendable {
    case status, priority, assignee, label
    /// The day on which a task is due, or the day of the instant at which it is.
    case dueDay = "due_day"
}

/// How many tasks of a list have each value of a field.
package struct TaskCounts: Sendable {
    package struct Group: Equatable, Sendable {
        /// As the wire has the value: a word, an id, a label, a day; `nil` is none.
        package var key: String?
        package var count: Int64

        package init(key: String?, count: Int64) {
            self.key = key
            self.count = count
        }
    }

    package var groups: [Group]
    /// Tasks. One with two labels is in two groups and counts once.
    package var total: Int64

    package init(groups: [Group], total: Int64) {
        self.groups = groups
        self.total = total
    }
}

/// Which page of a list.
package enum PageRequest: Sendable {
    /// After the row the cursor names; `nil` is the first page.
    case cursor(after: Cursor?, limit: Int64, count: Bool)
    case page(Int64, perPage: Int64)

    package static let sizes: ClosedRange<Int64> = 1...100
    /// Of tasks in cursor mode.
    package static let taskSizes: ClosedRange<Int64> = 1...1000
    /// A page of more than `sizes` ends when the texts of its tasks have so many bytes: the longest hundred have as many.
    package static let textLimit = 8 << 20
    package static let defaultSize: Int64 = 20
    /// Page mode goes only so many rows deep: every row before the page is read to be skipped.
    package static let depth: Int64 = 10_000
}

/// The place after a row in a sorted list; opaque to clients.
package struct Cursor: Hashable, Sendable {
    /// The list and order it belongs to.
    package var order: String
    /// The sort key of the last row: a number or a text.
    package var key: Key
    package var id: Int64

    package enum Key: Hashable, Sendable {
        case int(Int64)
        case text(String)
    }

    package var isText: Bool {
        if case .text = key { true } else { false }
    }

    package init(order: String, key: Key, id: Int64) {
        self.order = order
        self.key = key
        self.id = id
    }
}

/// A page and what is known of the whole.
package struct Page<Element: Sendable>: Sendable {
    package var elements: [Element]
    package var next: Cursor?
    package var total: Int64?
    package var request: PageRequest

    package init(elements: [Element], next: Cursor?, total: Int64?, request: PageRequest) {
        self.elements = elements
        self.next = next
        self.total = total
        self.request = request
    }

    package func map<Other>(_ transform: (Element) -> Other) -> Page<Other> {
        .init(elements: elements.map(transform), next: next, total: total, request: request)
    }
}
