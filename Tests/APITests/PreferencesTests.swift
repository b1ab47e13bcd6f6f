// Preferences, saved views, and the names of those one works with.
import Composition
import HTTPTypes
import Model
import StoreCore
import TestKit
import Testing
import Wire

@Suite struct PreferencesTests {
    private static let path = "/api/v1/users/me/preferences"

    @Test("preferences begin as the browser says, are changed one by one, and null leaves them to it again")
    func preferences() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let first: JSON = [
                "theme": "system", "locale": .null, "first_weekday": .null, "hour_cycle": .null, "date_order": .null, "single_keys": true,
                "hints_seen": [],
            ]
            #expect(try await world.send(.get, Self.path, as: ada).json == first)
            let changed: JSON = [
                "theme": "dark", "locale": "de", "first_weekday": "saturday", "hour_cycle": "h23", "date_order": "dmy",
                "single_keys": false, "hints_seen": ["quick_add", "palette"],
            ]
            #expect(try await world.send(.patch, Self.path, as: ada, json: changed).json == changed)
            #expect(try await world.send(.get, Self.path, as: ada).json == changed)
            let one = try await world.send(
                .patch, Self.path, as: ada, json: ["locale": .null, "hints_seen": ["quick_add", "quick_add"]])
            #expect(one.json == changed.with("locale", .null).with("hints_seen", ["quick_add"]))
            #expect(try await world.send(.get, Self.path, as: bob).json == first, "nobody else's")
        }
    }

    @Test("the order of dates is that of the account, whichever of the two is changed")
    func dateOrder() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["date_order": "ymd"])
            #expect(try await world.send(.get, Self.path, as: ada).string("date_order") == "ymd")
            try await world.send(.patch, Self.path, as: ada, json: ["date_order": "mdy"])
            let me = try await world.send(.get, "/api/v1/users/me", as: ada)
            #expect(me.string("date_order") == "mdy")
            #expect(me.int("version") == 3)
        }
    }

    @Test("each change is recorded with what was before, and one that changes nothing is not")
    func audit() async throws {
        try await World.run { world in
            let (root, ada) = (try await world.person("root", role: .admin), try await world.person("ada"))
            for _ in 0..<2 { try await world.send(.patch, Self.path, as: ada, json: ["theme": "light", "date_order": "dmy"]) }
            let changed = try await world.send(.get, "/api/v1/admin/audit?action=user.preferences_changed", as: root)
            #expect(changed.list("data").count == 1)
            #expect(changed.at("data", "0", "changes") == [["field": "theme", "from": "system", "to": "light"]])
            let updated = try await world.send(.get, "/api/v1/admin/audit?action=user.updated", as: root)
            #expect(updated.at("data", "0", "changes") == [["field": "date_order", "from": .null, "to": "dmy"]])
        }
    }

    @Test(
        "what is no preference is refused",
        arguments: [
            #"{"theme": "pink"}"#, #"{"theme": null}"#, #"{"locale": "fr"}"#, #"{"single_keys": null}"#, #"{"hints_seen": ["A b"]}"#,
            #"{"hints_seen": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","20","21"]}"#,
            #"{"colour": 1}"#,
        ])
    func refused(body: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            #expect(try await world.send(.patch, Self.path, as: ada, json: try JSON(parsing: Array(body.utf8))).status == 400)
        }
    }

    @Test("preferences and views go with the account")
    func erased() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.send(.patch, Self.path, as: ada, json: ["theme": "dark"])
            try await world.send(.post, "/api/v1/views", as: ada, json: ["name": "Secret plan"])
            #expect(try await world.send(.delete, "/api/v1/users/\(ada.id)", as: ada).status == 204)
            let left = try await world.installation.store.read { tx in
                try tx.rows("SELECT count(*) FROM views UNION ALL SELECT count(*) FROM preferences") { try $0.value(0, as: Int64.self) }
            }
            #expect(left == [0, 0])
        }
    }
}

@Suite struct ViewTests {
    private func names(_ person: Person, _ world: World) async throws -> [String] {
        let list = try await world.send(.get, "/api/v1/views", as: person).list("data")
        #expect(list.map { $0["position"] } == (1..<(list.count + 1)).map { .int(Int64($0)) })
        return list.compactMap { if case .string(let name)? = $0["name"] { name } else { nil } }
    }

