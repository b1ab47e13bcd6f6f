// What was taken back of a change, and what was not.
import Model
import Payloads
import Services
import StoreCore
import Wire

enum UndoSchemas {
    static let requestID = Shape<String>.text(1...64).documented(("examples", ["4f1c9b2a77d04a1e8e0d5c3b"]))

    private struct Refusal: Sendable {
        var taskID: ID<TaskItem>
        var refusal: UndoneChange.Refusal

        var detail: String {
            switch refusal.reason {
            case .changedSince: "Somebody has changed it since, so it stays."
            case .failure(.invalid(let violations)): "It \(violations.map(\.detail).joined(separator: ", and ")), so it stays."
            case .failure(let failure): Problem(failure).detail
            }
        }
    }

    private static let refusal = OutputSchema<Refusal>("UndoRefusal") {
        field("task_id", .id(), example: 42) { $0.taskID }
        nullable("field", .text(1...64), "The field that stays; null for the whole task.", example: "title") { $0.refusal.field }
        field("detail", .text(1...2000), "The reason.", example: "Somebody has changed it since, so it stays.") { $0.detail }
    }

    static let result = OutputSchema<[UndoneChange]>("UndoResult", uses: [refusal]) {
        field("undone", .count, "The number of tasks with undone changes.", example: 1) { Int64($0.count { $0.isUndone }) }
        field(
            "refused", .list(refusal.shape, 0...Int.max).documented(("maxItems", .int(.max))),
            "The changes that were not undone.", example: []
        ) {
            undone in
            undone.flatMap { change in change.refusals.map { Refusal(taskID: change.taskID, refusal: $0) } }
        }
    }

    /// One answer of those to all steps.
    @Sendable
    static func join(_ answers: [Answer]) throws -> Answer {
        try answers.joined { bodies in
            ["undone": .int(try bodies.sum("undone")), "refused": .array(try bodies.elements("refused"))]
        }
    }
}
