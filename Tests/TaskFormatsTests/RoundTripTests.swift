// What we write is read again as it was, whoever reads it.
import CSV
import Foundation
import Model
import TestKit
import TaskFormats
import Testing
import Wire

@Suite struct RoundTripTests {
    private let names: [ID<User>: String] = [
        ID(1): "ada", ID(2): "bob@example.com", ID(3): "#92@tasks.example.com", ID(4): "Zoë; \"the\" Fox, jr.",
    ]

    private func tasks() throws -> [TaskItem] {
        let now = try #require(Instant("2029-11-20T09:30:00.123Z"))
        func task(_ id: Int64, _ title: String, _ change: (inout TaskItem) -> Void) -> TaskItem {
            var task = TaskItem(
                id: ID(id), title: title, description: nil, status: .pending, priority: .medium, ownerID: ID(1), assigneeID: nil,
                labels: [],
                due: nil, dueEnd: nil, archived: false, completedAt: nil, deletedAt: nil, createdAt: now, updatedAt: now, version: 1)
            change(&task)
            return task
        }
        return [
            task(1, "plain") { _ in },
            task(2, "=1+1, \"quoted\"; with\\backslash") {
                $0.description = "two\nlines, a comma; a semicolon: and a colon"
                $0.labels = ["a,b", "c;d", "e\"f", "größer"]
                $0.assigneeID = ID(2)
                $0.due = Day("2030-01-31").map { .on($0) }
                $0.priority = .critical
            },
            task(3, String(repeating: "long wörds ", count: 20) + "end") {
                $0.status = .completed
                $0.completedAt = Instant("2029-11-21T09:30:00.456Z")
                $0.assigneeID = ID(3)
                $0.due = Instant("2030-01-31T09:30:00.789Z").map { .at($0) }
                $0.priority = .low
            },
            task(4, "archived") {
                $0.archived = true
                $0.status = .inProgress
                $0.priority = .high
                $0.assigneeID = ID(4)
                $0.due = Instant("2030-01-31T09:30:00Z").map { .at($0) }
            },
        ]
    }

    private func check(_ file: ReadFile) throws {
        #expect(file.faults.isEmpty, "\(file.faults)")
        #expect(file.plan.summary.product == "TaskFlow")
        #expect(file.rows.flatMap(\.notes).isEmpty, "\(file.rows.flatMap(\.notes))")
        let all = try tasks()
        #expect(file.tasks.count == all.count && file.plan.rowCount == Int64(all.count))
        for (draft, task) in zip(file.tasks, all) {
            #expect(draft.task.title == task.title && draft.task.description == task.description)
            #expect((draft.task.status, draft.task.priority, draft.task.archived) == (task.status, task.priority, task.archived))
            #expect(draft.task.labels == task.labels && draft.task.due == task.due)
            #expect(draft.completedAt == task.completedAt && draft.createdAt == TimeText(start: task.createdAt, isDay: false))
            #expect(draft.people == (task.assigneeID.flatMap { names[$0] }.map { [$0] } ?? []))
        }
        #expect(file.named == Set(TaskSheet.Column.allCases))
    }

    private func bytes(_ format: TaskFileFormat) throws -> [UInt8] {
        try format.head + tasks().map { format.task($0, names) }.joined(separator: format.between) + format.tail
    }

    /// Whatever the clock of the reader, and however the bytes come.
    private func check(_ bytes: [UInt8]) throws {
        for zone in ["UTC", "Asia/Tokyo"] {
            for size in [Int.max, 1, 13] { try check(ReadFile(bytes, ImportHints(dateOrder: .mdy, timeZone: zone), pieces: size)) }
        }
    }

    @Test("CSV, with and without a byte order mark")
    func csv() throws {
        try check(bytes(.csv))
        try check(bytes(.csv(bom: true)))
        #expect(try bytes(.csv(bom: true)).starts(with: [0xef, 0xbb, 0xbf]))
    }

    @Test("iCalendar")
    func iCalendar() throws {
        let written = try bytes(.iCalendar)
        try check(written)
        let text = String(decoding: written, as: UTF8.self)
        for line in [
            "DUE;VALUE=DATE:20300131", "ATTENDEE:mailto:bob@example.com", "ORGANIZER;CN=\"ada\":urn:taskflow:user:ada",
            "X-TASKFLOW-ARCHIVED:TRUE",
        ] {
            #expect(text.contains(line + "\r\n"), "\(line)")
        }
        #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
    }

