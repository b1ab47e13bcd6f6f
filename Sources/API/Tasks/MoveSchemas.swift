// Where a task is to stand.
import Model
import Payloads
import Services
import Wire

enum MoveSchemas {
    static let move = InputSchema<Move>("TaskMove", example: ["status": "in_progress", "after": 43], Move.checked) {
        filter("status", .taskStatus, "The new status; by default the status stays.")
        optional("before", .id(TaskItem.self), "The task that comes after the moved task.")
        optional(
            "after", .id(TaskItem.self),
            "The task that comes before the moved task. With before, the task is moved between the two. If they are not in this order any "
                + "more, after decides.")
    }
}

extension Move {
    @Sendable
    fileprivate static func checked(status: TaskStatus?, before: ID<TaskItem>?, after: ID<TaskItem>?) throws -> Move {
        if let before, before == after { throw Faults([Fault("/after", "is the same task as before")]) }
        return Move(status: status, before: before, after: after)
    }
}
