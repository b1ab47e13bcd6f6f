// All tasks that somebody asks for, as one file, made page by page while it is sent.
import ChangeLedger
package import Model
import Repositories
import StoreCore
package import TaskFormats

/// Which tasks, in which order.
package struct TaskSelection: Sendable {
    package var scope: TaskScope
    package var filter: TaskFilter
    package var sort: TaskSort?

    package init(_ scope: TaskScope, _ filter: TaskFilter = TaskFilter(), sort: TaskSort? = nil) {
        self.scope = scope
        self.filter = filter
        self.sort = sort
    }

    package func sorted(by sort: TaskSort?) -> Self { .init(scope, filter, sort: sort) }
}

extension TaskService {
    /// Each page is a read of its own, so that a slow client holds no connection and no snapshot. In the order of creation every task
    /// that is there all the time comes exactly once; one that changes its place in another order meanwhile may come twice or not.
    /// The first page is read before there is an answer: until then a failure is one that the client sees.
    /// What only one pass can find, such as the matches of a search, is found once, and each page of it is read by its ids: what was matched
    /// when the export began is in it as long as the reader may see it.
    package func export(_ selection: TaskSelection, as format: TaskFileFormat, by actor: Actor) async throws -> BodyStream {
        let slot = try exports.take(for: actor.userID, limit: meter.quotas.limit(.exports))
        return try await file(of: selection, as: format, for: Reader(id: actor.userID, isAdmin: actor.isAdmin)) { [store, clock] in
            // It is free when nobody can read on.
            withExtendedLifetime(slot) {}
            // Whoever lost access meanwhile gets no more.
            let user = try await Standing.of(actor.credential, user: actor.userID, store, at: clock.now())
            guard user.role == actor.role else { throw Failure.unauthenticated(.revoked) }
        }
    }

    /// The same for the command line, with the rights of that account.
    package func export(_ selection: TaskSelection, as format: TaskFileFormat, asSeenBy user: User) async throws -> BodyStream {
        try await file(of: selection, as: format, for: Reader(id: user.id, isAdmin: user.role == .admin)) {}
    }

    /// Bytes that are sent at a time: a task has some 80 000 at most.
    private static let pieceSize = 64 << 10
    private static let pageSize: Int64 = 200

    private struct Reader: Sendable {
        let id: ID<User>
        let isAdmin: Bool
    }

    /// - Parameter recheck: throws when the reader may not read on.
    private func file(
        of selection: TaskSelection, as format: TaskFileFormat, for reader: Reader, recheck: @escaping @Sendable () async throws -> Void
    ) async throws -> BodyStream {
        let selection = TaskSelection(
            selection.scope, try await filter(selection, for: reader.id), sort: selection.sort)
        let places = try await places(of: selection, for: reader)
        let first = try await page(of: selection, places, .start, for: reader)
        return BodyStream { send in
            var bytes = format.head
            var (page, isFirst) = (first, true)
            while true {
                let names = try await names(in: page.tasks, for: reader)
                for task in page.tasks {
                    if !isFirst { bytes += format.between }
                    isFirst = false
                    bytes += format.task(task, names)
                    if bytes.count >= Self.pieceSize {
                        try await send(bytes)
                        bytes.removeAll(keepingCapacity: true)
                    }
                }
                guard let next = page.next else { break }
                try await recheck()
                page = try await self.page(of: selection, places, next, for: reader)
            }
            try await send(bytes + format.tail)
        }
    }

    /// Where a page begins.
    private enum Place: Sendable {
        case start
        case after(Cursor)
        /// In the list of ids.
        case id(Int)
    }

    /// - Returns: the ids of the tasks in their order, or `nil` when each page finds its place in an index.
    private func places(of selection: TaskSelection, for reader: Reader) async throws -> [ID<TaskItem>]? {
        let filter = selection.filter
        guard filter.search != nil || !filter.labels.isEmpty || !filter.allLabels.isEmpty || filter.loggedOn != nil else { return nil }
        let audience = try Self.audience(selection.scope, of: reader.id, isAdmin: reader.isAdmin)
        if filter.search?.terms.isEmpty == true { return [] }
        let now = clock.now()
        return try await store.read(from: .anyCopy) { try Tasks($0).ids(audience, filter, selection.sort, now: now) }
    }

    private func page(
        of selection: TaskSelection, _ ids: [ID<TaskItem>]?, _ place: Place, for reader: Reader
    ) async throws -> (tasks: [TaskItem], next: Place?) {
        guard let ids else {
            var cursor: Cursor?
            if case .after(let last) = place { cursor = last }
            let request = PageRequest.cursor(after: cursor, limit: Self.pageSize, count: false)
            let page = try await list(selection, request, for: reader.id, isAdmin: reader.isAdmin).whenever()
            return (page.elements, page.next.map { .after($0) })
        }
        var start = 0
        if case .id(let index) = place { start = index }
        let part = Array(ids[start..<min(start + Int(Self.pageSize), ids.count)])
        if part.isEmpty { return ([], nil) }
        let audience = try Self.audience(selection.scope, of: reader.id, isAdmin: reader.isAdmin)
        let found = try await store.rows(Tasks.visible(part, audience), from: .anyCopy)
        let byID = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let end = start + part.count
        return (part.compactMap { byID[$0] }, end < ids.count ? .id(end) : nil)
    }

    /// What a file calls the owners and assignees.
    private func names(in tasks: [TaskItem], for reader: Reader) async throws -> [ID<User>: String] {
        let ids = Set(tasks.flatMap { [$0.ownerID] + ($0.assigneeID.map { [$0] } ?? []) })
        if ids.isEmpty { return [:] }
        return try await store.read(from: .anyCopy) { tx in
            let mark = try InstallationMark(tx)
            return Dictionary(
                try tx.rows(Users.byID(ids)).map { ($0.id, $0.exportedName(to: reader.id, isAdmin: reader.isAdmin, mark)) },
                uniquingKeysWith: { first, _ in first })
        }
    }
}
