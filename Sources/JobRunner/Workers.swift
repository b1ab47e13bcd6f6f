// Takes jobs from the queue and does them, as many at a time as there are places. Any number of processes may do that side by side.
package import BackgroundWork
package import ChangeLedger
package import Logging
import Metrics
package import Model
import Repositories
import ServiceLifecycle
import StoreCore
import Synchronization

package final class Workers: Service {
    /// How often everything is looked at that nobody announces: what has become due, and what takes too long.
    private static let tick: Duration = .seconds(1)
    /// From one sign of life to the next: three fit into a lease.
    private static let renewal: Duration = .seconds(10)
    private static let allQueues = Set(JobPriority.allCases)

    private let patience: Duration
    private let ledger: Ledger
    private let random: RandomSource
    private let handler: Handler
    private let logger: Logger
    private let outage: OutageLog
    private let running: RunningJobs
    /// Tells this process from every other, also from one that ran here before.
    private let name: String
    /// Completions without effects, which the next turn writes.
    private let endings = Mutex<[Ending]>([])
    /// In which queues something may be due.
    private let promising = Mutex(Workers.allQueues)
    /// Whether jobs that were to run later may have become due.
    private let mayAdmit = Atomic(true)
    private let (wakeUps, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    private struct Ending {
        let completion: Jobs.Completion
        let written: CheckedContinuation<Void, any Error>
    }

    /// Does a job. It may be called again for the same job after any kind of interruption.
    package typealias Handler = @Sendable (JobRun) async throws -> JobCompletion

    /// - Parameters:
    ///   - places: jobs at a time, at least one.
    ///   - patience: how long a drain waits for jobs to end by themselves.
    package init(
        places: Int, patience: Duration = .seconds(5), ledger: Ledger, random: RandomSource, logger: Logger,
        handler: @escaping Handler
    ) {
        self.patience = patience
        self.ledger = ledger
        self.random = random
        self.handler = handler
        self.logger = logger
        outage = OutageLog(logger, failing: "the queue cannot be read", working: "the queue is read again")
        running = RunningJobs(places: places)
        name = random.bytes(8).map { String($0, radix: 36) }.joined()
    }

    /// Works until it is told to stop; then what runs may end, and what does not end soon goes back into the queue.
    package func run() async throws {
        listen()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.keepTime() }
                await self.takeTurns(in: &group)
                await self.drain()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.wake.yield()
        }
    }

    /// Does everything that is due, and what follows from it, and returns when nothing is left.
    package func runDue() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            do {
                var turns = wakeUps.makeAsyncIterator()
                while true {
                    promising.withLock { $0 = Self.allQueues }
                    mayAdmit.store(true, ordering: .relaxed)
                    // What ends meanwhile may have queued something.
                    let wasIdle = running.isEmpty
                    let jobs = try await turn()
                    for (job, claim) in jobs { group.addTask { await self.work(job, claim) } }
                    if jobs.isEmpty && wasIdle { return }
                    if !running.isEmpty { await turns.next() }
                }
            } catch {
                await drain()
                throw error
            }
        }
    }

    private var store: any Store { ledger.store }
    private var clock: WallClock { ledger.clock }

    private func listen() {
        store.listen { [weak self] announcement in
            guard let self else { return }
            switch announcement {
            case .message(let text):
                switch InstanceMessage(text) {
                case .jobsWaiting: lookEverywhere()
                case .jobCancelled(let id): running.stop(id, .cancelled)
                case .accessChanged, .eventsSealed, nil: break
                }
            case .hearing: lookEverywhere()
            case .deaf: break
            }
        }
    }

    private func keepTime() async {
        while !Task.isCancelled {
            mayAdmit.store(true, ordering: .relaxed)
            lookEverywhere()
            try? await Task.sleep(for: Self.tick)
        }
    }

    private func lookEverywhere() {
        promising.withLock { $0 = Self.allQueues }
        wake.yield()
    }

    /// Claims, renews and takes over, one after the other: what was just claimed must not look like something nobody runs.
    private func takeTurns(in group: inout DiscardingTaskGroup) async {
        var renewal = ContinuousClock.now
        for await _ in wakeUps {
            if Task.isShuttingDownGracefully { return }
            do {
                if ContinuousClock.now >= renewal {
                    try await renew()
                    renewal = .now + Self.renewal
                    // A count that takes too long is no reason to stand still.
                    try? await measureBacklog()
                }
                running.stopLate()
                for (job, claim) in try await turn() { group.addTask { await self.work(job, claim) } }
                outage.worked()
            } catch {
                outage.failed(error, in: store)
                try? await Task.sleep(for: Self.tick)
            }
        }
    }

    private func drain() async {
        let deadline = ContinuousClock.now + patience
        var turns = wakeUps.makeAsyncIterator()
        while !running.isEmpty {
            if ContinuousClock.now > deadline { running.stopAll(.shutdown) }
            // Whoever waits for it is told that it failed.
            _ = try? await turn(isClaiming: false)
            if await turns.next() == nil {
                // Cancelled: nobody wakes it any more, and a sleep of its own would end at once.
                running.stopAll(.shutdown)
                await Task { try? await Task.sleep(for: .milliseconds(50)) }.value
            }
        }
    }

    // MARK: The queue

    /// Writes what has completed, and takes as much as there is room for: one transaction for many jobs that are soon done.
    private func turn(isClaiming: Bool = true) async throws -> [(Job, JobClaim)] {
        let endings = endings.withLock { endings in
            defer { endings = [] }
            return endings
        }
        let (name, clock, occupancy) = (name, clock, running.occupancy)
        let queues = isClaiming ? takePromising(occupancy) : []
        let isAdmitting = !queues.isEmpty && mayAdmit.exchange(false, ordering: .relaxed)
        guard !queues.isEmpty || !endings.isEmpty else { return [] }
        let completions = endings.map(\.completion)
        let completed: Set<ID<Job>>
        let jobs: [Job]
        let unexhausted: [JobPriority]
        let areMoreDue: Bool
        do {
            (completed, jobs, unexhausted, areMoreDue) = try await store.write { tx in
                let now = clock.now()
                let completed = try Jobs(tx).complete(completions, at: now)
                let areMoreDue = isAdmitting ? try Jobs(tx).admitDue(at: now) : false
                let (jobs, unexhausted) = try Self.claim(from: queues, occupancy, by: name, tx, at: now)
                return (completed, jobs, unexhausted, areMoreDue)
            }
            if areMoreDue { mayAdmit.store(true, ordering: .relaxed) }
            promising.withLock { $0.formUnion(unexhausted) }
        } catch {
            promising.withLock { $0.formUnion(queues) }
            if isAdmitting { mayAdmit.store(true, ordering: .relaxed) }
            for ending in endings { ending.written.resume(throwing: error) }
            throw error
        }
        for ending in endings {
            if completed.contains(ending.completion.claim.id) {
                ending.written.resume()
            } else {
                ending.written.resume(throwing: LeaseLost())
            }
        }
        // A claim takes a part of what one user has waiting: the next one finds the rest.
        if !jobs.isEmpty || areMoreDue { wake.yield() }
        return jobs.map { job in
            let claim = JobClaim(id: job.id, attempt: job.attempts, worker: name)
            running.begin(job, claim)
            return (job, claim)
        }
    }

    /// The queues to look into, the most urgent first. What others announce from now on makes them promising again.
    private func takePromising(_ occupancy: Occupancy) -> [JobPriority] {
        promising.withLock { promising in
            let queues = JobPriority.allCases.filter { promising.contains($0) && occupancy.room(in: $0) != nil }
            promising.subtract(queues)
            return queues
        }
    }

    /// - Returns: what was claimed, and the queues that may hold more.
    private static func claim(
        from queues: [JobPriority], _ occupancy: Occupancy, by name: String, _ tx: Tx, at now: Instant
    ) throws -> (jobs: [Job], unexhausted: [JobPriority]) {
        var claimed: [Job] = []
        var unexhausted: [JobPriority] = []
        for queue in queues {
            guard let room = occupancy.room(in: queue) else { continue }
            let jobs = try Jobs(tx).claim(room, by: name, at: now)
            // Jobs of users who have their slots may still wait.
            if !jobs.isEmpty || !room.without.isEmpty { unexhausted.append(queue) }
            claimed += jobs
        }
        return (claimed, unexhausted)
    }

    /// Gives a sign of life, and takes over what others no longer give one for.
    private func renew() async throws {
        let (name, clock, ours) = (name, clock, Set(running.claims))
        let kept = try await store.write { tx in
            let kept = try Jobs(tx).renew(name, at: clock.now())
            // The end of a run that could not be written when the database was away.
            for (id, state) in kept where !ours.contains(JobClaim(id: id, attempt: state.attempt, worker: name)) {
                _ = try Jobs(tx).release(JobClaim(id: id, attempt: state.attempt, worker: name))
            }
            return kept
        }
        for claim in ours {
            guard let state = kept[claim.id], state.attempt == claim.attempt else {
                running.stop(claim, .leaseLost)
                continue
            }
            if state.isCancelling { running.stop(claim, .cancelled) }
        }
        try await store.write { tx in
            for (job, claim) in try Jobs(tx).abandoned(at: clock.now(), limit: 100) {
                let outcome = JobOutcome.of(job, afterDeathAt: clock.now(), chance: 0)
                _ = try outcome.write(claim, tx, at: clock.now())
            }
        }
    }

    /// For whoever watches: whether the workers keep up.
    private func measureBacklog() async throws {
        let now = clock.now()
        let (count, oldest) = try await store.read { try Jobs($0).backlog(at: now) }
        let age = oldest.map { now.microseconds - $0.microseconds } ?? 0
        Gauge(label: "taskflow_jobs_waiting").record(count)
        Gauge(label: "taskflow_jobs_oldest_wait_seconds").record(Double(age) / 1_000_000)
    }

    // MARK: One job

    private func work(_ job: Job, _ claim: JobClaim) async {
        let run = JobRun(job, claim, ledger)
        let began = ContinuousClock.now
        let task = Task { [handler] in
            while true {
                do { return try await complete(run, try await handler(run)) } catch is MoreToDo {}
            }
        }
        running.set(task, of: claim)
        let result = await task.result
        await finish(run, result, since: began)
        // Not before its end is written: until then the lease is renewed.
        running.end(claim)
        if running.isEmpty || running.occupancy.isSpacious(in: job.priority) { wake.yield() }
    }

    private func complete(_ run: JobRun, _ completion: JobCompletion) async throws {
        guard completion.effects == nil else { return try await run.complete(completion) }
        running.complete(run.claim)
        try await withCheckedThrowingContinuation { written in
            endings.withLock { $0.append(Ending(completion: .init(run.claim, result: completion.result), written: written)) }
            wake.yield()
        }
    }

    private func finish(_ run: JobRun, _ result: Result<Void, any Error>, since began: ContinuousClock.Instant) async {
        let word: String
        switch result {
        case .success: word = "completed"
        case .failure(let error):
            var outcome = JobOutcome.of(
                run.job, error, running.reason(of: run.claim), at: clock.now(), chance: Double(random.bytes(1).first ?? 0) / 255)
            do {
                let isKept = try await store.write { [clock, outcome] tx in try outcome.write(run.claim, tx, at: clock.now()) }
                if !isKept { outcome = .leave }
            } catch {
                logger.error("the end of a job could not be written", metadata: ["job": "\(run.job.id)", "error": "\(error)"])
            }
            word = outcome.word
            log(run.job, error, outcome)
        }
        Metrics.Timer(
            label: "taskflow_job_duration_seconds", dimensions: [("kind", run.job.kind.rawValue), ("outcome", word)]
        ).recordMicroseconds((ContinuousClock.now - began).wholeMicroseconds)
    }

    private func log(_ job: Job, _ error: any Error, _ outcome: JobOutcome) {
        let metadata: Logger.Metadata = [
            "job": "\(job.id)", "kind": "\(job.kind.rawValue)", "attempt": "\(job.attempts)", "outcome": "\(outcome.word)",
            "cause": "\(error)",
        ]
        logger.log(level: outcome.isFault ? .warning : .info, "job not completed", metadata: metadata)
    }
}
