// Who asks, and from where.

/// Where a request came from; goes into the event log and the session list.
package struct Origin: Sendable {
    package var requestID: String
    package var address: String?
    package var userAgent: String?
    /// Of an earlier log-in with the same device, if the browser shows one that was made here.
    package var device: DeviceMark?

    package init(requestID: String, address: String? = nil, userAgent: String? = nil, device: DeviceMark? = nil) {
        self.requestID = requestID
        self.address = address
        self.userAgent = userAgent
        self.device = device
    }
}

/// An authenticated caller. Role and scopes come from the store, never from the token.
package struct Actor: Sendable {
    package enum Credential: Hashable, Sendable {
        case session(ID<Session>)
        case token(ID<AccessToken>)
    }

    package var userID: ID<User>
    package var role: Role
    package var credential: Credential
    /// `nil` for a session: everything the role allows.
    package var scopes: Set<Scope>?
    /// When the access token ends; `nil` for a personal one, which the store is asked about.
    package var expiresAt: Instant?
    package var origin: Origin
    /// What the caller does is only for a session whose password was entered lately. The store is asked in the transaction of the change.
    package private(set) var needsRecentPassword = false

    package init(
        userID: ID<User>, role: Role, credential: Credential, scopes: Set<Scope>? = nil, expiresAt: Instant? = nil, origin: Origin
    ) {
        self.userID = userID
        self.role = role
        self.credential = credential
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.origin = origin
    }

    /// The same caller in something that needs a recently entered password.
    package var requiringRecentPassword: Actor {
        var actor = self
        actor.needsRecentPassword = true
        return actor
    }

    package var isAdmin: Bool { role == .admin && (scopes?.contains(.admin) ?? true) }

    package var sessionID: ID<Session>? {
        if case .session(let id) = credential { id } else { nil }
    }
}

/// By which way a change came. The raw value is the wire name.
package enum EventSource: String, CaseIterable, Sendable {
    case api
    case commandLine = "command-line"
    case job
    /// The server itself, at its start.
    case server
}

/// Whose hand an event is signed with.
package enum Author: Sendable {
    case user(Actor)
    /// Somebody not (yet) logged in.
    case visitor(Origin)
    /// The command line or the server itself, and for which of its tasks.
    case system(EventSource, String)
    /// A job, in the name of who asked for it.
    case job(ID<Job>, for: ID<User>?)

    package var userID: ID<User>? {
        switch self {
        case .user(let actor): actor.userID
        case .job(_, let owner): owner
        case .visitor, .system: nil
        }
    }

    package var source: EventSource {
        switch self {
        case .user, .visitor: .api
        case .system(let source, _): source
        case .job: .job
        }
    }

    package var requestID: String {
        switch self {
        case .user(let actor): actor.origin.requestID
        case .visitor(let origin): origin.requestID
        case .system(_, let name): name
        case .job(let id, _): "job-\(id)"
        }
    }
}
