// What people rely on who put their tasks into an order by hand.
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct MoveTests {
    private struct Board {
        let world: World
        let person: Person
        var ids: [String: Int64] = [:]

        init(_ world: World, _ person: Person) {
            self.world = world
            self.person = person
        }

        mutating func add(_ titles: String..., fields: JSON = [:]) async throws {
            for title in titles { ids[title] = try await world.task(title, of: person, fields) }
        }

        func order(_ query: String = "", as other: Person? = nil) async throws -> [String] {
            try await titles("/api/v1/tasks?sort=position&limit=100\(query)", as: other)
        }

        func titles(_ path: String, as other: Person? = nil) async throws -> [String] {
            try await world.send(.get, path, as: other ?? person).list("data").compactMap { item in
                if case .string(let title)? = item["title"] { title } else { nil }
            }
        }

        @discardableResult
        func move(
            _ title: String, after: String? = nil, before: String? = nil, to status: String? = nil, as other: Person? = nil
        ) async throws -> Reply {
            var json: JSON = [:]
            if let after { json = json.with("after", .int(try #require(ids[after]))) }
            if let before { json = json.with("before", .int(try #require(ids[before]))) }
            if let status { json = json.with("status", .string(status)) }
            return try await world.send(.post, "/api/v1/tasks/\(try #require(ids[title]))/move", as: other ?? person, json: json)
        }

        func version(_ title: String, as other: Person? = nil) async throws -> Int64? {
            try await world.send(.get, "/api/v1/tasks/\(try #require(ids[title]))", as: other ?? person).int("version")
        }
    }

    @Test("New tasks come first; a task goes to the top, behind another one, before another one, to the end")
    func places() async throws {
        try await World.run { world in
            var board = Board(world, try await world.person("ada"))
            try await board.add("A", "B", "C", "D")
            #expect(try await board.order() == ["D", "C", "B", "A"])
            let moved = try await board.move("B")
            #expect(moved.status == 200)
            #expect(moved["ETag"] == "\"2\"")
            #expect(try await board.order() == ["B", "D", "C", "A"])
            try await board.move("A", after: "B")
            #expect(try await board.order() == ["B", "A", "D", "C"])
            try await board.move("C", before: "A")
            #expect(try await board.order() == ["B", "C", "A", "D"])
            try await board.move("C", after: "D")
            #expect(try await board.order() == ["B", "A", "D", "C"])
            try await board.move("D", before: "B")
            #expect(try await board.order() == ["D", "B", "A", "C"])
            try await board.move("C", after: "B", before: "A")
            #expect(try await board.order() == ["D", "B", "C", "A"])
            try await board.add("E")
            #expect(try await board.order() == ["E", "D", "B", "C", "A"])
            #expect(try await board.titles("/api/v1/tasks?sort=-position") == ["A", "C", "B", "D", "E"])
            let history = try await world.send(.get, "/api/v1/tasks/\(try #require(board.ids["B"]))/history", as: board.person)
            #expect(history.list("data", "0", "changes").map { $0["field"] } == ["position"])
        }
    }

    @Test("A move to another status completes a task; a change of the status keeps the place")
    func columns() async throws {
        try await World.run { world in
            var board = Board(world, try await world.person("ada"))
            try await board.add("A", "B", "C")
            try await board.add("X", "Y", fields: ["status": "completed"])
            let moved = try await board.move("B", after: "Y", to: "completed")
            #expect(moved.string("status") == "completed")
            #expect(moved.string("completed_at") == world.clock.now.description)
            #expect(try await board.order("&status=completed") == ["Y", "B", "X"])
            let position = moved.int("position")
            let path = "/api/v1/tasks/\(try #require(board.ids["B"]))"
            let reopened = try await world.send(.patch, path, as: board.person, json: ["status": "pending"])
            #expect(reopened.int("position") == position)
            try await world.send(.delete, path, as: board.person)
            #expect(try await world.send(.post, "\(path)/restore", as: board.person).int("position") == position)
            try await board.move("A", to: "completed")
            #expect(try await board.order("&status=completed") == ["A", "Y", "X"])
        }
    }

    @Test("Where a task stands already it stays, without a new version")
    func idle() async throws {
        try await World.run { world in
            var board = Board(world, try await world.person("ada"))
            try await board.add("A", "B", "C")
            for reply in [
                try await board.move("B", after: "C"), try await board.move("B", before: "A"),
                try await board.move("B", after: "C", before: "A"),
                try await board.move("C"), try await board.move("A", after: "B"), try await board.move("C", before: "B"),
            ] {
                #expect(reply.int("version") == 1)
            }
        }
    }

    @Test("Owner and assignee see one order, whoever moves")
    func shared() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            var board = Board(world, ada)
            try await board.add("A", "B", "C", fields: ["assignee_id": .int(bob.id)])
            try await board.move("A", before: "C", as: bob)
            #expect(try await board.order() == ["A", "C", "B"])
            #expect(try await board.order(as: bob) == ["A", "C", "B"])
            try await board.move("B", after: "A")
            #expect(try await board.order(as: bob) == ["A", "B", "C"])
        }
    }

    @Test("However often tasks are moved to one spot, the order is the one that was asked for, and nobody else's tasks are touched")
    func crowd() async throws {
        try await World.run { world in
            let (ada, eve) = (try await world.person("ada"), try await world.person("eve"))
            var (board, other) = (Board(world, ada), Board(world, eve))
            try await board.add("A")
            try await other.add("E")
            try await board.add("B", "C", "D", "first")
            var expected = try await board.order()
            for round in 0..<120 {
                let title = ["A", "B", "C", "D"][round % 4]
                try await board.move(title, after: "first")
                expected.removeAll { $0 == title }
                expected.insert(title, at: 1)
                #expect(try await board.order() == expected)
            }
            #expect(try await other.version("E") == 1)
        }
    }

    @Test("Two people move to the same place at once: both moves count, and everybody sees the same")
    func atOnce() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            var board = Board(world, ada)
            try await board.add("A", "B", "C", "D", fields: ["assignee_id": .int(bob.id)])
            let made = board
            for _ in 0..<10 {
                async let one = made.move("A", after: "D", before: "C")
                async let other = made.move("B", after: "D", before: "C", as: bob)
                #expect(try await [one.status, other.status] == [200, 200])
                let order = try await made.order()
                #expect(order.first == "D" && order.last == "C")
                #expect(try await made.order(as: bob) == order)
                try await made.move("A", after: "C")
                try await made.move("B", before: "A")
                #expect(try await made.order() == ["D", "C", "B", "A"])
            }
        }
    }

    @Test("When there is no place between the two any more, the one above counts")
    func inverted() async throws {
        try await World.run { world in
            var board = Board(world, try await world.person("ada"))
            try await board.add("A", "B", "C", "D")
            try await board.move("A", after: "B", before: "D")
            #expect(try await board.order() == ["D", "C", "B", "A"])
            try await board.move("D", after: "B", before: "C")
            #expect(try await board.order() == ["C", "B", "D", "A"])
        }
    }

    @Test("A move is taken back, with the status, also when it took neighbours with it")
    func undo() async throws {
        try await World.run { world in
            var board = Board(world, try await world.person("ada"))
            try await board.add("A", "B", "C", "D", "first")
            for round in 0..<60 {
                let before = try await board.order()
                let moved = try await board.move(["A", "B", "C", "D"][round % 4], after: "first", to: "in_progress")
                let request = try #require(moved["X-Request-Id"])
                let undo = try await world.send(.post, "/api/v1/changes/\(request)/undo", as: board.person)
                #expect(undo.list("refused") == [])
                #expect(try await board.order() == before)
                let redo = try #require(undo["X-Request-Id"])
                try await world.send(.post, "/api/v1/changes/\(redo)/undo", as: board.person)
            }
            #expect(try await board.order("&status=in_progress").count == 4)
        }
    }

    @Test("A neighbour must be another task that one sees; the task itself is somebody's who may change it")
    func faults() async throws {
        try await World.run { world in
            let (ada, eve) = (try await world.person("ada"), try await world.person("eve"))
            let root = try await world.person("root", role: .admin)
            var board = Board(world, ada)
            try await board.add("A", "B", "gone")
            let foreign = try await world.task("E", of: eve)
            let id = try #require(board.ids["A"])
            try await world.send(.delete, "/api/v1/tasks/\(try #require(board.ids["gone"]))", as: ada)
            for neighbour in [id, foreign, 999_999, board.ids["gone"] ?? 0] {
                for field in ["before", "after"] {
                    let reply = try await world.send(
                        .post, "/api/v1/tasks/\(id)/move", as: ada, json: .object([.init(field, .int(neighbour))]))
                    #expect(reply.status == 400)
                    #expect(reply.string("errors", "0", "pointer") == "/\(field)")
                }
            }
            #expect(try await board.move("A", after: "B", before: "B").status == 400)
            #expect(try await board.move("A", as: eve).status == 404)
            #expect(try await board.move("gone").status == 404)
            #expect(try await board.move("A", before: "B", as: root).status == 200)
            #expect(try await board.order() == ["A", "B"])
        }
    }

    @Test("A version that is not the current one moves nothing, and the answer has the task as it is")
    func stale() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            let path = "/api/v1/tasks/\(id)"
            let current = try await world.send(.patch, path, as: ada, json: ["title": "B"]).json
            let requests: [(HTTPRequest.Method, String, JSON?)] = [
                (.post, "\(path)/move", [:]), (.patch, path, ["title": "C"]), (.put, path, ["title": "C"]), (.delete, path, nil),
            ]
            for (method, target, json) in requests {
                let reply = try await world.send(method, target, as: ada, json: json, headers: [("If-Match", "\"1\"")])
                #expect(reply.status == 412)
                #expect(reply.string("code") == "version_mismatch")
                #expect(reply.at("current") == current)
            }
        }
    }
}
