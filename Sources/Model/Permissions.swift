// Who may do what with which thing: the one place that decides. Everything that is not allowed here is refused.

package enum Verdict: Equatable, Sendable {
    case allowed
    /// The caller may see the thing but not do this: 403.
    case forbidden
    /// For this caller the thing does not exist: 404.
    case hidden
}

package enum TaskAction: Sendable {
    case view, edit, delete, restore, purge, shareHistory
}

extension Actor {
    package func may(_ action: TaskAction, _ task: TaskItem) -> Verdict {
        let isOwner = task.ownerID == userID
        guard isAdmin || isOwner || task.assigneeID == userID else { return .hidden }
        // In the trash a task exists for those who may bring it back.
        if task.isDeleted, !isAdmin, !isOwner { return .hidden }
        return switch action {
        case .view, .edit: .allowed
        case .delete, .restore, .shareHistory: isAdmin || isOwner ? .allowed : .forbidden
        case .purge: isAdmin ? .allowed : .forbidden
        }
    }

    /// View or cancel a job.
    package func may(see job: Job) -> Verdict { isAdmin || job.ownerID == userID ? .allowed : .hidden }

    /// View, change or delete a subscription: what it sends is for its owner only.
    package func may(see webhook: Webhook) -> Verdict {
        guard webhook.ownerID == userID else { return .hidden }
        // What it has sent of everybody's tasks is for admins; others may only be rid of it.
        return webhook.scope == .mine || isAdmin ? .allowed : .forbidden
    }

    package func may(delete webhook: Webhook) -> Verdict { webhook.ownerID == userID ? .allowed : .hidden }

    /// A row of the daily log: who may see the task now and had to do with it then.
    package func may(see log: TaskLog, of task: TaskItem) -> Verdict {
        if isAdmin || log.ownerID == userID { return .allowed }
        return log.assigneeID == userID ? may(.view, task) : .hidden
    }

    /// View, edit or delete an account.
    package func mayManage(_ id: ID<User>) -> Verdict { isAdmin || id == userID ? .allowed : .hidden }
}

extension Verdict {
    /// - Throws: `Failure.notFound` or `Failure.forbidden`.
    package func require(_ thing: Failure.Thing) throws(Failure) {
        switch self {
        case .allowed: return
        case .forbidden: throw .forbidden(.notYours)
        case .hidden: throw .notFound(thing)
        }
    }
}
