// What a client of the batch relies on.
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
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
            let draft = NewTask(title: "A")
            let owner = ID<User>(ada.id)
            let ids = try await world.installation.store.write { tx in
                try (0..<1000).map { _ in try Tasks(tx).insert(draft, owner: owner, at: .seconds(1)).id.value }
            }
            var list = ids.map(JSON.int)
            list[bad] = 999_999
            let reply = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada,
                json: ["action": "update", "ids": .array(list), "changes": ["title": "changed"], "atomic": true])
            #expect(reply.status == 409)
            #expect(reply.string("code") == "batch_aborted")
            #expect(reply.list("errors").map { $0["pointer"] } == [.string("/ids/\(bad)")])
            let changed = try await world.send(.get, "/api/v1/tasks?q=changed&count=true", as: ada)
            #expect(changed.int("meta", "total") == 0)
            let untouched = try await world.send(.get, "/api/v1/tasks?q=A&count=true&updated_before=1970-01-02T00:00:00Z", as: ada)
            #expect(untouched.int("meta", "total") == 1000)
        }
    }

    @Test("an id given twice is a fault, and an answer does not grow without bound")
    func bounds() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            let twice = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada, json: ["action": "archive", "ids": [.int(id), .int(id)]])
            #expect(twice.string("errors", "0", "pointer") == "/ids/1")
            let draft = NewTask(title: "A", description: String(repeating: "🔑", count: 20_000))
            let owner = ID<User>(ada.id)
            let ids = try await world.installation.store.write { tx in
                try (0..<100).map { _ in try Tasks(tx).insert(draft, owner: owner, at: .seconds(1)).id.value }
            }
            let reply = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada, json: ["action": "archive", "ids": .array(ids.map(JSON.int))])
            #expect(reply.int("succeeded") == 100)
            #expect(reply.body.count < 2 << 20)
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
