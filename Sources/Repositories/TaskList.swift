// Lists of tasks: scope, filters, order and page as one statement that an index serves.
package import Model
package import StoreCore

/// Whose tasks a list shows.
package struct TaskAudience: Sendable {
    package var scope: TaskScope
    package var user: ID<User>

    package init(_ scope: TaskScope, of user: ID<User>) {
        self.scope = scope
        self.user = user
    }

    /// The parts whose union is the audience, each served by an index of its own: an OR would be served by none.
    fileprivate var branches: [SQL] {
        switch scope {
        case .owned: ["owner_id = \(user)"]
        case .assigned: ["assignee_id = \(user)"]
        case .mine: ["owner_id = \(user)", "assignee_id = \(user) AND owner_id <> \(user)"]
        case .all: ["1 = 1"]
        }
    }
}

extension Tasks {
    /// Up to `limit` tasks in that order, after the cursor or after `offset` rows.
    package func list(
        _ audience: TaskAudience, _ filter: TaskFilter, _ sort: TaskSort, after cursor: Cursor? = nil, offset: Int64 = 0, limit: Int64,
        now: Instant
    ) throws -> [TaskItem] {
        try tx.rows(Self.list(audience, filter, sort, after: cursor, offset: offset, limit: limit, now: now))
    }

    /// The same as one read.
    package static func list(
        _ audience: TaskAudience, _ filter: TaskFilter, _ sort: TaskSort, after cursor: Cursor?, offset: Int64, limit: Int64, now: Instant
    ) -> Query<TaskItem> {
        let sql = listing(audience, filter, sort, after: cursor, offset: offset, limit: limit, now: now)
        let isPlain = isPlain(filter)
        // One more than on a page tells whether there is a next one.
        let isBrief = isPlain && offset == 0 && limit <= PageRequest.sizes.upperBound + 1 && TaskOrder.isWalked(sort, audience.scope)
        return Query(isPlain ? sql : sql.unkept, isBrief: isBrief, textBytes: \.textBytes, read)
    }

    static func listing(
        _ audience: TaskAudience, _ filter: TaskFilter, _ sort: TaskSort, after cursor: Cursor?, offset: Int64, limit: Int64, now: Instant
    ) -> SQL {
        let direction: SQL = sort.descending ? "DESC" : "ASC"
        let filters = conditions(filter, audience, in: sort, now: now)
        let branches = audience.branches.flatMap { branch in
            TaskOrder.parts(sort, filter, audience.scope, after: cursor).map { part -> SQL in
                let walk: SQL = part.walk.map { "\($0) \(direction), " } ?? ""
                return """
                    SELECT id, \(part.key) AS sort_key FROM \(part.table) WHERE \(all(of: [branch] + filters + part.conditions))
                    ORDER BY \(walk)id \(direction) LIMIT \(limit + offset)
                    """
            }
        }
        // Ids first, out of the index; rows only for the page itself, however deep it lies.
        let union = SQL.joined(branches.map { "SELECT * FROM (\($0)) AS branch" }, by: " UNION ALL ")
        return """
            SELECT \(columns) FROM (
                SELECT * FROM (\(union)) AS branches ORDER BY sort_key \(direction), id \(direction) LIMIT \(limit) OFFSET \(offset)
            ) AS page \(.orderedJoin) tasks USING (id) ORDER BY sort_key \(direction), id \(direction)
            """
    }

    package func count(_ audience: TaskAudience, _ filter: TaskFilter, now: Instant) throws -> Int64 {
        try Self.statements(audience, filter, now: now) { "SELECT count(*) FROM tasks WHERE \($0)" }
            .reduce(0) { $0 + (try tx.value($1, as: Int64.self)) }
    }

    /// Statements over parts that together are all tasks of a list, in no order; no task is in two of them.
    static func statements(
        _ audience: TaskAudience, _ filter: TaskFilter, now: Instant, _ statement: (_ condition: SQL) -> SQL
    ) -> [SQL] {
        let filters = conditions(filter, audience, in: nil, now: now)
        return audience.branches.map { branch in
            let sql = statement(all(of: [branch] + filters))
            return isPlain(filter) ? sql : sql.unkept
        }
    }

