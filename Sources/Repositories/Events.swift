// The event log: appended to, read by subject, by author, by time; never changed.
package import Model
package import StoreCore

package struct Events {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    private static let columns: SQL = "id, at, actor_id, request_id, source, action, subject, subject_id, changes"

    /// Its changes are still the text of their column.
    private static func read(_ row: Row) throws -> (event: Event, changes: String) {
        let event = Event(
            id: try row.value(0), at: try row.value(1), actorID: try row.value(2), requestID: try row.value(3),
            source: try row.value(4, as: String?.self).flatMap { EventSource(rawValue: $0) }, action: try decoded(row.value(5)),
            subject: .init(kind: try row.value(6), id: try row.value(7)), changes: [])
        return (event, try row.value(8))
    }

    /// When the last event was recorded.
    package static let newest = Query<Instant>("SELECT at FROM events ORDER BY id DESC LIMIT 1", isBrief: true) { try $0.value(0) }

    /// The event waits in `events_pending` to be sealed.
    package func append(_ action: Action, _ topic: Topic, _ changes: [FieldChange], by author: Author, at now: Instant) throws {
        let changes = StoredChanges(changes)
        try EventValues(tx: tx).insert(changes)
        let insert: SQL =
            """
            INSERT INTO events (at, actor_id, request_id, source, action, subject, subject_id, changes, audience)
            VALUES (\(now), \(author.userID), \(author.requestID), \(author.source.rawValue), \(action.rawValue), \(topic.subject.kind),
                \(topic.subject.id), \(changes.text), \(topic.audience.map(EventChain.text)))
            """
        switch tx.engine {
        case .sqlite:
            try tx.enqueue(insert)
            try tx.enqueue("INSERT INTO events_pending (event_id) VALUES (last_insert_rowid())")
        case .postgres:
            try tx.enqueue("WITH made AS (\(insert) RETURNING id) INSERT INTO events_pending (event_id) SELECT id FROM made")
        }
    }

    /// The same fact about many topics, each with its changes.
    func append(_ action: Action, _ topics: [(Topic, changes: StoredChanges)], by author: Author, at now: Instant) throws {
        for (_, changes) in topics { try EventValues(tx: tx).insert(changes) }
        let rows = topics.map { topic, changes -> [Bind] in
            [
                now.bind, author.userID?.bind ?? .null, .text(author.requestID), .text(author.source.rawValue), .text(action.rawValue),
                .text(topic.subject.kind), .int(topic.subject.id), .text(changes.text),
                topic.audience.map { .text(EventChain.text($0)) } ?? .null,
            ]
        }
        let insert: SQL = "INSERT INTO events (at, actor_id, request_id, source, action, subject, subject_id, changes, audience) VALUES"
        switch tx.engine {
        case .sqlite:
            let last: Int64 = try tx.value("SELECT coalesce(max(id), 0) FROM events")
            try tx.insert(rows, insert)
            try tx.enqueue("INSERT INTO events_pending (event_id) SELECT id FROM events WHERE id > \(last)")
        case .postgres:
            try tx.insert(
                rows, "WITH made AS (\(insert)", " RETURNING id) INSERT INTO events_pending (event_id) SELECT id FROM made")
        }
    }

    package struct Filter: Sendable {
        package var actorID: ID<User>?
        package var source: EventSource?
        package var action: Action?
        package var subjectKind: String?
        package var subjectID: Int64?
        package var after: Instant?
        package var before: Instant?
        /// The first event that is shown.
        package var firstID: Int64?

        package init() {}

        package init(of subject: Subject) {
            subjectKind = subject.kind
            subjectID = subject.id
        }

        /// Whether nothing but its time tells an event that is looked for from others.
        fileprivate var isOnlyTimed: Bool {
            (after != nil || before != nil) && actorID == nil && action == nil && subjectID == nil
        }

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let actorID { conditions.append("actor_id = \(actorID)") }
            if let source { conditions.append("source = \(source.rawValue)") }
            if let action { conditions.append("action = \(action.rawValue)") }
            if let subjectKind { conditions.append("subject = \(subjectKind)") }
            if let subjectID { conditions.append("subject_id = \(subjectID)") }
            if let after { conditions.append("at > \(after)") }
            if let before { conditions.append("at < \(before)") }
            if let firstID { conditions.append("id >= \(firstID)") }
            return conditions
        }
    }

    /// Newest first.
    package func list(_ filter: Filter, before id: Int64? = nil, offset: Int64 = 0, limit: Int64) throws -> [Event] {
        try events(Self.listing(filter, before: id, offset: offset, limit: limit))
    }

    static func listing(_ filter: Filter, before id: Int64?, offset: Int64, limit: Int64) -> SQL {
        var conditions = filter.conditions
        if let id { conditions.append("id < \(id)") }
        // Ids first, out of an index. Those of a span of time come out of the index of times: walking down the log for them would read all of it
        // when there are fewer than on a page.
        let order: SQL = filter.isOnlyTimed ? "+id" : "id"
        return """
            SELECT \(columns) FROM events WHERE id IN (
                SELECT id FROM events WHERE \(all(of: conditions)) ORDER BY \(order) DESC LIMIT \(limit) OFFSET \(offset)
            ) ORDER BY id DESC
            """
    }

    private func events(_ sql: SQL) throws -> [Event] {
        let found = try tx.rows(sql, Self.read)
        let changes = try EventValues(tx: tx).changes(fromJSON: found.map(\.changes))
        return zip(found, changes).map { found, changes in
            var event = found.event
            event.changes = changes
            return event
        }
    }

    /// What a request of a user did to tasks. Written out, so that the index of such events is used.
    static let isUndoable: SQL = "subject = 'task' AND source = 'api'"

    /// The ids of the events of tasks that the user's request recorded, the last one first. Eight bytes each.
    package func ids(ofRequest request: String, by user: ID<User>) throws -> [Int64] {
        try tx.rows(Self.ofRequest(request, by: user)) { try $0.value(0) }
    }

    static func ofRequest(_ request: String, by user: ID<User>) -> SQL {
        // An expression: a condition on the column would lead to the index of everything that the user has done.
        "SELECT id FROM events WHERE request_id = \(request) AND +actor_id = \(user) AND \(isUndoable) ORDER BY id DESC"
    }

    /// Those of the ids that there are, the last one first.
    package func find(_ ids: [Int64]) throws -> [Event] {
        if ids.isEmpty { return [] }
        return try events(("SELECT \(Self.columns) FROM events WHERE id IN (\(list: ids)) ORDER BY id DESC" as SQL).unkept)
    }

    /// When the task became completed the last time before an event; `nil` when it never did.
    package func completion(of task: ID<TaskItem>, before event: Int64) throws -> Instant? {
        try tx.first(
            """
            SELECT at FROM events WHERE subject = 'task' AND subject_id = \(task) AND id < \(event)
                AND changes LIKE '%"field":"status","from":%"to":"completed"%' ORDER BY id DESC LIMIT 1
            """
        ) { try $0.value(0) }
    }

    /// The event that gave the task to the assignee it has; `nil` when there is none.
    package func assignment(of task: ID<TaskItem>) throws -> Int64? {
        // A quotation mark inside of a text has a backslash before it: this stands nowhere but in a changed field.
        try tx.value(
            """
            SELECT max(id) FROM events WHERE subject = 'task' AND subject_id = \(task) AND changes LIKE '%"field":"assignee_id"%'
            """)
    }

    package func count(_ filter: Filter) throws -> Int64 {
        try tx.value("SELECT count(*) FROM events WHERE \(all(of: filter.conditions))")
    }
}
