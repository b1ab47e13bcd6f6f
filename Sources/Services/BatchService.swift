// One action on many tasks: in steps that the changes of others go between, or in one transaction when it is all or nothing.
package import ChangeLedger
package import Model
import Repositories
import StoreCore
import Synchronization

package enum BatchAction: String, CaseIterable, Sendable {
    case complete, reopen, update, archive, delete, restore
}

package struct Batch: Sendable {
    /// Which tasks a batch is about.
    package enum Choice: Sendable {
        case ids([ID<TaskItem>])
        /// Those that a list shows when the batch begins, as many as the caller expects.
        case selection(TaskSelection, expected: Int64)
    }

    package var action: BatchAction
    package var choice: Choice
    package var changes: TaskChanges?
    /// All or nothing.
    package var atomic: Bool

    /// What an atomic batch may change at most.
    package static let wholeLimit = TransactionBudget.Limits.whole

    package init(action: BatchAction, choice: Choice, changes: TaskChanges?, atomic: Bool) {
        self.action = action
        self.choice = choice
        self.changes = changes
        self.atomic = atomic
    }

    /// Ids that a request names.
    package static let size: ClosedRange<Int> = 1...1000
    /// Tasks that a filter may find.
    package static let selectionLimit = 10_000
    /// Bytes of titles and descriptions that an answer shows; tasks beyond are changed but not shown.
    package static let shownText = 1 << 20
    /// What a task counts beside its texts.
    fileprivate static let shownTask = 512
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

extension Batch {
    /// What its action does to a task, where it changes fields.
    fileprivate var edit: TaskChanges? {
        switch action {
        case .complete: TaskChanges(status: .completed)
        case .reopen: TaskChanges(status: .pending)
        case .update: changes ?? TaskChanges()
        case .archive: TaskChanges(archived: true)
        case .restore, .delete: nil
        }
    }

    fileprivate var isOfSelection: Bool { if case .selection = choice { true } else { false } }

    fileprivate var permission: TaskAction {
        switch action {
        case .complete, .reopen, .update, .archive: .edit
        case .restore: .restore
        case .delete: .delete
        }
    }

    /// Whether the search index has to be told.
    fileprivate var changesWords: Bool {
        guard let edit else { return true }
        return edit.title != nil || edit.description != nil || edit.changesLabels || edit.assigneeID != nil
    }
}

/// A task of a batch, or of a change of a label, as it was read before the transaction.
struct PreparedItem: Sendable {
    let id: ID<TaskItem>
    var bytes = 0
    /// The version that the words are of.
    var version: Int64?
    var words: (old: TaskWords, new: TaskWords)?

    /// - Returns: `nil` for a task that was changed since.
    func words(of task: TaskItem) -> (old: TaskWords, new: TaskWords)? { task.version == version ? words : nil }
}

/// Texts that an answer shows already.
private final class ShownText: Sendable {
    private let sum = Mutex(0)
    var bytes: Int { sum.withLock { $0 } }
    func add(_ bytes: Int) { sum.withLock { $0 += bytes } }
}

extension TaskService {
    /// An item that fails changes nothing and stops nothing, unless the batch is atomic.
    /// - Throws: `Failure.batch` with every item that failed when the batch is atomic, `Failure.invalid` when it is too large for that.
    package func batch(_ batch: Batch, by actor: Actor) async throws -> SteppedChange<BatchItem> {
        if batch.action == .update, batch.changes == nil { throw Failure.invalid([.init("changes", "is required for the action update")]) }
        if batch.action != .update, batch.changes != nil {
            throw Failure.invalid([
                .init(
                    "changes",
                    "can be used only with the action update")
            ])
        }
        if case .selection = batch.choice, batch.action == .restore {
            throw Failure.invalid([.init("filter", "does not find tasks in the trash: to restore tasks, send their ids")])
        }
        let batch = try await inZone(batch, of: actor)
        return SteppedChange(by: .user(actor)) { chosen in
            let ids = if let chosen { chosen.map { ID<TaskItem>($0) } } else { try await choose(batch.choice, by: actor) }
            if let edit = batch.edit { try await take(edit, on: ids, by: actor) }
            let shown = ShownText()
            return .init(count: ids.count, chosen: batch.isOfSelection ? ids.map(\.value) : nil) { first in
                let items = try await prepare(batch, ids, from: first, by: actor)
                return Change(by: .user(actor)) { entry in try Self.apply(batch, to: items, at: first, shown, by: actor, entry) }
            }
        }
    }

    /// With the clock by which due dates keep their time of the day: that of the caller's account.
    private func inZone(_ batch: Batch, of actor: Actor) async throws -> Batch {
        guard batch.changes?.dueShift != nil else { return batch }
        var batch = batch
        let user = try await store.rows(Users.byID([actor.userID]), from: .anyCopy).first
        batch.changes?.dueShift?.time = LocalTime(user?.timeZone ?? "UTC")
        return batch
    }

    /// - Throws: `Failure.otherCount`.
    private func choose(_ choice: Batch.Choice, by actor: Actor) async throws -> [ID<TaskItem>] {
        switch choice {
        case .ids(let ids): return ids
        case .selection(let selection, let expected):
            let audience = try Self.audience(selection.scope, of: actor.userID, isAdmin: actor.isAdmin)
            let filter = try await filter(selection, for: actor.userID)
            let now = clock.now()
            return try await store.read { tx in
                let found = try Tasks(tx).count(audience, filter, now: now)
                guard found == expected else { throw Failure.otherCount(found: found, expected: expected) }
                return try Tasks(tx).ids(audience, filter, .newestFirst, now: now)
            }
        }
    }

    /// Tasks that are read by one statement.
    private static let readAtOnce = 50

    /// Reads as many tasks as one transaction takes, and folds their words.
    private func prepare(_ batch: Batch, _ ids: [ID<TaskItem>], from first: Int, by actor: Actor) async throws -> [PreparedItem] {
        try await store.read { tx in
            var budget = TransactionBudget(batch.atomic ? Batch.wholeLimit : .step)
            let edit = batch.edit ?? TaskChanges()
            let changed = batch.changesWords ? ChangedWords(edit) : nil
            let newBytes = edit.textBytes
            var prepared: [PreparedItem] = []
            for start in stride(from: first, to: ids.count, by: Self.readAtOnce) {
                let part = ids[start..<min(start + Self.readAtOnce, ids.count)]
                let found = try Tasks(tx).find(Set(part))
                for id in part {
                    if !batch.atomic, budget.isSpent { return prepared }
                    var item = PreparedItem(id: id)
                    if let task = found[id], (try? actor.may(batch.permission, task).require(.task)) != nil {
                        item.bytes = changed == nil ? task.textBytes / TransactionBudget.copiedBytes : task.textBytes + newBytes
                        item.version = task.version
                        item.words = changed.map { changed in
                            let old = TaskWords(task)
                            let labels = edit.changesLabels ? task.applying(edit, at: task.updatedAt).labels : nil
                            return (old, old.applying(changed, labels: labels))
                        }
                    }
                    budget.spend(bytes: item.bytes)
                    if batch.atomic, !budget.fits { throw Self.tooLarge(batch) }
                    prepared.append(item)
                }
            }
            return prepared
        }
    }

    private static func tooLarge(_ batch: Batch) -> Failure {
        let limit = Batch.wholeLimit.bytes * (batch.changesWords ? 1 : TransactionBudget.copiedBytes)
        let detail =
            "is not possible for this batch: the titles, descriptions and labels of its tasks, before and after the change, have more than "
            + "\(limit) bytes together. Send fewer tasks at a time, or leave out atomic."
        return .invalid([.init("atomic", detail)])
    }

    /// - Returns: what became of the first of them, as many as there was time for.
    private static func apply(
        _ batch: Batch, to prepared: [PreparedItem], at first: Int, _ shown: ShownText, by actor: Actor, _ entry: Entry
    ) throws -> [BatchItem] {
        var budget = TransactionBudget()
        let before = shown.bytes
        var (bytes, items) = (0, [BatchItem]())
        for item in prepared {
            if !batch.atomic, budget.isSpent { break }
            budget.spend(bytes: item.bytes)
            do {
                let task = try entry.tx.savepoint { try apply(batch, to: item, by: actor, entry) }
                bytes += task.map { Batch.shownTask + $0.title.utf8.count + ($0.description?.utf8.count ?? 0) } ?? 0
                let done = task.map { before + bytes <= Batch.shownText ? BatchItem.Done.changed($0) : .changedUnseen } ?? .deleted
                items.append(BatchItem(id: item.id, result: .success(done)))
            } catch let failure as Failure {
                items.append(BatchItem(id: item.id, result: .failure(failure)))
            }
        }
        let faults = items.enumerated().compactMap { index, item -> Failure.BatchFault? in
            guard case .failure(let failure) = item.result else { return nil }
            return .init(index: batch.isOfSelection ? nil : first + index, id: item.id, failure: failure)
        }
        if batch.atomic, !faults.isEmpty { throw Failure.batch(faults) }
        let added = bytes
        entry.afterCommit { shown.add(added) }
        return items
    }

    private static func apply(_ batch: Batch, to item: PreparedItem, by actor: Actor, _ entry: Entry) throws -> TaskItem? {
        switch batch.action {
        case .complete, .reopen, .update, .archive:
            return try update(item.id, batch.edit ?? TaskChanges(), by: actor, words: item.words(of:), entry)
        case .restore: return try restore(item.id, by: actor, words: item.words(of:), entry)
        case .delete:
            try delete(item.id, by: actor, words: item.words(of:), entry)
            return nil
        }
    }
}
