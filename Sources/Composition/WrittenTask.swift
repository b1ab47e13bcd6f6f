// A task that somebody writes on the command line, as one line of quick add.
import API
import BoundedText
import ChangeLedger
import Model
import Services

struct WrittenTask {
    private let installation: Installation

    init(_ installation: Installation) { self.installation = installation }

    func add(_ text: String, for user: User, by author: Author) async throws -> AdminReply {
        guard user.isActive else { return AdminReply(error: "\(user.email) is not active") }
        let most = TaskItem.titleLength.upperBound + TaskItem.descriptionLength.upperBound
        guard text.utf8.count <= 4 * most else { return AdminReply(error: "the text is too long") }
        guard text.isStreamSafe else { return AdminReply(error: "the text has more than \(combiningMarkLimit) combining marks in a row") }
        let tasks = installation.rooms.tasks
        let read = try await tasks.read(quickAdd: text, of: user.id)
        let reading = read.reading
        if let fault = Self.fault(of: reading) { return AdminReply(error: fault) }
        let draft = NewTask(
            title: reading.title, description: reading.description, status: reading.status ?? .pending,
            priority: reading.priority ?? .medium, assigneeID: read.assigneeID, labels: reading.labels, due: reading.due)
        let task = try await installation.rooms.ledger.perform(try await tasks.create(draft, owner: user.id, by: author))
        let facts = Self.facts(of: reading, in: LocalTime(user.timeZone))
        let lines = ["added task \(task.id): \(task.title.visible)\(facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")"]
        return AdminReply(lines: lines + reading.hints.map { "note: \($0.visible)" })
    }

    /// Why there cannot be such a task.
    private static func fault(of reading: QuickAdd) -> String? {
        guard !reading.title.isBlank else { return "the title is missing" }
        let count = reading.title.unicodeScalars.count
        guard TaskItem.titleLength.contains(count) else {
            return "a title has at most \(TaskItem.titleLength.upperBound) characters, this one has \(count)"
        }
        let length = reading.description?.unicodeScalars.count ?? 0
        guard TaskItem.descriptionLength.contains(length) else {
            return "a description has at most \(TaskItem.descriptionLength.upperBound) characters, this one has \(length)"
        }
        return reading.labels.first { !$0.isTrimmed }.map { "the label “\($0.visible)” begins or ends with white space" }
    }

    private static func facts(of reading: QuickAdd, in time: LocalTime) -> [String] {
        let assignee: String? =
            switch reading.assignee {
            case nil, .me: nil
            case .username(let name), .fullName(let name): "for \(name)"
            }
        let facts = [
            reading.due.map { "due \(time.text($0))" }, reading.priority?.word, reading.status?.word.replacing("_", with: " "), assignee,
        ]
        return facts.compactMap(\.self) + reading.labels.map { "#\($0.visible)" }
    }
}
