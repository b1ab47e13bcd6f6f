// One request on its way through the pipeline, as endpoints see it.
package import ChangeLedger
package import Credentials
import HTTPTypes
package import Model
package import Wire

/// Somebody who sent a request, authenticated or not.
package struct Visitor: Sendable {
    package var origin: Origin
    /// The text after `Bearer`, if any.
    package var bearer: String?
    /// The refresh token of the cookie, if any.
    package var cookieToken: String?
    /// The request came over TLS, as far as the server or a trusted proxy knows.
    package var isSecure: Bool
    /// The browser, if it is one, says that the request was made by a page of this site or of an allowed origin.
    package var isSameSite: Bool
    /// A browser sent it: programs do not say from which site they come, and scripts cannot.
    package var isBrowser: Bool
}

package struct Exchange: Sendable {
    package var visitor: Visitor
    package var actor: Actor?
    package var input: RequestInput
    /// Path and query as they came, for links.
    package var target: String
    package var idempotencyKey: IdempotencyKey?
    package var ledger: Ledger
    /// The file of the request, where the endpoint takes one.
    package var content: FileContent?
    /// For answers that are too long to be made on an event loop.
    package var threads: PatientThreads
}

package enum Requirement: Sendable {
    case nobody
    /// Anybody; the refresh token may be in the cookie.
    case cookieHolder
    /// Anybody; the endpoint itself looks at the credentials that may come along, the cookie among them.
    case voluntary
    /// Any session or personal access token.
    case anyCredential
    /// A session: personal access tokens cannot manage accounts and credentials.
    case session
    /// A session whose password was entered lately.
    case recentSession
    case scope(Scope)
    /// An admin, by session or by a token with the scope `admin`.
    case admin
    /// An admin by a session whose password was entered lately.
    case recentAdmin

    /// Whether nobody gets in without a bearer token.
    var needsCredential: Bool {
        switch self {
        case .nobody, .cookieHolder, .voluntary: false
        case .anyCredential, .session, .recentSession, .scope, .admin, .recentAdmin: true
        }
    }

    var needsRecentPassword: Bool {
        switch self {
        case .recentSession, .recentAdmin: true
        case .nobody, .cookieHolder, .voluntary, .anyCredential, .session, .scope, .admin: false
        }
    }

    /// Whether the cookie counts. Then no page of another site may send it, and it is part of what names the caller.
    var takesCookie: Bool {
        switch self {
        case .cookieHolder, .voluntary: true
        case .nobody, .anyCredential, .session, .recentSession, .scope, .admin, .recentAdmin: false
        }
    }
}

/// Who may call an endpoint, and what its closure gets to know of them.
package struct Access<Call: Sendable>: Sendable {
    let requirement: Requirement
    let call: @Sendable (Exchange) throws -> Call
}

extension Access where Call == Visitor {
    package static var anyone: Self { .init(requirement: .nobody) { $0.visitor } }
    package static var cookieHolder: Self { .init(requirement: .cookieHolder) { $0.visitor } }
    package static var leaver: Self { .init(requirement: .voluntary) { $0.visitor } }
}

extension Access where Call == Actor {
    private static func authenticated(_ requirement: Requirement) -> Self {
        .init(requirement: requirement) { exchange in
            guard let actor = exchange.actor else { throw Failure.unauthenticated(.missing) }
            return requirement.needsRecentPassword ? actor.requiringRecentPassword : actor
        }
    }

    package static var anyCredential: Self { authenticated(.anyCredential) }
    package static var session: Self { authenticated(.session) }
    package static var recentSession: Self { authenticated(.recentSession) }
    package static var tasksRead: Self { authenticated(.scope(.tasksRead)) }
    package static var tasksWrite: Self { authenticated(.scope(.tasksWrite)) }
    package static var admin: Self { authenticated(.admin) }
    package static var recentAdmin: Self { authenticated(.recentAdmin) }
}

extension Requirement {
    /// - Throws: `Failure.forbidden` for a cookie that a page of another site sent.
    func check(_ visitor: Visitor) throws(Failure) {
        if takesCookie, visitor.cookieToken != nil, !visitor.isSameSite { throw .forbidden(.crossSite) }
    }

    /// - Throws: `Failure.forbidden`.
    func check(_ actor: Actor) throws(Failure) {
        switch self {
        case .nobody, .cookieHolder, .voluntary, .anyCredential: return
        case .session, .recentSession: if actor.scopes != nil { throw .forbidden(.sessionOnly) }
        case .scope(let scope):
            // What may write may read what it writes; an admin token does both.
            let wider: Set<Scope> = scope == .tasksRead ? [.tasksRead, .tasksWrite, .admin] : [scope, .admin]
            if let scopes = actor.scopes, scopes.isDisjoint(with: wider) { throw .forbidden(.scope) }
        case .admin:
            guard actor.role == .admin else { throw .forbidden(.adminOnly) }
            guard actor.isAdmin else { throw .forbidden(.scope) }
        case .recentAdmin:
            guard actor.role == .admin else { throw .forbidden(.adminOnly) }
            guard actor.scopes == nil else { throw .forbidden(.sessionOnly) }
        }
    }
}
