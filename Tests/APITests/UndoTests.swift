// What people rely on who take back a change.
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import Synchronization
import TestKit
import Testing
import Wire

extension World {
    /// Takes back what the request with that answer did.
    fileprivate func undo(_ change: Reply, as person: Person, key: String? = nil) async throws -> Reply {
        let request = try #require(change["X-Request-Id"])
        return try await send(
            .post, "/api/v1/changes/\(request)/undo", as: person, headers: key.map { [("Idempotency-Key", $0)] } ?? [])
    }

    fileprivate func patch(_ id: Int64, as person: Person, _ json: JSON) async throws -> Reply {
        try await send(.patch, "/api/v1/tasks/\(id)", as: person, json: json)
    }

    fileprivate func read(_ id: Int64, as person: Person) async throws -> Reply { try await send(.get, "/api/v1/tasks/\(id)", as: person) }
}

@Suite struct UndoTests {
    /// A text of so many characters that events keep it elsewhere.
    private static let long = String(repeating: "lorem ipsum dolor ", count: 1111)

    @Test("An update is taken back whole, and what took it back can be taken back, too")
    func fields() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task(
                "A", of: ada, ["description": .string(Self.long), "labels": ["x", "y"], "due_on": "2030-01-31", "priority": "low"])
            let before = try await world.read(id, as: ada).json
            let change = try await world.patch(
                id, as: ada,
                [
                    "title": "B", "description": .null, "labels": [], "due_at": "2030-02-01T10:00:00Z", "priority": "critical",
                    "status": "completed", "assignee_id": .int(bob.id), "archived": true,
                ])
            let after = change.json
            let undo = try await world.undo(change, as: ada)
            #expect(undo.status == 200)
            #expect(undo.json == ["undone": 1, "refused": []])
            let undone = try await world.read(id, as: ada).json
            #expect(undone == before.with("version", 3).with("updated_at", undone["updated_at"] ?? .null))
            #expect(try await world.send(.get, "/api/v1/tasks?q=ipsum", as: ada).list("data").count == 1)
            let history = try await world.send(.get, "/api/v1/tasks/\(id)/history", as: ada)
            #expect(history.string("data", "0", "action") == "task.updated")
            #expect(history.string("data", "0", "request_id") == undo["X-Request-Id"])
            #expect(history.list("data", "0", "changes").contains(["field": "description", "from": .null, "to": .string(Self.long)]))

