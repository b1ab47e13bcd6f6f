// What an event has changed of a task, taken back: each field gets the value from before, if it still has the one that the event gave it.

package struct Reversal: Sendable {
    /// Gives the fields their former values.
    package var changes = TaskChanges()
    /// Wire names of the fields that have another value by now.
    package var changedSince: [String] = []
}

extension TaskItem {
    private static let dueFields = ["due_at", "due_on"]

    private func value(of field: String) -> FieldChange.Value? {
        field == "position" ? .int(position) : snapshot.first { $0.field == field }?.value
    }

    /// - Parameter recorded: the changes of an event of this task. Fields that a task does not have itself are passed over.
    package func reversal(of recorded: [FieldChange]) -> Reversal {
        var reversal = Reversal()
        let due = recorded.filter { Self.dueFields.contains($0.field) }
        // One thing with two fields: of the field that the event does not name there was nothing before and after it.
        let isDueKept = Self.dueFields.allSatisfy { field in value(of: field) == (due.first { $0.field == field }?.to ?? .null) }
        for change in recorded {
            guard let value = value(of: change.field) else { continue }
            let isKept = Self.dueFields.contains(change.field) ? isDueKept : value == change.to
            if !isKept || !reversal.changes.set(change.field, to: change.from) { reversal.changedSince.append(change.field) }
        }
        return reversal
    }

    /// Wire names of the fields that are not as the event of its creation says.
    package func changedSince(creation recorded: [FieldChange]) -> [String] {
        snapshot.filter { field, value in value != (recorded.first { $0.field == field }?.to ?? .null) }.map(\.field)
    }
}

extension TaskChanges {
    /// - Returns: whether the field can have that value.
    fileprivate mutating func set(_ field: String, to value: FieldChange.Value) -> Bool {
        switch (field, value) {
        case ("title", .text(let text)): title = text
        case ("description", .text(let text)): description = .some(text)
        case ("description", .null): description = .some(nil)
        case ("status", .text(let word)):
            status = TaskStatus.allCases.first { $0.word == word }
            return status != nil
        case ("priority", .text(let word)):
            priority = TaskPriority.allCases.first { $0.word == word }
            return priority != nil
        case ("assignee_id", .int(let id)): assigneeID = .some(ID(id))
        case ("assignee_id", .null): assigneeID = .some(nil)
        case ("labels", .texts(let texts)): labels = texts
        case ("due_at", .text(let text)):
            guard let instant = Instant(text) else { return false }
            dueAt = .some(instant)
        case ("due_at", .null): dueAt = .some(nil)
        case ("due_on", .text(let text)):
            guard let day = Day(text) else { return false }
            dueOn = .some(day)
        case ("due_on", .null): dueOn = .some(nil)
        case ("archived", .bool(let flag)): archived = flag
        case ("position", .int(let number)): position = number
        default: return false
        }
        return true
    }
}