    /// The tasks that hold all the words: those with the words in the title first, then the others, each the newest first.
    package func search(
        _ query: SearchQuery, _ audience: TaskAudience, _ filter: TaskFilter, after cursor: Cursor?, limit: Int64, now: Instant
    ) throws -> [(task: TaskItem, tier: Int64)] {
        var found: [(task: TaskItem, tier: Int64)] = []
        var start = cursor
        for tier in TaskSearch.Tier.allCases where Int64(found.count) < limit {
            if case .int(let reached) = start?.key {
                if reached > tier.rawValue { continue }
                if reached < tier.rawValue { start = nil }
            }
            let sql = Self.searching(query, tier, audience, filter, before: start?.id, limit: limit - Int64(found.count), now: now)
            found += try tx.rows(Self.isPlain(filter) ? sql : sql.unkept) { (try Self.read($0), tier.rawValue) }
        }
        return found
    }

    static func searching(
        _ query: SearchQuery, _ tier: TaskSearch.Tier, _ audience: TaskAudience, _ filter: TaskFilter, before id: Int64?, limit: Int64,
        now: Instant
    ) -> SQL {
        let branches = audience.scope == .mine ? [] : audience.branches
        let conditions: [SQL] = ["deleted_at IS NULL"] + branches + self.conditions(filter, in: nil, now: now)
        // The index is walked from the newest match down, in its own order and no further than the page.
        return """
            SELECT \(columns) FROM (\(TaskSearch.matches(query, tier, member: audience.member, before: id))) AS found
            \(.orderedJoin) tasks USING (id) WHERE \(all(of: conditions)) ORDER BY found.id DESC LIMIT \(limit)
            """
    }

    /// The ids of all tasks of a list in its order, found in one pass: the ranked order without a sort. Eight bytes each.
    package func ids(_ audience: TaskAudience, _ filter: TaskFilter, _ sort: TaskSort?, now: Instant) throws -> [ID<TaskItem>] {
        var ids: [ID<TaskItem>] = []
        let parts: [SQL]
        if let search = filter.search, sort == nil {
            parts = TaskSearch.Tier.allCases.map {
                "SELECT id FROM (\(Self.searching(search, $0, audience, filter, before: nil, limit: .max, now: now))) AS found"
            }
        } else {
            parts = [Self.idListing(audience, filter, sort ?? .newestFirst, now: now)]
        }
        for part in parts {
            try tx.batches(of: Self.idsAtOnce, part, { try $0.value(0, as: ID<TaskItem>.self) }, { ids += $0 })
        }
        return ids
    }

    private static let idsAtOnce = 10_000

    private static func idListing(_ audience: TaskAudience, _ filter: TaskFilter, _ sort: TaskSort, now: Instant) -> SQL {
        let direction: SQL = sort.descending ? "DESC" : "ASC"
        let filters = conditions(filter, audience, in: sort, now: now)
        let branches = audience.branches.flatMap { branch in
            TaskOrder.parts(sort, filter, audience.scope, after: nil).map { part -> SQL in
                "SELECT id, \(part.key) AS sort_key FROM \(part.table) WHERE \(all(of: [branch] + filters + part.conditions))"
            }
        }
        let union = SQL.joined(branches, by: " UNION ALL ")
        return "SELECT id FROM (\(union)) AS found ORDER BY sort_key \(direction), id \(direction)"
    }

    /// Those of the tasks that are not deleted and are (still) in the audience, in no order.
    package static func visible(_ ids: [ID<TaskItem>], _ audience: TaskAudience) -> Query<TaskItem> {
        let branches = SQL.joined(audience.branches.map { "(\($0))" }, by: " OR ")
        let sql: SQL = "SELECT \(columns) FROM tasks WHERE id IN (\(list: ids)) AND deleted_at IS NULL AND (\(branches))"
        return Query(sql.unkept, read)
    }

    /// Filters make texts without number.
    private static func isPlain(_ filter: TaskFilter) -> Bool { conditions(filter, in: nil, now: Instant(microseconds: 0)).isEmpty }

