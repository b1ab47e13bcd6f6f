// Where a task stands in the manual order, which is one for everybody: a task is moved between two others, whoever else moves what.
package import ChangeLedger
package import Model
import Repositories
import StoreCore

package struct Move: Sendable {
    /// `nil` keeps it.
    package var status: TaskStatus?
    /// The task that it is to stand before, and the one that it is to stand behind; without both it goes to the top.
    package var before: ID<TaskItem>?
    package var after: ID<TaskItem>?

    package init(status: TaskStatus?, before: ID<TaskItem>?, after: ID<TaskItem>?) {
        self.status = status
        self.before = before
        self.after = after
    }

    /// From one task to the next that is moved to the top: few enough that a new task comes before them all.
    fileprivate static let topGap: Int64 = 1 << 10
    /// Between neighbours that have made room.
    fileprivate static let leastGap: Int64 = 1 << 6
    /// Neighbours that make room. The fewest that have enough of it do.
    fileprivate static let neighbours = [8, 32, 128, TransactionBudget.Limits.step.rows]
}

/// The tasks of one status among which one is moved: those that the caller owns or is to do, or everybody's for an admin who does neither with it.
private struct Column {
    let moved: TaskItem
    let status: TaskStatus
    let audience: TaskAudience
    let entry: Entry

    init(_ moved: TaskItem, _ status: TaskStatus, by actor: Actor, _ entry: Entry) {
        self.moved = moved
        self.status = status
        let isMember = moved.ownerID == actor.userID || moved.assigneeID == actor.userID
        audience = TaskAudience(isMember ? .mine : .all, of: actor.userID)
        self.entry = entry
    }

    /// The next ones behind another task; without it those at the top.
    func tasks(behind other: TaskItem?, limit: Int) throws -> [TaskItem] { try tasks(after: other, TaskSort(.position), limit: limit) }

    /// The last one before another task.
    func task(before other: TaskItem) throws -> TaskItem? {
        try tasks(after: other, TaskSort(.position, descending: true), limit: 1).first
    }

    private func tasks(after other: TaskItem?, _ sort: TaskSort, limit: Int) throws -> [TaskItem] {
        var filter = TaskFilter()
        filter.statuses = [status]
        let found = try Tasks(entry.tx).list(
            audience, filter, sort, after: other.map { Tasks.cursor(after: $0, sort) }, limit: Int64(limit) + 1, now: entry.now)
        return Array(found.filter { $0.id != moved.id }.prefix(limit))
    }

    /// Whether the task stands there already, with nothing of the column between.
    func hasMoved(behind above: TaskItem?, before below: TaskItem?) -> Bool {
        guard moved.status == status else { return false }
        return above.map { moved.isBehind($0) } ?? true && below.map { $0.isBehind(moved) } ?? true
    }
}

extension TaskItem {
    /// In the manual order. Two people who move at once may choose the same position: then the ids decide.
    fileprivate func isBehind(_ other: TaskItem) -> Bool { (position, id) > (other.position, other.id) }
}

extension TaskService {
    package func move(_ id: ID<TaskItem>, _ move: Move, if precondition: Precondition = .none, by actor: Actor) -> Change<TaskItem> {
        Change(by: .user(actor)) { entry in
            let old = try Self.find(id, .edit, by: actor, entry.tx)
            guard !old.isDeleted else { throw Failure.notFound(.task) }
            try precondition.require(old)
            var changes = TaskChanges(status: move.status)
            changes.position = try Self.position(of: old, move, by: actor, entry)
            let new = old.applying(changes, at: entry.now)
            guard new != old else { return old }
            return try entry.write(old, as: new)
        }
    }

    private static func position(of task: TaskItem, _ move: Move, by actor: Actor, _ entry: Entry) throws -> Int64 {
        let above = try move.after.map { try neighbour($0, "after", of: task, by: actor, entry) }
        let below = try move.before.map { try neighbour($0, "before", of: task, by: actor, entry) }
        let column = Column(task, move.status ?? task.status, by: actor, entry)
        switch (above, below) {
        // When somebody has moved one of the two meanwhile, so that there is no place between them, the upper one counts.
        case (let above?, let below?) where below.isBehind(above): return try position(behind: above, before: below, column, by: actor)
        case (let above?, _): return try position(behind: above, before: column.tasks(behind: above, limit: 1).first, column, by: actor)
        case (nil, let below?):
            let above = try column.task(before: below)
            guard let above else { return column.hasMoved(behind: nil, before: below) ? task.position : below.position - Move.topGap }
            return try position(behind: above, before: below, column, by: actor)
        case (nil, nil):
            let first = try column.tasks(behind: nil, limit: 1).first
            if column.hasMoved(behind: nil, before: first) { return task.position }
            let newest = TaskItem.position(ofNew: ID(try Tasks(entry.tx).lastID()))
            return min(first?.position ?? newest, newest) - Move.topGap
        }
    }

    private static func position(behind above: TaskItem, before below: TaskItem?, _ column: Column, by actor: Actor) throws -> Int64 {
        if column.hasMoved(behind: above, before: below) { return column.moved.position }
        guard let below else { return above.position + TaskItem.positionGap }
        let room = below.position - above.position
        return room > 1 ? above.position + room / 2 : try makeRoom(behind: above, column, by: actor)
    }

    /// Moves on the tasks behind another one, each with an event: the caller may edit them all. Tasks that the caller does not see stay.
    /// - Returns: the first of the new positions.
    private static func makeRoom(behind above: TaskItem, _ column: Column, by actor: Actor) throws -> Int64 {
        var (neighbours, gap): (ArraySlice<TaskItem>, Int64) = ([], TaskItem.positionGap)
        for count in Move.neighbours {
            let behind = try column.tasks(behind: above, limit: count + 1)
            neighbours = behind.prefix(count)
            gap = behind.count > count ? (behind[count].position - above.position) / Int64(count + 2) : TaskItem.positionGap
            if gap >= Move.leastGap { break }
        }
        gap = max(1, gap)
        for (index, neighbour) in neighbours.enumerated() {
            let old = try find(neighbour.id, .edit, by: actor, column.entry.tx)
            // Somebody else has taken it away meanwhile.
            guard old.position == neighbour.position, !old.isDeleted else { continue }
            var new = old
            new.position = above.position + gap * Int64(index + 2)
            _ = try column.entry.write(old, as: new)
        }
        return above.position + gap
    }

    private static func neighbour(
        _ id: ID<TaskItem>, _ field: String, of task: TaskItem, by actor: Actor, _ entry: Entry
    ) throws -> TaskItem {
        guard id != task.id else { throw Failure.invalid([.init(field, "is the moved task itself")]) }
        guard let found = try Tasks(entry.tx).find(id), !found.isDeleted, actor.may(.view, found) == .allowed else {
            throw Failure.invalid([.init(field, "is not a task that you can see")])
        }
        return found
    }
}
