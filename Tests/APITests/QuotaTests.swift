// Nobody fills the server alone: what one user may have of everything.
import API
import Composition
import Credentials
import HTTPTypes
import Model
import Repositories
import Services
import StoreCore
import TaskFormats
import Testing
import TestKit
import Wire

@Suite struct QuotaTests {
    private func run(_ quotas: String, _ test: @escaping @Sendable (World) async throws -> Void) async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-quotas", quotas]
        try await World.run(options, test)
    }

    private func expect(_ reply: Reply, _ quota: Quota, _ limit: Int, at location: SourceLocation = #_sourceLocation) {
        #expect(reply.status == 409, "\(reply.text)", sourceLocation: location)
        #expect(reply.string("code") == "quota_exceeded", sourceLocation: location)
        let detail = reply.string("detail") ?? ""
        #expect(detail.contains("“\(quota.rawValue)”") && detail.contains("at most \(limit) "), "\(detail)", sourceLocation: location)
    }

    private func create(_ world: World, _ person: Person, _ fields: JSON = [:]) async throws -> Reply {
        try await world.send(.post, "/api/v1/tasks", as: person, json: fields.with("title", "T"))
    }

    @Test("Tasks beyond the quota are refused, those in the trash count, and others are not affected")
    func tasks() async throws {
        try await run("tasks=3") { world in
            let (root, ada) = (try await world.person("root", role: .admin), try await world.person("ada"))
            var ids: [Int64] = []
            for _ in 1...3 { ids.append(try #require(try await create(world, ada).int("id"))) }
            expect(try await create(world, ada), .tasks, 3)
            #expect(try await create(world, root).status == 201)
            try await world.send(.delete, "/api/v1/tasks/\(ids[0])", as: ada)
            world.clock.advance(by: .seconds(11))
            expect(try await create(world, ada), .tasks, 3)
            try await world.send(.delete, "/api/v1/tasks/\(ids[0])?permanent=true", as: root)
            world.clock.advance(by: .seconds(11))
            #expect(try await create(world, ada).status == 201)
            expect(try await create(world, ada), .tasks, 3)
        }
    }

    @Test("An import stops at the quota with words, and what it has is kept")
    func imported() async throws {
        try await run("tasks=1200") { world in
            let ada = try await world.person("ada")
            let rows = (1...1500).map { "T\($0)\n" }.joined()
            let headers = [("Content-Type", "text/csv")]
            let reply = try await world.send(
                .post, "/api/v1/tasks/import", as: ada, body: Array("title\n\(rows)".utf8), headers: headers)
            #expect(reply.status == 202)
            try await world.work()
            let job = try await world.send(.get, "/api/v1/jobs/\(try #require(reply.int("id")))", as: ada)
            #expect(job.string("state") == "failed")
            #expect(job.string("error")?.contains("“tasks” is exceeded: its limit is 1200") == true)
            let kept = try await world.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total")
            #expect(kept == 1000)
        }
    }

    @Test("Bytes of text count in new tasks, changes and batches, and taking text away is always possible")
    func text() async throws {
        try await run("text=2KiB") { world in
            let ada = try await world.person("ada")
            let long = JSON.string(String(repeating: "x", count: 1500))
            let id = try #require(try await create(world, ada, ["description": long]).int("id"))
            expect(try await create(world, ada, ["description": long]), .text, 2048)
            let path = "/api/v1/tasks/\(id)"
            expect(try await world.send(.patch, path, as: ada, json: ["description": long]), .text, 2048)
            let batch: JSON = ["action": "update", "ids": [.int(id)], "changes": ["description": long]]
            expect(try await world.send(.post, "/api/v1/tasks/batch", as: ada, json: batch), .text, 2048)
            #expect(try await world.send(.patch, path, as: ada, json: ["description": .null]).status == 200)
            world.clock.advance(by: .seconds(11))
            #expect(try await create(world, ada, ["description": long]).status == 201)
        }
    }

    @Test("Labels count once, however many tasks have them")
    func labels() async throws {
        try await run("labels=2") { world in
            let ada = try await world.person("ada")
            #expect(try await create(world, ada, ["labels": ["a", "b"]]).status == 201)
            #expect(try await create(world, ada, ["labels": ["A"]]).status == 201)
            expect(try await create(world, ada, ["labels": ["b", "c"]]), .labels, 2)
            world.clock.advance(by: .seconds(11))
            #expect(try await create(world, ada, ["labels": ["B"]]).status == 201)
            expect(try await create(world, ada, ["labels": ["c"]]), .labels, 2)
        }
    }

    @Test("Tokens, webhooks and waiting jobs are counted exactly, also when requests come together")
    func countables() async throws {
        try await run("tokens=2,webhooks=2,jobs=2") { world in
            let ada = try await world.person("ada")
            let requests: [(Quota, String, JSON)] = [
                (.tokens, "/api/v1/auth/tokens", ["name": "t", "scopes": ["tasks:read"]]),
                (.webhooks, "/api/v1/webhooks", ["url": "https://example.com/"]), (.jobs, "/api/v1/reports", ["format": "csv"]),
            ]
            for (quota, path, body) in requests {
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 { group.addTask { try await world.send(.post, path, as: ada, json: body).status } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.filter { $0 < 300 }.count == 2, "\(quota) \(statuses)")
                expect(try await world.send(.post, path, as: ada, json: body), quota, 2)
            }
            try await world.work()
            #expect(try await world.send(.post, "/api/v1/reports", as: ada, json: ["format": "csv"]).status == 202)
        }
    }

    @Test("A log-in beyond the quota of sessions ends the one that was used least recently")
    func sessions() async throws {
        try await run("sessions=2") { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(1))
            let second = try await world.login(ada.email)
            world.clock.advance(by: .seconds(1))
            let refreshed = try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": .string(ada.refreshToken)])
            world.clock.advance(by: .seconds(1))
            let third = try await world.login(ada.email)
            #expect(third.status == 200)
            let status = { (reply: Reply) in
                try await world.send(.get, "/api/v1/users/me", token: reply.string("access_token")).status
            }
            #expect(try await status(second) == 401)
            #expect(try await status(refreshed) == 200)
            #expect(try await status(third) == 200)
            let ended = try await world.installation.store.read { tx in
                try tx.value("SELECT count(*) FROM events WHERE action = 'session.ended'", as: Int64.self)
            }
            #expect(ended == 1)
        }
    }

    @Test("A file beyond the quota is refused while it arrives, and nothing of it stays")
    func files() async throws {
        try await run("files=4KiB") { world in
            let ada = try await world.person("ada")
            let table = Array(("title\n" + String(repeating: "A task\n", count: 1000)).utf8)
            let reply = try await world.send(
                .post, "/api/v1/tasks/import", as: ada, body: table, headers: [("Content-Type", "text/csv")])
            expect(reply, .files, 4096)
            let left = try await world.installation.store.read { tx in try tx.value("SELECT count(*) FROM files", as: Int64.self) }
            #expect(left == 0)
        }
    }

    @Test("Kept answers have a quota; what is kept is still given again")
    func answers() async throws {
        try await run("answers=1KiB") { world in
            let ada = try await world.person("ada")
            func send(_ key: Int) async throws -> Reply {
                try await world.send(.post, "/api/v1/tasks", as: ada, json: ["title": "T"], headers: [("Idempotency-Key", "k\(key)")])
            }
            var last = try await send(0)
            for key in 1...9 where last.status == 201 { last = try await send(key) }
            expect(last, .answers, 1024)
            #expect(try await send(0)["Idempotency-Replayed"] == "true")
            #expect(try await create(world, ada).status == 201)
        }
    }

    @Test("Exports at a time have a quota, and one that has ended makes room")
    func exports() async throws {
        try await run("exports=1") { world in
            let ada = try await world.person("ada")
            let rooms = world.installation.rooms
            let actor = try await rooms.authenticator.authenticate(ada.accessToken, from: Origin(requestID: "test"))
            var body: BodyStream? = try await rooms.tasks.export(TaskSelection(.mine), as: .csv, by: actor)
            #expect(body != nil)
            expect(try await world.send(.get, "/api/v1/tasks/export", as: ada), .exports, 1)
            body = nil
            #expect(try await world.send(.get, "/api/v1/tasks/export", as: ada).status == 200)
            #expect(try await world.send(.get, "/api/v1/tasks/export", as: ada).status == 200)
        }
    }

    @Test("One's usage says of every quota how much is used and what the limit is")
    func usage() async throws {
        try await run("tasks=10,text=1MiB") { world in
            let ada = try await world.person("ada")
            _ = try await create(world, ada, ["labels": ["ab", "c"]])
            _ = try await world.send(.post, "/api/v1/auth/tokens", as: ada, json: ["name": "t", "scopes": ["tasks:read"]])
            // What was measured before the task was made is too old then.
            world.clock.advance(by: .seconds(11))
            let usage = try await world.send(.get, "/api/v1/users/me/usage", as: ada)
            #expect(usage.int("tasks", "used") == 1 && usage.int("tasks", "limit") == 10)
            #expect(usage.int("text", "used") == Int64("T".utf8.count + #"["ab","c"]"#.utf8.count) && usage.int("text", "limit") == 1 << 20)
            #expect(usage.int("labels", "used") == 2)
            #expect(usage.int("tokens", "used") == 1 && usage.int("sessions", "used") == 1)
            for quota in Quota.allCases { #expect(usage.int(quota.rawValue, "limit") != nil, "\(quota)") }
        }
    }
}
