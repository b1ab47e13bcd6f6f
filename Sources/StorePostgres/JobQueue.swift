// What waits for a connection, oldest first, and the connections that wait for work. Both are bounded: a queue without a bound only
// hides the overload.
import Dispatch
import Foundation
import Metrics
import StoreCore
import Synchronization

final class JobQueue: Sendable {
    struct Limits: Sendable {
        /// Jobs that wait at most.
        var capacity = 4096
        /// How long a job waits for a connection, in nanoseconds.
        var waiting: UInt64 = 1_500_000_000
        /// How often work is begun again on another connection, or after losing against another transaction.
        var attempts = 4
        /// Connections that change something at a time. The others wait for the commit of these, and form groups meanwhile.
        var writers = 3
        /// Connections that ask brief queries at a time, for the same reason: two are enough to keep a processor busy, and the more
        /// queries share a trip the less each costs.
        var askers = max(2, ProcessInfo.processInfo.activeProcessorCount)
        /// Changes that share a transaction, and queries that share a trip.
        var group = 32
    }

    private struct State {
        var waiting: [[Job]] = Job.Kind.allCases.map { _ in [] }
        var idle: [IdleWorker] = []
        /// Connections at work, by the kind of work.
        var working = Job.Kind.allCases.map { _ in 0 }
        var connected = 0
        var trouble: String?
        var isClosed = false
    }

    /// A worker that sleeps until there is work for it.
    final class IdleWorker: Sendable {
        let semaphore = DispatchSemaphore(value: 0)
    }

    let limits: Limits
    private let state = Mutex(State())
    private let depth = Gauge(label: "taskflow_store_queue_depth")
    private let connections = Gauge(label: "taskflow_store_connections")
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    init(_ limits: Limits) {
        self.limits = limits
        timer = DispatchSource.makeTimerSource(queue: .global())
        timer.setEventHandler { [weak self] in self?.expire() }
        timer.schedule(deadline: .now() + .milliseconds(100), repeating: .milliseconds(100))
        timer.resume()
    }

    deinit { timer.cancel() }

    func submit(_ job: Job) {
        let (refusal, worker) = state.withLock { state -> ((any Error)?, IdleWorker?) in
            if state.isClosed { return (StoreError.unavailable("the store is closed"), nil) }
            guard state.waiting.reduce(0, { $0 + $1.count }) < limits.capacity else { return (StoreError.busy, nil) }
            state.waiting[job.kind.rawValue].append(job)
            return (nil, wake(&state))
        }
        if let refusal { return job.finish(refusal) }
        worker?.semaphore.signal()
    }

    /// Gives back what another connection can do: it has not happened here.
    func giveBack(_ jobs: [Job]) {
        let worker = state.withLock { state in
            for job in jobs.reversed() { state.waiting[job.kind.rawValue].insert(job, at: 0) }
            return wake(&state)
        }
        worker?.semaphore.signal()
    }

    private func wake(_ state: inout State) -> IdleWorker? {
        let isWork = hasWork(state)
        return isWork ? state.idle.popLast() : nil
    }

    private func hasWork(_ state: State) -> Bool {
        Job.Kind.allCases.contains { kind in
            !state.waiting[kind.rawValue].isEmpty && isAllowed(kind, state)
        }
    }

    private func isAllowed(_ kind: Job.Kind, _ state: State) -> Bool {
        switch kind {
        case .query: state.working[kind.rawValue] < limits.askers
        case .reading: true
        case .writing: state.working[kind.rawValue] < limits.writers
        }
    }

    /// What to do next, all of one kind; waits for it. `nil` when the store closes and nothing is left.
    func next(_ worker: IdleWorker) -> [Job]? {
        while true {
            let (jobs, isOver, another) = state.withLock { state -> ([Job], Bool, IdleWorker?) in
                let jobs = take(&state)
                if !jobs.isEmpty { return (jobs, false, wake(&state)) }
                if state.isClosed { return ([], true, nil) }
                state.idle.append(worker)
                return ([], false, nil)
            }
            another?.semaphore.signal()
            if !jobs.isEmpty { return jobs }
            if isOver { return nil }
            worker.semaphore.wait()
        }
    }

    private func take(_ state: inout State) -> [Job] {
        var chosen: Job.Kind?
        for kind in Job.Kind.allCases {
            guard let first = state.waiting[kind.rawValue].first, isAllowed(kind, state) else { continue }
            if let chosen, let other = state.waiting[chosen.rawValue].first, other.since <= first.since { continue }
            chosen = kind
        }
        guard let chosen else { return [] }
        let waiting = state.waiting[chosen.rawValue]
        let alone = chosen == .reading || waiting[0].isAlone
        let group = alone ? 1 : waiting.prefix(limits.group).prefix { !$0.isAlone }.count
        let jobs = Array(waiting.prefix(group))
        state.waiting[chosen.rawValue].removeFirst(group)
        state.working[chosen.rawValue] += 1
        return jobs
    }

    func finished(_ kind: Job.Kind) {
        let worker = state.withLock { state in
            state.working[kind.rawValue] -= 1
            return wake(&state)
        }
        worker?.semaphore.signal()
    }

    /// Jobs that have waited for too long are told so, whatever the connections do.
    private func expire() {
        let now = DispatchTime.now().uptimeNanoseconds
        let (late, error, waiting) = state.withLock { state -> ([Job], StoreError, Int) in
            var late: [Job] = []
            for kind in Job.Kind.allCases {
                late += state.waiting[kind.rawValue].filter { now >= $0.since + limits.waiting }
                state.waiting[kind.rawValue].removeAll { now >= $0.since + limits.waiting }
            }
            let error = state.connected == 0 ? StoreError.unavailable(state.trouble ?? "there is no connection") : .busy
            return (late, error, state.waiting.reduce(0) { $0 + $1.count })
        }
        depth.record(waiting)
        for job in late { job.finish(error) }
    }

    // MARK: Connections

    func connected() {
        let count = state.withLock { state in
            state.connected += 1
            state.trouble = nil
            return state.connected
        }
        connections.record(count)
    }

    func disconnected(_ reason: String?) {
        let count = state.withLock { state in
            state.connected -= 1
            state.trouble = reason
            return state.connected
        }
        connections.record(count)
    }

    /// Everything that waits was meant for the server as it was.
    func abandon(_ reason: String) {
        let waiting = state.withLock { state in
            defer { for kind in Job.Kind.allCases { state.waiting[kind.rawValue] = [] } }
            return state.waiting.flatMap { $0 }
        }
        for job in waiting { job.finish(StoreError.unavailable(reason)) }
    }

    func cannotConnect(_ reason: String) { state.withLock { $0.trouble = reason } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Workers finish what waits, then end.
    func close() {
        let workers = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for worker in workers { worker.semaphore.signal() }
    }
}
