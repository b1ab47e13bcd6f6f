// What happened: one row of the event log, which is the audit, the history and the change feed at once.

/// Past participles; the raw value is the wire name.
package enum Action: String, CaseIterable, Sendable {
    case taskCreated = "task.created"
    case taskUpdated = "task.updated"
    case taskDeleted = "task.deleted"
    case taskRestored = "task.restored"
    case taskPurged = "task.purged"
    case taskOverdue = "task.overdue"
    case userRegistered = "user.registered"
    case userCreated = "user.created"
    case userUpdated = "user.updated"
    case userDeleted = "user.deleted"
    case passwordChanged = "user.password_changed"
    case passwordReset = "user.password_reset"
    case emailVerified = "user.email_verified"
    case emailChanged = "user.email_changed"
    case emailRestored = "user.email_restored"
    case accessEnded = "user.access_ended"
    case notificationsChanged = "user.notifications_changed"
    case preferencesChanged = "user.preferences_changed"
    case sessionStarted = "session.started"
    case reauthenticated = "session.reauthenticated"
    case sessionEnded = "session.ended"
    case sessionsRevoked = "session.all_ended"
    case refreshReused = "session.refresh_reused"
    case tokenCreated = "token.created"
    case tokenRevoked = "token.revoked"
    case jobCancelled = "job.cancelled"
    case jobRetried = "job.retried"
    case importStarted = "import.started"
    case importUndone = "import.undone"
    case reportRequested = "report.requested"
    case scheduleRun = "schedule.run"
    case webhookCreated = "webhook.created"
    case webhookUpdated = "webhook.updated"
    case webhookRotated = "webhook.secret_rotated"
    case webhookDisabled = "webhook.disabled"
    case webhookDeleted = "webhook.deleted"
    case viewCreated = "view.created"
    case viewUpdated = "view.updated"
    case viewDeleted = "view.deleted"
}

package struct Subject: Equatable, Sendable {
    /// `task`, `user`, `session`, `token`, `job`, `webhook` or `view`.
    package var kind: String
    package var id: Int64

    package init(kind: String, id: Int64) {
        self.kind = kind
        self.id = id
    }

    package static func task(_ id: ID<TaskItem>) -> Self { .init(kind: "task", id: id.value) }
    package static func user(_ id: ID<User>) -> Self { .init(kind: "user", id: id.value) }
    package static func session(_ id: ID<Session>) -> Self { .init(kind: "session", id: id.value) }
    package static func token(_ id: ID<AccessToken>) -> Self { .init(kind: "token", id: id.value) }
    package static func job(_ id: ID<Job>) -> Self { .init(kind: "job", id: id.value) }
    package static func webhook(_ id: ID<Webhook>) -> Self { .init(kind: "webhook", id: id.value) }
    package static func view(_ id: ID<SavedView>) -> Self { .init(kind: "view", id: id.value) }
}

/// What an event is recorded of, and whom it concerns. That is decided with the change: when the event is read, the task may be another's,
/// or gone.
package struct Topic: Sendable {
    package let subject: Subject
    /// Who is shown the event in the change feed; `nil` for what is not in it.
    package let audience: [ID<User>]?

    private init(_ subject: Subject, _ audience: [ID<User>]?) {
        self.subject = subject
        self.audience = audience
    }

    /// - Parameter old: the task before the change; who had it until then must learn of it.
    package static func task(_ task: TaskItem, before old: TaskItem?) -> Self {
        let concerned = [task.ownerID, task.assigneeID, old?.assigneeID].compactMap(\.self)
        return .init(.task(task.id), Set(concerned).sorted())
    }

    package static func user(_ id: ID<User>) -> Self { .init(.user(id), nil) }
    package static func session(_ id: ID<Session>) -> Self { .init(.session(id), nil) }
    package static func token(_ id: ID<AccessToken>) -> Self { .init(.token(id), nil) }
    package static func job(_ id: ID<Job>) -> Self { .init(.job(id), nil) }
    package static func webhook(_ id: ID<Webhook>) -> Self { .init(.webhook(id), nil) }
    package static func view(_ id: ID<SavedView>) -> Self { .init(.view(id), nil) }
}

/// One changed field, old and new, as they are shown.
package struct FieldChange: Equatable, Sendable {
    package enum Value: Equatable, Sendable {
        case null
        case bool(Bool)
        case int(Int64)
        case text(String)
        case texts([String])
    }

    package var field: String
    package var from: Value
    package var to: Value

    package init(_ field: String, from: Value, to: Value) {
        self.field = field
        self.from = from
        self.to = to
    }
}