    private func make(_ name: String, _ person: Person, _ world: World, _ fields: JSON = [:]) async throws -> Int64 {
        let reply = try await world.send(.post, "/api/v1/views", as: person, json: fields.with("name", .string(name)))
        return try #require(reply.int("id"), "\(reply.text)")
    }

    @Test("a view is saved, read, changed with its version, and deleted")
    func crud() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let fields: JSON = ["name": "Mine", "layout": "board", "query": "status=pending&sort=-due_at&group=priority", "pinned": true]
            let made = try await world.send(.post, "/api/v1/views", as: ada, json: fields)
            #expect(made.status == 201)
            let path = try #require(made["Location"])
            #expect(made["ETag"] == "\"1\"")
            let read = try await world.send(.get, path, as: ada)
            #expect(read.json == made.json)
            for name in ["name", "layout", "query", "pinned"] { #expect(read.at(name) == fields[name]) }
            // As it was read, with one field changed.
            let changed = try await world.send(
                .patch, path, as: ada, json: read.json.with("name", "Ours"), headers: [("If-Match", "\"1\"")])
            #expect(changed.status == 200)
            #expect(changed.int("version") == 2)
            let late = try await world.send(.patch, path, as: ada, json: ["name": "Theirs"], headers: [("If-Match", "\"1\"")])
            #expect(late.status == 412)
            #expect(try await world.send(.patch, path, as: ada, json: ["name": "Ours"]).int("version") == 2, "nothing changed")
            #expect(try await world.send(.delete, path, as: ada, headers: [("If-Match", "\"1\"")]).status == 412)
            #expect(try await world.send(.delete, path, as: ada).status == 204)
            #expect(try await world.send(.get, path, as: ada).status == 404)
        }
    }

    @Test("views stand in the order that their owner gives them, without gaps")
    func order() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let a = try await make("A", ada, world)
            let b = try await make("B", ada, world)
            _ = try await make("Other", bob, world)
            let c = try await make("C", ada, world, ["position": 1])
            #expect(try await names(ada, world) == ["C", "A", "B"])
            #expect(try await world.send(.patch, "/api/v1/views/\(c)", as: ada, json: ["position": 2]).int("position") == 2)
            #expect(try await names(ada, world) == ["A", "C", "B"])
            #expect(try await world.send(.patch, "/api/v1/views/\(a)", as: ada, json: ["position": 99]).int("position") == 3)
            #expect(try await names(ada, world) == ["C", "B", "A"])
            let moved = try await world.send(.get, "/api/v1/views/\(b)", as: ada)
            #expect(moved.int("position") == 2 && moved.int("version") == 1, "others move without a new version")
            try await world.send(.delete, "/api/v1/views/\(c)", as: ada)
            #expect(try await names(ada, world) == ["B", "A"])
            #expect(try await names(bob, world) == ["Other"])
        }
    }

    @Test("an Idempotency-Key saves a view once; changes are recorded; faults are named")
    func rules() async throws {
        try await World.run { world in
            let (root, ada) = (try await world.person("root", role: .admin), try await world.person("ada"))
            for _ in 0..<2 {
                let reply = try await world.send(
                    .post, "/api/v1/views", as: ada, json: ["name": "A"], headers: [("Idempotency-Key", "one")])
                #expect(reply.status == 201)
            }
            let id = try #require(try await world.send(.get, "/api/v1/views", as: ada).int("data", "0", "id"))
            #expect(try await names(ada, world) == ["A"])
            try await world.send(.patch, "/api/v1/views/\(id)", as: ada, json: ["pinned": true])
            try await world.send(.delete, "/api/v1/views/\(id)", as: ada)
            let audit = try await world.send(.get, "/api/v1/admin/audit?subject=view&subject_id=\(id)", as: root)
            #expect(audit.list("data").map { $0["action"] } == ["view.deleted", "view.updated", "view.created"])
            #expect(audit.at("data", "1", "changes") == [["field": "pinned", "from": false, "to": true]])
            for fault: JSON in [
                ["name": " "], ["name": "A", "layout": "tree"], ["name": "A", "query": .string(String(repeating: "a", count: 2001))],
                ["name": "A", "position": 0], [:],
            ] {
                #expect(try await world.send(.post, "/api/v1/views", as: ada, json: fault).status == 400)
            }
        }
    }

    @Test("the quota says how many views one may save")
    func quota() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-quotas", "views=2"]
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            for name in ["A", "B"] { _ = try await make(name, ada, world) }
            let third = try await world.send(.post, "/api/v1/views", as: ada, json: ["name": "C"])
            #expect(third.status == 409 && third.string("code") == "quota_exceeded")
            #expect(try await world.send(.get, "/api/v1/users/me/usage", as: ada).int("views", "used") == 2)
        }
    }

    @Test("views that are moved at the same time leave an order without gaps")
    func concurrent() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            var ids: [Int64] = []
            for number in 0..<6 { ids.append(try await make("V\(number)", ada, world)) }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, id) in ids.enumerated() {
                    group.addTask {
                        try await world.send(
                            .patch, "/api/v1/views/\(id)", as: ada, json: ["position": .int(Int64(6 - index))]
                        ).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await names(ada, world).sorted() == (0..<6).map { "V\($0)" })
        }
    }
}

