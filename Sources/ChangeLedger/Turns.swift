// One at a time, and each user in turn: who asks often waits for his own, not others for him.
import Model
import Synchronization

final class Turns: Sendable {
    private struct State {
        var isTaken = false
        /// Users who wait, the next one first.
        var order: [ID<User>?] = []
        var waiting: [ID<User>?: [CheckedContinuation<Bool, Never>]] = [:]
    }

    /// Turns that one user may wait for at a time.
    private static let limit = 8

    private let state = Mutex(State())

    /// Waits for the turn. Whoever has it calls `give` afterwards.
    /// - Throws: `Failure.limited` when the user waits for so many already.
    func take(_ user: ID<User>?) async throws(Failure) {
        let isFree = await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                guard state.waiting[user, default: []].count < Self.limit else { return false }
                if state.waiting[user] == nil { state.order.append(user) }
                state.waiting[user, default: []].append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        guard isFree else { throw .limited(retryAfter: 1) }
    }

    func give() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.order.isEmpty else {
                state.isTaken = false
                return nil
            }
            let user = state.order.removeFirst()
            let next = state.waiting[user]?.removeFirst()
            if state.waiting[user]?.isEmpty == true { state.waiting[user] = nil } else { state.order.append(user) }
            return next
        }
        next?.resume(returning: true)
    }
}
