// What a user has of everything that has a quota.
import ChangeLedger
package import Model
import Repositories
package import StoreCore

package struct UsageReport: Sendable {
    package var used: [Quota: Int64]
    package var quotas: Quotas
}

package struct UsageService: Sendable {
    let store: any Store
    let clock: WallClock
    let tasks: TaskService

    package init(store: any Store, clock: WallClock, tasks: TaskService) {
        self.store = store
        self.clock = clock
        self.tasks = tasks
    }

    package func get(by actor: Actor) async throws -> UsageReport {
        let (user, now) = (actor.userID, clock.now())
        let measured = try await tasks.meter.usage(of: user)
        var used: [Quota: Int64] = [
            .tasks: measured.tasks, .text: measured.text, .labels: measured.labels, .changes: tasks.meter.written(by: user),
            .exports: tasks.exports.count(of: user),
        ]
        let counted = try await store.read { tx in
            try [
                Quota.files: Usage.Countable.files, .answers: .answers, .tokens: .tokens, .sessions: .sessions, .webhooks: .webhooks,
                .views: .views,
                .jobs: .jobs,
            ].mapValues { try Usage(tx).count($0, of: user, at: now) }
        }
        used.merge(counted) { $1 }
        return UsageReport(used: used, quotas: tasks.meter.quotas)
    }
}
