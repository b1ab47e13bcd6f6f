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
        arguments: ["ATTENDEE;CN=nnnnnnnnnnnnnnnnnnnn:", "COMMENT:", "CATEGORIES:"])
    func manyLines(line: String) throws {
        func text(_ count: Int) -> String {
            calendar("BEGIN:VTODO\nSUMMARY:a\n\(Array(repeating: line, count: count).joined(separator: "\n"))\nEND:VTODO")
        }
        let most = (1 << 20) / line.utf8.count
        #expect(refusal(text(most))?.detail.contains("1048576") == true)
        let time = try ContinuousClock().measure { _ = try ReadFile(text(min(most - 10, 60_000))) }
        #expect(time < .seconds(10))
    }

    @Test("a fold may be within a character", arguments: ["\r\n ", "\n\t", "\r "])
    func foldedCharacters(fold: String) throws {
        let start = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:"
        let end = "END:VTODO\r\nEND:VCALENDAR\r\n"
        let parts: [[UInt8]] = [Array("gr".utf8) + [0xc3], [0xb6, 0xc3], [0x9f, 0xe2, 0x82], [0xac]]
        let bytes = Array(start.utf8) + Array(parts.joined(separator: Array(fold.utf8))) + Array("\r\n\(end)".utf8)
        for size in [1, 7, .max] {
            let file = try ReadFile(bytes, pieces: size)
            #expect(file.tasks.map(\.task.title) == ["größ€"] && file.plan.summary.charset == .utf8)
        }
        #expect(refusal(Array("\(start)a\r\n b\r\nCOMMENT:äöü".utf8) + [0xff, 0x0a] + Array(end.utf8))?.detail.contains("line 5") == true)
    }

    @Test(
        "a beginning and a duration are a due date",
        arguments: [
            ("DTSTART;VALUE=DATE:20300101\nDURATION:P1W", "2030-01-08"), ("DURATION:P1D\nDTSTART:20300101T100000Z", "2030-01-02T10:00:00Z"),
            ("DTSTART:20300101T100000Z\nDURATION:PT1H30M", "2030-01-01T11:30:00Z"),
            ("DTSTART:20300101T233000\nDURATION:PT1H", "2030-01-01T23:30:00Z"),
            // A day that has 23 hours is a day, and 24 hours are more.
            ("DTSTART;TZID=Europe/Berlin:20300330T100000\nDURATION:P1D", "2030-03-31T08:00:00Z"),
            ("DTSTART;TZID=Europe/Berlin:20300330T100000\nDURATION:PT24H", "2030-03-31T09:00:00Z"),
            ("DTSTART:20300101T100000Z\nDURATION:P1D\nDUE:20300105T100000Z", "2030-01-05T10:00:00Z"),
            ("DTSTART:20300101T100000Z\nDURATION:PT1D", ""), ("DTSTART;VALUE=DATE:20300101\nDURATION:PT1H", ""), ("DURATION:PT1H", ""),
            ("DTSTART:20300101T100000Z\nDURATION:P9999999999999999999D", ""), ("DTSTART:99991231T100000Z\nDURATION:P3D", ""),
        ])
    func durations(lines: String, due: String) throws {
        let file = try ReadFile(calendar("BEGIN:VTODO\nSUMMARY:a\n\(lines)\nEND:VTODO"), ImportHints(timeZone: "Europe/Berlin"))
        #expect(file.faults.isEmpty, "\(file.faults)")
        let expected = due.isEmpty ? nil : due.utf8.count == 10 ? try day(due) : try moment(due)
        #expect(file.tasks.map(\.task.due) == [expected])
        #expect(file.tasks.first?.task.description?.contains("DURATION: ") == true)
    }
}
