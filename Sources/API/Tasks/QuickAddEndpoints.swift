// What a line of quick add says, over HTTP.
import BackgroundWork
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct QuickAddEndpoints {
    let tasks: TaskService

    var parse: Endpoint {
        .read(
            .parseTask, "/api/v1/tasks/parse", "Read a task from a line of text", method: .post, tag: .tasks, for: .tasksRead,
            .body(QuickAddSchemas.text), gives: .ok(QuickAddSchemas.reading, "The task that was read; it is not created.")
        ) { try await tasks.read(quickAdd: $1, of: $0.userID) }
    }
}

enum QuickAddSchemas {
    /// A title, a description, and what is said between them.
    private static let longest = TaskItem.descriptionLength.upperBound + 2000
    private static let offset = Shape<Int64>.integer(0...Int64(2 * longest))

    static let text = InputSchema<String>("QuickAddText", { $0 }) {
        required("text", .text(1...longest), "A line, optionally with a description below it.", example: "Pay rent friday !high #home")
    }

    private static let fields = OutputSchema<ReadQuickAdd>("QuickAddFields") {
        field("title", .text(0...longest), "The title; empty if the text has no title.", example: "Pay rent") { $0.reading.title }
        sometimes("description", .text(1...longest), example: "By standing order.") { $0.reading.description }
        sometimes("status", .taskStatus) { $0.reading.status }
        sometimes("priority", .taskPriority, example: "high") { $0.reading.priority }
        sometimes("labels", .list(.text(TaskItem.labelLength), TaskItem.labelCount), example: ["home"]) {
            $0.reading.labels.isEmpty ? nil : $0.reading.labels
        }
        sometimes("assignee_id", .id(User.self)) { $0.assigneeID }
        sometimes("due_on", .day) { $0.reading.due?.day }
        sometimes("due_at", .instant) { $0.reading.due?.instant }
    }

    private static let kind = Shape<QuickAdd.Kind>.word(QuickAdd.Kind.allCases.map { ($0.rawValue, $0) })

    private static let range = OutputSchema<QuickAdd.Range>("QuickAddRange") {
        field("start", offset, "The start in UTF-16 code units of the text, as in browsers.", example: 9) { Int64($0.start) }
        field("end", offset, "The end, after the last unit.", example: 15) { Int64($0.end) }
        field("kind", kind, "quoted: text in quotes, which is not read.", example: "due") { $0.kind }
        field("text", .text(1...longest), example: "friday") { $0.text }
    }

    private static let offer = OutputSchema<QuickAdd.Offer>("QuickAddOffer") {
        field("start", offset, example: 4) { Int64($0.start) }
        field("end", offset, example: 10) { Int64($0.end) }
        sometimes("due_on", .day) { $0.due.day }
        sometimes("due_at", .instant) { $0.due.instant }
    }

    static let reading = OutputSchema<ReadQuickAdd>("QuickAddReading", uses: [fields, range, offer]) {
        field("fields", fields.shape, "The fields of the task.") { $0 }
        field(
            "hints", .list(.text(1...1000), 0...100),
            "The parts that were not used, with the reasons.", example: ["nobody is called grace"]
        ) {
            $0.reading.hints
        }
        field("ranges", .list(range.shape, 0...longest), "The parts of the text that were used, in their order.") {
            $0.reading.ranges
        }
        nullable("offered", offer.shape, "A date in the middle of the title. It stays in the title unless you use it.") {
            $0.reading.offered
        }
    }
}
