// A task as JSON.
package import Model
package import Wire

extension Shape where Value == TaskStatus {
    package static var taskStatus: Self { .word(TaskStatus.allCases.map { ($0.word, $0) }) }
}

extension Shape where Value == TaskPriority {
    package static var taskPriority: Self { .word(TaskPriority.allCases.map { ($0.word, $0) }) }
}

package enum TaskPayload {
    package static let title = Shape<String>.visible(TaskItem.titleLength)
    package static let description = Shape<String>.text(TaskItem.descriptionLength)
    package static let label = Shape<String>.text(
        TaskItem.labelLength, pattern: String.trimmedPattern, fault: "must not begin or end with white space", where: \.isTrimmed)
    package static let labels = Shape<[String]>.list(label, TaskItem.labelCount)

    package static let task = OutputSchema<TaskItem>("Task") {
        field("id", .id(), example: 42) { $0.id }
        field("title", title, example: "Renew the certificate") { $0.title }
        nullable("description", description, example: "It ends on Friday.") { $0.description }
        field("status", .taskStatus, example: "pending") { $0.status }
        field("priority", .taskPriority, example: "high") { $0.priority }
        field("owner_id", .id(), "The user who created it.", example: 1) { $0.ownerID }
        nullable("assignee_id", .id(), "The user who should do it.", example: 2) { $0.assigneeID }
        field("labels", labels, example: ["ops"]) { $0.labels }
        nullable("due_at", .instant, "The time at which it is due; only one of due_at and due_on is set.") { $0.dueAt }
        nullable("due_on", .day, "The day on which it is due, until the end of the day in the owner's time zone.", example: .null) {
            $0.dueOn
        }
        field("archived", .flag, "Whether the task is archived; independent of its status.", example: false) { $0.archived }
        nullable("completed_at", .instant, "The time when the status became completed.", example: .null) { $0.completedAt }
        field("created_at", .instant) { $0.createdAt }
        field("updated_at", .instant) { $0.updatedAt }
        field(
            "position", .integer(-9_007_199_254_740_991...9_007_199_254_740_991),
            "The position in the manual order (`sort=position`), the lowest first; tasks with equal positions are ordered by id. POST "
                + "/api/v1/tasks/{id}/move changes it.", example: -44_040_192
        ) { $0.position }
        field("version", .count, "Increases by one with each change; also the ETag.", example: 3) { $0.version }
    }
}
