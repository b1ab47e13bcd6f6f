// Tasks as files: CSV, JSON and iCalendar, whole and in order, for those who may see them.
import API
import BackgroundWork
import Composition
import Credentials
import CSV
import HTTPTypes
import Model
import Repositories
import Services
import StoreCore
import Synchronization
import TaskFormats
import Testing
import TestKit
import Wire

@Suite struct ExportTests {
    private func rows(_ reply: Reply) throws -> [[String: String]] {
        var reader = CSVReader()
        var all: [[String]] = []
        try reader.read(reply.body) { all.append($0.fields.map(withoutGuard)) }
        try reader.finish { all.append($0.fields.map(withoutGuard)) }
        let header = try #require(all.first)
        return all.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
    }

    @Test("CSV has every field of the tasks one sees, harmless and whole, as an attachment")
    func csv() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            _ = try await world.task("Not ada's", of: bob)
            _ = try await world.task(
                "=cmd|' /C calc'!A0", of: ada,
                [
                    "description": "two\nlines, \"quoted\"", "assignee_id": .int(bob.id), "labels": ["ops", "a,b"], "priority": "high",
                    "due_at": "2026-11-20T09:30:00.000Z", "status": "completed", "archived": true,
                ])
            let reply = try await world.send(.get, "/api/v1/tasks/export", as: ada)
            #expect(reply.status == 200)
            #expect(reply["Content-Type"] == "text/csv; charset=utf-8")
            #expect(reply["Content-Disposition"] == "attachment; filename=\"tasks.csv\"")
            #expect(reply["X-Content-Type-Options"] == "nosniff")
            #expect(reply.text.contains(",\"'=cmd|"))
            let row = try #require(try rows(reply).first)
            #expect(try rows(reply).count == 1)
            #expect(row["title"] == "=cmd|' /C calc'!A0")
            #expect(row["description"] == "two\nlines, \"quoted\"")
            #expect([row["status"], row["priority"], row["archived"], row["labels"]] == ["completed", "high", "true", "ops,\"a,b\""])
            #expect([row["owner"], row["assigned_user"], row["due_at"]] == ["ada", "bob", "2026-11-20T09:30:00.000Z"])
        }
    }

    @Test("all pages come, once each, in the order asked for and with the filters of the list", arguments: ["csv", "json", "ics"])
    func pages(format: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.fill(451, of: ada)
            let reply = try await world.send(.get, "/api/v1/tasks/export?format=\(format)&sort=title", as: ada)
            #expect(reply.status == 200)
            let titles: [String]
            switch format {
            case "csv": titles = try rows(reply).compactMap { $0["title"] }
            case "json":
                guard case .array(let tasks) = reply.json else { throw CancellationError() }
                titles = tasks.compactMap { if case .string(let title)? = $0["title"] { title } else { nil } }
            default:
                titles = reply.text.split(separator: "\r\n").filter { $0.hasPrefix("SUMMARY:") }.map { String($0.dropFirst(8)) }
                #expect(reply.text.hasPrefix("BEGIN:VCALENDAR\r\n") && reply.text.hasSuffix("END:VCALENDAR\r\n"))
            }
            #expect(titles == (0..<451).map { "Task \(1000 + $0)" })
            let some = try await world.send(.get, "/api/v1/tasks/export?format=\(format)&q=1007", as: ada)
            #expect(some.text.contains("Task 1007") && !some.text.contains("Task 1008"))
            let none = try await world.send(.get, "/api/v1/tasks/export?format=\(format)&status=completed", as: ada)
            #expect(none.status == 200 && !none.text.contains("Task 1"))
        }
    }

    @Test("scope all is the admins', paging parameters are unknown, and addresses of others stay private")
    func rights() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            let nameless = try await world.send(
                .post, "/api/v1/auth/register", json: ["email": "x@example.com", "password": .string(Person.password)])
            let id = try #require(nameless.int("user", "id"))
            _ = try await world.task("Given away", of: ada, ["assignee_id": .int(id)])
            #expect(try await world.send(.get, "/api/v1/tasks/export?scope=all", as: ada).status == 403)
            #expect(try await world.send(.get, "/api/v1/tasks/export?limit=5", as: ada).status == 400)
            #expect(try await world.send(.get, "/api/v1/tasks/export?format=pdf", as: ada).status == 400)
            let mine = try await world.send(.get, "/api/v1/tasks/export", as: ada)
            let person = try #require(try rows(mine).first?["assigned_user"])
            #expect(person.hasPrefix("#\(id)@") && !person.contains("example"))
            let all = try await world.send(.get, "/api/v1/tasks/export?scope=all", as: root)
            #expect(try rows(all).first?["assigned_user"] == "x@example.com")
            #expect(try await world.send(.head, "/api/v1/tasks/export", as: ada).status == 200)
        }
    }

    @Test("lines of a calendar have 75 bytes at most and whole characters, and special characters are escaped")
    func calendar() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let long = String(repeating: "Größe 日本😀; ", count: 20)
            _ = try await world.task(
                "a,b;c\\d", of: ada, ["description": .string(long + "\nend"), "labels": ["x,y", "z"], "priority": "critical"])
            let reply = try await world.send(.get, "/api/v1/tasks/export?format=ics", as: ada)
            let lines = reply.body.split(separator: 0x0a, omittingEmptySubsequences: false)
            #expect(lines.dropLast().allSatisfy { $0.last == 0x0d && $0.count <= 76 })
            #expect(lines.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
            let text = reply.text.replacing("\r\n ", with: "")
            #expect(text.contains("SUMMARY:a\\,b\\;c\\\\d\r\n"))
            #expect(text.contains("DESCRIPTION:\(long.replacing(";", with: "\\;"))\\nend\r\n"))
            #expect(text.contains("CATEGORIES:x\\,y,z\r\n") && text.contains("PRIORITY:1\r\n") && text.contains("SEQUENCE:1\r\n"))
        }
    }

    @Test("who loses access while a file is sent gets no whole file")
    func revoked() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            try await world.fill(250, of: ada, description: String(repeating: "x", count: 1000))
            let actor = try await world.installation.rooms.authenticator.authenticate(ada.accessToken, from: Origin(requestID: "test"))
            let stream = try await world.installation.rooms.tasks.export(TaskSelection(.mine), as: .csv, by: actor)
            let sent = Mutex(0)
            await #expect(throws: Failure.unauthenticated(.revoked)) {
                try await stream.write { bytes in
                    sent.withLock { $0 += bytes.count }
                    try await world.send(.patch, "/api/v1/users/\(ada.id)", as: root, json: ["is_active": false])
                }
            }
            #expect((1..<250_000).contains(sent.withLock { $0 }))
        }
    }

    @Test(
        "What only a walk through an index finds is found once, however many pages the export has",
        arguments: [
            ("q=task", "task_search", 2), ("q=task&sort=title", "task_search", 1), ("label=work", "task_labels", 1),
            ("date=2026-11-20", "task_logs", 1),
        ])
    func onePass(query: String, table: String, walks: Int) async throws {
        var options = World.Options()
        let observer = StoreObserver()
        options.observer = observer
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            for (count, pages) in [(250, 2), (1050, 6)] {
                let more = count == 250 ? 250 : 800
                try await world.fill(more, of: ada, labels: ["work"])
                _ = try await world.installation.store.write { tx in
                    try tx.run(
                        """
                        INSERT INTO task_logs (task_id, log_date, status, priority, title, owner_id)
                        SELECT id, \(Day(year: 2026, month: 11, day: 20)?.number ?? 0), 0, 0, title, owner_id FROM tasks
                        WHERE NOT EXISTS (SELECT 1 FROM task_logs WHERE task_id = tasks.id)
                        """)
                }
                observer.forget()
                let reply = try await world.send(.get, "/api/v1/tasks/export?\(query)", as: ada)
                #expect(try rows(reply).count == count)
                let statements = observer.works.flatMap(\.statements)
                #expect(statements.filter { $0.contains(table) }.count == walks)
                #expect(statements.filter { $0.contains("FROM tasks WHERE id IN ($1") }.count == pages)
            }
        }
    }

    @Test("A search comes out ranked, and what the reader may not see any more is left out")
    func ranked() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let theirs = try await world.task("Milk of bob", of: bob, ["assignee_id": .int(ada.id)])
            _ = try await world.task("Shopping", of: ada, ["description": "milk"])
            _ = try await world.task("Buy milk", of: ada)
            _ = try await world.task("Bread", of: ada)
            let found = try await world.send(.get, "/api/v1/tasks/export?q=milk", as: ada)
            #expect(try rows(found).map { $0["title"] } == ["Buy milk", "Milk of bob", "Shopping"])
            let query = Tasks.visible([ID(theirs)], TaskAudience(.mine, of: ID(ada.id)))
            #expect(try await world.installation.store.rows(query, from: .primary).count == 1)
            try await world.send(.patch, "/api/v1/tasks/\(theirs)", as: bob, json: ["assignee_id": .null])
            #expect(try await world.installation.store.rows(query, from: .primary).isEmpty)
            let empty = try await world.send(.get, "/api/v1/tasks/export?q=%21", as: ada)
            #expect(try rows(empty).isEmpty)
        }
    }
}

extension World {
    /// So many tasks with titles in order.
    func fill(_ count: Int, of person: Person, description: String? = nil, labels: [String] = []) async throws {
        for start in stride(from: 0, to: count, by: 100) {
            try await installation.store.write { tx in
                for number in start..<min(start + 100, count) {
                    let task = NewTask(title: "Task \(1000 + number)", description: description, labels: labels)
                    _ = try Tasks(tx).insert(task, owner: ID(person.id), at: clock.wallClock.now())
                }
            }
        }
    }
}
