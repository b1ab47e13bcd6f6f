// How labels look on the wire.
import Model
import Payloads
import Services
import StoreCore
import Wire

enum LabelSchemas {
    private static let color = Shape<LabelColor>.word(LabelColor.allCases.map { ($0.rawValue, $0) })

    private static let label = OutputSchema<Label>("Label") {
        field("name", TaskPayload.label, "The name in the spelling of the newest task; labels are compared without case.", example: "ops") {
            $0.name
        }
        nullable("color", color, "The colour in which you see it.", example: "teal") { $0.color }
        field("count", .count, "The number of tasks with this label.", example: 12) { $0.count }
    }

    static let list = label.all("LabelList")

    static let query = InputSchema<String?>("LabelQuery", { $0 }) {
        filter("q", .text(TaskItem.labelLength), "The beginning of the name, without case and accents.", example: "op")
    }

    static let changes = InputSchema<LabelChanges>(
        "LabelChanges", example: ["name": "operations", "color": "teal"], LabelChanges.init(name:color:)
    ) {
        filter("name", TaskPayload.label, "The new name. Another label of your tasks must not have it.", example: "operations")
        clearable("color", color, "The colour, only for you; null removes it.")
    }

    static let merge = InputSchema<String>("LabelMerge", { $0 }) {
        required("into", TaskPayload.label, "The label to keep: an existing label of your tasks.", example: "ops")
    }

    static let result = OutputSchema<[Bool]>("LabelResult") {
        field("changed", .count, "The number of changed tasks.", example: 12) { Int64($0.count { $0 }) }
    }

    /// One answer to a merge that was made in steps, of the stored answers to each of them.
    @Sendable
    static func join(_ answers: [Answer]) throws -> Answer {
        let changed = try answers.reduce(Int64(0)) { sum, answer in
            guard case .int(let changed)? = try? JSON(parsing: answer.body)["changed"] else {
                throw StoreError.corrupt("the stored answer to a step")
            }
            return sum + changed
        }
        var joined = answers.last ?? Answer(status: 200, body: [])
        joined.body = Array((["changed": .int(changed)] as JSON).text.utf8)
        return joined
    }
}
