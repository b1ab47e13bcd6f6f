// Calendars as programs make them, and as they are damaged.
import Model
import TaskFormats
import Testing

@Suite struct CalendarFileTests {
    private func calendar(_ lines: String) -> String { "BEGIN:VCALENDAR\r\n\(lines.replacing("\n", with: "\r\n"))\r\nEND:VCALENDAR\r\n" }

    @Test(
        "what ends is what is open, and a to-do begins in a calendar: otherwise the line is named",
        arguments: [
            ("BEGIN:VTODO\nSUMMARY:a\nEND:VALARM\nSUMMARY:b\nEND:VTODO\nBEGIN:VTODO\nSUMMARY:c\nEND:VTODO", "line 4"),
            ("BEGIN:VTODO\nSUMMARY:a\n b\nBEGIN:VTODO\nSUMMARY:c\nEND:VTODO\nEND:VTODO", "line 5"),
            ("BEGIN:VEVENT\nSUMMARY:a\nBEGIN:VTODO\nSUMMARY:c\nEND:VTODO", "line 4"),
            ("END:VCALENDAR\nBEGIN:VTODO\nSUMMARY:c\nEND:VTODO", "line 3"), ("END:VCALENDAR\nEND:VCALENDAR", "nothing is open"),
        ])
    func components(lines: String, words: String) {
        let fault = refusal(calendar(lines))
        #expect(fault?.detail.contains(words) == true, "\(String(describing: fault))")
    }

    @Test("names with a group before them are read, and lines that are no property are named")
    func groups() throws {
        let file = try ReadFile(calendar("BEGIN:VTODO\nitem1.SUMMARY:a\nitem1.CATEGORIES;X=a.b:x\nwhat is this\nEND:VTODO"))
        #expect(file.tasks.map(\.task.title) == ["a"] && file.tasks.map(\.task.labels) == [["x"]])
        #expect(file.plan.summary.notes.contains { $0.contains("line 5") })
    }

    @Test(
        "names and parameters count towards the size of a to-do, and many short lines take no longer than long ones",
        arguments: ["ATTENDEE;CN=nnnnnnnnnnnnnnnnnnnn:", "COMMENT:", "CATEGORIES:", "COMMENT:a", "CATEGORIES:a"])
    func manyLines(line: String) throws {
        func text(_ count: Int) -> String {
            calendar("BEGIN:VTODO\nSUMMARY:a\n\(Array(repeating: line, count: count).joined(separator: "\n"))\nEND:VTODO")
        }
        let most = (1 << 20) / line.utf8.count
        #expect(refusal(text(most))?.detail.contains("1048576") == true)
        let time = try ContinuousClock().measure { _ = try ReadFile(text(min(most - 10, 60_000))) }
        #expect(time < .seconds(10))
    }
}
