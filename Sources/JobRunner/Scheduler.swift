// Queues what is to happen at fixed times. Any number of instances may run one: the database knows which slots were used.
package import BackgroundWork
package import Logging
package import Model
import ServiceLifecycle
import StoreCore

package struct Scheduler: Service {
    /// A clock that is set anew is noticed after so long.
    private static let longestSleep: Duration = .seconds(60)
    private static let pause: Duration = .seconds(5)

    private let jobs: ScheduledJobs
    private let clock: WallClock
    private let outage: OutageLog

    package init(jobs: ScheduledJobs, clock: WallClock, logger: Logger) {
        self.jobs = jobs
        self.clock = clock
        outage = OutageLog(logger, failing: "the schedules cannot be read", working: "the schedules are read again")
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var sleep = Self.pause
                do {
                    let next = try await jobs.queueDueSlots()
                    outage.worked()
                    sleep = min(max(.microseconds(next.microseconds - clock.now().microseconds), .milliseconds(1)), Self.longestSleep)
                } catch {
                    outage.failed(error, in: jobs.store)
                }
                try? await Task.sleep(for: sleep)
            }
        }
    }
}
