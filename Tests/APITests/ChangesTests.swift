// The change feed: complete, in order, and never more than its reader may see.
import API
import Composition
import HTTPTypes
import Live
import Model
import TestKit
import Testing
import Wire

/// What a client keeps: it applies changes and knows nothing else.
struct Replica: Sendable, Equatable {
    var tasks: [Int64: JSON] = [:]
    var cursors: [String] = []

    mutating func apply(_ change: JSON) {
        guard case .int(let id)? = change["task_id"], case .string(let cursor)? = change["cursor"] else {
            Issue.record("not a change: \(change.text)")
            return
        }
        cursors.append(cursor)
        tasks[id] = change["task"] == .null ? nil : change["task"]
    }
}

extension World {
    /// Every change from `since` on, page by page, once they are sealed.
    func changes(of person: Person, since: String? = nil, scope: String = "mine", limit: Int = 50) async throws -> [JSON] {
        try await installation.sealer.sealAll()
        var found: [JSON] = []
        var since = since ?? "0"
        while true {
            let page = try await send(.get, "/api/v1/changes?since=\(since)&scope=\(scope)&limit=\(limit)", as: person)
            #expect(page.status == 200, "\(page.text)")
            found += page.list("data")
            since = page.string("meta", "next_cursor") ?? ""
            if page.at("meta", "has_more") != true { return found }
        }
    }

    func actions(of person: Person, scope: String = "mine") async throws -> [String] {
        try await changes(of: person, scope: scope).map { change in
            let (action, id) = (change["action"] ?? .null, change["task_id"] ?? .null)
            return "\(action.text.dropFirst().dropLast()) \(id.text)\(change["task"] == .null ? "" : " shown")"
        }
    }

    /// The tasks that somebody has, as the lists show them.
    func tasks(of person: Person) async throws -> [Int64: JSON] {
        var found: [Int64: JSON] = [:]
        var path = "/api/v1/tasks?limit=100"
        while true {
            let page = try await send(.get, path, as: person)
            for task in page.list("data") { if case .int(let id)? = task["id"] { found[id] = task } }
            guard let next = page.string("meta", "next_cursor") else { return found }
            path = "/api/v1/tasks?limit=100&cursor=\(next)"
        }
    }
}

@Suite struct ChangesTests {
    @Test("what happens to a task is in the feed of those it concerns, and of nobody else; losing it is a removal")
    func visibility() async throws {
        try await World.run { world in
            let (ada, bob, eve) = (try await world.person("ada"), try await world.person("bob"), try await world.person("eve"))
            let root = try await world.person("root", role: .admin)
            let id = try await world.task("A", of: ada)
            let path = "/api/v1/tasks/\(id)"
            try await world.send(.patch, path, as: ada, json: ["assignee_id": .int(bob.id)])
            #expect(try await world.actions(of: ada) == ["task.created \(id) shown", "task.updated \(id) shown"])
            #expect(try await world.actions(of: bob) == ["task.updated \(id) shown"])
            try await world.send(.patch, path, as: ada, json: ["assignee_id": .null])
            try await world.send(.patch, path, as: ada, json: ["title": "secret"])
            #expect(try await world.actions(of: bob) == ["task.removed \(id)", "task.removed \(id)"])
            #expect(try await world.actions(of: ada).count == 4)
            try await world.send(.patch, path, as: ada, json: ["assignee_id": .int(bob.id)])
            try await world.send(.delete, path, as: ada)
            #expect(try await world.actions(of: ada).suffix(2) == ["task.deleted \(id)", "task.deleted \(id)"])
            #expect(try await world.actions(of: bob).suffix(2) == ["task.removed \(id)", "task.deleted \(id)"])
            try await world.send(.post, "\(path)/restore", as: ada)
            #expect(try await world.actions(of: bob).suffix(2) == ["task.deleted \(id)", "task.restored \(id) shown"])
            try await world.send(.delete, "\(path)?permanent=true", as: root)
            #expect(try await world.actions(of: ada).suffix(2) == ["task.removed \(id)", "task.purged \(id)"])
            #expect(try await world.actions(of: bob).last == "task.purged \(id)")
            #expect(try await world.actions(of: eve).isEmpty)
            #expect(try await world.actions(of: root).isEmpty)
            #expect(try await world.actions(of: root, scope: "all").count == 8)
            #expect(try await world.send(.get, "/api/v1/changes?scope=all", as: ada).status == 403)
        }
    }

