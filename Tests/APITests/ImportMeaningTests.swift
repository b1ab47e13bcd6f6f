// What an import keeps of what a file says: every row, its people, its days; and that nothing goes missing between two installations.
import API
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import TaskFormats
import Testing
import TestKit
import Wire

extension World {
    fileprivate func upload(_ file: [UInt8], as person: Person, _ query: String = "", type: String = "text/csv") async throws -> Reply {
        try await send(.post, "/api/v1/tasks/import\(query)", as: person, body: file, headers: [("Content-Type", type)])
    }

    /// Sends a file, has it imported, and returns the job.
    fileprivate func imported(_ file: String, as person: Person, _ query: String = "", type: String = "text/csv") async throws -> Reply {
        try await imported(Array(file.utf8), as: person, query, type: type)
    }

    fileprivate func imported(_ file: [UInt8], as person: Person, _ query: String = "", type: String = "text/csv") async throws -> Reply {
        let started = try await upload(file, as: person, query, type: type)
        #expect(started.status == 202, "\(started.text)")
        try await work()
        return try await send(.get, try #require(started["Location"]), as: person)
    }

    /// The tasks as an export has them, without what the server says of them.
    fileprivate func exportedTasks(of person: Person) async throws -> [String] {
        let reply = try await send(.get, "/api/v1/tasks/export?format=json&sort=created_at", as: person)
        guard case .array(let tasks) = reply.json else { return [] }
        return tasks.map { task in
            guard case .object(let members) = task else { return "" }
            let server = ["id", "owner_id", "assignee_id", "owner", "updated_at", "version", "position"]
            return JSON.object(members.filter { !server.contains($0.name) }).text
        }.sorted()
    }
}

private func counts(_ job: Reply) -> [Int64?] { ["created", "skipped", "failed"].map { job.int("result", $0) } }

@Suite struct ImportMeaningTests {
    @Test("Rows that differ in nothing but a due date, labels, status or priority are tasks of their own")
    func rows() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let table = """
                title,due_at,labels,status,priority
                Water plants,2030-01-01,,,
                Water plants,2030-01-08,,,
                Water plants,2030-01-08,balcony,,
                Water plants,2030-01-08,balcony,completed,
                Water plants,2030-01-08,balcony,,high

                """
            #expect(counts(try await world.imported(table, as: ada)) == [5, 0, 0])
            let again = try await world.imported(table, as: ada)
            #expect(counts(again) == [0, 5, 0] && again.list("result", "skipped_rows") == [2, 3, 4, 5, 6])
            let other = try await world.imported("title,priority\nWater plants,high\nWater plants,low\nWater plants,high\n", as: ada)
            #expect(counts(other) == [2, 1, 0] && other.list("result", "skipped_rows") == [2])
            let file = try await world.send(.get, "/api/v1/jobs/\(try #require(other.int("id")))/result", as: ada)
            #expect(file.text == "row,kind,column,detail\r\n2,skipped,,equals one of your tasks\r\n")
        }
    }

    @Test(
        "What one installation exports another one imports as it was, and the first one knows all of it",
        arguments: [("csv", "text/csv"), ("json", "application/json"), ("ics", "text/calendar")])
    func roundTrip(format: String, type: String) async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let whole: JSON = [
                "title": "=Prüfung, \"wichtig\"", "description": "a\nb; c\\d", "status": "completed", "priority": "critical",
                "labels": ["a,b", "Ö"],
                "archived": true, "due_on": "2030-01-31", "assignee_id": .int(bob.id),
            ]
            for body in [
                whole, ["title": "Plain"], ["title": "Plain"], ["title": "Plain", "due_at": "2030-01-31T09:30:00Z", "priority": "low"],
            ] as [JSON] {
                #expect(try await world.send(.post, "/api/v1/tasks", as: ada, json: body).status == 201)
            }
            let file = try await world.send(.get, "/api/v1/tasks/export?format=\(format)", as: ada)
            let before = try await world.exportedTasks(of: ada)
            #expect(before.count == 4)
            #expect(counts(try await world.imported(file.body, as: ada, type: type)) == [0, 4, 0], "the same installation")
            let another = try await world.person("another")
            let alike = try await world.imported(file.body, as: another, type: type)
            #expect(counts(alike) == [4, 0, 0] && alike.list("result", "notes").isEmpty, "\(alike.text)")
            #expect(try await world.exportedTasks(of: another) == before)
            try await World.run { second in
                // There bob has another id, and somebody else has his.
                let stranger = try await second.person("stranger")
                let eve = try await second.person("eve")
                let bob = try await second.person("bob")
                let job = try await second.imported(file.body, as: eve, type: type)
                #expect(counts(job) == [4, 0, 0], "\(job.text)")
                #expect(try await second.exportedTasks(of: eve) == before)
                #expect(try await second.send(.get, "/api/v1/tasks?scope=assigned", as: bob).list("data").count == 1)
                #expect(try await second.send(.get, "/api/v1/tasks", as: stranger).list("data").isEmpty)
            }
        }
    }

    @Test("An id is nobody in another installation, and a person who is not there does not lose the row")
    func people() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let nameless = try await world.send(
                .post, "/api/v1/auth/register", json: ["email": "x@example.com", "password": .string(Person.password)])
            let id = try #require(nameless.int("user", "id"))
            let job = try await world.imported(
                "title,assigned_user\nConfidential salary list,#\(id)\nOther,#\(id)@1\nThird,gone\n", as: ada)
            #expect(counts(job) == [3, 0, 0] && job.list("result", "notes").map { $0["row"] } == [2, 3, 4])
            let tasks = try await world.send(.get, "/api/v1/tasks", as: ada)
            #expect((0..<3).allSatisfy { tasks.at("data", "\($0)", "assignee_id") == .null })
            let strict = try await world.imported("title,assigned_user\nFourth,gone\n", as: ada, "?unknown_users=fail")
            #expect(counts(strict) == [0, 0, 1])
            // The one who wrote the file reads it back, although the address is not shown to him.
            _ = try await world.task("Given away", of: ada, ["assignee_id": .int(id)])
            let file = try await world.send(.get, "/api/v1/tasks/export?q=Given", as: ada)
            let bob = try await world.person("bob")
            #expect(counts(try await world.imported(file.body, as: bob)) == [1, 0, 0])
            #expect(try await world.send(.get, "/api/v1/tasks", as: bob).int("data", "0", "assignee_id") == id)
        }
    }

    @Test("A displayed name, which anybody can choose, is somebody whom the owner has given a task, and a note says who")
    func displayedNames() async throws {
        try await World.run { world in
            let (ada, grace, mallory) = (try await world.person("ada"), try await world.person("grace"), try await world.person("mallory"))
            _ = try await world.task("Known", of: ada, ["assignee_id": .int(grace.id)])
            // To give somebody a task is no way to become known.
            _ = try await world.task("Bait", of: mallory, ["assignee_id": .int(ada.id)])
            try await world.send(.patch, "/api/v1/users/me", as: grace, json: ["name": "Grace H"])
            try await world.send(.patch, "/api/v1/users/me", as: mallory, json: ["name": "Mallory M"])
            let result = try await world.imported("title,assigned_user\nOne,Grace H\nTwo,Mallory M\n", as: ada)
            #expect(counts(result) == [2, 0, 0] && result.list("result", "notes").count == 2)
            #expect(result.text.contains("“Grace H” is the displayed name of grace"))
            #expect(try await world.send(.get, "/api/v1/tasks?scope=assigned&q=Two", as: mallory).list("data").isEmpty)
            #expect(try await world.send(.get, "/api/v1/tasks?scope=assigned&q=One", as: grace).list("data").count == 1)
        }
    }

    @Test("One's own export brings nothing new: what was completed, due to the microsecond, or given by others is known")
    func ownExport() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let done = try await world.task("Done", of: ada)
            try await world.send(.patch, "/api/v1/tasks/\(done)", as: ada, json: ["status": "completed"])
            _ = try await world.task("Exact", of: ada, ["due_at": "2030-01-01T09:00:00.123456Z"])
            _ = try await world.task("Bob's", of: bob, ["assignee_id": .int(ada.id)])
            for (format, type) in [("csv", "text/csv"), ("json", "application/json"), ("ics", "text/calendar")] {
                let file = try await world.send(.get, "/api/v1/tasks/export?format=\(format)", as: ada)
                #expect(counts(try await world.imported(file.body, as: ada, type: type)) == [0, 3, 0], "\(format)")
            }
        }
    }

    @Test("Dates that allow two orders are asked about, with two rows, unless the request or the account says")
    func dateOrder() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let table = "title,due\nA,01/02/2030\nB,03/04/2030\n"
            let asked = try await world.upload(Array(table.utf8), as: ada)
            #expect(
                asked.status == 400 && asked.text.contains("01/02/2030") && asked.text.contains("03/04/2030")
                    && asked.text.contains("date_order"))
            #expect(try await world.send(.get, "/api/v1/jobs", as: ada).list("data").isEmpty)
            func due(_ query: String, _ table: String) async throws -> [String?] {
                let job = try await world.imported(table, as: ada, query)
                #expect(counts(job)[0] == 2, "\(job.text)")
                let tasks = try await world.send(.get, "/api/v1/tasks?sort=title", as: ada)
                for index in 0..<2 { try await world.send(.delete, "/api/v1/tasks/\(tasks.int("data", "\(index)", "id") ?? 0)", as: ada) }
                return (0..<2).map { tasks.string("data", "\($0)", "due_on") }
            }
            #expect(try await due("?date_order=mdy", table) == ["2030-01-02", "2030-03-04"])
            #expect(try await due("", "title,due\nA,01/02/2030\nB,31/01/2030\n") == ["2030-02-01", "2030-01-31"])
            #expect(try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["date_order": "dmy"]).string("date_order") == "dmy")
            #expect(try await due("", table) == ["2030-02-01", "2030-04-03"])
            #expect(try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["date_order": .null]).at("date_order") == .null)
            #expect(try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["date_order": "ydm"]).status == 400)
        }
    }

    @Test("Times without a zone are in that of the account, or of tz")
    func zones() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["time_zone": "America/New_York"])
            _ = try await world.imported("title,due\nA,2030-01-31 09:30\n", as: ada)
            _ = try await world.imported("title,due\nB,2030-01-31 09:30\n", as: ada, "?tz=Europe/Berlin")
            let tasks = try await world.send(.get, "/api/v1/tasks?sort=title", as: ada)
            #expect(tasks.string("data", "0", "due_at") == "2030-01-31T14:30:00.000Z")
            #expect(tasks.string("data", "1", "due_at") == "2030-01-31T08:30:00.000Z")
        }
    }

    @Test("The result says what the file was taken for, and what was left out; columns are named by hand")
    func recognition() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let asana = try await world.imported(
                "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,Notes,Projects,"
                    + "Parent task,Blocked By (Dependencies),Blocking (Dependencies)\n"
                    + "1,2029-11-02,2029-11-05,2029-11-20,Book the hall,Done,,ada@example.com,,2030-01-31,print,,Fair,,,\n", as: ada,
                "?dry_run=true")
            #expect(asana.string("result", "file", "product") == "Asana" && counts(asana) == [1, 0, 0])
            let german = "Betreff;Kostenstelle;Raum\r\nFenster \u{f6}ffnen;4711;2\r\n".unicodeScalars.map {
                UInt8(truncatingIfNeeded: $0.value)
            }
            let columns = "%7B%22Kostenstelle%22%3A%22label%22%2C%22Betreff%22%3A%22title%22%7D"
            let job = try await world.imported(german, as: ada, "?columns=\(columns)")
            #expect(counts(job) == [1, 0, 0], "\(job.text)")
            #expect(job.string("result", "file", "charset") == "windows-1252" && job.string("result", "file", "delimiter") == "semicolon")
            #expect(job.list("result", "file", "ignored") == ["Raum"])
            let task = try await world.send(.get, "/api/v1/tasks", as: ada)
            #expect(task.string("data", "0", "title") == "Fenster öffnen" && task.list("data", "0", "labels") == ["4711"])
            for query in ["?columns=%5B%5D", "?columns=%7B%22a%22%3A1%7D", "?format=xlsx", "?date_order=ddd", "?charset=ebcdic"] {
                #expect(try await world.upload(german, as: ada, query).status == 400, "\(query)")
            }
        }
    }

    @Test("A table may begin with a byte order mark, as Excel needs it, and is read back with one")
    func byteOrderMark() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("Größe", of: ada)
            let file = try await world.send(.get, "/api/v1/tasks/export?bom=true", as: ada)
            #expect(file.body.starts(with: [0xef, 0xbb, 0xbf]) && file["Content-Type"] == "text/csv; charset=utf-8")
            #expect(counts(try await world.imported(file.body, as: ada)) == [0, 1, 0])
        }
    }

    @Test("An import that an older program took goes on where it was")
    func olderImport() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let started = try await world.upload(Array("title,priority\nA,low\nB,urgent-ish\nC,high\n".utf8), as: ada)
            let id = try #require(started.int("id"))
            // To that program the row behind the header was the first.
            _ = try await world.installation.store.write { tx in
                try tx.run("UPDATE imports SET plan = NULL, row_count = 3, done = 1, created = 1 WHERE job_id = \(id)")
            }
            try await world.work()
            let job = try await world.send(.get, "/api/v1/jobs/\(id)", as: ada)
            #expect(counts(job) == [2, 0, 1], "\(job.text)")
            #expect(job.list("result", "errors").map { $0["row"] } == [3])
        }
    }
}
