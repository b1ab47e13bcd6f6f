// What a client of the batch relies on.
import HTTPTypes
import TestKit
import Testing
import Wire

@Suite struct BatchTests {
    @Test("a foreign or missing id fails alone; the others are done")
    func partial() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let eve = try await world.person("eve")
            let mine = try await world.task("A", of: ada)
            let foreign = try await world.task("B", of: eve)
            let reply = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada, json: ["action": "complete", "ids": [.int(foreign), .int(mine), 999_999]])
            #expect(reply.status == 200)
            #expect(reply.list("results").map { $0["status"] } == [404, 200, 404])
            #expect(reply.string("results", "1", "task", "status") == "completed")
            #expect(reply.string("results", "0", "error", "code") == "not_found")
            #expect(reply.int("succeeded") == 1)
            #expect(reply.int("failed") == 2)
            #expect(try await world.send(.get, "/api/v1/tasks/\(foreign)", as: eve).string("status") == "pending")
        }
    }

    @Test("an atomic batch with one bad id does nothing at all and names it (P13)", arguments: [0, 1, 499, 998, 999])
    func atomic(bad: Int) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            var ids: [JSON] = []
            for _ in 0..<5 { ids.append(.int(try await world.task("A", of: ada))) }
            var list = (0..<1000).map { ids[$0 % 5] }
            list[bad] = 999_999
            let reply = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada,
                json: ["action": "update", "ids": .array(list), "changes": ["title": "changed"], "atomic": true])
            #expect(reply.status == 409)
            #expect(reply.string("code") == "batch_aborted")
            #expect(reply.list("errors").map { $0["pointer"] } == [.string("/ids/\(bad)")])
            let after = try await world.send(.get, "/api/v1/tasks", as: ada).list("data")
            #expect(after.allSatisfy { $0["title"] == "A" && $0["version"] == 1 })
        }
    }

    @Test("every action does what its name says")
    func actions() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            let run = { (action: String, changes: JSON?) in
                let body: JSON = ["action": .string(action), "ids": [.int(id)]]
                return try await world.send(.post, "/api/v1/tasks/batch", as: ada, json: changes.map { body.with("changes", $0) } ?? body)
            }
            #expect(try await run("complete", nil).string("results", "0", "task", "status") == "completed")
            #expect(try await run("reopen", nil).string("results", "0", "task", "status") == "pending")
            #expect(try await run("archive", nil).at("results", "0", "task", "archived") == true)
            #expect(try await run("update", ["priority": "low"]).string("results", "0", "task", "priority") == "low")
            #expect(try await run("delete", nil).int("results", "0", "status") == 204)
            #expect(try await world.send(.get, "/api/v1/tasks/\(id)", as: ada).status == 404)
            #expect(try await run("restore", nil).int("results", "0", "status") == 200)
            #expect(try await run("update", nil).status == 400)
            #expect(try await run("complete", ["title": "x"]).status == 400)
        }
    }
}
