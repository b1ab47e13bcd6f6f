// What the columns and texts of a table of tasks mean.
import Model
import Services
import TestKit
import Testing

@Suite struct TaskSheetTests {
    private let usual = ["task_name", "description", "status", "priority", "created_at", "assigned_user"]

    private func draft(_ header: [String], _ fields: String...) throws -> TaskSheet.Draft? {
        try TaskSheet(header: header).draft(fields)
    }

    private func task(_ column: String, _ text: String) throws -> NewTask {
        try #require(try draft(["title", column], "A", text)).task
    }

    @Test("a truth value says whether the task is in use, never how far it is")
    func activity() throws {
        for text in ["TRUE", "true", "Yes", "y", "1"] {
            let task = try task("status", text)
            #expect((task.status, task.archived) == (.pending, false), "\(text)")
        }
        for text in ["FALSE", "no", "N", "0"] {
            let task = try task("status", text)
            #expect((task.status, task.archived) == (.pending, true), "\(text)")
        }
        let completed = try task("status", "Completed")
        #expect((completed.status, completed.archived) == (.completed, false))
        #expect(try task("status", "IN_PROGRESS").status == .inProgress)
        #expect(try task("archived", "true").archived)
    }

    @Test("days and times are read, and a time without a zone is UTC")
    func times() throws {
        let day = try #require(Instant("2026-01-05T00:00:00Z"))
        for text in ["1/5/2026", "01/05/2026", "2026-01-05", "2026-01-05T00:00:00Z", "2026-01-05T02:00:00+02:00", "2026-01-05 00:00"] {
            #expect(try task("due_at", text).dueAt == day, "\(text)")
        }
        for text in ["13/1/2026", "2/30/2026", "5.1.2026", "1/5/26", "yesterday", "2026-1-5", "1/5/2026/", "+1/5/2026"] {
            #expect(throws: TaskSheet.RowFaults.self) { try task("due_at", text) }
        }
        #expect(try draft(["title", "created_at"], "A", "1/5/2026")?.createdAt == TaskSheet.TimeText(start: day, isDay: true))
        #expect(try draft(["title", "created_at"], "A", "2026-01-05T00:00:00Z")?.createdAt == TaskSheet.TimeText(start: day, isDay: false))
        #expect(try draft(["title", "created_at"], "A", "")?.createdAt == nil)
    }

    @Test("empty fields have the usual value, blank rows are no tasks, columns come in any order and case")
    func defaults() throws {
        let empty = try #require(try draft(usual, "A", "", "", "", "", ""))
        #expect((empty.task.status, empty.task.priority, empty.task.archived) == (.pending, .medium, false))
        #expect(empty.task.description == nil && empty.assignee == nil && empty.task.labels.isEmpty)
        #expect(try draft(usual, "", " ", "", "", "", "") == nil)
        let turned = try #require(try draft(["PRIORITY", " Title "], "CRITICAL", "A"))
        #expect((turned.task.title, turned.task.priority) == ("A", .critical))
        #expect(try draft(["title", "id", "owner", "updated_at"], "A", "x", "y", "z")?.task.title == "A")
    }

    @Test("labels are a list, formulas lose their guard, and only completed tasks have been completed")
    func texts() throws {
        #expect(try task("labels", "ops, \"a,b\"").labels == ["ops", "a,b"])
        #expect(try task("labels", "Ops,ops").labels == ["Ops"])
        #expect(try task("description", "'=1+1").description == "=1+1")
        #expect(try task("description", "'tis").description == "'tis")
        let row = try #require(try draft(["title", "status", "completed_at"], "A", "pending", "1/5/2026"))
        #expect(row.completedAt == nil)
    }

    @Test("every fault of a row is told at once, with the column under its own name, whatever the header makes of it")
    func faults() throws {
        let sheet = try TaskSheet(header: ["Title", "Status", "PRIORITY", "due_at", "labels"])
        let found = #expect(throws: TaskSheet.RowFaults.self) {
            _ = try sheet.draft([" ", "done", "urgent", "soon", String(repeating: "x", count: 51)])
        }
        #expect(found?.all.map(\.column) == ["title", "status", "priority", "due_at", "labels"])
        let short = #expect(throws: TaskSheet.RowFaults.self) { _ = try sheet.draft(["A"]) }
        #expect(short?.all.first?.detail.contains("5 columns") == true)
        #expect(throws: TaskSheet.RowFaults.self) { try task("description", String(repeating: "x", count: 20_001)) }
        #expect(try task("description", String(repeating: "ä", count: 20_000)).description?.count == 20_000)
    }

    @Test(
        "a header without a title, with unknown or repeated columns is refused",
        arguments: [
            (["description"], "missing"), (["title", "task_name"], "two columns"), (["title", "Title"], "two columns"),
            (["title", "colour"], "colour"), ([""], "missing"),
        ])
    func headers(header: [String], words: String) {
        let failure = #expect(throws: Failure.self) { _ = try TaskSheet(header: header) }
        guard case .invalid(let violations)? = failure else { return }
        #expect(violations.contains { $0.detail.contains(words) }, "\(violations)")
    }
}
