// What a client with views of its own relies on: fields, long pages, orders and counts.
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import TestKit
import Testing
import Wire

@Suite struct TaskSelectionTests {
    @Test("only the fields that are asked for come, always with the id, in every mode")
    func fields() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada, ["labels": ["x"]])
            for page in ["", "&limit=500", "&page=1", "&q=a"] {
                let reply = try await world.send(.get, "/api/v1/tasks?fields=title,labels\(page)", as: ada)
                #expect(reply.at("data") == [["id": .int(id), "title": "A", "labels": ["x"]]], "\(page)")
            }
            #expect(try await world.send(.get, "/api/v1/tasks?fields=id", as: ada).at("data") == [["id": .int(id)]])
            #expect(try await world.send(.get, "/api/v1/tasks?fields=due_on,%20title", as: ada).at("data", "0", "due_on") == .null)
            for wrong in ["password", "title,", "", "title;status"] {
                let reply = try await world.send(.get, "/api/v1/tasks?fields=\(wrong)", as: ada)
                #expect(reply.status == 400, "\(wrong)")
                #expect(reply.string("errors", "0", "pointer") == "query:fields")
            }
        }
    }

    @Test("a page has up to 1,000 tasks, in every order and search, and the next one goes on behind it")
    func longPages() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.fill(1207, of: ada)
            for query in ["", "&sort=title", "&sort=-completed_at", "&q=task", "&q=task&sort=-title"] {
                let first = try await world.send(.get, "/api/v1/tasks?limit=1000&fields=title&count=true\(query)", as: ada)
                #expect(first.status == 200)
                #expect(first.list("data").count == 1000, "\(query)")
                #expect(first.int("meta", "total") == 1207)
                let cursor = try #require(first.string("meta", "next_cursor"), "\(query)")
                let second = try await world.send(.get, "/api/v1/tasks?limit=1000&fields=title&cursor=\(cursor)\(query)", as: ada)
                #expect(second.list("data").count == 207, "\(query)")
                #expect(second.at("meta", "next_cursor") == .null)
                #expect(Set((first.list("data") + second.list("data")).map { $0["id"]?.text }).count == 1207, "\(query)")
            }
            #expect(try await world.send(.get, "/api/v1/tasks?limit=1001", as: ada).status == 400)
            #expect(try await world.send(.get, "/api/v1/tasks/trash?limit=101", as: ada).status == 400)
        }
    }

    @Test("a long page of long texts ends early, and says where it goes on")
    func longTexts() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let (owner, count) = (ID<User>(ada.id), 600)
            let draft = NewTask(title: "A", description: String(repeating: "word ", count: 4000))
            try await world.installation.store.write { tx in
                for _ in 0..<count { _ = try Tasks(tx).insert(draft, owner: owner, at: .seconds(1)) }
            }
            var (cursor, seen, pages) = ("", 0, 0)
            repeat {
                let reply = try await world.send(.get, "/api/v1/tasks?limit=1000\(cursor)", as: ada)
                #expect(reply.body.count < 16 << 20)
                seen += reply.list("data").count
                pages += 1
                cursor = reply.string("meta", "next_cursor").map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen == count)
            #expect(pages > 1)
        }
    }

    @Test("completed tasks stand in the order of their completion, open ones behind them unless they are asked for first")
    func byCompletion() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let ids = [
                try await world.task("A", of: ada), try await world.task("B", of: ada), try await world.task("C", of: ada),
                try await world.task("D", of: ada),
            ]
            for id in [ids[2], ids[0]] {
                world.clock.advance(by: .seconds(1))
                try await world.send(.patch, "/api/v1/tasks/\(id)", as: ada, json: ["status": "completed"])
            }
            func titles(_ query: String) async throws -> String {
                var (cursor, titles) = ("", "")
                repeat {
                    let reply = try await world.send(.get, "/api/v1/tasks?limit=1&\(query)\(cursor)", as: ada)
                    if case .string(let title)? = reply.at("data", "0", "title") { titles += title }
                    cursor = reply.string("meta", "next_cursor").map { "&cursor=\($0)" } ?? ""
                } while !cursor.isEmpty
                return titles
            }
            #expect(try await titles("sort=completed_at") == "CABD")
            #expect(try await titles("sort=-completed_at") == "ACDB")
            #expect(try await titles("sort=completed_at&nulls=first") == "BDCA")
            #expect(try await titles("sort=-completed_at&nulls=first") == "DBAC")
            #expect(try await world.send(.get, "/api/v1/tasks?sort=title&nulls=first", as: ada).status == 400)
        }
    }

    @Test("none in quotes is the label of that name, and what none cannot mean is refused with a reason")
    func none() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("bare", of: ada)
            _ = try await world.task("named", of: ada, ["labels": ["None", "x"]])
            func titles(_ query: String) async throws -> [JSON?] {
                try await world.send(.get, "/api/v1/tasks?\(query)", as: ada).list("data").map { $0["title"] }
            }
            #expect(try await titles("label=none") == ["bare"])
            #expect(try await titles("label=%22none%22") == ["named"])
            #expect(try await titles("label_all=%22NONE%22&label_all=x") == ["named"])
            for (query, field) in [
                ("label_all=none", "label_all/0"), ("assignee_id=nobody", "assignee_id"), ("assignee_id=0", "assignee_id"),
                ("due=never", "due"),
            ] {
                let reply = try await world.send(.get, "/api/v1/tasks?\(query)", as: ada)
                #expect(reply.status == 400, "\(query)")
                #expect(reply.string("errors", "0", "pointer") == "query:\(field)")
            }
        }
    }

    @Test("an export and everybody's tasks take the filters and orders of the list")
    func elsewhere() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let root = try await world.person("root", role: .admin)
            _ = try await world.task("A", of: ada, ["labels": ["x", "y"], "status": "completed"])
            _ = try await world.task("B", of: ada, ["labels": ["x"]])
            _ = try await world.task("C", of: ada)
            func exported(_ query: String) async throws -> [JSON?] {
                guard case .array(let tasks) = try await world.send(.get, "/api/v1/tasks/export?format=json&\(query)", as: ada).json else {
                    return []
                }
                return tasks.map { $0["title"] }
            }
            #expect(try await exported("label_all=x&label_all=y") == ["A"])
            #expect(try await exported("label=none") == ["C"])
            #expect(try await exported("sort=completed_at&due=none") == ["A", "B", "C"])
            let all = try await world.send(.get, "/api/v1/admin/tasks?label=none&fields=title&limit=1000", as: root)
            #expect(all.list("data").map { $0["title"] } == ["C"])
        }
    }

    @Test("counts obey the filters, know the day in a time zone, and tell the total of tasks")
    func counts() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let root = try await world.person("root", role: .admin)
            _ = try await world.task("A", of: ada, ["labels": ["ops", "Home"], "due_at": "2026-12-01T23:30:00Z", "priority": "high"])
            _ = try await world.task("B", of: bob, ["labels": ["home"], "assignee_id": .int(ada.id), "due_on": "2026-12-01"])
            _ = try await world.task("C", of: ada, ["status": "completed"])
            _ = try await world.task("D", of: bob)
            func counts(_ query: String, _ person: Person) async throws -> [String] {
                let reply = try await world.send(.get, "/api/v1/tasks/counts?\(query)", as: person)
                #expect(reply.status == 200)
                return reply.list("data").map { "\($0["key"]?.text ?? "") \($0["count"]?.text ?? "")" } + [
                    "\(reply.int("meta", "total") ?? -1)"
                ]
            }
            #expect(try await counts("group_by=status", ada) == ["\"pending\" 2", "\"in_progress\" 0", "\"completed\" 1", "3"])
            #expect(
                try await counts("group_by=priority&status=pending", ada) == [
                    "\"low\" 0", "\"medium\" 1", "\"high\" 1", "\"critical\" 0", "2",
                ])
            #expect(try await counts("group_by=label", ada) == ["\"home\" 2", "\"ops\" 1", "null 1", "3"])
            #expect(try await counts("group_by=label&label=ops", ada) == ["\"Home\" 1", "\"ops\" 1", "1"])
            #expect(try await counts("group_by=assignee", ada) == ["\"\(ada.id)\" 1", "null 2", "3"])
            #expect(try await counts("group_by=due_day", ada) == ["\"2026-12-01\" 2", "null 1", "3"])
            #expect(
                try await counts("group_by=due_day&tz=Europe/Berlin", ada) == ["\"2026-12-01\" 1", "\"2026-12-02\" 1", "null 1", "3"])
            #expect(try await counts("group_by=status&scope=all", root).last == "4")
            #expect(try await world.send(.get, "/api/v1/tasks/counts?group_by=status&scope=all", as: ada).status == 403)
            for wrong in ["", "group_by=title", "group_by=status&limit=5", "group_by=status&sort=title"] {
                #expect(try await world.send(.get, "/api/v1/tasks/counts?\(wrong)", as: ada).status == 400, "\(wrong)")
            }
        }
    }
}