    @Test("JSON: an array, and an object that holds one", arguments: ["", "items", "data", "tasks"])
    func json(member: String) throws {
        let format = TaskFileFormat(
            head: Array((member.isEmpty ? "[" : "{\"next\":null,\"\(member)\":[").utf8), between: Array(",\n".utf8),
            tail: Array((member.isEmpty ? "]" : "],\"total\":4}").utf8)
        ) { task, names in
            var writer = JSONWriter()
            writer.json([
                "id": .int(task.id.value), "title": .string(task.title), "description": task.description.map { .string($0) } ?? .null,
                "status": .string(task.status.word), "priority": .string(task.priority.word), "owner_id": .int(task.ownerID.value),
                "assignee_id": task.assigneeID.map { .int($0.value) } ?? .null, "labels": .array(task.labels.map { .string($0) }),
                "due_at": task.dueAt.map { .string("\($0)") } ?? .null, "due_on": task.dueOn.map { .string("\($0)") } ?? .null,
                "archived": .bool(task.archived), "completed_at": task.completedAt.map { .string("\($0)") } ?? .null,
                "created_at": .string("\(task.createdAt)"), "updated_at": .string("\(task.updatedAt)"), "version": 1,
                "owner": .string(names[task.ownerID] ?? ""),
                "assigned_user": task.assigneeID.flatMap { names[$0] }.map { .string($0) } ?? .null,
            ])
            return writer.bytes
        }
        try check(bytes(format))
    }
}

