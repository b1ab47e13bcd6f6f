// A report as one table: every row says in its first column which part it belongs to, so that a spreadsheet can filter and pivot it.
import CSV
import Model
import Reports

enum ReportCSV {
    private static let columns = ["section", "name", "value", "status", "priority", "assignee", "due_at", "due_on", "overdue"]

    static func bytes(of data: ReportData) -> [UInt8] {
        var writer = CSVWriter()
        writer.row(columns)
        for (section, name, value) in figures(data) {
            writer.row([section, name, value] + Array(repeating: "", count: columns.count - 3))
        }
        for task in data.tasks {
            writer.row([
                "task", "\(task.id)", task.title, task.status.word, task.priority.word, task.assignee ?? "",
                task.due?.instant?.description ?? "", task.due?.day?.description ?? "", task.isOverdue ? "true" : "false",
            ])
        }
        return writer.bytes
    }

    private static func figures(_ data: ReportData) -> [(String, String, String)] {
        let completed = data.byStatus[.completed] ?? 0
        var rows = [
            ("report", "audience", data.audience), ("report", "from", "\(data.range.from)"), ("report", "to", "\(data.range.to)"),
            ("report", "time_zone", data.timeZone), ("report", "made_at", "\(data.madeAt)"),
            ("report", "tasks_not_listed", "\(data.unlisted)"),
            ("total", "tasks", "\(data.total)"), ("total", "open", "\(data.total - completed)"), ("total", "completed", "\(completed)"),
            ("total", "overdue", "\(data.overdue)"), ("total", "created_in_range", "\(data.createdInRange)"),
            ("total", "completed_in_range", "\(data.completedInRange)"),
        ]
        rows += TaskStatus.allCases.map { ("by_status", $0.word, "\(data.byStatus[$0] ?? 0)") }
        rows += TaskPriority.allCases.map { ("by_priority", $0.word, "\(data.byPriority[$0] ?? 0)") }
        rows += data.burnUp.map { ("burn_up_tasks", "\($0.day)", "\($0.tasks)") }
        rows += data.burnUp.map { ("burn_up_completed", "\($0.day)", "\($0.completed)") }
        return rows
    }
}
