// The queue: what is taken, in which order, by whom, and whose word counts.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

@Suite struct QueueTests {
    private let start = Instant.seconds(1_000_000)

    private func claim(
        _ store: TemporaryStore, by worker: String = "a", _ priority: JobPriority = .normal, limit: Int = 10, at now: Instant? = nil
    ) async throws -> [Job] {
        let now = now ?? start
        return try await store.write { tx in
            _ = try Jobs(tx).admitDue(at: now)
            return try Jobs(tx).claim(.init(priority, limit: limit), by: worker, at: now)
        }
    }

    private func insert(_ store: TemporaryStore, _ job: NewJob) async throws -> ID<Job>? {
        let now = start
        return try await store.write { try Jobs($0).insert(job, at: now) }
    }

    @Test("What waits longest is taken first, what is not due is not taken, and nothing is taken twice")
    func order() async throws {
        let store = try await migratedStore()
        let late = try await insert(store, NewJob(.doNothing, runAt: start - .seconds(1)))
        let early = try await insert(store, NewJob(.doNothing, runAt: start - .seconds(2)))
        let future = try await insert(store, NewJob(.doNothing, runAt: start + .seconds(1)))
        #expect(try await claim(store, limit: 1).map(\.id) == [early])
        #expect(try await claim(store).map(\.id) == [late])
        #expect(try await claim(store).isEmpty)
        #expect(try await claim(store, .bulk, at: start + .seconds(5)).isEmpty)
        #expect(try await claim(store, at: start + .seconds(1)).map(\.id) == [future])
    }

