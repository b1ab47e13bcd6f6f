// Takes back what one request has changed: field by field, as a change of its own, which can be taken back in the same way.
package import ChangeLedger
package import Model
import Repositories
import StoreCore

/// What became of one recorded change of a task.
package struct UndoneChange: Sendable {
    package struct Refusal: Sendable {
        package enum Reason: Sendable {
            /// Somebody has changed the field since.
            case changedSince
            case failure(Failure)
        }

        /// Its wire name; `nil` for the whole task.
        package var field: String?
        package var reason: Reason
    }

    package var taskID: ID<TaskItem>
    /// Whether anything of it was taken back.
    package var isUndone = false
    package var refusals: [Refusal] = []

    fileprivate mutating func refuse(_ field: String?, _ reason: Refusal.Reason) {
        refusals.append(.init(field: field, reason: reason))
    }
}

/// A recorded change as it was read before the transaction, and the task as it was then.
private struct PreparedUndo: Sendable {
    let event: Event
    var bytes = 0
    var version: Int64?
    var words: (old: TaskWords, new: TaskWords)?
    /// Texts that are to be written again, and who owns the task.
    var texts: (changes: TaskChanges, owner: ID<User>)?
    /// Why nothing is tried.
    var failure: Failure?

    var taskID: ID<TaskItem> { ID(event.subject.id) }

    init(_ event: Event, _ task: TaskItem?) {
        self.event = event
        guard let task else { return }
        version = task.version
        let changes = event.action == .taskUpdated ? task.reversal(of: event.changes).changes : TaskChanges()
        guard
            event.action != .taskUpdated || changes.title != nil || changes.description != nil || changes.changesLabels
                || changes.assigneeID != nil
        else {
            bytes = task.textBytes / TransactionBudget.copiedBytes
            return
        }
        bytes = task.textBytes + changes.textBytes
        let old = TaskWords(task)
        words = (old, old.applying(ChangedWords(changes)))
        if changes.textBytes > 0 { texts = (changes, task.ownerID) }
    }

    /// - Returns: `nil` for a task that was changed since.
    func words(of task: TaskItem) -> (old: TaskWords, new: TaskWords)? { task.version == version ? words : nil }
}

extension TaskService {
    /// Takes back what a request of the caller did to tasks, the last change first. What cannot be taken back is refused and stops nothing.
    /// - Parameter requestID: the `X-Request-Id` of that request's answer.
    /// - Throws: `Failure.notFound` when no request of the caller with that id has changed a task.
    package func undo(_ requestID: String, by actor: Actor) async throws -> SteppedChange<UndoneChange> {
        let ids = try await store.read { try Events($0).ids(ofRequest: requestID, by: actor.userID) }
        guard !ids.isEmpty else { throw Failure.notFound(.change) }
        return SteppedChange(by: .user(actor), count: ids.count) { first in
            let prepared = try await prepareUndo(ids, from: first, by: actor)
            return Change(by: .user(actor)) { entry in
                var budget = TransactionBudget()
                var undone: [UndoneChange] = []
                for item in prepared {
                    if budget.isSpent { break }
                    budget.spend(bytes: item.bytes)
                    undone.append(try Self.undo(item, by: actor, entry))
                }
                return undone
            }
        }
    }

    /// Events whose long texts are read at once.
    private static let undoneAtOnce = 25

    /// Reads as many changes as one transaction takes back, folds the words of their texts and counts these towards quotas.
    private func prepareUndo(_ ids: [Int64], from first: Int, by actor: Actor) async throws -> [PreparedUndo] {
        var prepared = try await store.read { tx in
            var budget = TransactionBudget(.step)
            var prepared: [PreparedUndo] = []
            for start in stride(from: first, to: ids.count, by: Self.undoneAtOnce) {
                let events = try Events(tx).find(Array(ids[start..<min(start + Self.undoneAtOnce, ids.count)]))
                let tasks = try Tasks(tx).find(Set(events.map { ID($0.subject.id) }))
                for event in events {
                    if budget.isSpent { return prepared }
                    let item = PreparedUndo(event, tasks[ID(event.subject.id)])
                    budget.spend(bytes: item.bytes)
                    prepared.append(item)
                }
            }
            return prepared
        }
        for index in prepared.indices {
            guard let (changes, owner) = prepared[index].texts else { continue }
            do {
                try meter.takeWritten(Int64(changes.textBytes), by: actor.userID)
                try await meter.take(.of(changes), of: owner)
            } catch let failure as Failure {
                prepared[index].failure = failure
            }
        }
        return prepared
    }

