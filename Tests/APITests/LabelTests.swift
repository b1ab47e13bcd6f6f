// What a client relies on when it lists, renames, colours, merges and deletes labels.
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import TestKit
import Testing
import Wire

@Suite struct LabelTests {
    private func labels(_ world: World, of person: Person, _ query: String = "") async throws -> [String] {
        try await world.send(.get, "/api/v1/labels\(query)", as: person).list("data").map {
            "\($0["name"]?.text ?? "") \($0["color"]?.text ?? "") \($0["count"]?.text ?? "")".replacing("\"", with: "")
        }
    }

    private func labels(_ world: World, on task: Int64, as person: Person) async throws -> JSON? {
        try await world.send(.get, "/api/v1/tasks/\(task)", as: person).at("labels")
    }

    @Test("labels are those of the tasks one owns or is to do, each once whatever its case, with their counts")
    func list() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            _ = try await world.task("A", of: ada, ["labels": ["Ops", "Émile"]])
            _ = try await world.task("B", of: bob, ["labels": ["ops", "secret"], "assignee_id": .int(ada.id)])
            _ = try await world.task("C", of: bob, ["labels": ["bob's"]])
            let gone = try await world.task("D", of: ada, ["labels": ["gone"]])
            try await world.send(.delete, "/api/v1/tasks/\(gone)", as: ada)
            #expect(try await labels(world, of: ada) == ["Émile null 1", "ops null 2", "secret null 1"])
            #expect(try await labels(world, of: ada, "?q=EM") == ["Émile null 1"])
            #expect(try await labels(world, of: ada, "?q=mile") == [])
            #expect(try await labels(world, of: try await world.person("eve")) == [])
        }
    }

    @Test("a colour is one's own, moves with the name, and goes")
    func colors() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task("A", of: ada, ["labels": ["ops"], "assignee_id": .int(bob.id)])
            let colored = try await world.send(.patch, "/api/v1/labels/OPS", as: ada, json: ["color": "teal"])
            #expect(colored.status == 200)
            #expect(colored.json == ["changed": 0])
            #expect(try await labels(world, of: ada) == ["ops teal 1"])
            #expect(try await labels(world, of: bob) == ["ops null 1"])
            #expect(try await world.send(.get, "/api/v1/tasks/\(id)", as: ada).int("version") == 1)
            try await world.send(.patch, "/api/v1/labels/ops", as: ada, json: ["name": "Ops"])
            #expect(try await labels(world, of: ada) == ["Ops teal 1"])
            try await world.send(.patch, "/api/v1/labels/ops", as: ada, json: ["name": "dev"])
            #expect(try await labels(world, of: ada) == ["dev teal 1"])
            try await world.send(.patch, "/api/v1/labels/dev", as: ada, json: ["name": "web", "color": "pink"])
            #expect(try await labels(world, of: ada) == ["web pink 1"])
            try await world.send(.patch, "/api/v1/labels/web", as: ada, json: ["color": .null])
            #expect(try await labels(world, of: ada) == ["web null 1"])
            for wrong in [["color": "black"], ["name": " x"], ["name": .null], ["count": 3]] as [JSON] {
                #expect(try await world.send(.patch, "/api/v1/labels/web", as: ada, json: wrong).status == 400, "\(wrong.text)")
            }
        }
    }

    @Test("a label is renamed on every task that the caller may change, each with its history, found by the new name alone")
    func rename() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let own = try await world.task("A", of: ada, ["labels": ["x", "Ops", "y"]])
            let given = try await world.task("B", of: bob, ["labels": ["ops"], "assignee_id": .int(ada.id)])
            let foreign = try await world.task("C", of: bob, ["labels": ["ops"]])
            let reply = try await world.send(.patch, "/api/v1/labels/ops", as: ada, json: ["name": "Größe 1/2"])
            #expect(reply.status == 200)
            #expect(reply.json == ["changed": 2])
            #expect(try await labels(world, on: own, as: ada) == ["x", "Größe 1/2", "y"])
            #expect(try await labels(world, on: given, as: ada) == ["Größe 1/2"])
            #expect(try await labels(world, on: foreign, as: bob) == ["ops"])
            let history = try await world.send(.get, "/api/v1/tasks/\(own)/history", as: ada)
            #expect(history.string("data", "0", "action") == "task.updated")
            #expect(
                history.at("data", "0", "changes")
                    == [["field": "labels", "from": ["x", "Ops", "y"], "to": ["x", "Größe 1/2", "y"]]])
            #expect(try await world.send(.get, "/api/v1/tasks?q=%23ops", as: ada).list("data").isEmpty)
            #expect(try await world.send(.get, "/api/v1/tasks?q=grosse", as: ada).list("data").count == 2)
            #expect(try await world.send(.patch, "/api/v1/labels/ops", as: ada, json: ["name": "z"]).status == 404)
            // A name of any letters stands in the path, percent-encoded.
            let back = try await world.send(.patch, "/api/v1/labels/gr%C3%B6%C3%9Fe%201%2F2", as: ada, json: ["name": "ops"])
            #expect(back.json == ["changed": 2])
            #expect(try await world.send(.patch, "/api/v1/labels/%FF", as: ada, json: ["name": "z"]).status == 400)
        }
    }

    @Test("a new name that another label has is refused, and merging keeps one label on each task")
    func merge() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let both = try await world.task("A", of: ada, ["labels": ["operations", "x", "Ops"]])
            let one = try await world.task("B", of: ada, ["labels": ["Operations"]])
            let other = try await world.task("C", of: ada, ["labels": ["Ops"]])
            try await world.send(.patch, "/api/v1/labels/operations", as: ada, json: ["color": "red"])
            let clash = try await world.send(.patch, "/api/v1/labels/operations", as: ada, json: ["name": "OPS"])
            #expect(clash.status == 409)
            #expect(clash.string("code") == "label_exists")
            let path = "/api/v1/labels/operations/merge"
            for (into, status) in [("operations", 400), ("nowhere", 400)] {
                let reply = try await world.send(.post, path, as: ada, json: ["into": .string(into)])
                #expect(reply.status == status)
                #expect(reply.string("errors", "0", "pointer") == "/into")
            }
            for _ in 0..<2 {
                let merged = try await world.send(.post, path, as: ada, json: ["into": "ops"], headers: [("Idempotency-Key", "k")])
                #expect(merged.status == 200)
                #expect(merged.json == ["changed": 2])
            }
            #expect(try await labels(world, on: both, as: ada) == ["Ops", "x"])
            #expect(try await labels(world, on: one, as: ada) == ["Ops"])
            #expect(try await world.send(.get, "/api/v1/tasks/\(other)", as: ada).int("version") == 1)
            // The colour of the label that went, since the other one had none.
            #expect(try await labels(world, of: ada) == ["Ops red 3", "x null 1"])
            #expect(try await world.send(.post, path, as: ada, json: ["into": "ops"]).status == 404)
        }
    }

    @Test("a deleted label is on no task any more, and the tasks stay")
    func delete() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada, ["labels": ["x", "ops"]])
            let reply = try await world.send(.delete, "/api/v1/labels/Ops", as: ada)
            #expect(reply.status == 200)
            #expect(reply.json == ["changed": 1])
            #expect(try await labels(world, on: id, as: ada) == ["x"])
            #expect(try await world.send(.get, "/api/v1/tasks?label=ops", as: ada).list("data").isEmpty)
            #expect(try await world.send(.delete, "/api/v1/labels/ops", as: ada).status == 404)
        }
    }

    @Test("a label of more tasks than one transaction takes is changed on all of them, and merged once for its key")
    func steps() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let owner = ID<User>(ada.id)
            try await world.installation.store.write { tx in
                for number in 0..<620 {
                    let draft = NewTask(title: "T\(number)", labels: number < 610 ? ["a"] : ["b"])
                    _ = try Tasks(tx).insert(draft, owner: owner, at: .seconds(1))
                }
            }
            #expect(try await world.send(.patch, "/api/v1/labels/a", as: ada, json: ["name": "c"]).json == ["changed": 610])
            for _ in 0..<2 {
                let merged = try await world.send(
                    .post, "/api/v1/labels/c/merge", as: ada, json: ["into": "b"], headers: [("Idempotency-Key", "k")])
                #expect(merged.json == ["changed": 610])
            }
            #expect(try await labels(world, of: ada) == ["b null 620"])
            #expect(try await world.send(.delete, "/api/v1/labels/b", as: ada).json == ["changed": 620])
        }
    }

    @Test("the colours of an account go with it")
    func erased() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("A", of: ada, ["labels": ["ops"]])
            try await world.send(.patch, "/api/v1/labels/ops", as: ada, json: ["color": "red"])
            let count = { try await world.installation.store.read { try $0.value("SELECT count(*) FROM label_colors", as: Int64.self) } }
            #expect(try await count() == 1)
            #expect(try await world.send(.delete, "/api/v1/users/\(ada.id)", as: ada).status == 204)
            #expect(try await count() == 0)
        }
    }
}
