// Workers: what becomes of jobs that end well, end badly, are cancelled, take too long, or are still running at a shutdown.
import BackgroundWork
import ChangeLedger
import Credentials
import JobRunner
import Model
import Repositories
import ServiceLifecycle
import StoreCore
import Testing
import TestKit

/// Steps of jobs that the test decides.
private struct Bench {
    let store: TemporaryStore
    let clock = ManualClock()
    private let ledger: Ledger

    init(store: TemporaryStore) throws {
        self.store = store
        let keys = try SigningKeys(SigningKeys.generate(.system))
        ledger = Ledger(store: store.store, clock: clock.wallClock, secrets: keys.answerSecrets, recorded: {})
    }

    func workers(places: Int = 4, _ handler: @escaping @Sendable (JobRun) async throws -> JobCompletion) -> Workers {
        Workers(
            places: places, patience: .zero, ledger: ledger, random: .system, logger: silentLogger,
            handler: handler)
    }

    func insert(_ job: NewJob = NewJob(.doNothing)) async throws -> ID<Job> {
        let now = clock.wallClock.now()
        return try #require(try await store.write { try Jobs($0).insert(job, at: now) })
    }

    func job(_ id: ID<Job>) async throws -> Job { try #require(try await store.read { try Jobs($0).find(id) }) }
}

@Suite struct WorkerTests {
    private struct Broken: Error {}