    private static func undo(_ item: PreparedUndo, by actor: Actor, _ entry: Entry) throws -> UndoneChange {
        var refused = UndoneChange(taskID: item.taskID)
        do {
            if let failure = item.failure { throw failure }
            return try entry.tx.savepoint { try takeBack(item, by: actor, entry) }
        } catch let failure as Failure {
            refused.refuse(nil, .failure(failure))
            return refused
        }
    }

    private static func takeBack(_ item: PreparedUndo, by actor: Actor, _ entry: Entry) throws -> UndoneChange {
        let (id, words) = (item.taskID, item.words(of:))
        var undone = UndoneChange(taskID: id)
        switch item.event.action {
        case .taskCreated:
            let task = try find(id, .delete, by: actor, entry.tx)
            guard !task.isDeleted else { throw Failure.notFound(.task) }
            for field in task.changedSince(creation: item.event.changes) { undone.refuse(field, .changedSince) }
            if undone.refusals.isEmpty {
                try delete(id, by: actor, words: words, entry)
                undone.isUndone = true
            }
        case .taskDeleted:
            if try find(id, .restore, by: actor, entry.tx).isDeleted {
                _ = try restore(id, by: actor, words: words, entry)
                undone.isUndone = true
            } else {
                undone.refuse("deleted_at", .changedSince)
            }
        case .taskRestored:
            if try find(id, .delete, by: actor, entry.tx).isDeleted {
                undone.refuse("deleted_at", .changedSince)
            } else {
                try delete(id, by: actor, words: words, entry)
                undone.isUndone = true
            }
        case .taskUpdated:
            let old = try find(id, .edit, by: actor, entry.tx)
            guard !old.isDeleted else { throw Failure.notFound(.task) }
            let isShared = try shareHistoryAsBefore(item.event, old, by: actor, &undone, entry)
            let isChanged = try setFields(item, of: old, &undone, entry)
            undone.isUndone = isShared || isChanged
        default: throw Failure.notFound(.task)
        }
        return undone
    }

    /// - Returns: whether a field was set.
    private static func setFields(_ item: PreparedUndo, of old: TaskItem, _ undone: inout UndoneChange, _ entry: Entry) throws -> Bool {
        var reversal = old.reversal(of: item.event.changes)
        for field in reversal.changedSince { undone.refuse(field, .changedSince) }
        if let assignee = reversal.changes.assigneeID.flatMap(\.self), try !Users(entry.tx).holdActive(assignee) {
            undone.refuse("assignee_id", .failure(noSuchAssignee))
            reversal.changes.assigneeID = nil
        }
        var new = old.applying(reversal.changes, at: entry.now)
        if new.status == .completed, old.status != .completed {
            // It is not completed today: the figures of that day stay.
            new.completedAt = try Events(entry.tx).completion(of: old.id, before: item.event.id) ?? entry.now
        }
        guard new != old else { return false }
        _ = try entry.write(old, as: new, words: item.words(of: old))
        return true
    }

    /// - Returns: whether the assignee reads the history again, or no longer.
    private static func shareHistoryAsBefore(
        _ event: Event, _ task: TaskItem, by actor: Actor, _ undone: inout UndoneChange, _ entry: Entry
    ) throws -> Bool {
        guard let change = event.changes.first(where: { $0.field == historyShared }), case .bool(let before) = change.from else {
            return false
        }
        try actor.may(.shareHistory, task).require(.task)
        if try shareHistory(before, of: task, entry) { return true }
        undone.refuse(historyShared, .changedSince)
        return false
    }
}
