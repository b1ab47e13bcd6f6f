// Where a task is to stand.
import Model
import Payloads
import Services
import Wire

enum MoveSchemas {
    static let move = InputSchema<Move>("TaskMove", example: ["status": "in_progress", "after": 43], Move.checked) {
        filter("status", .taskStatus, "Its new status; without it, it keeps the one that it has.")
        optional("before", .id(TaskItem.self), "A task before which it is to stand.")
        optional(
            "after", .id(TaskItem.self),
            "A task behind which it is to stand: at once behind it, or with before somewhere between the two. When there is no place between them "
                + "any more, after counts.")
    }
}

extension Move {
    @Sendable
    fileprivate static func checked(status: TaskStatus?, before: ID<TaskItem>?, after: ID<TaskItem>?) throws -> Move {
        if let before, before == after { throw Faults([Fault("/after", "is the same task as before")]) }
        return Move(status: status, before: before, after: after)
    }
}