    @Test("A job completes together with its last effects, and has its result")
    func completion() async throws {
        let bench = try await Bench(store: storeWithUsers())
        let id = try await bench.insert()
        let workers = bench.workers { _ in
            JobCompletion(result: #"{"a":1}"#) { entry in try entry.enqueue(NewJob(.cleanUp, runAt: entry.now + .seconds(60))) }
        }
        try await workers.runDue()
        let job = try await bench.job(id)
        #expect(job.state == .completed)
        #expect(job.result == #"{"a":1}"#)
        #expect(job.attempts == 1)
        #expect(try await bench.store.read { try Jobs($0).count(.init(kind: .cleanUp)) } == 1)
    }

    @Test("A failing job waits longer each time, is given up with a reason, and does not keep others from running")
    func poison() async throws {
        let bench = try await Bench(store: migratedStore())
        let bad = try await bench.insert(NewJob(.doNothing, payload: #"{"bad":true}"#))
        let good = try await bench.insert()
        let workers = bench.workers { run in
            if run.job.payload != "{}" { throw Broken() }
            return JobCompletion()
        }
        try await workers.runDue()
        #expect(try await bench.job(good).state == .completed)
        var waits: [Int64] = []
        for attempt in 1...2 {
            let job = try await bench.job(bad)
            #expect(job.state == .queued)
            #expect(job.attempts == Int64(attempt))
            #expect(job.error == "The server has an internal error.")
            waits.append(job.runAt.microseconds - bench.clock.wallClock.now().microseconds)
            bench.clock.advance(by: .seconds(60))
            try await workers.runDue()
        }
        #expect((500_000...1_000_000).contains(waits[0]))
        #expect((1_000_000...2_000_000).contains(waits[1]))
        #expect(try await bench.job(bad).state == .failed)
        bench.clock.advance(by: .seconds(3600))
        try await workers.runDue()
        #expect(try await bench.job(bad).attempts == 3)
    }

    @Test("A job that cannot succeed is given up at once, with the reason for its owner")
    func finalFailure() async throws {
        let bench = try await Bench(store: migratedStore())
        let id = try await bench.insert()
        try await bench.workers { _ in throw JobFailure("The file is empty.") }.runDue()
        let job = try await bench.job(id)
        #expect(job.state == .failed)
        #expect(job.error == "The file is empty.")
        #expect(job.finishedAt != nil)
    }

    @Test("A running job notices that it is cancelled at its next step, and that step is not kept")
    func cancellation() async throws {
        let bench = try await Bench(store: migratedStore())
        let id = try await bench.insert()
        let store = bench.store
        let now = bench.clock.wallClock.now()
        let workers = bench.workers { run in
            try await run.step { _ in ((), JobProgress(done: 1, total: 2)) }
            try await store.write { try Jobs($0).cancel(run.job, at: now) }
            // The worker may hear of it before the step asks.
            try await run.step { entry in
                try entry.enqueue(NewJob(.cleanUp))
                return ((), JobProgress(done: 2, total: 2))
            }
            return JobCompletion()
        }
        try await workers.runDue()
        let job = try await bench.job(id)
        #expect(job.state == .cancelled)
        #expect(job.progress.done == 1)
        #expect(try await bench.store.read { try Jobs($0).count(.init(kind: .cleanUp)) } == 0)
    }

    @Test("A completion that finds something left to do goes on with the same run")
    func moreToDo() async throws {
        let bench = try await Bench(store: migratedStore())
        let id = try await bench.insert()
        let turns = Counter()
        try await bench.workers { _ in
            let turn = turns.next()
            return JobCompletion { _ in if turn < 3 { throw MoreToDo() } }
        }.runDue()
        #expect(try await bench.job(id).state == .completed)
        #expect(try await bench.job(id).attempts == 1)
        #expect(turns.next() == 4)
    }

    @Test("However often the disk is full, no job is given up for that")
    func fullDisk() async throws {
        let bench = try await Bench(store: migratedStore())
        let id = try await bench.insert()
        let runs = Counter()
        let workers = bench.workers { _ in
            if runs.next() <= 5 { throw StoreError.full }
            return JobCompletion()
        }
        for _ in 1...5 {
            try await workers.runDue()
            let job = try await bench.job(id)
            #expect(job.state == .queued)
            #expect(job.attempts == 0)
            #expect(job.error == "The database could not be used.")
            bench.clock.advance(by: .seconds(60))
        }
        try await workers.runDue()
        #expect(try await bench.job(id).state == .completed)
    }

    @Test("What a shutdown interrupts goes back into the queue as if it had not been begun; what is queued meanwhile stays there")
    func drain() async throws {
        let bench = try await Bench(store: migratedStore())
        let id = try await bench.insert()
        let begun = Signal()
        let workers = bench.workers { _ in
            begun.give()
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
        let group = ServiceGroup(configuration: .init(services: [workers], logger: silentLogger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await begun.given()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        let job = try await bench.job(id)
        #expect(job.state == .queued)
        #expect(job.attempts == 0)
    }

    @Test("A job is begun when its change is committed, by a worker that waited")
    func wakeUp() async throws {
        let bench = try await Bench(store: migratedStore())
        let done = Signal()
        let workers = bench.workers { _ in
            done.give()
            return JobCompletion()
        }
        let group = ServiceGroup(configuration: .init(services: [workers], logger: silentLogger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let id = try await bench.insert()
            await done.given()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            #expect(try await bench.job(id).state == .completed)
        }
    }

    @Test("Slow jobs leave places to the others")
    func bulkheads() async throws {
        let bench = try await Bench(store: migratedStore())
        for _ in 1...5 { _ = try await bench.insert(NewJob(.importTasks)) }
        let quick = try await bench.insert()
        let (gate, done) = (Signal(), Signal())
        let slow = Counter()
        let workers = bench.workers(places: 4) { run in
            if run.job.kind == .doNothing {
                done.give()
            } else {
                slow.next()
                await gate.given()
            }
            return JobCompletion()
        }
        let group = ServiceGroup(configuration: .init(services: [workers], logger: silentLogger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await done.given()
            await eventually { slow.count > 0 }
            // A quarter of four places.
            #expect(slow.count == 1)
            gate.give()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(try await bench.job(quick).state == .completed)
    }

    /// Jobs of which the first ones do not end, and others that are queued behind them.
    private func behind(_ slow: [NewJob], _ others: [NewJob], most: Int) async throws {
        let bench = try await Bench(store: storeWithUsers())
        for job in slow { _ = try await bench.insert(job) }
        let gate = Signal()
        let (begun, done) = (Counter(), Counter())
        let workers = bench.workers(places: 4) { run in
            if run.job.payload == "{}" {
                done.next()
            } else {
                begun.next()
                await gate.given()
            }
            return JobCompletion()
        }
        let group = ServiceGroup(configuration: .init(services: [workers], logger: silentLogger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await eventually { begun.count == most }
            for job in others { _ = try await bench.insert(job) }
            await eventually { done.count == others.count }
            #expect(begun.count == most)
            gate.give()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("400 replays of one user delay neither another's replay nor anybody's mail")
    func replays() async throws {
        let slow = (0..<400).map { _ in NewJob(.replayWebhook, owner: ID(1), payload: #"{"slow":1}"#) }
        let others = [
            NewJob(.replayWebhook, owner: ID(2)), NewJob(.deliverMail, priority: .accountMail, share: ID(1)),
            NewJob(.deliverMail, share: ID(2)), NewJob(.requestReset),
        ]
        try await behind(slow, others, most: JobPriority.remote.slotsOfOne(4))
    }

    @Test("30 drawn reports of one user delay nobody's table, and imports delay neither")
    func reports() async throws {
        let slow =
            (0..<30).map { _ in NewJob(.makeReport, owner: ID(1), payload: #"{"slow":1}"#, priority: .drawing) }
            + (0..<3).map { _ in NewJob(.importTasks, owner: ID(1), payload: #"{"slow":1}"#) }
        try await behind(slow, [NewJob(.makeReport, owner: ID(2)), NewJob(.makeReport, owner: ID(1))], most: 2)
    }
}
