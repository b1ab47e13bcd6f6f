// Tasks: create, change, trash, restore, and what one may read of them.
package import ChangeLedger
package import Model
package import Repositories
package import StoreCore

package struct TaskService: Sendable {
    let store: any Store
    let clock: WallClock
    let meter: QuotaMeter
    let exports = ExportSlots()

    package init(store: any Store, clock: WallClock, meter: QuotaMeter) {
        self.store = store
        self.clock = clock
        self.meter = meter
    }

    // MARK: Reads

    package func get(_ id: ID<TaskItem>, by actor: Actor) -> PreparedRead<TaskItem> {
        store.prepare(Tasks.byID(id), from: .anyCopy) { found in
            let task = try Self.allowed(found.first, .view, by: actor)
            guard !task.isDeleted else { throw Failure.notFound(.task) }
            return task
        }
    }

    package func list(_ selection: TaskSelection, _ page: PageRequest, by actor: Actor) throws -> PreparedRead<Page<TaskItem>> {
        try list(selection, page, for: actor.userID, isAdmin: actor.isAdmin)
    }

    func list(
        _ selection: TaskSelection, _ page: PageRequest, for user: ID<User>, isAdmin: Bool
    ) throws -> PreparedRead<Page<TaskItem>> {
        let audience = try Self.audience(selection.scope, of: user, isAdmin: isAdmin)
        guard Self.isComplete(selection.filter) else {
            return PreparedRead {
                let filter = try await filter(selection, for: user)
                return try await list(audience, filter, selection.sort, page).whenever()
            }
        }
        return try list(audience, selection.filter, selection.sort, page)
    }

    private func list(
        _ audience: TaskAudience, _ filter: TaskFilter, _ sort: TaskSort?, _ page: PageRequest
    ) throws -> PreparedRead<Page<TaskItem>> {
        if filter.search?.terms.isEmpty == true { return PreparedRead { Page(elements: [], next: nil, total: 0, request: page) } }
        let order = filter.search == nil ? sort ?? .newestFirst : sort
        if let order, case .cursor(_, let limit, count: false) = page, limit <= PageRequest.sizes.upperBound {
            let window = try page.window(order: order.order, isText: order.key == .title)
            let query = Tasks.list(
                audience, filter, order, after: window.after, offset: window.offset, limit: window.limit, now: clock.now())
            return store.prepare(query, from: .anyCopy) { found in
                Page(page, found: found, order: order.order, key: { Tasks.cursor(after: $0, order).key }, id: \.id.value, total: nil)
            }
        }
        return PreparedRead { try await pages(audience, filter, sort, page) }
    }

    private func pages(
        _ audience: TaskAudience, _ filter: TaskFilter, _ sort: TaskSort?, _ page: PageRequest
    ) async throws -> Page<TaskItem> {
        let now = clock.now()
        return try await store.read(from: .anyCopy) { tx in
            let tasks = Tasks(tx)
            let total = { try tasks.count(audience, filter, now: now) }
            if let query = filter.search, sort == nil {
                let page = try Page(
                    page, order: "rank", key: { .int($0.tier) }, id: { $0.task.id.value }, bytes: { $0.task.textBytes }, total: total
                ) {
                    // A ranked list has no offset: rows before the page are found and dropped.
                    let found = try tasks.search(query, audience, filter, after: $0, limit: $1 + $2, now: now)
                    return Array(found.dropFirst(Int($1)))
                }
                return page.map(\.task)
            }
            let sort = sort ?? .newestFirst
            return try Page(
                page, order: sort.order, isText: sort.key == .title, key: { Tasks.cursor(after: $0, sort).key }, id: \.id.value,
                bytes: \.textBytes, total: total
            ) {
                try tasks.list(audience, filter, sort, after: $0, offset: $1, limit: $2, now: now)
            }
        }
    }

    /// With the time zone in which a day of the filter is meant.
    func filter(_ selection: TaskSelection, for user: ID<User>) async throws -> TaskFilter {
        var filter = selection.filter
        if Self.isComplete(filter) { return filter }
        filter.timeZone = try await store.rows(Users.byID([user]), from: .anyCopy).first?.timeZone
        return filter
    }

    private static func isComplete(_ filter: TaskFilter) -> Bool { filter.dueOn == nil || filter.timeZone != nil }

    static func audience(_ scope: TaskScope, of user: ID<User>, isAdmin: Bool) throws(Failure) -> TaskAudience {
        if scope == .all, !isAdmin { throw .forbidden(.adminOnly) }
        return TaskAudience(scope, of: user)
    }

    package func counts(by grouping: TaskGrouping, _ selection: TaskSelection, by actor: Actor) async throws -> TaskCounts {
        let audience = try Self.audience(selection.scope, of: actor.userID, isAdmin: actor.isAdmin)
        let filter = try await filter(selection, for: actor.userID)
        let now = clock.now()
        return try await store.read(from: .anyCopy) { tx in
            let time = try Users(tx).localTime(of: actor.userID, insteadOf: filter.timeZone)
            return try Tasks(tx).counts(by: grouping, audience, filter, in: time, now: now)
        }
    }

    /// The caller's deleted tasks that can still be restored; an admin sees everybody's.
    /// - Parameter search: only those with these words in title or labels.
    package func trash(_ search: SearchQuery?, _ page: PageRequest, by actor: Actor) async throws -> Page<TaskItem> {
        let since = clock.now() - TaskItem.trashLifetime
        let owner = actor.isAdmin ? nil : actor.userID
        return try await store.read(from: .anyCopy) { tx in
            if let search { return try Self.trash(search, page, of: owner, since: since, tx) }
            return try Page(
                page, order: "trash", key: { .int($0.deletedAt?.microseconds ?? 0) }, id: \.id.value,
                total: { try Tasks(tx).trashCount(of: owner, since: since) }
            ) {
                try Tasks(tx).trash(of: owner, since: since, after: $0, offset: $1, limit: $2)
            }
        }
    }

    private static func trash(
        _ search: SearchQuery, _ page: PageRequest, of owner: ID<User>?, since: Instant, _ tx: Tx
    ) throws -> Page<TaskItem> {
        if search.terms.isEmpty { return Page(elements: [], next: nil, total: 0, request: page) }
        let found = try Tasks(tx).searchTrash(search, of: owner, since: since)
        return try Page(
            page, order: "trash", key: { .int($0.deletedAt?.microseconds ?? 0) }, id: \.id.value, total: { Int64(found.count) }
        ) { cursor, offset, limit in
            let behind = found.drop { item in
                guard let cursor, case .int(let deletedAt) = cursor.key else { return false }
                return (item.deletedAt.microseconds, item.id.value) >= (deletedAt, cursor.id)
            }
            return try Tasks(tx).trash(behind.dropFirst(Int(offset)).prefix(Int(limit)).map(\.id))
        }
    }

    /// - Parameter zone: an IANA name, instead of that of the account.
    package func statistics(_ scope: TaskScope, in zone: String?, of actor: Actor) async throws -> TaskStatistics {
        let now = clock.now()
        return try await store.read(from: .anyCopy) { tx in
            let time = try Users(tx).localTime(of: actor.userID, insteadOf: zone)
            return try Tasks(tx).statistics(TaskAudience(scope, of: actor.userID), in: time, now: now)
        }
    }

    /// Every change of a task, newest first. The assignee sees those since the task was given to them, unless the owner shares the others.
    package func history(_ id: ID<TaskItem>, _ page: PageRequest, by actor: Actor) async throws -> Page<Event> {
        try await store.read(from: .anyCopy) { tx in
            let task = try Self.allowed(try Tasks(tx).find(id), .view, by: actor)
            var filter = Events.Filter(of: .task(id))
            if try actor.may(.shareHistory, task) != .allowed && !Tasks(tx).isHistoryShared(id) {
                filter.firstID = try Events(tx).assignment(of: id)
            }
            return try Page(
                page, order: "history", key: { .int($0.id) }, id: \.id, total: { try Events(tx).count(filter) }
            ) {
                try Events(tx).list(filter, before: $0?.id, offset: $1, limit: $2).map { event in
                    // What else the assignment changed tells what was before it.
                    var event = event
                    if event.id == filter.firstID, event.action != .taskCreated { event.changes.removeAll { $0.field != "assignee_id" } }
                    return event
                }
            }
        }
    }

    // MARK: Changes

    /// Lets the assignee read what was before the assignment, or not any more.
    package func shareHistory(_ id: ID<TaskItem>, _ isShared: Bool, by actor: Actor) -> Change<Void> {
        Change(by: .user(actor)) { entry in
            _ = try Self.shareHistory(isShared, of: try Self.find(id, .shareHistory, by: actor, entry.tx), entry)
        }
    }

    static let historyShared = "history_shared"

    /// - Returns: whether it was otherwise before.
    static func shareHistory(_ isShared: Bool, of task: TaskItem, _ entry: Entry) throws -> Bool {
        guard try Tasks(entry.tx).setHistoryShared(isShared, task.id) else { return false }
        try entry.record(.taskUpdated, .task(task, before: nil), [FieldChange(historyShared, from: .bool(!isShared), to: .bool(isShared))])
        return true
    }

    /// The words of the task before and after the change, if they were folded before the transaction.
    typealias FoldedBefore = (_ old: TaskItem) -> (old: TaskWords, new: TaskWords)?

    /// Counts texts and labels towards the quotas of those who own the tasks, whoever writes them, and the writing towards the writer's day.
    /// - Throws: `Failure.quota`.
    func take(_ changes: TaskChanges, on ids: [ID<TaskItem>], by actor: Actor) async throws {
        guard !QuotaMeter.Addition.of(changes).isNothing else { return }
        try meter.takeWritten(Int64(changes.textBytes), by: actor.userID)
        let editor = actor.isAdmin ? nil : actor.userID
        for (owner, count) in try await store.read(from: .anyCopy, { try Tasks($0).owners(of: ids, editor: editor) }) {
            try await meter.take(.of(changes, count: count), of: owner)
        }
    }

    package func create(_ draft: NewTask, by actor: Actor) async throws -> Change<TaskItem> {
        try await create(draft, owner: actor.userID, by: .user(actor))
    }

    /// The same for the command line.
    package func create(_ draft: NewTask, owner: ID<User>, by author: Author) async throws -> Change<TaskItem> {
        try await meter.take(.of(draft), of: owner)
        return Change(by: author) { entry in
            try Self.requireAssignee(draft.assigneeID, entry)
            let task = try Tasks(entry.tx).insert(draft, owner: owner, at: entry.now)
            try entry.record(.taskCreated, .task(task, before: nil), task.differences(from: nil))
            return task
        }
    }

    package func update(
        _ id: ID<TaskItem>, _ changes: TaskChanges, if precondition: Precondition = .none,
        repeating repeated: Repeated<TaskItem> = .nothing,
        by actor: Actor
    ) async throws -> Change<TaskItem> {
        try await take(changes, on: [id], by: actor)
        return Change(by: .user(actor)) { entry in
            try Self.update(id, changes, if: precondition, repeating: repeated, by: actor, entry)
        }
    }

    static func update(
        _ id: ID<TaskItem>, _ changes: TaskChanges, if precondition: Precondition = .none,
        repeating repeated: Repeated<TaskItem> = .nothing,
        by actor: Actor, words: FoldedBefore = { _ in nil }, _ entry: Entry
    ) throws -> TaskItem {
        let old = try find(id, .edit, by: actor, entry.tx)
        guard !old.isDeleted else { throw Failure.notFound(.task) }
        try precondition.require(old)
        try repeated.require(old)
        let new = old.applying(changes, at: entry.now)
        try requirePossible(changes, on: old, giving: new)
        guard new != old else { return old }
        if new.assigneeID != old.assigneeID { try requireAssignee(new.assigneeID, entry) }
        return try entry.write(old, as: new, words: words(old))
    }

    /// To the trash, or for good.
    package func delete(
        _ id: ID<TaskItem>, permanently: Bool, if precondition: Precondition = .none, by actor: Actor
    ) -> Change<Void> {
        Change(by: .user(actor)) { entry in
            if permanently {
                let task = try Self.find(id, .purge, by: actor, entry.tx)
                try precondition.require(task)
                try entry.purge(task)
            } else {
                try Self.delete(id, if: precondition, by: actor, entry)
            }
        }
    }

    static func delete(
        _ id: ID<TaskItem>, if precondition: Precondition = .none, by actor: Actor, words: FoldedBefore = { _ in nil }, _ entry: Entry
    ) throws {
        let old = try find(id, .delete, by: actor, entry.tx)
        guard !old.isDeleted else { throw Failure.notFound(.task) }
        try precondition.require(old)
        try entry.trash(old, words: words(old))
    }

    package func restore(_ id: ID<TaskItem>, by actor: Actor) -> Change<TaskItem> {
        Change(by: .user(actor)) { entry in try Self.restore(id, by: actor, entry) }
    }

    /// A task that is not in the trash is given back as it is.
    static func restore(
        _ id: ID<TaskItem>, by actor: Actor, words: FoldedBefore = { _ in nil }, _ entry: Entry
    ) throws -> TaskItem {
        let old = try find(id, .restore, by: actor, entry.tx)
        return try entry.restore(old, words: words(old))
    }

    // MARK: Rules

    /// The task as it is now and stays until the change is made, in the trash or not, if the actor may do that with it.
    static func find(_ id: ID<TaskItem>, _ action: TaskAction, by actor: Actor, _ tx: Tx) throws -> TaskItem {
        try allowed(try Tasks(tx).lock(id), action, by: actor)
    }

    private static func allowed(_ task: TaskItem?, _ action: TaskAction, by actor: Actor) throws -> TaskItem {
        guard let task else { throw Failure.notFound(.task) }
        try actor.may(action, task).require(.task)
        return task
    }

    /// What only the task itself can tell: whether it has room for more labels, and whether its due date can be moved so far.
    private static func requirePossible(_ changes: TaskChanges, on old: TaskItem, giving new: TaskItem) throws {
        let most = TaskItem.labelCount.upperBound
        if new.labels.count > most {
            throw Failure.invalid([.init("changes/add_labels", "would give the task \(new.labels.count) labels; it can have \(most)")])
        }
        if let shift = changes.dueShift, let due = old.due, due.moved(by: shift) == nil {
            throw Failure.invalid([.init("changes/shift_due", "would move the due date out of the years 1 to 9999")])
        }
    }

    private static func requireAssignee(_ id: ID<User>?, _ entry: Entry) throws {
        guard let id else { return }
        guard try Users(entry.tx).holdActive(id) else { throw noSuchAssignee }
    }

    static let noSuchAssignee = Failure.invalid([.init("assignee_id", "is not an active user")])
}
