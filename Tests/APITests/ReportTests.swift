// Reports: what stands in them, who gets them, and that a job that is cut off makes them once.
import API
import BackgroundWork
import Composition
import CSV
import HTTPTypes
import Model
import Repositories
import StoreCore
import Testing
import TestKit
import Wire

extension World {
    fileprivate func ask(_ body: JSON, as person: Person) async throws -> Reply {
        try await send(.post, "/api/v1/reports", as: person, json: body)
    }

    /// Has a report made and returns the job.
    fileprivate func made(_ body: JSON, as person: Person) async throws -> Reply {
        let asked = try await ask(body, as: person)
        #expect(asked.status == 202, "\(asked.text)")
        try await work()
        return try await send(.get, try #require(asked["Location"]), as: person)
    }

    fileprivate func file(of job: Reply, as person: Person) async throws -> Reply {
        try await send(.get, "/api/v1/jobs/\(try #require(job.int("id")))/result", as: person)
    }

    fileprivate func table(_ body: JSON, as person: Person) async throws -> [[String]] {
        let file = try await file(of: try await made(body, as: person), as: person)
        var (reader, rows) = (CSVReader(), [[String]]())
        try reader.read(Array(file.text.utf8)) { rows.append($0.fields) }
        try reader.finish { rows.append($0.fields) }
        return rows
    }

    fileprivate func files() async throws -> Int64 {
        try await installation.store.read { try $0.value("SELECT count(*) FROM files") }
    }
}

extension [[String]] {
    /// The value of a figure.
    fileprivate func value(_ section: String, _ name: String) -> String? { first { $0[0] == section && $0[1] == name }?[2] }
    fileprivate var titles: [String] { filter { $0[0] == "task" }.map { $0[2] } }
}

@Suite struct ReportTests {
    @Test("the figures are those of one's own tasks, without the trash, and the burn-up counts by the day")
    func figures() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let today = world.clock.now.day
            let first = try await world.installation.store.write { tx in
                let yesterday = Day(number: today.number - 1).start
                _ = try Tasks(tx).insert(NewTask(title: "Gone by"), owner: ID(ada.id), at: yesterday)
                return try Tasks(tx).insert(NewTask(title: "First", priority: .high), owner: ID(ada.id), at: yesterday).id
            }
            try await world.send(.patch, "/api/v1/tasks/\(first)", as: ada, json: ["status": "completed"])
            let thrown = try await world.task("Thrown away", of: ada)
            try await world.send(.delete, "/api/v1/tasks/\(thrown)", as: ada)
            let due = (world.clock.now - .seconds(60)).description
            _ = try await world.task("=Late", of: bob, ["assignee_id": .int(ada.id), "due_at": .string(due)])
            _ = try await world.task("Of bob alone", of: bob)
            let rows = try await world.table(["format": "csv"], as: ada)
            #expect(rows.first == ["section", "name", "value", "status", "priority", "assignee", "due_at", "due_on", "overdue"])
            #expect(rows.allSatisfy { $0.count == 9 })
            #expect(rows.value("report", "audience") == "Tasks of ada" && rows.value("report", "tasks_not_listed") == "0")
            let totals = ["tasks", "open", "completed", "overdue", "created_in_range", "completed_in_range"]
            #expect(totals.map { rows.value("total", $0) } == ["3", "2", "1", "1", "3", "1"])
            #expect(["pending", "in_progress", "completed"].map { rows.value("by_status", $0) } == ["2", "0", "1"])
            #expect(["low", "medium", "high", "critical"].map { rows.value("by_priority", $0) } == ["0", "2", "1", "0"])
            let days = ([-2, -1, 0] as [Int64]).map { "\(Day(number: today.number + $0))" }
            #expect(days.map { rows.value("burn_up_tasks", $0) } == ["0", "2", "3"])
            #expect(days.map { rows.value("burn_up_completed", $0) } == ["0", "0", "1"])
            #expect(rows.count { $0[0] == "burn_up_tasks" } == 30)
            // What is pressing comes first; a formula is text.
            #expect(rows.titles == ["'=Late", "Gone by", "First"])
            let late = rows.first { $0[0] == "task" }
            #expect(late?[3...] == ["pending", "medium", "ada", due, "", "true"])
        }
    }

    @Test("a PDF has the same in it, and comes with its type and name")
    func pdf() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("Renew the certificate", of: ada)
            _ = try await world.task("تجديد الشهادة", of: ada)
            let day = world.clock.now.day
            let range: JSON = ["from": .string("\(day)"), "to": .string("\(day)")]
            let job = try await world.made(["format": "pdf", "range": range], as: ada)
            #expect(job.string("state") == "completed" && job.string("kind") == "report.make")
            #expect(job.int("progress", "done") == 2 && job.int("progress", "total") == 2)
            let file = try await world.file(of: job, as: ada)
            #expect(file.status == 200 && file["Content-Type"] == "application/pdf")
            #expect(file["Content-Disposition"]?.contains("report-\(day)-to-\(day).pdf") == true)
            #expect(job.int("result", "size") == Int64(file.body.count))
            let text = try await PDFTools.text(of: file.body)
            for part in ["Tasks of ada", "Renew the certificate", "Tasks (2)", "Page 1 of 1"] { #expect(text.contains(part), "\(part)") }
        }
    }

    @Test(
        "a range that ends before it begins or is too long, another format or scope: refused at once",
        arguments: [
            #"{"format":"pdf","range":{"from":"2026-02-01","to":"2026-01-31"}}"#,
            #"{"format":"pdf","range":{"from":"2025-01-01","to":"2026-01-02"}}"#, #"{"format":"pdf","range":{"from":"2026-01-01"}}"#,
            #"{"format":"pdf","range":{"from":"2026-02-30","to":"2026-03-01"}}"#, #"{"format":"docx"}"#, #"{}"#,
            #"{"format":"csv","scope":"owned"}"#,
        ])
    func faults(_ body: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let reply = try await world.ask(try JSON(parsing: body.utf8), as: ada)
            #expect(reply.status == 400, "\(reply.text)")
        }
    }

    @Test("the longest range is taken; one that has not begun has no days yet")
    func ranges() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("A", of: ada)
            let today = world.clock.now.day
            let long: JSON = ["from": .string("\(Day(number: today.number - 365))"), "to": .string("\(today)")]
            #expect(try await world.table(["format": "csv", "range": long], as: ada).count { $0[0] == "burn_up_tasks" } == 366)
            let future: JSON = ["from": .string("\(Day(number: today.number + 1))"), "to": .string("\(Day(number: today.number + 9))")]
            let rows = try await world.table(["format": "csv", "range": future], as: ada)
            #expect(rows.count { $0[0] == "burn_up_tasks" } == 0)
            #expect(rows.value("total", "tasks") == "1" && rows.value("total", "created_in_range") == "0")
        }
    }

    @Test("everybody's tasks are for admins; a report is its owner's and the admins'")
    func scopes() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let root = try await world.person("root", role: .admin)
            _ = try await world.task("Of ada", of: ada)
            _ = try await world.task("Of bob", of: bob)
            #expect(try await world.ask(["format": "csv", "scope": "all"], as: ada).status == 403)
            let all = try await world.table(["format": "csv", "scope": "all"], as: root)
            #expect(all.value("report", "audience") == "All tasks" && all.titles == ["Of ada", "Of bob"])
            #expect(try await world.table(["format": "csv"], as: root).titles == [])
            let job = try await world.made(["format": "pdf"], as: ada)
            #expect(try await world.file(of: job, as: bob).status == 404)
            #expect(try await world.file(of: job, as: root).status == 200)
        }
    }

    @Test("who was deactivated, or is no admin any more, gets no report that was queued before")
    func rights() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let (ada, boss) = (try await world.person("ada"), try await world.person("boss", role: .admin))
            let mine = try #require(try await world.ask(["format": "pdf"], as: ada)["Location"])
            let all = try #require(try await world.ask(["format": "csv", "scope": "all"], as: boss)["Location"])
            try await world.send(.patch, "/api/v1/users/\(ada.id)", as: root, json: ["is_active": false])
            try await world.send(.patch, "/api/v1/users/\(boss.id)", as: root, json: ["role": "user"])
            try await world.work()
            let jobs = [try await world.send(.get, mine, as: root), try await world.send(.get, all, as: root)]
            #expect(jobs.map { $0.string("state") } == ["cancelled", "failed"])
            #expect(jobs[1].string("error") == "Only admins may create reports about everybody's tasks.")
            #expect(try await world.files() == 0)
        }
    }

    @Test("a right that is lost while the report is made is lost")
    func rightLostMeanwhile() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            _ = try await world.ask(["format": "pdf"], as: ada)
            let run = try await world.claimed()
            let completion = try await ReportJob().run(run)
            try await world.send(.patch, "/api/v1/users/\(ada.id)", as: root, json: ["is_active": false])
            await #expect(throws: JobFailure.self) { try await run.complete(completion) }
            #expect(try await world.files() == 0)
        }
    }

    @Test("a worker that is lost at any step leaves nothing, and the next one makes the report once", arguments: ["pdf", "csv"])
    func restart(_ format: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let path = try #require(try await world.ask(["format": .string(format)], as: ada)["Location"])
            // All is drawn, but the worker dies before it says so; its lease runs out, and another one does it.
            let lost = try await world.claimed()
            let completion = try await ReportJob().run(lost)
            #expect(try await world.files() == 0)
            let now = world.clock.now
            try await world.installation.store.write { _ = try Jobs($0).retry(lost.claim, error: "lost", runAt: now) }
            try await world.work()
            await #expect(throws: LeaseLost.self) { try await lost.complete(completion) }
            #expect(try await world.files() == 1)
            let job = try await world.send(.get, path, as: ada)
            #expect(job.string("state") == "completed" && job.int("attempts") == 2)
        }
    }

    @Test("a report that is cancelled ends at its next step and leaves no file")
    func cancelled() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let path = try #require(try await world.ask(["format": "pdf"], as: ada)["Location"])
            let run = try await world.claimed()
            #expect(try await world.send(.post, "\(path)/cancel", as: ada).status == 200)
            await #expect(throws: CancellationError.self) { _ = try await ReportJob().run(run) }
            #expect(try await world.files() == 0)
            let waiting = try await world.ask(["format": "pdf"], as: ada)
            let other = try #require(waiting["Location"])
            try await world.send(.post, "\(other)/cancel", as: ada)
            try await world.work()
            #expect(try await world.send(.get, other, as: ada).string("state") == "cancelled")
        }
    }

    @Test("a report stays for seven days")
    func expiry() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.person("root", role: .admin)
            _ = try await world.made(["format": "csv"], as: ada)
            func cleanUp() async throws {
                let session = try await world.login("root@example.com")
                try await world.send(
                    .post, "/api/v1/admin/schedules/clean-up/run", token: session.string("access_token"))
                try await world.work()
            }
            world.clock.advance(by: Job.retention - .seconds(60))
            try await cleanUp()
            #expect(try await world.files() == 1)
            world.clock.advance(by: .seconds(120))
            try await cleanUp()
            #expect(try await world.files() == 0)
        }
    }

    @Test("two thousand tasks are listed, and how many are not")
    func many() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let now = world.clock.now
            try await world.installation.store.write { tx in
                for number in 1...2010 { _ = try Tasks(tx).insert(NewTask(title: "Task \(number)"), owner: ID(ada.id), at: now) }
            }
            let rows = try await world.table(["format": "csv"], as: ada)
            #expect(rows.titles.count == 2000 && rows.value("report", "tasks_not_listed") == "10")
            #expect(rows.value("total", "tasks") == "2010")
        }
    }
}

extension World {
    /// The one job that waits, as a worker takes it.
    fileprivate func claimed() async throws -> JobRun {
        let now = clock.now
        let jobs = try await installation.store.write { tx in
            try [JobPriority.normal, .drawing].flatMap { try Jobs(tx).claim(.init($0, limit: 1), by: "test", at: now) }
        }
        let job = try #require(jobs.first)
        return JobRun(job, JobClaim(id: job.id, attempt: job.attempts, worker: "test"), installation.rooms.ledger)
    }
}