@Suite struct CalendarTests {
    private func calendar(_ lines: String) -> String {
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Others//EN\r\n\(lines)END:VCALENDAR\r\n".replacing("\n", with: "\r\n").replacing(
            "\r\r", with: "\r")
    }

    @Test("the to-dos of other programs: zones, folded lines, repetitions, cancelled ones, and events that are left out")
    func others() throws {
        let file = try ReadFile(
            calendar(
                """
                BEGIN:VTIMEZONE
                TZID:Europe/Berlin
                END:VTIMEZONE
                BEGIN:VEVENT
                SUMMARY:Concert
                END:VEVENT
                BEGIN:VTODO
                UID:1
                SUMMARY;LANGUAGE=en:Tune the pia
                 no
                DUE;TZID=Europe/Berlin:20300131T093000
                RRULE:FREQ=WEEKLY
                CATEGORIES:music,home
                PRIORITY:1
                ATTENDEE;CN="Example, Ada";ROLE=REQ-PARTICIPANT:mailto:ada@example.com
                BEGIN:VALARM
                DESCRIPTION:not the task's
                END:VALARM
                END:VTODO
                BEGIN:VTODO
                UID:2
                SUMMARY:Buy strings
                DUE;VALUE=DATE:20300131
                STATUS:CANCELLED
                RELATED-TO:1
                END:VTODO
                BEGIN:VTODO
                SUMMARY:Listen
                COMPLETED:20291121T093000Z
                PERCENT-COMPLETE:100
                END:VTODO

                """))
        #expect(file.faults.isEmpty && file.plan.summary.format == .ics && file.plan.summary.product == nil, "\(file.faults)")
        let (first, second, third) = (file.tasks[0], file.tasks[1], file.tasks[2])
        #expect(first.task.title == "Tune the piano" && first.task.labels == ["music", "home"] && first.task.priority == .critical)
        #expect(try first.task.due == moment("2030-01-31T08:30:00Z"))
        #expect(first.task.description == "RRULE: FREQ=WEEKLY" && first.people == ["ada@example.com"])
        #expect(try second.task.due == day("2030-01-31"))
        #expect((second.task.archived, second.task.status) == (true, .pending) && second.task.description == "Part of: Tune the piano")
        #expect(file.rows[1].notes.contains { $0.detail.contains("cancelled") })
        #expect(third.task.status == .completed && third.completedAt == Instant("2029-11-21T09:30:00Z"))
        #expect(file.plan.summary.notes.contains { $0.contains("VEVENT") })
        #expect(!file.named.contains(.archived) && file.named.contains(.assignee))
    }

    @Test("a zone that is not known is told, and its times are those of the account")
    func zones() throws {
        let file = try ReadFile(
            calendar("BEGIN:VTODO\nSUMMARY:A\nDUE;TZID=Home:20300131T093000\nEND:VTODO\n"), ImportHints(timeZone: "Europe/Berlin"))
        #expect(try file.tasks.map(\.task.due) == [moment("2030-01-31T08:30:00Z")])
        #expect(file.plan.summary.notes.contains { $0.contains("“Home”") })
        #expect(refusal("title\nA\n", ImportHints(kind: .ics))?.detail.contains("not a calendar") == true)
    }

    @Test("a file means the same in one piece and in many when it is longer than its beginning")
    func long() throws {
        let text = "title;due\n" + (0..<20_000).map { "task \($0);01.02.2030\n" }.joined() + "last;\u{fc}\n"
        let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        let whole = try ReadFile(bytes)
        #expect(try ReadFile(bytes, pieces: 10_000).plan == whole.plan)
        #expect(whole.plan.rowCount == 20_001 && whole.faults.map(\.column) == ["due"])
    }

    @Test("a calendar or a JSON text that ends too early is refused")
    func torn() {
        #expect(refusal("BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:x\r\n")?.detail.contains("VTODO") == true)
        #expect(refusal("[{\"title\":\"A\"},{\"title\":")?.detail.contains("task 2") == true)
        #expect(refusal("[{\"title\":\"A\"},{\"title\":01}]")?.detail.contains("task 2") == true)
        #expect(refusal("[1]") != nil && refusal("[]") != nil && refusal("{}") != nil)
        #expect(refusal("[{\"title\":\"A\",\"x\":\"\(String(repeating: "x", count: 2 << 20))\"}]") != nil)
    }

    @Test("JSON of other programs: names in objects, lists of labels, members that come late, and unknown ones are listed")
    func json() throws {
        let file = try ReadFile(
            #"[{"name":"A","assignee":{"id":7,"email":"ada@example.com"},"tags":[{"name":"x"},{"name":"y,z"}],"weight":3},{"name":"B","due":"31.01.2030","done":true,"colour":"red"}]"#
        )
        #expect(file.faults.isEmpty, "\(file.faults)")
        #expect(file.tasks[0].people == ["ada@example.com"] && file.tasks[0].task.labels == ["x", "y,z"])
        #expect(try file.tasks[1].task.due == day("2030-01-31") && file.tasks[1].task.status == .completed)
        #expect(Set(file.plan.summary.ignored) == ["weight", "colour"] && file.rows.map(\.number) == [1, 2])
        let late = try ReadFile(
            "[" + (0..<5000).map { #"{"title":"task \#($0)"}"# }.joined(separator: ",") + #",{"title":"last","due":"31/01/2030","size":1}]"#
        )
        #expect(try late.tasks.last?.task.due == day("2030-01-31"))
        #expect(late.plan.summary.ignored == ["size"] && late.plan.rowCount == 5001)
    }

    @Test("however a file is cut, it means the same", arguments: 0..<10)
    func cuts(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let seeds = [
            "title;due;status\nA;31.01.2030;done\n\"b\nc\";;open\n",
            "TYPE,CONTENT,PRIORITY,INDENT\nsection,S,,\ntask,A @x,1,1\nnote,n,,\ntask,B,2,2\n",
            "[{\"title\":\"A\",\"labels\":[\"x\"]},{\"title\":\"\\u00e4\"}]",
            "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:A\r\n b\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
            "(A) call +x @y due:2030-01-31\nx 2030-01-01 done\n", "{\"items\":[{\"title\":\"A\"}]}",
        ]
        for _ in 0..<40 {
            var bytes = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = [0x22, 0x2c, 0x0a, 0x0d, 0x3b, 0x7b, 0x5d, 0xe4, 0xc3, 0x00, 0x5c, 0x3a].randomElement(using: &random) ?? 0
            }
            func outcome(_ size: Int) -> String {
                do {
                    let file = try ReadFile(bytes, pieces: size)
                    return "\(file.plan) \(file.rows)"
                } catch {
                    return "\(error)"
                }
            }
            let whole = outcome(.max)
            for size in [1, 2, 5] { #expect(outcome(size) == whole, "\(String(decoding: bytes, as: UTF8.self)) in pieces of \(size)") }
        }
    }
}
