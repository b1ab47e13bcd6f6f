// Threads for long computations, so that they hold up no event loop.
import Dispatch
import Foundation
import Synchronization

/// The threads stay: each new one would keep memory of its own for what it computes, and one that has once stood back cannot come forward.
package final class PatientThreads: TaskExecutor {
    private final class Queue: Sendable {
        let waiting = Mutex<[@Sendable () -> Void]>([])
        let available = DispatchSemaphore(value: 0)

        func next() -> (@Sendable () -> Void)? {
            available.wait()
            return waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    private let queue = Queue()
    private let count: Int

    /// - Parameter niceness: 10 takes what requests leave of the processors, 0 is as urgent as a request.
    package init(_ name: String, count: Int, niceness: Int32 = 10) {
        self.count = count
        for _ in 0..<count {
            let thread = Thread { [queue] in
                #if os(Linux)
                    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
                #endif
                while let work = queue.next() { work() }
            }
            thread.name = name
            thread.start()
        }
    }

    /// The threads end when nothing waits any more.
    deinit { for _ in 0..<count { queue.available.signal() } }

    package func run(_ work: @escaping @Sendable () -> Void) {
        queue.waiting.withLock { $0.append(work) }
        queue.available.signal()
    }

    /// Runs a part of a task that prefers these threads (`withTaskExecutorPreference`).
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        run { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
