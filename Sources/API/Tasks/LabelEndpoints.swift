// Labels over HTTP.
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct LabelEndpoints {
    let tasks: TaskService

    private static let path = "/api/v1/labels"
    private static let one = "/api/v1/labels/{name}"

    private static let result = Success<[Bool]>.ok(LabelSchemas.result, "The number of changed tasks.")

    var list: Endpoint {
        .read(
            .listLabels, Self.path, "List labels", tag: .tasks, for: .tasksRead, .query(LabelSchemas.query),
            gives: .ok(LabelSchemas.list, "The labels of your tasks, by name.").counting(\.count)
        ) { try await tasks.labels(beginningWith: $1, by: $0) }
    }

    var update: Endpoint {
        .steppedChange(
            .updateLabel, .patch, Self.one, "Rename or colour a label", tag: .tasks, for: .tasksWrite,
            .path("name", TaskPayload.label), .body(LabelSchemas.changes), gives: Self.result, fails: [409], joining: LabelSchemas.join
        ) { try await tasks.changeLabel($1, $2, by: $0) }
    }

    var merge: Endpoint {
        .steppedChange(
            .mergeLabel, .post, "\(Self.one)/merge", "Merge a label into another label", tag: .tasks, for: .tasksWrite,
            .path("name", TaskPayload.label), .body(LabelSchemas.merge), gives: Self.result, fails: [409], joining: LabelSchemas.join
        ) { try await tasks.mergeLabel($1, into: $2, by: $0) }
    }

    var delete: Endpoint {
        .steppedChange(
            .deleteLabel, .delete, Self.one, "Remove a label from all your tasks", tag: .tasks, for: .tasksWrite,
            .path("name", TaskPayload.label), gives: Self.result, joining: LabelSchemas.join
        ) { try await tasks.deleteLabel($1, by: $0) }
    }
}