    @Test("A job whose change is undone was never there")
    func atomicity() async throws {
        let store = try await migratedStore()
        let now = start
        await #expect(throws: StoreError.self) {
            try await store.write { tx in
                try Jobs(tx).insert(NewJob(.doNothing), at: now)
                throw StoreError.busy
            }
        }
        #expect(try await claim(store).isEmpty)
    }

    @Test("There is one job with a unique key as long as it is queued or running")
    func uniqueness() async throws {
        let store = try await migratedStore()
        let job = NewJob(.doNothing, uniqueKey: "k")
        let now = start
        #expect(try await insert(store, job) != nil)
        #expect(try await insert(store, job) == nil)
        let taken = try #require(try await claim(store).first)
        #expect(try await insert(store, job) == nil)
        #expect(try await store.write { try Jobs($0).complete(.init(id: taken.id, attempt: 1, worker: "a"), result: nil, at: now) })
        #expect(try await insert(store, job) != nil)
    }

    @Test("A worker that was taken for dead changes nothing when it wakes up")
    func fencing() async throws {
        let store = try await migratedStore()
        let now = start
        _ = try await insert(store, NewJob(.doNothing))
        let first = try #require(try await claim(store).first)
        let zombie = JobClaim(id: first.id, attempt: first.attempts, worker: "a")
        let later = now + JobClaim.lease
        #expect(try await store.write { try Jobs($0).abandoned(at: later, limit: 10) }.isEmpty)
        let dead = try await store.write { try Jobs($0).abandoned(at: later + .seconds(1), limit: 10) }
        #expect(dead.map(\.claim) == [zombie])
        #expect(try await store.write { try Jobs($0).retry(zombie, error: "gone", runAt: later) })
        let second = try #require(try await claim(store, by: "b", at: later).first)
        #expect(second.attempts == 2)
        try await store.write { tx in
            #expect(try Jobs(tx).report(.init(done: 9), zombie) == nil)
            #expect(try Jobs(tx).complete(zombie, result: "{}", at: later) == false)
            let hasEnded = try Jobs(tx).end(zombie, as: .failed, error: "x", at: later)
            #expect(!hasEnded)
            #expect(try Jobs(tx).release(zombie) == false)
        }
        let now2 = try await store.read { try Jobs($0).find(first.id) }
        #expect(now2?.state == .running)
        #expect(now2?.progress.done == 0)
    }

    @Test("A lease from a clock that was a month ahead does not keep a job from others when the clock is set right")
    func incredibleLease() async throws {
        let store = try await migratedStore()
        let now = start
        _ = try await insert(store, NewJob(.doNothing))
        let first = try #require(try await claim(store, at: now + .seconds(30 * 86_400)).first)
        let abandoned = try await store.write { try Jobs($0).abandoned(at: now, limit: 10) }
        #expect(abandoned.map(\.job.id) == [first.id])
    }

    @Test("Of jobs that complete together each is judged by itself, and has its own result")
    func completedTogether() async throws {
        let store = try await migratedStore()
        let now = start
        for _ in 1...3 { _ = try await insert(store, NewJob(.doNothing)) }
        let taken = try await claim(store)
        let claims = taken.map { JobClaim(id: $0.id, attempt: $0.attempts, worker: "a") }
        _ = try await store.write { try Jobs($0).release(claims[1]) }
        let completed = try await store.write { tx in
            try Jobs(tx).complete(claims.enumerated().map { .init($1, result: $0 == 0 ? #"{"n":0}"# : nil) }, at: now)
        }
        #expect(completed == [claims[0].id, claims[2].id])
        let jobs = try await store.read { tx in try claims.map { try Jobs(tx).find($0.id) } }
        #expect(jobs.map { $0?.state } == [.completed, .queued, .completed])
        #expect(jobs.map { $0?.result } == [#"{"n":0}"#, nil, nil])
    }

    @Test("A sign of life keeps a worker's own jobs and tells it what to stop")
    func renewal() async throws {
        let store = try await migratedStore()
        let now = start
        for _ in 1...2 { _ = try await insert(store, NewJob(.doNothing)) }
        let mine = try #require(try await claim(store, by: "a", limit: 1).first)
        _ = try await claim(store, by: "b")
        try await store.write { try Jobs($0).cancel(mine, at: now) }
        let kept = try await store.write { try Jobs($0).renew("a", at: now + .seconds(20)) }
        #expect(kept.keys.map(\.value) == [mine.id.value])
        #expect(kept[mine.id]?.isCancelling == true)
        let dead = try await store.write { try Jobs($0).abandoned(at: now + .seconds(40), limit: 10) }
        #expect(dead.map(\.claim.worker) == ["b"])
    }

    @Test("Many workers at once take every job exactly once")
    func concurrentClaims() async throws {
        let store = try await migratedStore()
        let now = start
        try await store.write { tx in for _ in 1...200 { try Jobs(tx).insert(NewJob(.doNothing), at: now) } }
        let taken = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for worker in 1...8 {
                group.addTask {
                    var ids: [Int64] = []
                    while true {
                        let jobs = try await claim(store, by: "\(worker)", limit: 3)
                        if jobs.isEmpty { return ids }
                        ids += jobs.map(\.id.value)
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.sorted() == Array(1...200))
    }

    @Test("A job that is queued while its like is completing is not lost", .only(.postgres))
    func completing() async throws {
        let store = try await migratedStore()
        let other = try await store.another()
        let now = start
        let job = NewJob(.doNothing, uniqueKey: "k")
        _ = try await insert(store, job)
        let taken = try #require(try await claim(store).first)
        let completes = Signal()
        async let completion: Void = store.write { tx in
            _ = try Jobs(tx).complete(.init(id: taken.id, attempt: 1, worker: "a"), result: nil, at: now)
            completes.give()
            // Long enough for the other one to meet the row, which is still running for it.
            try tx.run("SELECT pg_sleep(0.3)")
        }
        await completes.given()
        let id = try await other.write { try Jobs($0).insert(job, at: now) }
        try await completion
        #expect(id != nil)
        #expect(try await claim(store).map(\.id) == [id])
        try await other.close()
    }

    @Test("What waits for later is hastened, what runs is not")
    func hastening() async throws {
        let store = try await migratedStore()
        let now = start
        _ = try await insert(store, NewJob(.doNothing, uniqueKey: "k", runAt: now + .seconds(60)))
        try await store.write { try Jobs($0).hasten("k", at: now) }
        #expect(try await claim(store).count == 1)
        try await store.write { try Jobs($0).hasten("k", at: now) }
        #expect(try await claim(store).isEmpty)
    }
}