    /// What holds for the tasks of a list, but for whose they are.
    private static func conditions(_ filter: TaskFilter, _ audience: TaskAudience, in sort: TaskSort?, now: Instant) -> [SQL] {
        let matching = filter.search.map { ["id IN (\(TaskSearch.matches($0, nil, member: audience.member)))" as SQL] } ?? []
        let isFree = sort == nil && audience.scope == .all
        return ["deleted_at IS NULL"] + conditions(filter, in: sort, isFree: isFree, now: now) + matching
    }

    /// - Parameters:
    ///   - sort: the order whose index is to be walked; `nil` when any index may be.
    ///   - isFree: whether everybody's tasks may be found by their states. Otherwise SQLite, which does not count rows, would take that index
    ///     instead of the one of a user's tasks.
    private static func conditions(_ filter: TaskFilter, in sort: TaskSort?, isFree: Bool = false, now: Instant) -> [SQL] {
        var conditions: [SQL] = []
        func add(_ condition: @autoclosure () -> SQL, when wanted: Bool = true) { if wanted { conditions.append(condition()) } }
        func bound(_ column: SQL, after: Instant?, before: Instant?) {
            if let after { add("\(column) > \(after)") }
            if let before { add("\(column) < \(before)") }
        }
        let sign: SQL = isFree ? "" : .choice(sqlite: "+", postgres: "")
        add("\(sign)status IN (\(list: filter.statuses))", when: !filter.statuses.isEmpty)
        add("\(sign)priority IN (\(list: filter.priorities))", when: !filter.priorities.isEmpty)
        var isLabelled: SQL { "id IN (SELECT task_id FROM task_labels WHERE label_key IN (\(list: filter.labels.map(Label.key))))" }
        switch (filter.labels.isEmpty, filter.isUnlabelled) {
        case (true, true): add(isUnlabelled)
        case (false, true): add("(\(isUnlabelled) OR \(isLabelled))")
        case (false, false): add(isLabelled)
        case (true, false): break
        }
        for key in Set(filter.allLabels.map(Label.key)).sorted() {
            add("id IN (SELECT task_id FROM task_labels WHERE label_key = \(key))")
        }
        switch filter.assigneeID {
        case .some(let user?): add("assignee_id = \(user)")
        case .some(nil): add("assignee_id IS NULL")
        case nil: break
        }
        if let ownerID = filter.ownerID { add("owner_id = \(ownerID)") }
        if let archived = filter.archived { add(archived ? "archived" : "NOT archived") }
        bound("created_at", after: filter.createdAfter, before: filter.createdBefore)
        bound("updated_at", after: filter.updatedAfter, before: filter.updatedBefore)
        bound(
            sort == nil || sort?.key == .completedAt ? "completed_at" : "+completed_at", after: filter.completedAfter,
            before: filter.completedBefore)
        // An expression: a condition on the column would lead to its index, and away from the one that has the order.
        let dueEnd: SQL = "+due_end"
        bound(dueEnd, after: filter.dueAfter, before: filter.dueBefore)
        add("\(dueEnd) < \(TaskOrder.noDueDate)", when: filter.dueAfter != nil)
        add("\(dueEnd) = \(TaskOrder.noDueDate)", when: filter.isUndated)
        if let day = filter.dueOn { add(isDue(on: day, in: LocalTime(filter.timeZone ?? "UTC"))) }
        if let day = filter.loggedOn { add("id IN (SELECT task_id FROM task_logs WHERE log_date = \(day.number))") }
        switch filter.overdue {
        case true?: add(isOverdue(at: now, dueEnd))
        case false?: add("NOT (\(isOverdue(at: now, dueEnd)))")
        case nil: break
        }
        return conditions
    }

    /// The column has the labels as JSON.
    static let isUnlabelled: SQL = "labels = '[]'"

    /// The cursor after a task of a sorted list.
    package static func cursor(after task: TaskItem, _ sort: TaskSort) -> Cursor {
        .init(order: sort.order, key: TaskOrder.cursorKey(sort, of: task), id: task.id.value)
    }
}

extension TaskAudience {
    /// Whose tasks a search keeps to in the index.
    fileprivate var member: ID<User>? { scope == .all ? nil : user }
}
