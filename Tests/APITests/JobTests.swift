// Jobs, schedules and the daily log as clients see them.
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct JobTests {
    private func job(of person: Person, _ world: World, after wait: Duration = .zero) async throws -> Int64 {
        let now = world.clock.now
        return try await world.installation.store.write { tx in
            try #require(try Jobs(tx).insert(NewJob(.doNothing, owner: ID(person.id), runAt: now + wait), at: now)).value
        }
    }

    @Test("A schedule that is run now answers with its job, which ends and says what came of it")
    func runSchedule() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            _ = try await world.task("A", of: ada)
            let reply = try await world.send(.post, "/api/v1/admin/schedules/daily-log/run", as: root)
            #expect(reply.status == 202)
            #expect(reply.string("state") == "queued")
            let path = try #require(reply["Location"])
            // Asking twice does not do it twice.
            #expect(try await world.send(.post, "/api/v1/admin/schedules/daily-log/run", as: root)["Location"] == path)
            try await world.work()
            let job = try await world.send(.get, path, as: root)
            #expect(job.string("state") == "completed")
            #expect(job.int("result", "written") == 1)
            #expect(job.int("progress", "done") == 1)
            let audit = try await world.send(.get, "/api/v1/admin/audit?action=schedule.run", as: root)
            #expect(audit.list("data").count == 2)
        }
    }

    @Test("The daily log has one row a day for each active task, and adds what came later that day")
    func dailyLog() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let (ada, bob, eve) = (try await world.person("ada"), try await world.person("bob"), try await world.person("eve"))
            let first = try await world.task("First", of: ada, ["assignee_id": .int(bob.id), "priority": "high"])
            _ = try await world.task("Put away", of: ada, ["archived": true])
            func write() async throws {
                try await world.send(.post, "/api/v1/admin/schedules/daily-log/run", as: root)
                try await world.work()
            }
            func titles(_ person: Person, _ query: String = "") async throws -> [String] {
                let reply = try await world.send(.get, "/api/v1/task-logs\(query)", as: person)
                return reply.list("data").compactMap { if case .string(let title) = $0["title"] { title } else { nil } }
            }
            try await write()
            #expect(try await titles(ada) == ["First"])
            #expect(try await titles(bob) == ["First"])
            #expect(try await titles(eve) == [])
            let today = "\(world.clock.now.day)"
            _ = try await world.task("Second", of: ada)
            // What changes later in the day does not change the row.
            try await world.send(.patch, "/api/v1/tasks/\(first)", as: ada, json: ["title": "Renamed", "assignee_id": .null])
            try await write()
            #expect(try await titles(ada).sorted() == ["First", "Second"])
            #expect(try await titles(bob) == [], "a task that is not theirs any more")
            world.clock.advance(by: .seconds(86_400))
            let again = try await world.login(ada.email)
            let token = try #require(again.string("access_token"))
            #expect(try await world.send(.get, "/api/v1/tasks?date=\(today)", token: token).list("data").count == 2)
            #expect(try await world.send(.get, "/api/v1/task-logs?date=\(world.clock.now.day)", token: token).list("data").isEmpty)
            #expect(try await world.send(.get, "/api/v1/task-logs?date=\(today)&task_id=\(first)", token: token).list("data").count == 1)
            #expect(try await world.send(.get, "/api/v1/task-logs?scope=all", token: token).status == 403)
        }
    }

    @Test("Each due date that passes is announced once; a new one is announced again")
    func overdue() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let due = world.clock.now + .seconds(60)
            let task = try await world.task("Late", of: ada, ["due_at": .string("\(due)")])
            func announced() async throws -> Int {
                _ = try await world.installation.store.write { try Jobs($0).insert(NewJob(.announceOverdue), at: world.clock.now) }
                try await world.work()
                let history = try await world.send(.get, "/api/v1/tasks/\(task)/history", as: ada)
                return history.list("data").count { $0["action"] == "task.overdue" }
            }
            #expect(try await announced() == 0)
            world.clock.advance(by: .seconds(120))
            #expect(try await announced() == 1)
            #expect(try await announced() == 1)
            let next = world.clock.now + .seconds(60)
            try await world.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["due_at": .string("\(next)")])
            #expect(try await announced() == 1)
            world.clock.advance(by: .seconds(120))
            #expect(try await announced() == 2)
        }
    }

    @Test("The trash is emptied of what was in it for thirty days, and of nothing else; old sessions and jobs go")
    func cleanUp() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let old = try await world.task("Old", of: root)
            try await world.send(.delete, "/api/v1/tasks/\(old)", as: root)
            world.clock.advance(by: .seconds(29 * 86_400))
            var token = try #require(try await world.login(root.email).string("access_token"))
            let young = try #require(
                try await world.send(.post, "/api/v1/tasks", token: token, json: ["title": "Young"]).int("id"))
            try await world.send(.delete, "/api/v1/tasks/\(young)", token: token)
            let doneJob = try #require(
                try await world.send(.post, "/api/v1/admin/schedules/daily-log/run", token: token)["Location"])
            try await world.work()
            world.clock.advance(by: .seconds(8 * 86_400))
            token = try #require(try await world.login(root.email).string("access_token"))
            for schedule in ["trash-purge", "clean-up"] {
                try await world.send(.post, "/api/v1/admin/schedules/\(schedule)/run", token: token)
            }
            try await world.work()
            let left = try await world.installation.store.read { tx in
                (
                    try tx.value("SELECT count(*) FROM tasks", as: Int64.self),
                    try tx.value("SELECT count(*) FROM sessions", as: Int64.self),
                    try tx.value("SELECT count(*) FROM refresh_tokens", as: Int64.self)
                )
            }
            #expect(left.0 == 1)
            #expect(left.1 == 2, "the first session has expired, and its tokens")
            #expect(left.2 == 1)
            #expect(try await world.send(.get, doneJob, token: token).status == 404)
            let purged = try await world.send(.get, "/api/v1/admin/audit?action=task.purged", token: token)
            #expect(purged.list("data").count == 1)
        }
    }

    @Test("A job that waits is cancelled at once, and retried when an admin says so; what has ended is not cancelled")
    func cancelAndRetry() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            let id = try await job(of: ada, world, after: .seconds(3600))
            let cancelled = try await world.send(.post, "/api/v1/jobs/\(id)/cancel", as: ada)
            #expect(cancelled.string("state") == "cancelled")
            let again = try await world.send(.post, "/api/v1/jobs/\(id)/cancel", as: ada)
            #expect(again.status == 409)
            #expect(again.string("code") == "job_ended")
            #expect(try await world.send(.post, "/api/v1/admin/jobs/\(id)/retry", as: root).string("state") == "queued")
            #expect(try await world.send(.post, "/api/v1/admin/jobs/\(id)/retry", as: root).string("code") == "job_not_ended")
            try await world.work()
            #expect(try await world.send(.get, "/api/v1/jobs/\(id)", as: ada).string("state") == "completed")
        }
    }

    @Test("Lists show one's own jobs, an admin's list all of them, by state and kind")
    func lists() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let first = try await job(of: ada, world)
            let second = try await job(of: ada, world, after: .seconds(3600))
            let third = try await job(of: bob, world)
            try await world.work()
            func ids(_ path: String, _ person: Person) async throws -> [Int64] {
                try await world.send(.get, path, as: person).list("data").compactMap { if case .int(let id) = $0["id"] { id } else { nil } }
            }
            #expect(try await ids("/api/v1/jobs", ada) == [second, first])
            #expect(try await ids("/api/v1/jobs?state=queued", ada) == [second])
            #expect(try await ids("/api/v1/admin/jobs", root) == [third, second, first])
            #expect(try await ids("/api/v1/admin/jobs?kind=nothing.do&state=completed&limit=1", root) == [third])
            #expect(try await ids("/api/v1/jobs", root) == [])
            let schedules = try await world.send(.get, "/api/v1/admin/schedules", as: root)
            #expect(schedules.list("data").count == Schedule.allCases.count)
        }
    }
}