            #expect(try await world.undo(undo, as: ada).int("undone") == 1)
            let redone = try await world.read(id, as: ada).json
            #expect(redone == after.with("version", 4).with("updated_at", redone["updated_at"] ?? .null))
        }
    }

    @Test("A new task goes to the trash and comes back, a deleted one comes back and goes again")
    func trash() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let made = try await world.send(.post, "/api/v1/tasks", as: ada, json: ["title": "A"])
            let id = try #require(made.int("id"))
            let gone = try await world.undo(made, as: ada)
            #expect(gone.int("undone") == 1)
            #expect(try await world.read(id, as: ada).status == 404)
            #expect(try await world.send(.get, "/api/v1/tasks/trash", as: ada).list("data").count == 1)
            let back = try await world.undo(gone, as: ada)
            #expect(back.int("undone") == 1)
            #expect(try await world.read(id, as: ada).string("title") == "A")
            #expect(try await world.undo(back, as: ada).int("undone") == 1)
            #expect(try await world.read(id, as: ada).status == 404)
            #expect(try await world.send(.post, "/api/v1/tasks/\(id)/restore", as: ada).status == 200)

            let deletion = try await world.send(.delete, "/api/v1/tasks/\(id)", as: ada)
            #expect(try await world.undo(deletion, as: ada).int("undone") == 1)
            #expect(try await world.read(id, as: ada).status == 200)
            let again = try await world.undo(deletion, as: ada)
            #expect(again.int("undone") == 0)
            #expect(again.list("refused").map { $0["field"] } == ["deleted_at"])
        }
    }

    @Test("What somebody has changed since stays, field by field")
    func changedSince() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            let change = try await world.patch(id, as: ada, ["title": "B", "priority": "high"])
            _ = try await world.patch(id, as: bob, ["title": "C"])
            let undo = try await world.undo(change, as: ada)
            #expect(undo.int("undone") == 1)
            #expect(undo.list("refused").map { $0["field"] } == ["title"])
            #expect(undo.int("refused", "0", "task_id") == id)
            let task = try await world.read(id, as: ada)
            #expect(task.string("title") == "C")
            #expect(task.string("priority") == "medium")
        }
    }

    @Test("A due date is one thing: another one, at an instant or on a day, is not overwritten")
    func due() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada, ["due_at": "2030-01-01T09:00:00Z"])
            let cleared = try await world.patch(id, as: ada, ["due_at": .null])
            _ = try await world.patch(id, as: ada, ["due_on": "2030-05-05"])
            let undo = try await world.undo(cleared, as: ada)
            #expect(undo.int("undone") == 0)
            #expect(undo.list("refused").map { $0["field"] } == ["due_at"])
            #expect(try await world.read(id, as: ada).string("due_on") == "2030-05-05")
        }
    }

    @Test("A new task that was changed since does not go to the trash")
    func changedCreation() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let made = try await world.send(.post, "/api/v1/tasks", as: ada, json: ["title": "A", "assignee_id": .int(bob.id)])
            let id = try #require(made.int("id"))
            let change = try await world.patch(id, as: bob, ["description": "bob's work"])
            let refused = try await world.undo(made, as: ada)
            #expect(refused.int("undone") == 0)
            #expect(refused.list("refused").map { $0["field"] } == ["description"])
            #expect(try await world.undo(change, as: bob).int("undone") == 1)
            #expect(try await world.undo(made, as: ada).int("undone") == 1)
        }
    }

    @Test("A reopened task is completed again when it was, not now")
    func completion() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            let done = try await world.patch(id, as: ada, ["status": "completed"])
            world.clock.advance(by: .seconds(3 * 86_400))
            let login = try await world.login(ada.email)
            let later = ada.with(accessToken: try #require(login.string("access_token")))
            let reopened = try await world.patch(id, as: later, ["status": "pending"])
            #expect(try await world.undo(reopened, as: later).int("undone") == 1)
            let task = try await world.read(id, as: later)
            #expect(task.string("status") == "completed")
            #expect(task.string("completed_at") == done.string("completed_at"))
        }
    }

    @Test("A batch of 600 is taken back in steps; its answer is given again for its key")
    func batch() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let ids = try await tasks(600, of: ada, world)
            let change = try await world.send(.post, "/api/v1/tasks/batch", as: ada, json: ["action": "delete", "ids": .array(ids)])
            #expect(change.int("succeeded") == 600)
            let undo = try await world.undo(change, as: ada, key: "k")
            #expect(undo.json == ["undone": 600, "refused": []])
            #expect(try await world.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total") == 600)
            let again = try await world.undo(change, as: ada, key: "k")
            #expect(again.body == undo.body)
            #expect(again["Idempotency-Replayed"] == "true")
        }
    }

    @Test("A request that broke off goes on where it was when it is sent again with its key")
    func resumed() async throws {
        var options = World.Options()
        let observer = StoreObserver()
        options.observer = observer
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            let ids = try await tasks(600, of: ada, world)
            let change = try await world.send(.post, "/api/v1/tasks/batch", as: ada, json: ["action": "complete", "ids": .array(ids)])
            let count = Atomic(0)
            observer.afterWrites { work in
                guard work.statements.contains(where: { $0.hasPrefix("UPDATE tasks") }) else { return }
                if count.wrappingAdd(1, ordering: .relaxed).newValue == 2 { throw StoreError.unavailable("on purpose") }
            }
            let broken = try await world.undo(change, as: ada, key: "k")
            #expect(broken.status == 503)
            #expect(broken.string("code") == "batch_unfinished")
            observer.afterWrites(nil)
            #expect(try await world.undo(change, as: ada, key: "k").json == ["undone": 600, "refused": []])
            #expect(try await world.send(.get, "/api/v1/tasks?status=pending&count=true", as: ada).int("meta", "total") == 600)
        }
    }

    @Test("Only who made a change takes it back, and only a change of tasks")
    func whose() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            let change = try await world.patch(id, as: ada, ["title": "B"])
            let foreign = try await world.undo(change, as: bob)
            #expect(foreign.status == 404)
            let idle = try await world.patch(id, as: ada, ["title": "B"])
            #expect(try await world.undo(idle, as: ada).status == 404)
            let profile = try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["name": "Ada"])
            #expect(try await world.undo(profile, as: ada).status == 404)
            let none = try await world.send(.post, "/api/v1/changes/job-1/undo", as: bob)
            #expect(none.json.with("instance", "") == foreign.json.with("instance", ""))
        }
    }

    @Test("The rights of this moment count: who has given a task away does not get it back, and nobody is assigned who has left")
    func rights() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let root = try await world.person("root", role: .admin)
            let id = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            let away = try await world.patch(id, as: bob, ["assignee_id": .null])
            let refused = try await world.undo(away, as: bob)
            #expect(refused.int("undone") == 0)
            #expect(refused.list("refused") == [["task_id": .int(id), "field": .null, "detail": "There is no such task."]])

            _ = try await world.patch(id, as: ada, ["assignee_id": .int(bob.id)])
            let change = try await world.patch(id, as: ada, ["assignee_id": .null, "title": "B"])
            try await world.send(.patch, "/api/v1/users/\(bob.id)", as: root, json: ["is_active": false])
            let undo = try await world.undo(change, as: ada)
            #expect(undo.int("undone") == 1)
            #expect(undo.list("refused").map { $0["field"] } == ["assignee_id"])
            let task = try await world.read(id, as: ada)
            #expect(task.string("title") == "A")
            #expect(task.at("assignee_id") == .null)

            let purge = try await world.send(.delete, "/api/v1/admin/tasks/\(id)?permanent=true", as: root)
            #expect(try await world.undo(purge, as: root).list("refused").map { $0["field"] } == [.null])
        }
    }

    @Test("A history that was shared by mistake is hidden again")
    func sharedHistory() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task("A", of: ada)
            _ = try await world.patch(id, as: ada, ["assignee_id": .int(bob.id)])
            let oldest = { try await world.send(.get, "/api/v1/tasks/\(id)/history", as: bob).list("data").last?["action"] }
            let shared = try await world.send(.put, "/api/v1/tasks/\(id)/history/shared", as: ada)
            #expect(try await oldest() == "task.created")
            #expect(try await world.undo(shared, as: ada).int("undone") == 1)
            #expect(try await oldest() == "task.updated")
            #expect(try await world.undo(shared, as: ada).list("refused").map { $0["field"] } == ["history_shared"])
        }
    }

    @Test("Texts that come back count towards the day's quota of who takes the change back")
    func quota() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-quotas", "changes=25000"]
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada, ["description": .string(Self.long)])
            let change = try await world.patch(id, as: ada, ["description": .null])
            let undo = try await world.undo(change, as: ada)
            #expect(undo.int("undone") == 1)
            let redo = try await world.undo(undo, as: ada)
            #expect(redo.int("undone") == 1)
            let over = try await world.undo(redo, as: ada)
            #expect(over.int("undone") == 0)
            #expect(over.string("refused", "0", "detail")?.contains("changes") == true)
        }
    }

    private func tasks(_ count: Int, of person: Person, _ world: World) async throws -> [JSON] {
        let draft = NewTask(title: "A")
        return try await world.installation.store.write { tx in
            try (0..<count).map { _ in .int(try Tasks(tx).insert(draft, owner: ID(person.id), at: .seconds(1)).id.value) }
        }
    }
}
