// How one change of many tasks looks on the wire.
import Model
import Payloads
import Repositories
import Services
import Wire

extension TaskSchemas {
    private static let batchChanges = InputSchema<TaskChanges>(
        "BatchChanges", example: ["add_labels": ["late"], "shift_due": 7], TaskChanges.checkedOfMany
    ) {
        ChangeFields.title
        ChangeFields.description
        ChangeFields.status
        ChangeFields.priority
        ChangeFields.assigneeID
        ChangeFields.labels
        ChangeFields.dueAt
        ChangeFields.dueOn
        ChangeFields.archived
        defaulted("add_labels", TaskPayload.labels, to: [], "Labels to add to each task.", example: ["late"])
        defaulted("remove_labels", TaskPayload.labels, to: [], "Labels to remove, compared without case.")
        filter(
            "shift_due", .integer(DueShift.range),
            "Days by which due dates are moved, later or earlier. The time of day stays the same in your account's time zone; tasks "
                + "without a due date stay unchanged.", example: 7)
    }

    /// The filters of the list as an object.
    private static let selection = Shape<TaskSelection>(.string, document: query.reference) { json, faults in
        var found: [Fault] = []
        let selection = query.read(json, &found)
        // Parameters that do not go together are named as those of a query.
        faults += found.map { Fault($0.pointer.hasPrefix("query:") ? "/\($0.pointer.dropFirst("query:".count))" : $0.pointer, $0.detail) }
        return selection
    } write: { _, writer in
        writer.null()
    }

    static let batch = InputSchema<Batch>(
        "Batch", uses: [batchChanges, query], example: ["action": "complete", "ids": [42, 43]], Batch.checked
    ) {
        required("action", .word(BatchAction.allCases.map { ($0.rawValue, $0) }), example: "complete")
        filter(
            "ids", .list(.id(TaskItem.self), Batch.size).documented(("uniqueItems", true)), "The ids of the tasks; or use filter instead.",
            example: [42, 43])
        filter(
            "filter", selection,
            "All tasks that `GET /api/v1/tasks` lists with these filters when the batch begins. Names and values are those of its query; a "
                + "parameter with several values is an array here.")
        filter(
            "expected", .integer(0...Int64(Batch.selectionLimit)),
            "With filter: the expected number of tasks. If the filter finds another number, the answer is 409.",
            example: 12)
        optional("changes", batchChanges.shape, "With the action update: the changes.")
        defaulted(
            "atomic", .flag, to: false,
            "All or nothing: any failure is answered with 409, and nothing is changed. The titles, descriptions and labels of an atomic "
                + "batch, before and after the change, may have \(Batch.wholeLimit.bytes) bytes together; eight times as much if the "
                + "change does not touch these fields or the assignee. Without atomic the tasks are changed in steps, and other users may "
                + "make changes between two steps."
        )
    }

    private static let batchError = OutputSchema<Problem>("BatchError") {
        field("code", Problem.code, example: "not_found") { $0.code }
        field("detail", .text(0...2000), example: "There is no such task.") { $0.detail }
    }

    private static let batchItem = OutputSchema<BatchItem>("BatchItem", uses: [TaskPayload.task, batchError]) {
        field("id", .id()) { $0.id }
        field("status", .integer(200...599), "The HTTP status of this task.", example: 200) { item in
            switch item.result {
            case .success(.deleted): 204
            case .success: 200
            case .failure(let failure): Int64(Problem(failure).status)
            }
        }
        sometimes("task", TaskPayload.task.shape, "The task after the change; left out of a very long answer.") { item in
            if case .success(.changed(let task)) = item.result { task } else { nil }
        }
        sometimes("error", batchError.shape) { item in
            if case .failure(let failure) = item.result { Problem(failure) } else { nil }
        }
    }

    static let batchResult = OutputSchema<[BatchItem]>("BatchResult", uses: [batchItem]) {
        field(
            "results", .list(batchItem.shape, 0...Batch.selectionLimit),
            "The results in the order of the ids; with a filter the newest task first."
        ) { $0 }
        field("succeeded", .count, example: 1) { Int64($0.count { (try? $0.result.get()) != nil }) }
        field("failed", .count) { Int64($0.count { (try? $0.result.get()) == nil }) }
    }
}

extension TaskChanges {
    @Sendable
    fileprivate static func checkedOfMany(
        title: String?, description: String??, status: TaskStatus?, priority: TaskPriority?, assigneeID: ID<User>??, labels: [String]?,
        dueAt: Instant??, dueOn: Day??, archived: Bool?, addedLabels: [String], removedLabels: [String], dueShift: Int64?
    ) throws -> TaskChanges {
        var changes = try checked(
            title: title, description: description, status: status, priority: priority, assigneeID: assigneeID, labels: labels,
            dueAt: dueAt,
            dueOn: dueOn, archived: archived)
        let added = Set(addedLabels.map(caseFolded))
        var faults = removedLabels.indices.filter { added.contains(caseFolded(removedLabels[$0])) }.map {
            Fault("/remove_labels/\($0)", "is also in add_labels")
        }
        if labels != nil, !addedLabels.isEmpty || !removedLabels.isEmpty {
            faults.append(Fault("/labels", "replaces all labels, so it cannot be used with add_labels or remove_labels"))
        }
        if dueShift != nil, dueAt != nil || dueOn != nil {
            faults.append(Fault("/shift_due", "moves existing due dates, so it cannot be used with due_at or due_on"))
        }
        guard faults.isEmpty else { throw Faults(faults) }
        changes.addedLabels = addedLabels
        changes.removedLabels = removedLabels
        changes.dueShift = dueShift.map { DueShift(days: $0) }
        return changes
    }
}

extension Batch {
    @Sendable
    fileprivate static func checked(
        action: BatchAction, ids: [ID<TaskItem>]?, selection: TaskSelection?, expected: Int64?, changes: TaskChanges?, atomic: Bool
    ) throws -> Batch {
        if let selection {
            guard ids == nil else { throw Faults([Fault("/filter", "cannot be used with ids: send one of the two")]) }
            guard let expected else { throw Faults([Fault("/expected", "is required with filter: the number of tasks that you expect")]) }
            if atomic, expected > Int64(size.upperBound) {
                throw Faults([Fault("/atomic", "is possible for at most \(size.upperBound) tasks")])
            }
            return Batch(action: action, choice: .selection(selection, expected: expected), changes: changes, atomic: atomic)
        }
        guard let ids else { throw Faults([Fault("/ids", "is required, unless you send a filter")]) }
        if expected != nil { throw Faults([Fault("/expected", "can be used only with filter")]) }
        var seen: Set<ID<TaskItem>> = []
        let repeated = ids.indices.filter { !seen.insert(ids[$0]).inserted }
        guard repeated.isEmpty else { throw Faults(repeated.map { Fault("/ids/\($0)", "is already in the list") }) }
        return Batch(action: action, choice: .ids(ids), changes: changes, atomic: atomic)
    }
}
