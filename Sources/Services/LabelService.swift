// Labels of one's tasks: which there are, and the same change of one of them on every task that has it.
package import ChangeLedger
package import Model
import Repositories
import StoreCore

/// `nil` keeps the name or the colour, `.some(nil)` takes the colour away.
package struct LabelChanges: Sendable {
    package var name: String?
    package var color: LabelColor??

    package init(name: String?, color: LabelColor??) {
        self.name = name
        self.color = color
    }
}

extension TaskService {
    /// The labels of tasks that the actor owns or is assigned, by name, in the actor's colours.
    /// - Parameter beginning: of the names, whatever their case and accents; `nil` for all.
    package func labels(beginningWith beginning: String?, by actor: Actor) async throws -> [Label] {
        let now = clock.now()
        let beginning = beginning.map { Array(searchFolded($0).utf8) } ?? []
        return try await store.read(from: .anyCopy) { tx in
            let colors = try LabelColors(of: actor.userID, tx).all()
            return try Tasks(tx).labels(TaskAudience(.mine, of: actor.userID), TaskFilter(), now: now)
                .filter { beginning.isEmpty || searchFolded($0.name).utf8.starts(with: beginning) }
                .map { Label(name: $0.name, color: colors[Label.key(of: $0.name)], count: $0.count) }
        }
    }

    /// Renames a label on every task that has it, and colours it for the actor.
    /// - Returns: a change that tells of each task whether it was changed.
    /// - Throws: `Failure.notFound`; `Failure.conflict` when another label has the new name.
    package func changeLabel(_ name: String, _ changes: LabelChanges, by actor: Actor) async throws -> SteppedChange<Bool> {
        let ids = try await tasks(labelled: name, by: actor)
        let (key, newKey) = (Label.key(of: name), Label.key(of: changes.name ?? name))
        if newKey != key, try await find(labelled: changes.name ?? name, by: actor).isEmpty == false {
            throw Failure.conflict(.labelExists)
        }
        let edit = LabelEdit(name, to: changes.name)
        return relabel(changes.name == nil ? [] : ids, edit, by: actor) { colors in
            // What is left of a label of that name that no task has any more.
            if newKey != key { try colors.set(nil, of: newKey) }
            try colors.move(from: key, to: newKey)
            if let color = changes.color { try colors.set(color, of: newKey) }
        }
    }

    /// Puts another label of the actor's tasks in the place of a label.
    /// - Throws: `Failure.notFound`; `Failure.invalid` when the other one is none, or the same.
    package func mergeLabel(_ name: String, into other: String, by actor: Actor) async throws -> SteppedChange<Bool> {
        let ids = try await tasks(labelled: name, by: actor)
        let (key, otherKey) = (Label.key(of: name), Label.key(of: other))
        if key == otherKey { throw Failure.invalid([.init("into", "is the same label")]) }
        guard let newest = try await find(labelled: other, by: actor).first,
            let task = try await store.rows(Tasks.byID(newest), from: .primary).first
        else { throw Failure.invalid([.init("into", "is not a label of your tasks: rename the label instead")]) }
        let spelling = task.labels.first { Label.key(of: $0) == otherKey } ?? other
        return relabel(ids, LabelEdit(name, to: spelling), by: actor) { try $0.move(from: key, to: otherKey) }
    }

    /// Takes a label off every task that has it.
    /// - Throws: `Failure.notFound`.
    package func deleteLabel(_ name: String, by actor: Actor) async throws -> SteppedChange<Bool> {
        let ids = try await tasks(labelled: name, by: actor)
        let key = Label.key(of: name)
        return relabel(ids, LabelEdit(name, to: nil), by: actor) { try $0.set(nil, of: key) }
    }

    // MARK: Steps

    private func tasks(labelled name: String, by actor: Actor) async throws -> [ID<TaskItem>] {
        let ids = try await find(labelled: name, by: actor)
        guard !ids.isEmpty else { throw Failure.notFound(.label) }
        return ids
    }

    /// The newest first.
    private func find(labelled name: String, by actor: Actor) async throws -> [ID<TaskItem>] {
        var filter = TaskFilter()
        filter.labels = [name]
        let now = clock.now()
        return try await store.read { [filter] in
            try Tasks($0).ids(TaskAudience(.mine, of: actor.userID), filter, nil, now: now)
        }
    }

    /// - Parameter recolor: made with the first step.
    private func relabel(
        _ ids: [ID<TaskItem>], _ edit: LabelEdit, by actor: Actor, recolor: @escaping @Sendable (LabelColors) throws -> Void
    ) -> SteppedChange<Bool> {
        SteppedChange(by: .user(actor), count: ids.count) { first in
            let prepared = try await prepare(ids[first...], edit, by: actor)
            if let name = edit.replacement { try await take(TaskChanges(labels: [name]), on: prepared.map(\.id), by: actor) }
            return Change(by: .user(actor)) { entry in
                if first == 0 { try recolor(LabelColors(of: actor.userID, entry.tx)) }
                return try Self.relabel(prepared, edit, by: actor, entry)
            }
        }
    }

    /// Tasks that are read by one statement.
    private static let readAtOnce = 50

    /// Reads as many tasks as one transaction takes, and folds their words.
    private func prepare(_ ids: ArraySlice<ID<TaskItem>>, _ edit: LabelEdit, by actor: Actor) async throws -> [PreparedItem] {
        try await store.read { tx in
            var budget = TransactionBudget()
            var prepared: [PreparedItem] = []
            var rest = ids
            while !rest.isEmpty {
                let part = rest.prefix(Self.readAtOnce)
                rest = rest.dropFirst(Self.readAtOnce)
                let found = try Tasks(tx).find(Set(part))
                for id in part {
                    if budget.isSpent { return prepared }
                    var item = PreparedItem(id: id)
                    if let task = found[id], actor.may(.edit, task) == .allowed {
                        let words = TaskWords(task)
                        let changes = TaskChanges(labels: edit.applied(to: task.labels))
                        item.bytes = task.textBytes + changes.textBytes
                        item.version = task.version
                        item.words = (words, words.applying(ChangedWords(changes)))
                    }
                    budget.spend(bytes: item.bytes)
                    prepared.append(item)
                }
            }
            return prepared
        }
    }

    /// - Returns: whether each of the first of them was changed, as many as there was time for.
    private static func relabel(
        _ prepared: [PreparedItem], _ edit: LabelEdit, by actor: Actor, _ entry: Entry
    ) throws -> [Bool] {
        var budget = TransactionBudget()
        var changed: [Bool] = []
        for item in prepared {
            if budget.isSpent { break }
            budget.spend(bytes: item.bytes)
            changed.append(try relabel(item, edit, by: actor, entry))
        }
        return changed
    }

    /// A task that others have deleted, or taken the label or the actor off meanwhile, stays as it is.
    private static func relabel(_ item: PreparedItem, _ edit: LabelEdit, by actor: Actor, _ entry: Entry) throws -> Bool {
        guard let old = try Tasks(entry.tx).lock(item.id), !old.isDeleted, actor.may(.edit, old) == .allowed else { return false }
        var new = old
        new.labels = edit.applied(to: old.labels)
        guard new != old else { return false }
        _ = try entry.write(old, as: new, words: item.words(of: old))
        return true
    }
}
