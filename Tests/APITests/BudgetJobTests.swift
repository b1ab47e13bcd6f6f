// Work behind the requests is cut into transactions by the bytes that it touches, not by rows alone.
import API
import Composition
import HTTPTypes
import JobRunner
import Model
import Repositories
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct BudgetJobTests {
    private static let long = String(repeating: "lorem ipsum dolor ", count: 1111)
    private static let count = 120

    /// A server with tasks of long texts: some two megabytes, so that one transaction is not enough.
    private func run(
        assignee name: String? = nil, _ test: @escaping @Sendable (World, _ root: Person, StoreObserver) async throws -> Void
    ) async throws {
        var options = World.Options()
        let observer = StoreObserver()
        options.observer = observer
        try await World.run(options) { world in
            let root = try await world.person("root", role: .admin)
            var draft = NewTask(title: "A", description: Self.long)
            if let name { draft.assigneeID = ID(try await world.person(name).id) }
            let task = draft
            let now = world.clock.now
            for _ in 0..<(Self.count / 40) {
                try await world.installation.store.write { tx in
                    for _ in 0..<40 { _ = try Tasks(tx).insert(task, owner: ID(root.id), at: now) }
                }
            }
            try await test(world, root, observer)
        }
    }

    private func count(_ world: World, _ condition: SQL) async throws -> Int64 {
        try await world.installation.store.read { tx in try tx.value("SELECT count(*) FROM tasks WHERE \(condition)") }
    }

    @Test("An account is deleted at once, whatever is assigned to it, and its tasks are taken from it in steps")
    func deletedAccount() async throws {
        try await run(assignee: "bob") { world, root, observer in
            let bob = try #require(try await world.installation.store.read { try Users($0).find(username: "bob") }).id
            observer.forget()
            #expect(try await world.send(.delete, "/api/v1/users/\(bob)", as: root).status == 204)
            let first = try await count(world, "assignee_id IS NULL")
            #expect((1..<Int64(Self.count)).contains(first))
            try await world.work()
            #expect(try await count(world, "assignee_id IS NULL") == Int64(Self.count))
            let steps = observer.writes(to: "tasks")
            #expect(steps.count >= 2 && steps.allSatisfy { $0.bytes < 8 * TransactionBudget.Limits.step.bytes })
            let events = try await world.installation.store.read { try Events($0).count(.init(action: .taskUpdated)) }
            #expect(events == Int64(Self.count))
        }
    }

    @Test("The trash is emptied in steps")
    func trash() async throws {
        try await run { world, root, observer in
            let now = world.clock.now
            _ = try await world.installation.store.write { tx in try tx.run("UPDATE tasks SET deleted_at = \(now)") }
            world.clock.advance(by: TaskItem.trashLifetime + .seconds(1))
            observer.forget()
            try await world.run(.emptyTrash)
            #expect(try await count(world, "1 = 1") == 0)
            #expect(observer.works.filter { $0.statements.contains { $0.hasPrefix("DELETE FROM tasks ") } }.count >= 2)
        }
    }

    @Test("The daily log is written in steps")
    func taskLog() async throws {
        try await run { world, _, observer in
            observer.forget()
            try await world.run(.writeTaskLog)
            let logs = try await world.installation.store.read { tx in try tx.value("SELECT count(*) FROM task_logs", as: Int64.self) }
            #expect(logs == Int64(Self.count))
            #expect(observer.writes(to: "task_logs").count >= 2)
        }
    }

    @Test("A webhook is gone at once, and its deliveries are removed in steps")
    func deletedWebhook() async throws {
        try await run { world, root, observer in
            let created = try await world.send(.post, "/api/v1/webhooks", as: root, json: ["url": "https://example.com/"])
            let id = try #require(created.int("id"))
            let now = world.clock.now
            try await world.installation.store.write { tx in
                for position in Int64(1)...250 {
                    let cursor = FeedCursor(position: position, hash: [UInt8](repeating: 0, count: 32))
                    try Webhooks(tx).keep(Self.long, ID(id), cursor, .created, at: now)
                }
            }
            observer.forget()
            #expect(try await world.send(.delete, "/api/v1/webhooks/\(id)", as: root).status == 204)
            #expect(observer.writes(to: "webhook_deliveries").isEmpty)
            #expect(try await world.send(.get, "/api/v1/webhooks/\(id)", as: root).status == 404)
            #expect(try await world.send(.get, "/api/v1/webhooks/\(id)/deliveries", as: root).status == 404)
            #expect(try await world.send(.get, "/api/v1/webhooks", as: root).list("data").isEmpty)
            try await world.run(.cleanUp)
            let left = try await world.installation.store.read { tx in
                try ["webhooks", "webhook_deliveries"].map { table in
                    try tx.value("SELECT count(*) FROM \(SQL(stringLiteral: table))", as: Int64.self)
                }
            }
            #expect(left == [0, 0])
            #expect(observer.writes(to: "webhook_deliveries").count >= 3)
        }
    }

    @Test("What is overdue is announced in steps")
    func overdue() async throws {
        try await run { world, _, observer in
            let now = world.clock.now
            _ = try await world.installation.store.write { tx in try tx.run("UPDATE tasks SET due_at = \(now), due_end = \(now)") }
            world.clock.advance(by: .seconds(60))
            observer.forget()
            try await world.run(.announceOverdue)
            let events = try await world.installation.store.read { try Events($0).count(.init(action: .taskOverdue)) }
            #expect(events == Int64(Self.count))
            #expect(observer.writes(to: "overdue_notices").count >= 2)
        }
    }
}

extension World {
    fileprivate func run(_ kind: JobKind) async throws {
        let now = clock.now
        _ = try await installation.store.write { try Jobs($0).insert(NewJob(kind), at: now) }
        try await work()
    }
}

extension Events.Filter {
    fileprivate init(action: Action) {
        self.init()
        self.action = action
    }
}