package struct Event: Sendable {
    /// On SQLite ids appear in the order of the commits; on PostgreSQL one may appear after a higher one.
    package var id: Int64
    package var at: Instant
    package var actorID: ID<User>?
    package var requestID: String
    /// `nil` in what was recorded before it was noted.
    package var source: EventSource?
    package var action: Action
    package var subject: Subject
    package var changes: [FieldChange]

    package init(
        id: Int64, at: Instant, actorID: ID<User>?, requestID: String, source: EventSource?, action: Action, subject: Subject,
        changes: [FieldChange]
    ) {
        self.id = id
        self.at = at
        self.actorID = actorID
        self.requestID = requestID
        self.source = source
        self.action = action
        self.subject = subject
        self.changes = changes
    }
}

extension FieldChange.Value {
    fileprivate static func optional(_ text: String?) -> Self { text.map { .text($0) } ?? .null }
    fileprivate static func optional<Entity>(_ id: ID<Entity>?) -> Self { id.map { .int($0.value) } ?? .null }
    fileprivate static func optional(_ instant: Instant?) -> Self { instant.map { .text($0.description) } ?? .null }
    fileprivate static func optional(_ day: Day?) -> Self { day.map { .text($0.description) } ?? .null }
}

typealias Snapshot = [(field: String, value: FieldChange.Value)]

private func differences(_ old: Snapshot?, _ new: Snapshot) -> [FieldChange] {
    new.enumerated().compactMap { index, entry in
        let before = old?[index].value ?? .null
        return before == entry.value ? nil : .init(entry.field, from: before, to: entry.value)
    }
}

extension TaskItem {
    /// The fields that people set. What is added here must be null, and so not recorded, of tasks that were made before.
    var snapshot: Snapshot {
        [
            ("title", .text(title)), ("description", .optional(description)), ("status", .text(status.word)),
            ("priority", .text(priority.word)), ("owner_id", .int(ownerID.value)), ("assignee_id", .optional(assigneeID)),
            ("labels", .texts(labels)), ("due_at", .optional(dueAt)),
            ("due_on", .optional(dueOn)), ("archived", .bool(archived)),
        ]
    }

    /// What differs from `old` in the fields that people set; without an old task everything that is not null.
    /// Where a new task stands is not news.
    package func differences(from old: TaskItem?) -> [FieldChange] {
        let changes = Model.differences(old?.snapshot, snapshot)
        guard let old, position != old.position else { return changes }
        return changes + [FieldChange("position", from: .int(old.position), to: .int(position))]
    }
}

extension User {
    private var snapshot: Snapshot {
        [
            ("email", .text(email)), ("email_verified", .bool(isEmailVerified)), ("pending_email", .optional(pendingEmail)),
            ("username", .optional(username)), ("name", .optional(name)), ("role", .text(role.rawValue)),
            ("is_active", .bool(isActive)), ("time_zone", .text(timeZone)), ("date_order", .optional(dateOrder?.rawValue)),
        ]
    }

    /// Names and addresses are named as changed but not kept: events outlive the account, and what they say of a person must not.
    package func differences(from old: User?) -> [FieldChange] {
        Model.differences(old?.snapshot, snapshot).map {
            ["email", "pending_email", "username", "name"].contains($0.field) ? FieldChange($0.field, from: .null, to: .null) : $0
        }
    }
}

extension Preferences {
    /// Without the order of dates, which is a field of the account.
    private var snapshot: Snapshot {
        [
            ("theme", .text(theme.rawValue)), ("locale", .optional(locale?.rawValue)), ("first_weekday", .optional(firstWeekday?.rawValue)),
            ("hour_cycle", .optional(hourCycle?.rawValue)), ("single_keys", .bool(singleKeys)), ("hints_seen", .texts(hintsSeen)),
        ]
    }

    package func differences(from old: Preferences) -> [FieldChange] { Model.differences(old.snapshot, snapshot) }
}

extension SavedView {
    private var snapshot: Snapshot {
        [
            ("name", .text(name)), ("layout", .text(layout.rawValue)), ("query", .text(query)), ("pinned", .bool(pinned)),
            ("position", .int(position)),
        ]
    }

    package func differences(from old: SavedView?) -> [FieldChange] { Model.differences(old?.snapshot, snapshot) }
}
