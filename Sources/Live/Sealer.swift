// Seals what was recorded, soon after each commit, and tells the hubs of all instances.
package import BackgroundWork
package import Logging
import Metrics
package import Model
import Repositories
import ServiceLifecycle
package import StoreCore

package final class Sealer: Service, CustomStringConvertible {
    package let description = "sealer"

    /// Events of one transaction: others wait meanwhile.
    private static let batch = 500
    /// What happens within this time is sealed together: a transaction for each event would slow down the changes themselves.
    private static let pause: Duration = .milliseconds(5)
    /// How often it looks without being told: for what another process recorded, or an instance that died before it sealed.
    private static let interval: Duration = .seconds(1)

    private let store: any Store
    private let seal: EventSeal
    private let clock: WallClock
    private let outage: OutageLog
    private let wakes: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    package init(store: any Store, seal: EventSeal, clock: WallClock, logger: Logger) {
        self.store = store
        self.seal = seal
        self.clock = clock
        outage = OutageLog(logger, failing: "events cannot be sealed", working: "events are sealed again")
        (wakes, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something was recorded. Returns at once.
    package func wake() { bell.yield() }

    /// Until it is told to stop; then it seals what the last requests recorded.
    package func run() async throws {
        wake()
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while (try? await Task.sleep(for: Self.interval)) != nil { self.wake() }
                }
                for await _ in wakes {
                    guard (try? await Task.sleep(for: Self.pause)) != nil else { break }
                    await sealReporting()
                }
                group.cancelAll()
            }
        }
        await sealReporting()
    }

    private func sealReporting() async {
        do {
            try await sealAll()
            outage.worked()
        } catch is CancellationError {
        } catch {
            // The next round tries again; the events wait where they are.
            outage.failed(error, in: store)
        }
    }

    /// Seals everything that is committed now.
    package func sealAll() async throws {
        while try await isAnythingWaiting() {
            let outcome = try await store.write { [seal, clock] tx in
                let outcome = try seal.seal(tx, limit: Self.batch, at: clock.now())
                if case .sealed(_, let audience) = outcome, !audience.isEmpty {
                    try tx.tell(.eventsSealed(audience: audience))
                }
                return outcome
            }
            switch outcome {
            case .busy: try await Task.sleep(for: Self.pause)
            case .sealed(Self.batch, _): continue
            case .sealed: return
            }
        }
    }

    /// Tells whoever watches, too, whether what happens is told soon.
    private func isAnythingWaiting() async throws -> Bool {
        let oldest = try await store.rows(EventChain.oldestWaiting, from: .primary).first
        let age = oldest.map { max(0, clock.now().microseconds - $0.microseconds) } ?? 0
        Gauge(label: "taskflow_events_oldest_unsealed_seconds").record(Double(age) / 1_000_000)
        return oldest != nil
    }
}
