// A small world for the repositories: a few people and their tasks.
import Model
import Repositories
import StoreCore
import TestKit

let noon = Instant.seconds(1_795_176_000)

let utc = LocalTime("UTC")

let ada = ID<User>(1)
let bob = ID<User>(2)
let eve = ID<User>(3)

extension TemporaryStore {
    @discardableResult
    func add(_ task: NewTask, owner: ID<User> = ada, at now: Instant = noon) async throws -> TaskItem {
        try await write { try Tasks($0).insert(task, owner: owner, at: now) }
    }

    /// Changes a task as it is now.
    @discardableResult
    func change(_ id: ID<TaskItem>, at now: Instant = noon, _ change: @escaping @Sendable (inout TaskItem) -> Void) async throws
        -> TaskItem?
    {
        try await write { tx in
            guard let old = try Tasks(tx).find(id) else { return nil }
            var new = old
            change(&new)
            return try Tasks(tx).update(old, to: new, at: now)
        }
    }
}
