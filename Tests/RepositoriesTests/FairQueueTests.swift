// Fairness in the queue: users take turns, and nobody's jobs take all slots.
import Model
import StoreCore
import TestKit
import Testing

@testable import Repositories

@Suite struct FairQueueTests {
    private func insert(_ store: TemporaryStore, _ user: ID<User>?, _ count: Int, runAt: Instant? = nil) async throws {
        try await store.write { tx in
            for _ in 0..<count { _ = try Jobs(tx).insert(NewJob(.doNothing, owner: user, runAt: runAt), at: noon) }
        }
    }

    /// Whose jobs are taken, in the order of their turns.
    private func claim(
        _ store: TemporaryStore, limit: Int = 1, ofOne: Int = .max, without: [ID<User>] = [], at now: Instant = noon
    ) async throws -> [ID<User>?] {
        try await store.write { tx in
            _ = try Jobs(tx).admitDue(at: now)
            return try Jobs(tx).claim(.init(.normal, limit: limit, ofOne: ofOne, without: without), by: "w", at: now).map(\.ownerID)
        }
    }

    @Test("Whoever has one job is next, however many jobs of another wait")
    func oneBehindMany() async throws {
        let store = try await storeWithUsers()
        try await insert(store, ada, 400)
        #expect(try await claim(store, limit: 50).count == 50)
        try await insert(store, bob, 1)
        #expect(try await claim(store, limit: 2).contains(bob))
    }

    @Test("Users take turns, and each one's jobs keep their order")
    func turns() async throws {
        let store = try await storeWithUsers()
        try await insert(store, ada, 5)
        try await insert(store, bob, 3)
        try await insert(store, eve, 2)
        var order: [ID<User>?] = []
        for _ in 0..<10 { order += try await claim(store) }
        #expect(order == [ada, bob, eve, ada, bob, eve, ada, bob, ada, ada])
    }

    @Test("A claim takes no more of one user than it may, and none of who has enough")
    func limits() async throws {
        let store = try await storeWithUsers()
        try await insert(store, ada, 10)
        try await insert(store, nil, 4)
        #expect(try await claim(store, limit: 10, ofOne: 3).filter { $0 == ada }.count == 3)
        try await insert(store, bob, 2)
        let others = try await claim(store, limit: 10, ofOne: 2, without: [ada])
        #expect(!others.contains(ada) && others.filter { $0 == bob }.count == 2)
        #expect(try await claim(store, limit: 10, without: [ada]).isEmpty)
        #expect(try await claim(store, limit: 10).count == 7)
    }

    @Test("What was to run later waits behind the others of its user once it is due, and what is given back keeps its place")
    func laterAndReleased() async throws {
        let store = try await storeWithUsers()
        try await insert(store, ada, 300, runAt: noon + .seconds(60))
        #expect(try await claim(store, limit: 10).isEmpty)
        try await insert(store, bob, 1)
        let later = noon + .seconds(60)
        #expect(try await claim(store, limit: 2, at: later).contains(bob))
        let rest = try await store.write { tx in
            while try Jobs(tx).admitDue(at: later) {}
            return try Jobs(tx).claim(.init(.normal, limit: 3), by: "v", at: later)
        }
        #expect(rest.count == 3)
        let claim = JobClaim(id: rest[0].id, attempt: rest[0].attempts, worker: "v")
        let next = try await store.write { tx in
            _ = try Jobs(tx).release(claim)
            return try Jobs(tx).claim(.init(.normal, limit: 1), by: "v", at: later)
        }
        #expect(next.map(\.id) == [rest[0].id])
    }

    @Test("A claim, a turn and a look at what is due read the ends of indexes and nothing else", .only(.sqlite))
    func plan() async throws {
        let store = try await storeWithUsers()
        let rooms: [Jobs.Room] = [
            .init(.normal, limit: 8), .init(.normal, limit: 8, ofOne: 4), .init(.normal, limit: 8, ofOne: 4, without: [ada]),
        ]
        for room in rooms {
            let details = try await plan(store, Jobs.claiming(room, by: "w", at: noon))
            #expect(details.contains { $0.contains("jobs_turns (priority=?") }, "\(details)")
            #expect(details.allSatisfy { !$0.contains("TEMP B-TREE") && !$0.hasPrefix("SCAN jobs") }, "\(details)")
        }
        let turn = try await plan(store, "SELECT \(Jobs.turn((ID(0), .normal, ada)))")
        #expect(turn.contains { $0.contains("jobs_shares (priority=? AND share=?") }, "\(turn)")
        #expect(turn.contains { $0.contains("jobs_turns (priority=?") || $0.contains("jobs_shares (priority=?)") }, "\(turn)")
        let due = try await plan(store, Jobs.becomingDue(at: noon))
        #expect(due.contains { $0.contains("jobs_later (state=? AND run_at<?") }, "\(due)")
    }

    private func plan(_ store: TemporaryStore, _ sql: SQL) async throws -> [String] {
        try await store.read { tx in try tx.rows(("EXPLAIN QUERY PLAN \(sql)" as SQL).unkept) { try $0.value(3) } }
    }

    @Test("The same with a long queue", .only(.postgres))
    func longQueue() async throws {
        let store = try await storeWithUsers()
        try await store.write { tx in
            try tx.run(
                """
                INSERT INTO jobs (kind, state, priority, share, turn, payload, run_at, attempts, is_cancelling, done, created_at)
                SELECT 'nothing.do', 0, 1, 1, n, '{}', n, 0, false, 0, 0 FROM generate_series(1, 60000) n
                """)
            try tx.run("ANALYZE jobs")
        }
        let room = Jobs.Room(.normal, limit: 8, ofOne: 4)
        let plan = try await store.write { tx in
            try tx.rows(("EXPLAIN \(Jobs.claiming(room, by: "w", at: noon))" as SQL).unkept) { try $0.value(0, as: String.self) }
        }
        #expect(plan.contains { $0.contains("jobs_turns") })
        #expect(!plan.contains { $0.contains("Seq Scan on jobs") || $0.contains("Sort") }, "\(plan)")
    }
}
