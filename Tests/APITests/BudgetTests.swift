// One account's large request must not hold up the others, nor fill the audit.
import API
import Composition
import HTTPTypes
import Live
import Model
import Repositories
import Services
import StoreCore
import Synchronization
import Testing
import TestKit
import Wire

@Suite struct BudgetTests {
    private static let path = "/api/v1/tasks/batch"
    /// 20 000 characters in so many bytes.
    private static let long = String(repeating: "lorem ipsum dolor ", count: 1111)
    private static let other = String(repeating: "consectetur elit ", count: 1176)

    private func run(_ test: @escaping @Sendable (_ world: World, _ observer: StoreObserver) async throws -> Void) async throws {
        var options = World.Options()
        let observer = StoreObserver()
        options.observer = observer
        try await World.run(options) { try await test($0, observer) }
    }

    private func tasks(_ count: Int, _ description: String?, of person: Person, _ world: World) async throws -> [JSON] {
        let draft = NewTask(title: "A", description: description)
        var ids: [JSON] = []
        while ids.count < count {
            let size = min(50, count - ids.count)
            ids += try await world.installation.store.write { tx in
                try (0..<size).map { _ in .int(try Tasks(tx).insert(draft, owner: ID(person.id), at: .seconds(1)).id.value) }
            }
        }
        return ids
    }

    /// Bytes that the audit has, and the long values among them.
    private func audit(_ world: World) async throws -> (bytes: Int64, longValues: Int64) {
        try await world.installation.store.read { tx in
            let octets: SQL = .choice(sqlite: "length(CAST(", postgres: "octet_length((")
            let type: SQL = .choice(sqlite: " AS BLOB))", postgres: "))")
            let events: Int64 = try tx.value("SELECT CAST(coalesce(sum(\(octets)changes\(type)), 0) AS BIGINT) FROM events")
            let values: Int64 = try tx.value("SELECT CAST(coalesce(sum(\(octets)value\(type)), 0) AS BIGINT) FROM event_values")
            return (events + values, try tx.value("SELECT count(*) FROM event_values"))
        }
    }

    @Test("A batch of long texts is made in steps of bounded size, folds each text once, and stores it once")
    func steps() async throws {
        try await run { world, observer in
            let ada = try await world.person("ada")
            let ids = try await tasks(200, Self.long, of: ada, world)
            let before = try await audit(world)
            observer.forget()
            let reply = try await world.send(
                .post, Self.path, as: ada,
                json: ["action": "update", "ids": .array(ids), "changes": ["description": .string(Self.other)]])
            #expect(reply.int("succeeded") == 200)
            #expect(reply.list("results").map { $0["id"] } == ids)
            let steps = observer.writes(to: "tasks")
            #expect(steps.count >= 8, "\(steps.count)")
            // Old and new texts, for everybody and for the owner, and once in the row and in the audit.
            #expect(steps.allSatisfy { $0.bytes < 8 * TransactionBudget.Limits.step.bytes }, "\(steps.map(\.bytes))")
            let after = try await audit(world)
            #expect(after.longValues - before.longValues == 2)
            #expect(after.bytes - before.bytes < 200 * 400 + 2 * 21_000, "\(after.bytes - before.bytes)")
        }
    }

    @Test("The change of somebody else is made between two steps")
    func between() async throws {
        try await run { world, observer in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let ids = try await tasks(120, Self.long, of: ada, world)
            let isFirst = Atomic(true)
            observer.afterWrites { work in
                guard work.statements.contains(where: { $0.hasPrefix("UPDATE tasks") }), isFirst.exchange(false, ordering: .relaxed) else {
                    return
                }
                let reply = try await world.send(.post, "/api/v1/tasks", as: bob, json: ["title": "between"])
                #expect(reply.status == 201)
            }
            let reply = try await world.send(.post, Self.path, as: ada, json: ["action": "archive", "ids": .array(ids)])
            #expect(reply.int("succeeded") == 120)
            let order = try await world.installation.store.read { tx in
                try tx.rows("SELECT action FROM events WHERE subject = 'task' ORDER BY id") { try $0.value(0, as: String.self) }
            }
            #expect(order.filter { $0 == "task.updated" }.count == 120)
            let place = try #require(order.firstIndex(of: "task.created"))
            #expect(place > 0 && place < 120)
        }
    }

    @Test("A batch that broke off goes on where it was under its Idempotency-Key, and has one answer")
    func resumed() async throws {
        try await run { world, observer in
            let ada = try await world.person("ada")
            let ids = try await tasks(600, nil, of: ada, world)
            let body: JSON = ["action": "delete", "ids": .array(ids)]
            let send = { try await world.send(.post, Self.path, as: ada, json: body, headers: [("Idempotency-Key", "k")]) }
            let count = Atomic(0)
            observer.afterWrites { work in
                guard work.statements.contains(where: { $0.hasPrefix("UPDATE tasks") }) else { return }
                if count.wrappingAdd(1, ordering: .relaxed).newValue == 2 { throw StoreError.unavailable("on purpose") }
            }
            let broken = try await send()
            #expect(broken.status == 503)
            #expect(broken.string("code") == "batch_unfinished")
            #expect(broken["Retry-After"] != nil)
            observer.afterWrites(nil)
            let whole = try await send()
            // A task that was deleted by the first request would be missing now.
            #expect(whole.int("succeeded") == 600)
            #expect(whole.list("results").map { $0["id"] } == ids)
            #expect(whole["Idempotency-Replayed"] == nil)
            let again = try await send()
            #expect(again.body == whole.body)
            #expect(again["Idempotency-Replayed"] == "true")
            let answers = try await world.installation.store.read { tx in
                try tx.value("SELECT count(*) FROM idempotent_answers", as: Int64.self)
            }
            #expect(answers == 1)
        }
    }

