// Who follows the change feed right now, and who of them must look: streams have a place in the feed and no queue.
import Metrics
package import Model
import Repositories
import ServiceLifecycle
package import Services
package import StoreCore
import Synchronization

package final class ChangeHub: Service, CustomStringConvertible {
    package let description = "change hub"

    package struct Limits: Sendable {
        /// Streams of one user on this instance.
        package var perUser = 10
        /// Streams of this instance.
        package var total = 10_000
        /// How often a stream sends a sign of life, and looks whether it may go on.
        package var heartbeat: Duration = .seconds(15)
        /// Changes that a stream holds at a time.
        package var page: Int64 = 20

        package init() {}
    }

    private struct State {
        var lastID: UInt64 = 0
        var bells: [UInt64: Bell] = [:]
        var byUser: [ID<User>: Set<UInt64>] = [:]
        /// Those that follow everybody's tasks.
        var unlimited: Set<UInt64> = []
        var isClosed = false
    }

    /// A heartbeat comes to a part of the streams at a time.
    private static let turns: UInt64 = 16

    package let feed: ChangeFeed
    package let limits: Limits
    private let clock: WallClock
    private let state = Mutex(State())

    package init(store: any Store, feed: ChangeFeed, clock: WallClock, limits: Limits = .init()) {
        self.feed = feed
        self.clock = clock
        self.limits = limits
        store.listen { [weak self] announcement in self?.hear(announcement) }
    }

    /// Streams that are open.
    package var count: Int { state.withLock { $0.bells.count } }

    // MARK: Streams

    /// - Throws: `Failure.limited`, `Failure.unavailable`.
    package func open(_ scope: FeedScope, by actor: Actor) throws(Failure) -> ChangeStream {
        let bell = Bell(until: actor.expiresAt)
        let id = try state.withLock { state throws(Failure) in
            if state.isClosed || state.bells.count >= limits.total { throw .unavailable(retryAfter: 5) }
            if state.byUser[actor.userID, default: []].count >= limits.perUser { throw .limited(retryAfter: 5) }
            state.lastID += 1
            state.bells[state.lastID] = bell
            state.byUser[actor.userID, default: []].insert(state.lastID)
            if scope == .all { state.unlimited.insert(state.lastID) }
            return state.lastID
        }
        return ChangeStream(hub: self, id: id, scope: scope, actor: actor, bell: bell, clock: clock)
    }

    func close(_ id: UInt64, of user: ID<User>) {
        state.withLock { state in
            state.bells[id] = nil
            state.unlimited.remove(id)
            state.byUser[user]?.remove(id)
            if state.byUser[user]?.isEmpty == true { state.byUser[user] = nil }
        }
    }

    // MARK: Bells

    private func hear(_ announcement: Announcement) {
        switch announcement {
        case .message(let text):
            switch InstanceMessage(text) {
            case .eventsSealed(let audience): ring(audience)
            case .accessChanged(let user): ring { state in state.byUser[user] ?? [] }
            case .jobsWaiting, .jobCancelled, nil: break
            }
        case .deaf, .hearing: ring { Set($0.bells.keys) }
        }
    }

    private func ring(_ audience: Set<ID<User>>?) {
        ring { state in
            guard let audience else { return Set(state.bells.keys) }
            return audience.reduce(into: state.unlimited) { $0.formUnion(state.byUser[$1] ?? []) }
        }
    }

    private func ring(_ reason: Bell.Reason = .look, _ choose: (State) -> Set<UInt64>) {
        let bells = state.withLock { state in choose(state).compactMap { state.bells[$0] } }
        for bell in bells { bell.ring(reason) }
    }

    // MARK: Life

    /// Gives the beat until it is told to stop; then every stream ends at once, so that nobody waits for them.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var turn: UInt64 = 0
            while (try? await Task.sleep(for: limits.heartbeat / Int(Self.turns))) != nil {
                turn = (turn + 1) % Self.turns
                beat(turn)
                Gauge(label: "taskflow_event_streams").record(count)
            }
        }
        stop()
    }

    /// Ends every stream, and takes no more.
    package func stop() {
        state.withLock { $0.isClosed = true }
        ring(.end) { Set($0.bells.keys) }
    }

    private func beat(_ turn: UInt64) {
        let now = clock.now()
        ring(.beat) { state in Set(state.bells.keys.filter { $0 % Self.turns == turn }) }
        ring(.end) { state in Set(state.bells.filter { $0.value.until.map { $0 <= now } ?? false }.keys) }
    }
}

/// What wakes one stream. Rung often, it is heard once.
final class Bell: Sendable {
    enum Reason: Int, Comparable {
        case beat, look, end

        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    private struct State {
        var reason: Reason?
        var waiting: CheckedContinuation<Reason, Never>?
    }

    /// When the access token of the stream expires.
    let until: Instant?
    private let state = Mutex(State())

    init(until: Instant?) { self.until = until }

    func ring(_ reason: Reason) {
        let waiting = state.withLock { state -> (CheckedContinuation<Reason, Never>, Reason)? in
            let strongest = max(state.reason ?? .beat, reason)
            state.reason = strongest
            guard let waiting = state.waiting else { return nil }
            (state.waiting, state.reason) = (nil, strongest == .end ? .end : nil)
            return (waiting, strongest)
        }
        if let waiting { waiting.0.resume(returning: waiting.1) }
    }

    /// It rang for the end: whoever is still busy need not go on.
    var hasEnded: Bool { state.withLock { $0.reason == .end } }

    /// One task waits at a time; its cancellation rings for the end.
    func wait() async -> Reason {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let reason = state.withLock { state -> Reason? in
                    guard let reason = state.reason else {
                        state.waiting = continuation
                        return nil
                    }
                    state.reason = reason == .end ? .end : nil
                    return reason
                }
                if let reason { continuation.resume(returning: reason) }
            }
        } onCancel: {
            ring(.end)
        }
    }
}
