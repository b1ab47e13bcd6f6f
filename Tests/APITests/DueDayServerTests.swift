// Due days as clients see them, for somebody west of Greenwich.
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import TestKit
import Testing
import Wire

/// 2026-11-20, 09:20 in UTC: 04:20 in New York.
@Suite struct DueDayServerTests {
    private func newYorker(_ world: World) async throws -> Person {
        let ada = try await world.person("ada")
        #expect(try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["time_zone": "America/New_York"]).status == 200)
        return ada
    }

    private func titles(_ query: String, as person: Person, _ world: World) async throws -> [String] {
        let reply = try await world.send(.get, "/api/v1/tasks?\(query)", as: person)
        #expect(reply.status == 200, "\(reply.text)")
        return reply.list("data").indices.map { reply.string("data", "\($0)", "title") ?? "" }
    }

    @Test("A day is given back as a day, in the task, its history and the feed; an instant takes its place and the other way round")
    func fields() async throws {
        try await World.run { world in
            let ada = try await newYorker(world)
            let created = try await world.send(
                .post, "/api/v1/tasks", as: ada, json: ["title": "Return the books", "due_on": "2026-11-29"])
            #expect(created.status == 201 && created.string("due_on") == "2026-11-29" && created.at("due_at") == .null)
            let path = "/api/v1/tasks/\(try #require(created.int("id")))"
            let both: JSON = ["title": "t", "due_on": "2026-11-29", "due_at": "2026-11-29T09:00:00Z"]
            for reply in [
                try await world.send(.post, "/api/v1/tasks", as: ada, json: both), try await world.send(.patch, path, as: ada, json: both),
            ] {
                #expect(reply.status == 400 && reply.string("errors", "0", "pointer") == "/due_on")
            }
            for bad in ["2026-02-30", "29.11.2026", "2026-11-29T00:00:00Z"] {
                #expect(try await world.send(.patch, path, as: ada, json: ["due_on": .string(bad)]).status == 400)
            }
            let moved = try await world.send(.patch, path, as: ada, json: ["due_at": "2026-11-29T09:00:00Z"])
            #expect(moved.at("due_on") == .null && moved.string("due_at") == "2026-11-29T09:00:00.000Z")
            let back = try await world.send(.put, path, as: ada, json: ["due_at": .null, "due_on": "2026-12-01"])
            #expect(back.string("due_on") == "2026-12-01" && back.at("due_at") == .null)
            let history = try await world.send(.get, "\(path)/history", as: ada)
            #expect(history.at("data", "0", "changes", "1") == ["field": "due_on", "from": .null, "to": "2026-12-01"])
            #expect(try await world.send(.patch, path, as: ada, json: ["due_on": .null]).at("due_on") == .null)
        }
    }

    @Test("Whoever lives in New York is told of a day on the day before, with its name, and it is overdue when it is over")
    func mails() async throws {
        try await World.run { world in
            let ada = try await newYorker(world)
            _ = try await world.task("Return the books", of: ada, ["due_on": "2026-11-21"])
            world.clock.advance(by: .seconds(4 * 3600))
            for _ in 1...2 { try await run(.dueSoon, world) }
            let mails = try await world.mails(to: ada.email)
            #expect(mails.map(\.subject) == ["Due tomorrow: Return the books"])
            #expect(mails.first?.text.contains("(due Sat 21 Nov 2026)") == true, "\(mails.first?.text ?? "")")
            // Until 20:20 on the 21st in New York, which is the 22nd in UTC.
            world.clock.advance(by: .seconds(35 * 3600 + 1800))
            try await run(.overdueScan, world)
            #expect(try await world.mails(to: ada.email).count == 1)
            world.clock.advance(by: .seconds(5 * 3600))
            for _ in 1...2 { try await run(.overdueScan, world) }
            #expect(try await world.mails(to: ada.email).map(\.subject).last == "Overdue: Return the books")
            #expect(try await world.mails(to: ada.email).count == 2)
        }
    }

