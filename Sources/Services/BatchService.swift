// One action on many tasks in one transaction.
package import Model
import StoreCore

package enum BatchAction: String, CaseIterable, Sendable {
    case complete, reopen, update, archive, delete, restore
}

package struct Batch: Sendable {
    package var action: BatchAction
    package var ids: [ID<TaskItem>]
    package var changes: TaskChanges?
    /// All or nothing.
    package var atomic: Bool

    package init(action: BatchAction, ids: [ID<TaskItem>], changes: TaskChanges?, atomic: Bool) {
        self.action = action
        self.ids = ids
        self.changes = changes
        self.atomic = atomic
    }

    package static let size: ClosedRange<Int> = 1...1000
    /// Bytes of titles and descriptions that an answer shows; tasks beyond are changed but not shown.
    package static let shownText = 1 << 20
}

package struct BatchItem: Sendable {
    package enum Done: Sendable {
        case changed(TaskItem)
        /// Changed, but the answer is long enough already.
        case changedUnseen
        case deleted
    }

    package var id: ID<TaskItem>
    package var result: Result<Done, Failure>
}

extension TaskService {
    /// An item that fails changes nothing and stops nothing, unless the batch is atomic.
    /// - Throws: `Failure.batch` with every item that failed when the batch is atomic.
    package func batch(_ batch: Batch, by actor: Actor) throws(Failure) -> Change<[BatchItem]> {
        if batch.action == .update, batch.changes == nil { throw .invalid([.init("changes", "is required for the action update")]) }
        if batch.action != .update, batch.changes != nil { throw .invalid([.init("changes", "goes with the action update only")]) }
        return Change(by: .user(actor)) { entry in
            var shown = 0
            let items = try batch.ids.map { id in
                do {
                    let task = try entry.tx.savepoint { try Self.apply(batch, to: id, by: actor, entry) }
                    shown += task.map { $0.title.utf8.count + ($0.description?.utf8.count ?? 0) } ?? 0
                    let done = task.map { shown <= Batch.shownText ? BatchItem.Done.changed($0) : .changedUnseen } ?? .deleted
                    return BatchItem(id: id, result: .success(done))
                } catch let failure as Failure {
                    return BatchItem(id: id, result: .failure(failure))
                }
            }
            let faults = items.enumerated().compactMap { index, item -> Failure.BatchFault? in
                if case .failure(let failure) = item.result { .init(index: index, failure: failure) } else { nil }
            }
            if batch.atomic, !faults.isEmpty { throw Failure.batch(faults) }
            return items
        }
    }

    private static func apply(_ batch: Batch, to id: ID<TaskItem>, by actor: Actor, _ entry: Entry) throws -> TaskItem? {
        switch batch.action {
        case .complete: return try update(id, TaskChanges(status: .completed), by: actor, entry)
        case .reopen: return try update(id, TaskChanges(status: .pending), by: actor, entry)
        case .update: return try update(id, batch.changes ?? TaskChanges(), by: actor, entry)
        case .archive: return try update(id, TaskChanges(archived: true), by: actor, entry)
        case .restore: return try restore(id, by: actor, entry)
        case .delete:
            try delete(id, by: actor, entry)
            return nil
        }
    }
}
