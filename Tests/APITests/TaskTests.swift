// What a client of the task API relies on: create, read, change, trash, history.
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct TaskTests {
    @Test("a created task has a place, a tag and every field, and can be read back")
    func create() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let created = try await world.send(
                .post, "/api/v1/tasks", as: ada,
                json: [
                    "title": "Renew the certificate", "priority": "HIGH", "labels": ["Ops", "ops", "TLS"],
                    "due_at": "2026-12-01T10:00:00+01:00",
                ])
            #expect(created.status == 201)
            #expect(created["ETag"] == "\"1\"")
            let id = try #require(created.int("id"))
            #expect(created["Location"] == "/api/v1/tasks/\(id)")
            #expect(created.string("priority") == "high")
            #expect(created.at("labels") == ["Ops", "TLS"])
            #expect(created.string("due_at") == "2026-12-01T09:00:00.000Z")
            #expect(created.int("owner_id") == ada.id)
            let read = try await world.send(.get, "/api/v1/tasks/\(id)", as: ada)
            #expect(read.status == 200)
            #expect(read.body == created.body)
        }
    }

    @Test(
        "a partial update keeps what it does not name, null clears, and the status carries completed_at",
        arguments: [HTTPRequest.Method.patch, .put])
    func update(method: HTTPRequest.Method) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada, ["description": "text", "due_at": "2026-12-01T00:00:00Z", "labels": ["x"]])
            world.clock.advance(by: .seconds(1))
            let done = try await world.send(method, "/api/v1/tasks/\(id)", as: ada, json: ["status": "completed", "due_at": .null])
            #expect(done.status == 200)
            #expect(done.int("version") == 2)
            #expect(done.string("description") == "text")
            #expect(done.at("due_at") == .null)
            #expect(done.string("completed_at") == world.clock.now.description)
            #expect(done.at("labels") == ["x"])
            let reopened = try await world.send(
                method, "/api/v1/tasks/\(id)", as: ada, json: ["status": "in_progress", "description": .null])
            #expect(reopened.at("completed_at") == .null)
            #expect(reopened.at("description") == .null)
        }
    }

    @Test("an update that changes nothing makes no version and no history")
    func idleUpdate() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            let same = try await world.send(.patch, "/api/v1/tasks/\(id)", as: ada, json: ["title": "A"])
            #expect(same.int("version") == 1)
            #expect(try await world.send(.get, "/api/v1/tasks/\(id)/history", as: ada).list("data").count == 1)
        }
    }

    @Test("all faults of a request are reported at once, each with its place, and nothing is made")
    func faults() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let reply = try await world.send(
                .post, "/api/v1/tasks", as: ada,
                json: [
                    "title": "  ", "status": "finished", "labels": ["ok", " bad "], "due_at": "tomorrow", "owner_id": 7,
                    "assignee_id": "bob",
                ])
            #expect(reply.status == 400)
            #expect(reply.string("code") == "invalid_request")
            let pointers = Set(reply.list("errors").compactMap { $0["pointer"] })
            #expect(pointers == ["/title", "/status", "/labels/1", "/due_at", "/owner_id", "/assignee_id"])
            #expect(try await world.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total") == 0)
        }
    }

    @Test("a stale If-Match changes nothing and says which version is current; a current one is taken")
    func ifMatch() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            let path = "/api/v1/tasks/\(id)"
            try await world.send(.patch, path, as: ada, json: ["title": "B"], headers: [("If-Match", "\"1\"")])
            for tag in ["\"1\"", "W/\"1\"", "\"x\"", "\"7\", \"8\""] {
                let stale = try await world.send(.patch, path, as: ada, json: ["title": "C"], headers: [("If-Match", tag)])
                #expect(stale.status == 412, "\(tag)")
                #expect(stale.string("detail")?.contains("version is 2") == true)
            }
            #expect(try await world.send(.delete, path, as: ada, headers: [("If-Match", "\"1\"")]).status == 412)
            #expect(try await world.send(.patch, path, as: ada, json: ["title": "C"], headers: [("If-Match", "nonsense")]).status == 400)
            #expect(
                try await world.send(.patch, path, as: ada, json: ["title": "C"], headers: [("If-Match", "\"1\", \"2\"")]).status == 200)
            #expect(try await world.send(.delete, path, as: ada, headers: [("If-Match", "*")]).status == 204)
        }
    }

    @Test("a task that did not change is answered by 304 without a body")
    func notModified() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            for tag in ["\"1\"", "W/\"1\"", "\"9\", \"1\"", "*"] {
                let reply = try await world.send(.get, "/api/v1/tasks/\(id)", as: ada, headers: [("If-None-Match", tag)])
                #expect(reply.status == 304, "\(tag)")
                #expect(reply.body.isEmpty)
                #expect(reply["ETag"] == "\"1\"")
            }
            #expect(try await world.send(.get, "/api/v1/tasks/\(id)", as: ada, headers: [("If-None-Match", "\"2\"")]).status == 200)
        }
    }

    @Test("a deleted task is gone from lists and reads, lies in the trash for 30 days, and comes back whole")
    func trash() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let kept = try await world.task("A", of: ada, ["description": "text", "labels": ["x"]])
            let lost = try await world.task("B", of: ada)
            #expect(try await world.send(.delete, "/api/v1/tasks/\(kept)", as: ada).status == 204)
            #expect(try await world.send(.delete, "/api/v1/tasks/\(kept)", as: ada).status == 404)
            try await world.send(.delete, "/api/v1/tasks/\(lost)", as: ada)
            #expect(try await world.send(.get, "/api/v1/tasks/\(kept)", as: ada).status == 404)
            #expect(try await world.send(.patch, "/api/v1/tasks/\(kept)", as: ada, json: ["title": "C"]).status == 404)
            #expect(try await world.send(.get, "/api/v1/tasks", as: ada).list("data").isEmpty)
            #expect(try await world.send(.get, "/api/v1/tasks?q=text", as: ada).list("data").isEmpty)
            #expect(try await world.send(.get, "/api/v1/tasks/trash", as: ada).list("data").count == 2)
            let back = try await world.send(.post, "/api/v1/tasks/\(kept)/restore", as: ada)
            #expect(back.status == 200)
            #expect(back.string("description") == "text")
            #expect(back.int("version") == 3)
            #expect(try await world.send(.get, "/api/v1/tasks?q=text", as: ada).list("data").count == 1)
            #expect(try await world.send(.post, "/api/v1/tasks/\(kept)/restore", as: ada).int("version") == 3)

            world.clock.advance(by: TaskItem.trashLifetime)
            let later = try await world.login(ada.email).string("access_token")
            #expect(try await world.send(.post, "/api/v1/tasks/\(lost)/restore", token: later).status == 404)
            #expect(try await world.send(.get, "/api/v1/tasks/trash", token: later).list("data").isEmpty)
        }
    }

    @Test("the trash says when a task came and when it goes for good, and finds tasks by the words of title and labels")
    func trashSearch() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let root = try await world.person("root", role: .admin)
            let before = world.clock.now
            for (title, owner) in [("Café plan", ada), ("Plan B", ada), ("Other", ada), ("Plan of Bob", bob), ("Planet", ada)] {
                world.clock.advance(by: .seconds(1))
                let id = try await world.task(title, of: owner, ["labels": title == "Other" ? ["planning"] : []])
                try await world.send(.delete, "/api/v1/tasks/\(id)", as: owner)
            }
            _ = try await world.task("Plan that is not deleted", of: ada)
            func titles(_ query: String, _ person: Person) async throws -> [JSON?] {
                try await world.send(.get, "/api/v1/tasks/trash?\(query)", as: person).list("data").map { $0["title"] }
            }
            #expect(try await titles("q=PLAN", ada) == ["Planet", "Other", "Plan B", "Café plan"])
            #expect(try await titles("q=cafe+plan", ada) == ["Café plan"])
            #expect(try await titles("q=planetary", ada) == [])
            #expect(try await titles("q=%C2%B8", ada) == [])
            #expect(try await titles("q=plan+of", root) == ["Plan of Bob"])
            #expect(try await titles("q=plan&page=2&per_page=3", ada) == ["Café plan"])

            let first = try await world.send(.get, "/api/v1/tasks/trash?q=plan&limit=3&count=true", as: ada)
            #expect(first.int("meta", "total") == 4)
            let cursor = try #require(first.string("meta", "next_cursor"))
            #expect(try await titles("q=plan&limit=3&cursor=\(cursor)", ada) == ["Café plan"])
            let deleted = before + .seconds(5)
            #expect(first.string("data", "0", "deleted_at") == deleted.description)
            #expect(first.string("data", "0", "purged_at") == (deleted + TaskItem.trashLifetime).description)
        }
    }

    @Test("only an admin deletes for good, and then nothing but the audit remembers")
    func purge() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let root = try await world.person("root", role: .admin)
            let id = try await world.task("A", of: ada)
            #expect(try await world.send(.delete, "/api/v1/tasks/\(id)?permanent=true", as: ada).status == 403)
            #expect(try await world.send(.delete, "/api/v1/tasks/\(id)?permanent=true", as: root).status == 204)
            #expect(try await world.send(.post, "/api/v1/tasks/\(id)/restore", as: ada).status == 404)
            let audit = try await world.send(.get, "/api/v1/admin/audit?subject=task&subject_id=\(id)", as: root)
            #expect(audit.list("data").map { $0["action"] } == ["task.purged", "task.created"])
        }
    }

    @Test("the history names every change: who, what, from, to, by which request")
    func history() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let bob = try await world.person("bob")
            let id = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            let change = try await world.send(
                .patch, "/api/v1/tasks/\(id)", as: bob, json: ["status": "in_progress", "labels": ["x", "y"]],
                headers: [("X-Request-Id", "my-request-1")])
            #expect(change["X-Client-Request-Id"] == "my-request-1")
            try await world.send(.delete, "/api/v1/tasks/\(id)", as: ada)
            let history = try await world.send(.get, "/api/v1/tasks/\(id)/history", as: ada)
            #expect(history.list("data").map { $0["action"] } == ["task.deleted", "task.updated", "task.created"])
            #expect(history.int("data", "1", "actor_id") == bob.id)
            #expect(history.string("data", "1", "request_id") == change["X-Request-Id"])
            #expect(history.string("data", "1", "source") == "api")
            #expect(
                history.at("data", "1", "changes") == [
                    ["field": "status", "from": "pending", "to": "in_progress"], ["field": "labels", "from": [], "to": ["x", "y"]],
                ])
        }
    }

    @Test("a task is given only to an active user, and the one who gets it sees it")
    func assignment() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let bob = try await world.person("bob")
            let root = try await world.person("root", role: .admin)
            let id = try await world.task("A", of: ada)
            #expect(try await world.send(.get, "/api/v1/tasks/\(id)", as: bob).status == 404)
            try await world.send(.patch, "/api/v1/tasks/\(id)", as: ada, json: ["assignee_id": .int(bob.id)])
            #expect(try await world.send(.get, "/api/v1/tasks/\(id)", as: bob).status == 200)
            #expect(try await world.send(.get, "/api/v1/tasks?scope=assigned", as: bob).list("data").count == 1)
            #expect(try await world.send(.delete, "/api/v1/tasks/\(id)", as: bob).status == 403)
            for nobody in [JSON.int(9_999), .int(bob.id)] {
                if nobody == .int(bob.id) { try await world.send(.patch, "/api/v1/users/\(bob.id)", as: root, json: ["is_active": false]) }
                let other = try await world.task("B", of: ada)
                let reply = try await world.send(.patch, "/api/v1/tasks/\(other)", as: ada, json: ["assignee_id": nobody])
                #expect(reply.status == 400)
                #expect(reply.string("errors", "0", "pointer") == "/assignee_id")
            }
        }
    }

    @Test("figures count what is there: by status, by priority, overdue, completed in the last 30 days")
    func statistics() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let eve = try await world.person("eve")
            _ = try await world.task("A", of: ada, ["status": "completed", "priority": "low"])
            _ = try await world.task("B", of: ada, ["due_at": "2020-01-01T00:00:00Z"])
            _ = try await world.task("C", of: ada, ["status": "completed", "due_at": "2020-01-01T00:00:00Z"])
            _ = try await world.task("D", of: eve)
            let stats = try await world.send(.get, "/api/v1/tasks/stats", as: ada)
            #expect(stats.int("total") == 3)
            #expect(stats.at("by_status") == ["pending": 1, "in_progress": 0, "completed": 2])
            #expect(stats.at("by_priority") == ["low": 1, "medium": 2, "high": 0, "critical": 0])
            #expect(stats.int("overdue") == 1)
            #expect(stats.list("completed_per_day").count == 30)
            #expect(stats.list("completed_per_day").last == ["day": .string(world.clock.now.day.description), "count": 2])
        }
    }
}
