// What a client of the batch relies on.
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import Synchronization
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

    // MARK: By filter

    private func tasks(_ count: Int, of person: Person, _ world: World) async throws {
        let draft = NewTask(title: "A")
        try await world.installation.store.write { tx in
            for _ in 0..<count { _ = try Tasks(tx).insert(draft, owner: ID(person.id), at: .seconds(1)) }
        }
    }

    @Test("A filter finds what the list shows, more than a request could name, and nothing of others")
    func filter() async throws {
        try await World.run { world in
            let (ada, eve) = (try await world.person("ada"), try await world.person("eve"))
            try await tasks(1200, of: ada, world)
            let high = try await world.task("B", of: ada, ["priority": "high", "labels": ["ops"]])
            try await tasks(3, of: eve, world)
            let reply = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada,
                json: ["action": "complete", "filter": ["status": ["pending"], "priority": ["medium"]], "expected": 1200])
            #expect(reply.status == 200, "\(reply.text.prefix(300))")
            #expect(reply.int("succeeded") == 1200)
            #expect(reply.list("results").count == 1200)
            #expect(try await world.send(.get, "/api/v1/tasks?status=completed&count=true", as: ada).int("meta", "total") == 1200)
            #expect(try await world.send(.get, "/api/v1/tasks?status=pending&count=true", as: eve).int("meta", "total") == 3)
            let one = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada,
                json: ["action": "archive", "filter": ["q": "b", "label": ["OPS"], "archived": false], "expected": 1, "atomic": true])
            #expect(one.list("results").map { $0["id"] } == [.int(high)])
            let none = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada, json: ["action": "delete", "filter": ["q": "zebra"], "expected": 0])
            #expect(none.list("results") == [])
        }
    }

    @Test("A filter that finds another number of tasks than expected changes nothing and says how many there are")
    func otherCount() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await tasks(3, of: ada, world)
            for expected in [2, 4] as [JSON] {
                let reply = try await world.send(
                    .post, "/api/v1/tasks/batch", as: ada, json: ["action": "delete", "filter": [:], "expected": expected])
                #expect(reply.status == 409)
                #expect(reply.string("code") == "other_count")
                #expect(reply.string("detail")?.contains("finds 3 tasks") == true)
            }
            #expect(try await world.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total") == 3)
        }
    }

    @Test("A batch by filter that broke off goes on with the tasks that it began with, though they no longer match")
    func resumedFilter() async throws {
        var options = World.Options()
        let observer = StoreObserver()
        options.observer = observer
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            try await tasks(600, of: ada, world)
            let send = {
                try await world.send(
                    .post, "/api/v1/tasks/batch", as: ada,
                    json: ["action": "complete", "filter": ["status": ["pending"]], "expected": 600], headers: [("Idempotency-Key", "k")])
            }
            let count = Atomic(0)
            observer.afterWrites { work in
                guard work.statements.contains(where: { $0.hasPrefix("UPDATE tasks") }) else { return }
                if count.wrappingAdd(1, ordering: .relaxed).newValue == 2 { throw StoreError.unavailable("on purpose") }
            }
            #expect(try await send().string("code") == "batch_unfinished")
            observer.afterWrites(nil)
            let whole = try await send()
            #expect(whole.int("succeeded") == 600)
            #expect(Set(whole.list("results").compactMap { $0["id"]?.text }).count == 600)
            #expect(try await send()["Idempotency-Replayed"] == "true")
            let answers = try await world.installation.store.read { tx in
                try tx.value("SELECT count(*) FROM idempotent_answers", as: Int64.self)
            }
            #expect(answers == 1)
        }
    }

    @Test("An atomic batch by filter that fails names the tasks")
    func atomicFilter() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            let reply = try await world.send(
                .post, "/api/v1/tasks/batch", as: bob,
                json: ["action": "delete", "filter": ["scope": "assigned"], "expected": 1, "atomic": true])
            #expect(reply.status == 409)
            #expect(reply.string("errors", "0", "pointer") == "/filter")
            #expect(reply.string("errors", "0", "detail")?.contains("task \(id)") == true)
        }
    }

    @Test(
        "What does not go together is refused, with its place",
        arguments: [
            (["action": "archive"], "/ids"), (["action": "archive", "ids": [1], "filter": [:], "expected": 1], "/filter"),
            (["action": "archive", "filter": [:]], "/expected"), (["action": "archive", "ids": [1], "expected": 1], "/expected"),
            (["action": "archive", "filter": ["colour": "red"], "expected": 1], "/filter/colour"),
            (["action": "archive", "filter": ["status": ["open"]], "expected": 1], "/filter/status/0"),
            (["action": "archive", "filter": ["nulls": "first"], "expected": 1], "/filter/nulls"),
            (["action": "restore", "filter": [:], "expected": 0], "/filter"),
            (["action": "archive", "filter": [:], "expected": 1001, "atomic": true], "/atomic"),
            (["action": "archive", "filter": [:], "expected": 10_001], "/expected"),
            (["action": "update", "ids": [1], "changes": ["labels": [], "add_labels": ["x"]]], "/changes/labels"),
            (
                ["action": "update", "ids": [1], "changes": ["add_labels": ["x"], "remove_labels": ["y", "X"]]], "/changes/remove_labels/1"
            ),
            (["action": "update", "ids": [1], "changes": ["due_on": .null, "shift_due": 1]], "/changes/shift_due"),
            (["action": "update", "ids": [1], "changes": ["shift_due": 3651]], "/changes/shift_due"),
        ] as [(JSON, String)])
    func faults(json: JSON, pointer: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let reply = try await world.send(.post, "/api/v1/tasks/batch", as: ada, json: json)
            #expect(reply.status == 400)
            #expect(reply.list("errors").compactMap { $0["pointer"] } == [.string(pointer)], "\(reply.text)")
        }
    }

    @Test("Everybody's tasks are for admins")
    func scope() async throws {
        try await World.run { world in
            let (ada, root) = (try await world.person("ada"), try await world.person("root", role: .admin))
            try await tasks(2, of: ada, world)
            let json: JSON = ["action": "archive", "filter": ["scope": "all"], "expected": 2]
            #expect(try await world.send(.post, "/api/v1/tasks/batch", as: ada, json: json).status == 403)
            #expect(try await world.send(.post, "/api/v1/tasks/batch", as: root, json: json).int("succeeded") == 2)
        }
    }

    // MARK: What each task gets

    @Test("Labels are put on and taken off each task, whatever their case, and found; a task without room fails alone")
    func labels() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let one = try await world.task("A", of: ada, ["labels": ["Ops", "old"]])
            let other = try await world.task("B", of: ada)
            let full = try await world.task("C", of: ada, ["labels": .array((1...50).map { .string("l\($0)") })])
            let reply = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada,
                json: [
                    "action": "update", "ids": [.int(one), .int(other), .int(full)],
                    "changes": ["add_labels": ["ops", "late"], "remove_labels": ["OLD"], "priority": "high"],
                ])
            #expect(reply.list("results").map { $0["status"] } == [200, 200, 400])
            #expect(reply.at("results", "0", "task", "labels") == ["Ops", "late"])
            #expect(reply.at("results", "1", "task", "labels") == ["ops", "late"])
            #expect(reply.string("results", "2", "error", "detail")?.contains("52 labels") == true)
            for (query, ids) in [("label=late", [other, one]), ("q=%23late", [other, one]), ("q=%23old", [])] as [(String, [Int64])] {
                let found = try await world.send(.get, "/api/v1/tasks?\(query)&sort=-created_at", as: ada)
                #expect(found.list("data").map { $0["id"] } == ids.map { .int($0) }, "\(query)")
            }
            let request = try #require(reply["X-Request-Id"])
            #expect(try await world.send(.post, "/api/v1/changes/\(request)/undo", as: ada).int("undone") == 2)
            #expect(try await world.send(.get, "/api/v1/tasks/\(one)", as: ada).at("labels") == ["Ops", "old"])
            #expect(try await world.send(.get, "/api/v1/tasks?q=%23late", as: ada).list("data") == [])
        }
    }

    @Test("Due dates are moved by days and keep their time of the day, also when clocks change; tasks without one stay")
    func shiftDue() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["time_zone": "Europe/Berlin"])
            let instant = try await world.task("A", of: ada, ["due_at": "2030-03-30T08:30:00.250Z"])
            let day = try await world.task("B", of: ada, ["due_on": "2028-02-28"])
            let none = try await world.task("C", of: ada)
            let last = try await world.task("D", of: ada, ["due_on": "9999-12-31"])
            let shift = { (days: Int64) in
                try await world.send(
                    .post, "/api/v1/tasks/batch", as: ada,
                    json: [
                        "action": "update", "ids": [.int(instant), .int(day), .int(none), .int(last)], "changes": ["shift_due": .int(days)],
                    ])
            }
            let later = try await shift(1)
            #expect(later.string("results", "0", "task", "due_at") == "2030-03-31T07:30:00.250Z")
            #expect(later.string("results", "1", "task", "due_on") == "2028-02-29")
            #expect(later.int("results", "2", "task", "version") == 1)
            #expect(later.int("results", "3", "status") == 400)
            let earlier = try await shift(-366)
            #expect(earlier.string("results", "0", "task", "due_at") == "2029-03-30T07:30:00.250Z")
            #expect(earlier.string("results", "1", "task", "due_on") == "2027-02-28")
            #expect(earlier.string("results", "3", "task", "due_on") == "9998-12-30")
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
