// What a client of the task list relies on: filters, orders, pages, search.
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct TaskListTests {
    private func titles(_ reply: Reply) -> [String] {
        reply.list("data").compactMap { if case .string(let title) = $0["title"] { title } else { nil } }
    }

    @Test(
        "each filter keeps what it says",
        arguments: [
            ("status=pending", ["A", "B"]), ("status=pending&status=COMPLETED", ["A", "B", "D"]), ("priority=critical", ["B"]),
            ("label=RED", ["A", "C"]), ("label=red&label=blue", ["A", "B", "C"]), ("archived=true", ["C"]),
            ("archived=false", ["A", "B", "D"]),
            ("due_before=2026-01-01T00:00:00Z", ["B", "D"]), ("due_after=2026-01-01T00:00:00Z", ["C"]), ("overdue=true", ["B"]),
            ("overdue=false", ["A", "C", "D"]), ("q=apple", ["A"]), ("status=pending&q=b", ["B"]), ("q=!!!", []), ("owner_id=999", []),
            ("label=none", ["D"]), ("label=None&label=blue", ["B", "C", "D"]), ("label=%22none%22", []),
            ("label_all=red&label_all=BLUE", ["C"]),
            ("due=none", ["A"]), ("assignee_id=none", ["A", "B", "C", "D"]), ("completed_after=2020-01-01T00:00:00Z", ["D"]),
            ("completed_before=2020-01-01T00:00:00Z", []),
            ("created_before=2020-01-01T00:00:00Z", []), ("updated_after=2020-01-01T00:00:00Z", ["A", "B", "C", "D"]),
        ])
    func filters(query: String, expected: [String]) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("A", of: ada, ["labels": ["red"], "description": "apple"])
            _ = try await world.task("B", of: ada, ["labels": ["Blue"], "priority": "critical", "due_at": "2025-01-01T00:00:00Z"])
            _ = try await world.task(
                "C", of: ada, ["labels": ["Red", "blue"], "status": "in_progress", "archived": true, "due_at": "2030-01-01T00:00:00Z"])
            _ = try await world.task("D", of: ada, ["status": "completed", "due_at": "2025-01-01T00:00:00Z"])
            let reply = try await world.send(.get, "/api/v1/tasks?sort=title&\(query)", as: ada)
            #expect(reply.status == 200)
            #expect(titles(reply) == expected, "\(query)")
        }
    }

    @Test("the scope says whose tasks: mine are the owned and the assigned ones; all is for admins")
    func scopes() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let bob = try await world.person("bob")
            let root = try await world.person("root", role: .admin)
            _ = try await world.task("own", of: ada)
            _ = try await world.task("given", of: bob, ["assignee_id": .int(ada.id)])
            _ = try await world.task("self", of: ada, ["assignee_id": .int(ada.id)])
            _ = try await world.task("foreign", of: bob)
            let list = { (scope: String, person: Person) in
                titles(try await world.send(.get, "/api/v1/tasks?sort=title&scope=\(scope)", as: person))
            }
            #expect(try await list("mine", ada) == ["given", "own", "self"])
            #expect(try await list("owned", ada) == ["own", "self"])
            #expect(try await list("assigned", ada) == ["given", "self"])
            #expect(try await world.send(.get, "/api/v1/tasks?scope=all", as: ada).status == 403)
            #expect(try await list("all", root) == ["foreign", "given", "own", "self"])
            #expect(titles(try await world.send(.get, "/api/v1/admin/tasks?sort=title", as: root)).count == 4)
            #expect(try await world.send(.get, "/api/v1/admin/tasks", as: ada).status == 403)
        }
    }

    @Test("cursor pages follow one another to the end, and the link leads to the next")
    func cursors() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for index in 0..<7 { _ = try await world.task("T\(index)", of: ada) }
            var seen: [String] = []
            var path: String? = "/api/v1/tasks?limit=3&sort=-title"
            var pages = 0
            while let next = path {
                let reply = try await world.send(.get, next, as: ada)
                seen += titles(reply)
                pages += 1
                path = reply["Link"].map { String($0.dropFirst().prefix { $0 != ">" }) }
                #expect((reply.string("meta", "next_cursor") == nil) == (path == nil))
            }
            #expect(pages == 3)
            #expect(seen == ["T6", "T5", "T4", "T3", "T2", "T1", "T0"])
            #expect(try await world.send(.get, "/api/v1/tasks?count=true&limit=1", as: ada).int("meta", "total") == 7)
        }
    }

    @Test("page mode tells the total and ends at row 10 000; the two modes do not mix; cursors of other lists are refused")
    func pages() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for index in 0..<5 { _ = try await world.task("T\(index)", of: ada) }
            let page = try await world.send(.get, "/api/v1/tasks?page=2&per_page=2&sort=title", as: ada)
            #expect(titles(page) == ["T2", "T3"])
            #expect(page.at("meta") == ["total": 5, "page": 2, "per_page": 2, "total_pages": 3])
            #expect(try await world.send(.get, "/api/v1/tasks?page=9", as: ada).list("data").isEmpty)
            for query in [
                "page=1&limit=5", "per_page=5&count=true", "page=0", "per_page=101", "page=101&per_page=100", "cursor=abc", "limit=0",
            ] {
                #expect(try await world.send(.get, "/api/v1/tasks?\(query)", as: ada).status == 400, "\(query)")
            }
            let cursor = try #require(try await world.send(.get, "/api/v1/tasks?limit=1&sort=title", as: ada).string("meta", "next_cursor"))
            #expect(try await world.send(.get, "/api/v1/tasks?cursor=\(cursor)", as: ada).status == 400)
            #expect(try await world.send(.get, "/api/v1/tasks?cursor=\(cursor)&sort=title", as: ada).status == 200)
        }
    }

    @Test("a search finds words whatever their case and accents, the title before the rest, page after page")
    func search() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let eve = try await world.person("eve")
            _ = try await world.task("Order coffee", of: ada, ["description": "for the CAFÉ corner"])
            _ = try await world.task("Paint the café", of: ada)
            _ = try await world.task("Close the Cafeteria", of: ada)
            _ = try await world.task("Nothing", of: ada, ["labels": ["café"]])
            _ = try await world.task("café", of: eve)
            let all = titles(try await world.send(.get, "/api/v1/tasks?q=Cafe", as: ada))
            #expect(all == ["Close the Cafeteria", "Paint the café", "Nothing", "Order coffee"])
            var walked: [String] = []
            var cursor = ""
            repeat {
                let reply = try await world.send(.get, "/api/v1/tasks?q=Cafe&limit=1\(cursor)", as: ada)
                walked += titles(reply)
                cursor = reply.string("meta", "next_cursor").map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(walked == all)
            #expect(titles(try await world.send(.get, "/api/v1/tasks?q=the+pai", as: ada)) == ["Paint the café"])
            #expect(titles(try await world.send(.get, "/api/v1/tasks?q=cafe&sort=title&page=1&per_page=2", as: ada)).count == 2)
            for hostile in ["%22", "a+OR+b", "title:x", "*", "NEAR(a+b)", "%27%3B--", "a%22+OR+members:u1"] {
                #expect(try await world.send(.get, "/api/v1/tasks?q=\(hostile)", as: ada).status == 200, "\(hostile)")
            }
        }
    }
}
