// Time that stands still until a test moves it.
package import Model
import Synchronization

package final class ManualClock: Sendable {
    private let current: Mutex<Instant>

    package init(_ start: Instant = .seconds(1_795_166_400)) { current = Mutex(start) }

    package var now: Instant { current.withLock { $0 } }
    package var wallClock: WallClock { WallClock { self.now } }

    package func advance(by duration: Duration) { current.withLock { $0 = $0 + duration } }
}
