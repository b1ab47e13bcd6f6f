// Takes jobs from the queue and does them, as many at a time as there are places. Any number of processes may do that side by side.
package import Logging
import Metrics
import Model
import Repositories
import ServiceLifecycle
package import Services
import StoreCore

package final class Workers: Service {
    /// How often everything is looked at that nobody announces: what has become due, and what takes too long.
    private static let tick: Duration = .seconds(1)
    /// From one sign of life to the next: three fit into a lease.
    private static let renewal: Duration = .seconds(10)

    private let patience: Duration
    private let ledger: Ledger
    private let random: RandomSource
    private let handler: Handler
    private let logger: Logger
    private let running: RunningJobs
    /// Tells this process from every other, also from one that ran here before.
    private let name: String
    private let (wakeUps, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

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
        while true {
            let jobs = try await claim()
            if jobs.isEmpty { return }
            await withDiscardingTaskGroup { group in
                for (job, claim) in jobs { group.addTask { await self.work(job, claim) } }
            }
        }
    }

    private var store: any Store { ledger.store }
    private var clock: WallClock { ledger.clock }

    private func listen() {
        store.listen { [weak self] announcement in
            guard let self else { return }
            switch announcement {
            case .message(Jobs.announcement), .hearing: wake.yield()
            case .message(let text): if let id = Jobs.cancelled(in: text) { running.stop(id, .cancelled) }
            case .deaf: break
            }
        }
    }

    private func keepTime() async {
        while !Task.isCancelled {
            wake.yield()
            try? await Task.sleep(for: Self.tick)
        }
    }

    /// Claims, renews and takes over, one after the other: what was just claimed must not look like something nobody runs.
    private func takeTurns(in group: inout DiscardingTaskGroup) async {
        var renewal = ContinuousClock.now
        for await _ in wakeUps {
            if Task.isShuttingDownGracefully { return }
            do {
                if ContinuousClock.now >= renewal {
                    try await renew()
                    try await measureBacklog()
                    renewal = .now + Self.renewal
                }
                running.stopLate()
                for (job, claim) in try await claim() { group.addTask { await self.work(job, claim) } }
            } catch {
                logger.error("the queue could not be read", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: Self.tick)
            }
        }
    }

    private func drain() async {
        let deadline = ContinuousClock.now + patience
        var turns = wakeUps.makeAsyncIterator()
        while !running.isEmpty, await turns.next() != nil {
            if ContinuousClock.now > deadline { running.stopAll(.shutdown) }
        }
    }

    // MARK: The queue

    private func claim() async throws -> [(Job, JobClaim)] {
        let rooms = JobPriority.allCases.map { ($0, running.room(for: $0)) }.filter { $0.1 > 0 }
        if rooms.isEmpty { return [] }
        let (name, clock) = (name, clock)
        let jobs = try await store.write { tx in
            let now = clock.now()
            return try rooms.flatMap { try Jobs(tx).claim($0.0, by: name, limit: $0.1, at: now) }
        }
        return jobs.map { job in
            let claim = JobClaim(id: job.id, attempt: job.attempts, worker: name)
            running.begin(claim, job.kind.policy)
            return (job, claim)
        }
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
                running.stop(claim.id, .leaseLost)
                continue
            }
            if state.isCancelling { running.stop(claim.id, .cancelled) }
        }
        try await store.write { tx in
            for (job, claim) in try Jobs(tx).abandoned(at: clock.now(), limit: 100) {
                let settlement = Settlement.of(job, afterDeathAt: clock.now(), chance: 0)
                _ = try settlement.write(claim, tx, at: clock.now())
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
                do { return try await run.complete(try await handler(run)) } catch is MoreToDo {}
            }
        }
        running.set(task, of: claim)
        let result = await task.result
        await settle(run, result, since: began)
        // Not before its end is written: until then the lease is renewed.
        running.end(claim)
        wake.yield()
    }

    private func settle(_ run: JobRun, _ result: Result<Void, any Error>, since began: ContinuousClock.Instant) async {
        let outcome: String
        switch result {
        case .success: outcome = "completed"
        case .failure(let error):
            let settlement = Settlement.of(
                run.job, error, running.reason(of: run.claim), at: clock.now(), chance: Double(random.bytes(1).first ?? 0) / 255)
            outcome = settlement.word
            log(run.job, error, settlement)
            do {
                try await store.write { [clock] tx in _ = try settlement.write(run.claim, tx, at: clock.now()) }
            } catch {
                logger.error("the end of a job could not be written", metadata: ["job": "\(run.job.id)", "error": "\(error)"])
            }
        }
        Metrics.Timer(
            label: "taskflow_job_duration_seconds", dimensions: [("kind", run.job.kind.rawValue), ("outcome", outcome)]
        ).recordMicroseconds((ContinuousClock.now - began).wholeMicroseconds)
    }

    private func log(_ job: Job, _ error: any Error, _ settlement: Settlement) {
        let metadata: Logger.Metadata = [
            "job": "\(job.id)", "kind": "\(job.kind.rawValue)", "attempt": "\(job.attempts)", "outcome": "\(settlement.word)",
            "cause": "\(error)",
        ]
        logger.log(level: settlement.isFault ? .warning : .info, "job not completed", metadata: metadata)
    }
}