    @Test("Lists know the day in the account's zone or in tz, and where tasks without a due date stand")
    func lists() async throws {
        try await World.run { world in
            let ada = try await newYorker(world)
            _ = try await world.task("day", of: ada, ["due_on": "2026-11-20"])
            _ = try await world.task("evening", of: ada, ["due_at": "2026-11-21T02:00:00Z"])
            _ = try await world.task("never", of: ada)
            #expect(try await titles("due_on=2026-11-20&sort=due_at", as: ada, world) == ["evening", "day"])
            #expect(try await titles("due_on=2026-11-20&sort=due_at&tz=UTC", as: ada, world) == ["day"])
            #expect(try await titles("overdue=true", as: ada, world) == [])
            #expect(try await titles("sort=-due_at", as: ada, world) == ["day", "evening", "never"])
            #expect(try await titles("sort=-due_at&nulls=first", as: ada, world) == ["never", "day", "evening"])
            #expect(try await titles("due_before=2026-11-21T05:00:00Z&sort=due_at", as: ada, world) == ["evening", "day"])
            for query in ["nulls=first", "sort=title&nulls=last", "tz=Mars/Olympus", "due_on=tomorrow"] {
                #expect(try await world.send(.get, "/api/v1/tasks?\(query)", as: ada).status == 400, "\(query)")
            }
            let walked = try await world.send(.get, "/api/v1/tasks?sort=-due_at&limit=2", as: ada)
            let next = try #require(walked.string("meta", "next_cursor"))
            #expect(try await titles("sort=-due_at&limit=2&cursor=\(next)", as: ada, world) == ["never"])
            #expect(try await world.send(.get, "/api/v1/tasks?sort=-due_at&nulls=first&cursor=\(next)", as: ada).status == 400)
        }
    }

    @Test("Figures and reports have the days of the account's zone, or of tz")
    func figures() async throws {
        try await World.run { world in
            let ada = try await newYorker(world)
            _ = try await world.task("Done", of: ada, ["status": "completed"])
            world.clock.advance(by: .seconds(19 * 3600))
            let fresh = ada.with(accessToken: try #require(try await world.login(ada.email).string("access_token")))
            let here = try await world.send(.get, "/api/v1/tasks/stats", as: fresh).list("completed_per_day")
            #expect(here.last == ["day": "2026-11-20", "count": 1])
            let there = try await world.send(.get, "/api/v1/tasks/stats?tz=Asia/Tokyo", as: fresh).list("completed_per_day")
            #expect(there.suffix(2) == [["day": "2026-11-20", "count": 1], ["day": "2026-11-21", "count": 0]])
            let job = try await world.send(.post, "/api/v1/reports", as: fresh, json: ["format": "csv"])
            try await world.work()
            let file = try await world.send(.get, "/api/v1/jobs/\(try #require(job.int("id")))/result", as: fresh).text
            #expect(file.contains("report,to,2026-11-20,") && file.contains("report,time_zone,America/New_York,"))
        }
    }

    @Test("Whoever moves takes the due days along")
    func moving() async throws {
        try await World.run { world in
            let ada = try await newYorker(world)
            _ = try await world.task("Yesterday there", of: ada, ["due_on": "2026-11-19"])
            _ = try await world.task("Today", of: ada, ["due_on": "2026-11-20"])
            #expect(try await titles("overdue=true", as: ada, world) == ["Yesterday there"])
            try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["time_zone": "Pacific/Honolulu"])
            try await world.work()
            #expect(try await titles("overdue=true", as: ada, world) == [])
            world.clock.advance(by: .seconds(600))
            try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["time_zone": "Pacific/Kiritimati"])
            try await world.work()
            #expect(try await titles("overdue=true", as: ada, world) == ["Yesterday there"])
        }
    }

    private func run(_ schedule: Schedule, _ world: World) async throws {
        let now = world.clock.now
        try await world.installation.store.write { _ = try Jobs($0).insert(NewJob(schedule.jobKind), at: now) }
        try await world.work()
    }
}