@Suite struct LookupTests {
    private func ids(_ wanted: [Int64], _ person: Person, _ world: World) async throws -> [JSON?] {
        let query = wanted.map { "ids=\($0)" }.joined(separator: "&")
        return try await world.send(.get, "/api/v1/users/lookup?\(query)", as: person).list("data").map { $0["id"] }
    }

    @Test("one learns the names of those one shares a task with, and of nobody else")
    func lookup() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let (ada, bob, eve) = (try await world.person("ada"), try await world.person("bob"), try await world.person("eve"))
            let all = [root.id, ada.id, bob.id, eve.id, 999]
            #expect(try await ids(all, ada, world) == [.int(ada.id)])
            let task = try await world.task("Shared", of: ada, ["assignee_id": .int(bob.id)])
            #expect(try await ids(all, ada, world) == [.int(ada.id), .int(bob.id)])
            #expect(try await ids(all, bob, world) == [.int(ada.id), .int(bob.id)])
            #expect(try await ids(all, eve, world) == [.int(eve.id)])
            #expect(try await ids(all, root, world) == all.dropLast().map { .int($0) })
            // In the trash it is its owner's alone.
            try await world.send(.delete, "/api/v1/tasks/\(task)", as: ada)
            #expect(try await ids(all, ada, world) == [.int(ada.id), .int(bob.id)])
            #expect(try await ids(all, bob, world) == [.int(bob.id)])
            let person = try await world.send(.get, "/api/v1/users/lookup?ids=\(bob.id)", as: ada)
            #expect(person.at("data", "0") == ["id": .int(bob.id), "username": "bob", "name": .null])
        }
    }

    @Test("who changed a task that one sees is known too, also when it is not theirs any more")
    func actors() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let (ada, bob, eve) = (try await world.person("ada"), try await world.person("bob"), try await world.person("eve"))
            let task = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            try await world.send(.patch, "/api/v1/tasks/\(task)", as: bob, json: ["status": "in_progress"])
            try await world.send(.patch, "/api/v1/tasks/\(task)", as: root, json: ["assignee_id": .int(eve.id)])
            let all = [root.id, ada.id, bob.id, eve.id]
            #expect(try await ids(all, ada, world) == all.map { .int($0) })
            #expect(try await ids([ada.id, eve.id, bob.id], bob, world) == [.int(bob.id)])
        }
    }

    @Test("one to a hundred ids are looked up at a time")
    func limits() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            #expect(try await ids((1...100).map { Int64($0) }, ada, world) == [.int(ada.id)])
            let many = (1...101).map { "ids=\($0)" }.joined(separator: "&")
            #expect(try await world.send(.get, "/api/v1/users/lookup?\(many)", as: ada).status == 400)
            #expect(try await world.send(.get, "/api/v1/users/lookup", as: ada).status == 400)
            #expect(try await world.send(.get, "/api/v1/users/lookup?ids=x", as: ada).status == 400)
        }
    }
}
