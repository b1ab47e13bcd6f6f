// A thread with a connection of its own: takes work, does it, connects again when the connection breaks.
import Dispatch
import Foundation
import Logging
import Metrics
import StoreCore

final class ConnectionWorker: Sendable {
    /// How long a change that is alone waits for a row, in milliseconds; in a group it waits as the session does.
    private static let patientLockTimeout = "2000"

    private let queue: JobQueue
    private let connector: Connector
    private let logger: Logger
    private let outage: OutageLog
    private let idle = JobQueue.IdleWorker()
    private let commits = Metrics.Timer(label: "taskflow_store_commit_seconds")
    private let changes = Counter(label: "taskflow_store_changes_total")

    /// - Parameter outage: of the server that the pool of this worker is connected with.
    init(_ queue: JobQueue, _ connector: Connector, _ outage: OutageLog, _ logger: Logger) {
        self.queue = queue
        self.connector = connector
        self.outage = outage
        self.logger = logger
    }

    /// Runs until the queue is closed. `ended` is left then.
    func start(_ ended: DispatchGroup) {
        ended.enter()
        let thread = Thread { [self] in
            while !queue.isClosed { serve() }
            ended.leave()
        }
        thread.name = "database"
        thread.start()
    }

    private func serve() {
        guard let link = connect() else { return }
        queue.connected()
        while link.lost == nil, let jobs = queue.next(idle) { work(jobs, link) }
        queue.disconnected(link.lost?.reason)
        guard let lost = link.lost else { return }
        logger.debug("a database connection was lost", metadata: ["reason": "\(lost.reason)"])
        if queue.limits.attempts == 0 { queue.abandon(lost.reason) }
    }

    private func connect() -> Link? {
        var pause = 0.05
        while !queue.isClosed {
            do {
                let link = try connector.connect()
                outage.worked()
                return link
            } catch {
                let reason = (error as? LinkLost)?.reason ?? "\(error)"
                queue.cannotConnect(reason)
                // A server that starts again is back before that.
                if pause > 0.5 { outage.failed(reason) }
            }
            Thread.sleep(forTimeInterval: pause * Double.random(in: 0.5...1))
            pause = min(pause * 2, 1)
        }
        return nil
    }

    private func work(_ jobs: [Job], _ link: Link) {
        switch jobs[0].work {
        case .query: query(jobs, link)
        case .reading(let body): read(jobs[0], body, link)
        case .writing: write(jobs, link)
        }
        queue.finished(jobs[0].kind)
    }

    // MARK: Reads

    private func query(_ jobs: [Job], _ link: Link) {
        var texts: [QueryText] = []
        var readers: [@Sendable (Row) throws -> Void] = []
        for job in jobs {
            guard case .query(let text, let reset, let each) = job.work else { continue }
            reset()
            texts.append(text)
            readers.append(each)
        }
        do {
            try link.run(texts) { number, row in try readers[number](row) }
            for job in jobs { job.finish(nil) }
        } catch {
            finish(jobs, error, link)
        }
    }

    private func read(_ job: Job, _ body: (Tx) -> Void, _ link: Link) {
        do {
            try link.beginReading()
            body(Tx(link))
            if let lost = link.lost { throw lost }
            try link.finishReading()
            job.finish(nil)
        } catch {
            finish([job], error, link)
        }
    }

    // MARK: Changes

    private func write(_ jobs: [Job], _ link: Link) {
        let start = DispatchTime.now().uptimeNanoseconds
        do {
            try link.beginWriting(of: jobs.count)
            let tx = Tx(link)
            if jobs[0].isAlone { try tx.run("SELECT set_config('lock_timeout', \(Self.patientLockTimeout), true)") }
            let refused = try jobs.contains { try !attempt($0, tx, link) }
            if refused {
                try link.rollBack()
                if jobs.count > 1 { return alone(jobs) }
                if isWorthAnother(jobs[0], link) { return again(jobs, hasMetDuplicate: link.transaction.hasDuplicate) }
            } else {
                try link.commit()
            }
            commits.recordNanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - start))
            changes.increment(by: jobs.count)
            for job in jobs { job.finish(nil) }
        } catch  where link.lost == nil {
            // A statement that nobody had waited for.
            _ = try? link.rollBack()
            if let lost = link.lost { return finish(jobs, lost, link) }
            if jobs.count > 1 { return alone(jobs) }
            if isWorthAnother(jobs[0], link) { return again(jobs, hasMetDuplicate: link.transaction.hasDuplicate) }
            jobs[0].finish(error)
        } catch {
            finish(jobs, error, link)
        }
    }

    /// - Returns: `false` when the transaction must be undone: what the change did before it threw must not stay.
    private func attempt(_ job: Job, _ tx: Tx, _ link: Link) throws -> Bool {
        guard case .writing(let body) = job.work else { return true }
        let traces = link.transaction.traces
        let isDone = body(tx)
        if let lost = link.lost { throw lost }
        return !link.transaction.isMisplaced && (isDone || link.transaction.traces == traces)
    }

    private func isWorthAnother(_ job: Job, _ link: Link) -> Bool {
        // Made again it sees the row that is there by now. Whoever meets one a second time does not look for it.
        let isNewDuplicate = link.transaction.hasDuplicate && !job.hasMetDuplicate
        return (link.transaction.hasConflict || isNewDuplicate) && job.attempts < queue.limits.attempts
    }

    /// Each by itself, on whichever connection is free.
    private func alone(_ jobs: [Job], attempts: Int = 0, hasMetDuplicate: Bool = false) {
        queue.giveBack(
            jobs.map { job in
                var job = job
                job.attempts += attempts
                job.hasMetDuplicate = job.hasMetDuplicate || hasMetDuplicate
                job.isAlone = true
                return job
            })
    }

    private func again(_ jobs: [Job], hasMetDuplicate: Bool = false) { alone(jobs, attempts: 1, hasMetDuplicate: hasMetDuplicate) }

    // MARK: Trouble

    private func finish(_ jobs: [Job], _ error: any Error, _ link: Link) {
        if link.lost == nil, jobs.count > 1 { return alone(jobs) }
        let mayRetry = (error as? LinkLost).map { !$0.isOverdue } ?? false
        let retried = jobs.filter { mayRetry && $0.attempts < queue.limits.attempts }
        if !retried.isEmpty { again(retried) }
        let told: any Error = (error as? LinkLost).map { StoreError.unavailable($0.reason) } ?? error
        for job in jobs where !(mayRetry && job.attempts < queue.limits.attempts) { job.finish(told) }
    }
}
