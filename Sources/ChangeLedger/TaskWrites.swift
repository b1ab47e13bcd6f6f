// What happens to a task when it is written, thrown away, taken back or removed, whoever does it: the row and its event.
package import Model
package import Repositories
import StoreCore

extension Entry {
    /// Writes a task that this transaction has locked.
    /// - Parameter words: the words of its texts when they were folded before the transaction.
    /// - Throws: `Failure.stale` when somebody has changed it since.
    package func write(
        _ old: TaskItem, as new: TaskItem, _ action: Action = .taskUpdated, words: (old: TaskWords, new: TaskWords)? = nil
    ) throws -> TaskItem {
        guard let task = try Tasks(tx).update(old, to: new, words: words, at: now) else { throw Failure.stale(current: old.version) }
        try record(action, .task(task, before: old), task.differences(from: old))
        return task
    }

    /// To the trash.
    package func trash(_ task: TaskItem, words: (old: TaskWords, new: TaskWords)? = nil) throws {
        var new = task
        new.deletedAt = now
        _ = try write(task, as: new, .taskDeleted, words: words)
    }

    /// Out of the trash. A task that is not in it is given back as it is.
    /// - Throws: `Failure.notFound` when its time in the trash is over.
    package func restore(_ task: TaskItem, words: (old: TaskWords, new: TaskWords)? = nil) throws -> TaskItem {
        guard let deletedAt = task.deletedAt else { return task }
        guard deletedAt > now - TaskItem.trashLifetime else { throw Failure.notFound(.task) }
        var new = task
        new.deletedAt = nil
        // Whoever it was given to may have gone meanwhile.
        if let assignee = new.assigneeID, try Users(tx).find(assignee) == nil { new.assigneeID = nil }
        return try write(task, as: new, .taskRestored, words: words)
    }

    /// For good.
    package func purge(_ task: TaskItem) throws {
        try Tasks(tx).delete(task)
        try record(.taskPurged, .task(task, before: nil))
    }
}