    @Test("an account that goes leaves its tasks: their owners learn of it, and the account reads nothing any more")
    func deactivated() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let root = try await world.person("root", role: .admin)
            let id = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            #expect(try await world.actions(of: bob).count == 1)
            try await world.send(.delete, "/api/v1/users/\(bob.id)", as: root)
            #expect(try await world.actions(of: ada) == ["task.created \(id) shown", "task.updated \(id) shown"])
            #expect(try await world.send(.get, "/api/v1/changes", as: bob).status == 401)
            try await world.send(.patch, "/api/v1/users/\(ada.id)", as: root, json: ["is_active": false])
            #expect(try await world.send(.get, "/api/v1/changes", as: ada).status == 401)
        }
    }

    @Test("pages follow each other without gap or repetition, and since=now begins behind everything")
    func pages() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for number in 0..<7 { _ = try await world.task("T\(number)", of: ada) }
            let whole = try await world.changes(of: ada)
            #expect(whole.count == 7)
            for limit in [1, 2, 7] { #expect(try await world.changes(of: ada, limit: limit) == whole) }
            let now = try await world.send(.get, "/api/v1/changes?since=now", as: ada)
            #expect(now.list("data").isEmpty)
            let begin = try #require(now.string("meta", "next_cursor"))
            #expect(try await world.changes(of: ada, since: begin).isEmpty)
            let id = try await world.task("new", of: ada)
            #expect(try await world.changes(of: ada, since: begin).map { $0["task_id"] } == [.int(id)])
        }
    }

    @Test("a cursor of another past is refused, and nobody reads on silently where it does not lead")
    func foreignCursor() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("A", of: ada)
            let cursor = try #require(try await world.changes(of: ada).last?["cursor"])
            guard case .string(let text) = cursor else { return }
            let position = text.prefix { $0 != "-" }
            for wrong in ["\(position)-1", "99999-1", "x", "-1", "\(position)", "1-zz", ""] {
                let reply = try await world.send(.get, "/api/v1/changes?since=\(wrong)", as: ada)
                #expect(reply.status == 400, "\(wrong)")
                #expect(reply.string("errors", "0", "pointer") == "query:since", "\(wrong)")
            }
        }
    }

    @Test("clients that read while others write end with what the server has")
    func replica() async throws {
        try await World.run { world in
            let people = [try await world.person("ada"), try await world.person("bob"), try await world.person("eve")]
            let replicas = try await withThrowingTaskGroup(of: (Int, Replica)?.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        var random = SplitMix(seed: UInt64(writer))
                        for _ in 0..<25 { try await Self.step(world, people, &random) }
                        return nil
                    }
                }
                for _ in 0..<4 { _ = try await group.next() }
                for (index, person) in people.enumerated() {
                    group.addTask {
                        var replica = Replica()
                        for change in try await world.changes(of: person, limit: 7) { replica.apply(change) }
                        return (index, replica)
                    }
                }
                return try await group.reduce(into: [Int: Replica]()) { if let entry = $1 { $0[entry.0] = entry.1 } }
            }
            for (index, replica) in replicas {
                #expect(replica.tasks == (try await world.tasks(of: people[index])))
                #expect(Set(replica.cursors).count == replica.cursors.count)
            }
        }
    }

    /// One change, as chance will have it.
    static func step(_ world: World, _ people: [Person], _ random: inout SplitMix) async throws {
        let person = people[Int.random(in: 0..<people.count, using: &random)]
        let other = people[Int.random(in: 0..<people.count, using: &random)]
        let list = try await world.send(.get, "/api/v1/tasks?limit=50", as: person).list("data")
        guard let task = list.randomElement(using: &random), case .int(let id)? = task["id"], Bool.random(using: &random) else {
            _ = try await world.task("T", of: person, ["assignee_id": .int(other.id)])
            return
        }
        let path = "/api/v1/tasks/\(id)"
        switch Int.random(in: 0..<5, using: &random) {
        case 0: try await world.send(.patch, path, as: person, json: ["assignee_id": .int(other.id)])
        case 1: try await world.send(.patch, path, as: person, json: ["assignee_id": .null])
        case 2: try await world.send(.delete, path, as: person)
        case 3:
            try await world.send(.delete, path, as: person)
            try await world.send(.post, "\(path)/restore", as: person)
        default: try await world.send(.patch, path, as: person, json: ["title": .string("T\(id)")])
        }
    }
}