    @Test("A batch without a key that broke off says how far it came")
    func unfinished() async throws {
        try await run { world, observer in
            let ada = try await world.person("ada")
            let ids = try await tasks(TransactionBudget.Limits.step.rows + 1, nil, of: ada, world)
            let isFirst = Atomic(true)
            observer.afterWrites { work in
                guard work.statements.contains(where: { $0.hasPrefix("UPDATE tasks") }) else { return }
                if !isFirst.exchange(false, ordering: .relaxed) { throw StoreError.busy }
            }
            let reply = try await world.send(.post, Self.path, as: ada, json: ["action": "complete", "ids": .array(ids)])
            #expect(reply.status == 503)
            #expect(reply.string("code") == "batch_unfinished")
            #expect(reply.string("detail")?.contains("of \(ids.count) tasks") == true)
        }
    }

    @Test("An atomic batch is one transaction; one that is too large for that is refused before anything is done")
    func atomic() async throws {
        try await run { world, observer in
            let ada = try await world.person("ada")
            let ids = try await tasks(60, Self.long, of: ada, world)
            let send = { (ids: [JSON]) in
                try await world.send(
                    .post, Self.path, as: ada,
                    json: ["action": "update", "ids": .array(ids), "changes": ["description": .string(Self.other)], "atomic": true])
            }
            observer.forget()
            let refused = try await send(ids)
            #expect(refused.status == 400)
            #expect(refused.string("errors", "0", "pointer") == "/atomic")
            #expect(refused.string("errors", "0", "detail")?.contains("\(Batch.wholeLimit.bytes) bytes") == true)
            #expect(observer.writes(to: "tasks").isEmpty)
            #expect(try await send(Array(ids.prefix(12))).int("succeeded") == 12)
            #expect(observer.writes(to: "tasks").count == 1)
        }
    }

    @Test("Large batches of four people at once make no request of others fail")
    func others() async throws {
        try await run { world, _ in
            let bob = try await world.person("bob")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    let person = try await world.person("p\(number)")
                    let ids = try await tasks(150, Self.long, of: person, world)
                    group.addTask {
                        let reply = try await world.send(
                            .post, Self.path, as: person,
                            json: ["action": "update", "ids": .array(ids), "changes": ["description": .string(Self.other)]])
                        #expect(reply.int("succeeded") == 150)
                    }
                }
                group.addTask {
                    for number in 0..<60 {
                        let reply = try await world.send(.post, "/api/v1/tasks", as: bob, json: ["title": .string("T\(number)")])
                        #expect(reply.status == 201)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("One user waits for eight turns at a time and is told so beyond that; others go on")
    func turns() async throws {
        try await run { world, observer in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let ids = try await tasks(3, nil, of: ada, world)
            let gate = Signal()
            let isFirst = Atomic(true)
            observer.afterWrites { work in
                guard work.statements.contains(where: { $0.hasPrefix("UPDATE tasks") }), isFirst.exchange(false, ordering: .relaxed) else {
                    return
                }
                await gate.given()
            }
            let body: JSON = ["action": "complete", "ids": .array(ids)]
            let statuses = try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<11 { group.addTask { try await world.send(.post, Self.path, as: ada, json: body) } }
                var statuses: [Int] = []
                for try await reply in group {
                    statuses.append(reply.status)
                    // One has its turn and eight wait.
                    guard statuses.count == 2 else { continue }
                    #expect(reply["Retry-After"] != nil)
                    let created = try await world.send(.post, "/api/v1/tasks", as: bob, json: ["title": "T"])
                    #expect(created.status == 201)
                    gate.give()
                }
                return statuses
            }
            #expect(statuses.prefix(2) == [429, 429])
            #expect(statuses.dropFirst(2).allSatisfy { $0 == 200 })
        }
    }

    @Test("Long texts are whole in the history, and the verification of the audit looks at them")
    func history() async throws {
        try await run { world, _ in
            let root = try await world.person("root", role: .admin)
            let id = try await world.task("A", of: root, ["description": .string(Self.long)])
            let labels = JSON.array((0..<30).map { .string("label \($0) " + String(repeating: "ü", count: 35)) })
            try await world.send(.patch, "/api/v1/tasks/\(id)", as: root, json: ["description": .string(Self.other), "labels": labels])
            let history = try await world.send(.get, "/api/v1/tasks/\(id)/history", as: root)
            let changes: [JSON] = [
                ["field": "description", "from": .string(Self.long), "to": .string(Self.other)],
                ["field": "labels", "from": .array([]), "to": labels],
            ]
            #expect(history.at("data", "0", "changes") == .array(changes))
            try await world.installation.sealer.sealAll()
            let verify = { try await world.send(.get, "/api/v1/admin/audit/verify", as: root) }
            #expect(try await verify().at("is_intact") == true)
            _ = try await world.installation.store.write { tx in
                try tx.run("UPDATE event_values SET value = '\"x\"' WHERE value LIKE '\"consectetur%'")
            }
            #expect(try await verify().list("faults").map { $0["kind"] } == ["changed"])
            _ = try await world.installation.store.write { tx in try tx.run("DELETE FROM event_values") }
            #expect(try await verify().list("faults").map { $0["kind"] } == ["changed", "changed"])
        }
    }
}
