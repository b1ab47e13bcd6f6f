// Schedules: each slot once, whoever asks and whatever the clock does (P20).
import BackgroundWork
import Model
import Repositories
import StoreCore
import Testing
import TestKit

@Suite struct ScheduleTests {
    /// Midnight in UTC.
    private let clock = ManualClock(.seconds(1_795_132_800))

    private func queued(_ store: TemporaryStore) async throws -> [JobKind: Int64] {
        try await store.read { tx in
            try JobKind.allCases.reduce(into: [:]) { counts, kind in
                let count = try Jobs(tx).count(.init(kind: kind))
                if count > 0 { counts[kind] = count }
            }
        }
    }

    /// As if workers were there: everything queued is done.
    private func finish(_ store: TemporaryStore) async throws {
        let now = clock.now
        try await store.write { tx in
            for job in try Jobs(tx).claim(.init(.normal, limit: 100), by: "w", at: now) {
                _ = try Jobs(tx).complete(.init(id: job.id, attempt: job.attempts, worker: "w"), result: nil, at: now)
            }
        }
    }

    @Test("A new installation writes its daily log at once and waits for the next slot with everything else")
    func first() async throws {
        let store = try await migratedStore()
        let next = try await ScheduledJobs(store: store.store, clock: clock.wallClock).queueDueSlots()
        #expect(try await queued(store) == [.writeTaskLog: 1])
        #expect(next == clock.now + .seconds(3600))
    }

    @Test("However many instances ask, each slot is used once; slots that nobody was there for are made up for by one run")
    func slots() async throws {
        let store = try await migratedStore()
        let others = try await withOthers(store)
        for hours in [0, 1, 1, 30] {
            clock.advance(by: .seconds(Int64(hours) * 3600))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for jobs in others { group.addTask { _ = try await jobs.queueDueSlots() } }
                try await group.waitForAll()
            }
            try await finish(store)
        }
        #expect(
            try await queued(store) == [
                .writeTaskLog: 4, .announceOverdue: 3, .cleanUp: 3, .emptyTrash: 1, .announceDue: 3, .writeDigests: 3,
            ])
    }

    /// Three instances, where the engine allows more than one.
    private func withOthers(_ store: TemporaryStore) async throws -> [ScheduledJobs] {
        var stores = [store.store, store.store, store.store]
        if store.store.engine == .postgres { stores = [store.store, try await store.another(), try await store.another()] }
        return stores.map { ScheduledJobs(store: $0, clock: clock.wallClock) }
    }

    @Test("A clock that goes back an hour uses no slot again; one that was a month ahead stops nothing when it is set right")
    func clockJumps() async throws {
        let store = try await migratedStore()
        let jobs = ScheduledJobs(store: store.store, clock: clock.wallClock)
        func runs() async throws -> Int64 {
            _ = try await jobs.queueDueSlots()
            try await finish(store)
            return try await queued(store)[.writeTaskLog] ?? 0
        }
        #expect(try await runs() == 1)
        clock.advance(by: .seconds(3600))
        #expect(try await runs() == 2)
        clock.advance(by: .seconds(-3600))
        #expect(try await runs() == 2)
        clock.advance(by: .seconds(3600))
        #expect(try await runs() == 2)
        clock.advance(by: .seconds(30 * 86_400))
        #expect(try await runs() == 3)
        clock.advance(by: .seconds(-30 * 86_400))
        #expect(try await runs() == 3)
        clock.advance(by: .seconds(3600))
        #expect(try await runs() == 4)
    }
}
