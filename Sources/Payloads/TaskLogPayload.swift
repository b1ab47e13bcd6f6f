// An entry of the daily log as JSON.
package import Model
package import Wire

package enum TaskLogPayload {
    package static let taskLog = OutputSchema<TaskLog>("TaskLog") {
        field("id", .id(), example: 4711) { $0.id }
        field("task_id", .id(), example: 42) { $0.taskID }
        field("log_date", .day) { $0.day }
        field("status", .taskStatus) { $0.status }
        field("priority", .taskPriority) { $0.priority }
        field("title", .text(TaskItem.titleLength), example: "Renew the certificate") { $0.title }
        nullable("description", .text(TaskItem.descriptionLength)) { $0.description }
        nullable("assignee_id", .id()) { $0.assigneeID }
    }
}
