// Exports at a time: each keeps a slot of its user until its body is sent or given up.
import Model
import Synchronization

final class ExportSlots: Sendable {
    /// Held by whoever may still read on; its end gives the slot free.
    final class Slot: Sendable {
        private let slots: ExportSlots
        private let user: ID<User>

        fileprivate init(_ slots: ExportSlots, _ user: ID<User>) {
            self.slots = slots
            self.user = user
        }

        deinit { slots.give(user) }
    }

    private let taken = Mutex<[ID<User>: Int64]>([:])

    /// - Throws: `Failure.quota`.
    func take(for user: ID<User>, limit: Int64) throws(Failure) -> Slot {
        let isFree = taken.withLock { taken in
            guard taken[user, default: 0] < limit else { return false }
            taken[user, default: 0] += 1
            return true
        }
        guard isFree else { throw .quota(.exports, limit: limit) }
        return Slot(self, user)
    }

    func count(of user: ID<User>) -> Int64 { taken.withLock { $0[user, default: 0] } }

    private func give(_ user: ID<User>) {
        taken.withLock { taken in
            taken[user, default: 1] -= 1
            if taken[user] == 0 { taken[user] = nil }
        }
    }
}
