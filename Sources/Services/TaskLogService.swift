// The daily log, as those see it who may.
package import Model
package import Repositories
package import StoreCore

package struct TaskLogService: Sendable {
    let store: any Store

    package init(store: any Store) { self.store = store }

    package func list(
        _ scope: TaskScope, _ filter: TaskLogs.Filter, _ page: PageRequest, by actor: Actor
    ) async throws -> Page<TaskLog> {
        if scope == .all, !actor.isAdmin { throw Failure.forbidden(.adminOnly) }
        let user = scope == .all ? nil : actor.userID
        return try await store.read(from: .anyCopy) { tx in
            try Page(
                page, order: "task-logs", key: { .int($0.day.number) }, id: \.id.value, total: { try TaskLogs(tx).count(filter, of: user) }
            ) {
                try TaskLogs(tx).list(filter, of: user, after: $0, offset: $1, limit: $2)
            }
        }
    }

    package func get(_ id: ID<TaskLog>, by actor: Actor) async throws -> TaskLog {
        let (log, task) = try await store.read(from: .anyCopy) { tx -> (TaskLog?, TaskItem?) in
            let log = try TaskLogs(tx).find(id)
            return (log, try log.flatMap { try Tasks(tx).find($0.taskID) })
        }
        guard let log, let task else { throw Failure.notFound(.taskLog) }
        try actor.may(see: log, of: task).require(.taskLog)
        return log
    }
}
