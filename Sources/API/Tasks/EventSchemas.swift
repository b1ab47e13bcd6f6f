// How events look on the wire: the history of a task, the audit.
import Model
import Payloads
import Repositories
import Wire

enum EventSchemas {
    /// No `type`: generators bear any value, but no choice of types.
    static let page = EventPayload.event.page("EventPage")

    struct AuditQuery: Sendable {
        var filter: Events.Filter
        var page: PageRequest
    }

    static let auditQuery = InputSchema<AuditQuery>("AuditQuery", AuditQuery.init) {
        filter("actor_id", .id(User.self))
        filter("source", EventPayload.source)
        filter("action", EventPayload.action)
        filter("subject", .word(["task", "user", "session", "token", "job", "webhook", "view"].map { ($0, $0) }), "The kind of object.")
        filter("subject_id", .integer(1...Int64.max))
        filter("after", .instant)
        filter("before", .instant)
        PageFields.limit
        PageFields.cursor
        PageFields.count
        PageFields.page
        PageFields.perPage
    }
}

extension EventSchemas.AuditQuery {
    @Sendable
    fileprivate init(
        actorID: ID<User>?, source: EventSource?, action: Action?, subject: String?, subjectID: Int64?, after: Instant?, before: Instant?,
        limit: Int64?,
        cursor: Cursor?, count: Bool?, page: Int64?, perPage: Int64?
    ) throws {
        var filter = Events.Filter()
        filter.actorID = actorID
        filter.source = source
        filter.action = action
        filter.subjectKind = subject
        filter.subjectID = subjectID
        filter.after = after
        filter.before = before
        self.init(
            filter: filter, page: try PageRequest(limit: limit, cursor: cursor, count: count, page: page, perPage: perPage))
    }
}
