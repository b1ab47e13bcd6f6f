// What SQL knows of due dates: `due_end` has the last microsecond that is not too late, for a day by the clock of the task's owner.
package import Model
import StoreCore

extension Tasks {
    /// Has a due date. The number is that of `TaskOrder.noDueDate`: written out, so that indexes of such tasks are used.
    static let isDated: SQL = "due_end < 9223372036854775807"
    static let isUndated: SQL = "due_end = 9223372036854775807"

    /// `TaskItem.isOpen`.
    static let isOpen: SQL = "status <> \(TaskStatus.completed) AND NOT archived AND deleted_at IS NULL"

    /// `TaskItem.isOverdue`.
    /// - Parameter end: the column, or an expression of it that takes no list from the index of its order.
    static func isOverdue(at now: Instant, _ end: SQL = "due_end") -> SQL {
        "\(end) < \(now) AND \(isOpen)"
    }

    /// Due on that day, or at an instant of it there.
    static func isDue(on day: Day, in time: LocalTime) -> SQL {
        let (start, end) = (time.start(of: day), time.end(of: day))
        // The bounds are for the index: wherever the owner is, the day ends within a day and a half of where it ends in UTC.
        return """
            due_end >= \(start - .seconds(129_600)) AND due_end <= \(end + .seconds(129_600))
            AND (due_on = \(day.number) OR (due_at >= \(start) AND due_at <= \(end)))
            """
    }

    // MARK: Days of an owner

    /// Some tasks of an owner that are due on a day, those behind a place in their order.
    package func dueDays(
        of owner: ID<User>, after place: (day: Day, id: ID<TaskItem>)?, limit: Int64
    ) throws -> [(day: Day, id: ID<TaskItem>)] {
        let after: SQL = place.map { "AND (due_on, id) > (\($0.day.number), \($0.id))" } ?? ""
        return try tx.rows(
            """
            SELECT due_on, id FROM tasks WHERE owner_id = \(owner) AND due_on IS NOT NULL \(after) ORDER BY due_on, id LIMIT \(limit)
            """
        ) { (Day(number: try $0.value(0)), try $0.value(1)) }
    }

    /// Says anew when the day is over for tasks that are still due on it. It is no change of the tasks.
    package func setDueEnd(_ end: Instant, of day: Day, _ ids: [ID<TaskItem>]) throws {
        try tx.run(("UPDATE tasks SET due_end = \(end) WHERE id IN (\(list: ids)) AND due_on = \(day.number)" as SQL).unkept)
    }
}

/// When days end for the owner of tasks that are being written.
struct DueEnds {
    private let owner: ID<User>
    private let tx: Tx
    private var time: LocalTime?
    private var known: [Day: Instant] = [:]

    init(of owner: ID<User>, _ tx: Tx) {
        self.owner = owner
        self.tx = tx
    }

    /// `nil` without a due date.
    mutating func end(of due: Due?) throws -> Instant? {
        guard case .on(let day)? = due else { return due?.instant }
        if let end = known[day] { return end }
        let time = try self.time ?? Self.time(of: owner, tx)
        self.time = time
        let end = time.end(of: day)
        known[day] = end
        return end
    }

    /// Held until the transaction ends: who moves to another time zone meanwhile does so after it, and moves this task's day, too.
    private static func time(of owner: ID<User>, _ tx: Tx) throws -> LocalTime {
        LocalTime(
            try tx.first("SELECT time_zone FROM users WHERE id = \(owner) \(.forShare)") { try $0.value(0, as: String.self) } ?? "UTC")
    }
}
