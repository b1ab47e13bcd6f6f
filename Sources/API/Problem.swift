// What went wrong, as RFC 9457 tells it: the one place where failures become statuses and words.
import BoundedText
package import Model
import Payloads
import StoreCore
package import Wire

package struct Problem: Sendable {
    /// `type` is made of it.
    package var code: Code
    package var detail: String
    package var errors: [Fault]
    /// What the thing is now, in the place of the version that the caller expected.
    private var current: TaskItem?
    /// Why the server is not ready.
    var cause: Unreadiness?
    package var headers: [Answer.Header]

    package static let mediaType = "application/problem+json"

    package init(_ code: Code, _ detail: String, errors: [Fault] = [], headers: [Answer.Header] = []) {
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }

    package var status: Int { code.status }

    static let code = Shape<Code>.word(Code.allCases.map { ($0.rawValue, $0) })

    package static let schema = OutputSchema<(Problem, instance: String)>("Problem", uses: [fault, TaskPayload.task]) {
        field("type", .text(1...200), "A URI that names the kind of problem.", example: "urn:taskflow:problem:not_found") {
            "urn:taskflow:problem:\($0.0.code.rawValue)"
        }
        field("title", .text(1...200), "The name of the problem.", example: "Not found") { $0.0.code.title }
        field("status", .integer(400...599), "The HTTP status.", example: 404) { Int64($0.0.status) }
        field("detail", .text(0...2000), "A description of this case.", example: "There is no such task.") { $0.0.detail }
        field("instance", .text(1...64), "The request id; quote it when you report a problem.", example: "4f1c9b2a77d04a1e") { $0.instance }
        field("code", code, "A stable code for programs; the introduction explains each code.", example: "not_found") { $0.0.code }
        sometimes("errors", .list(fault.shape, 1...1000), "All faults of the request.") {
            $0.0.errors.isEmpty ? nil : $0.0.errors
        }
        sometimes(
            "current", TaskPayload.task.shape,
            "With version_mismatch of a task: the current task; send its version as If-Match."
        ) { $0.0.current }
        sometimes(
            "cause", .word(Unreadiness.allCases.map { ($0.rawValue, $0) }), "With not_ready: what keeps the server from taking requests."
        ) { $0.0.cause }
    }

    private static let fault = OutputSchema<Fault>("Fault") {
        field(
            "pointer", .text(0...2000),
            "A JSON Pointer into the body, or query:name, path:name, header:name.", example: "/title"
        ) { $0.pointer }
        field("detail", .text(1...2000), "The fault.", example: "must have 1 to 255 characters, has 0") { $0.detail }
    }

    static let components = schema.components + [(schema.name, schema.document)]

    package func answer(instance: String) -> Answer {
        var writer = JSONWriter()
        Self.schema.write((self, instance), &writer)
        return Answer(status: status, headers: headers + [.init("Content-Type", Self.mediaType)], body: writer.bytes)
    }

    static func headerNames(of status: Int) -> [String] {
        switch status {
        case 401: ["WWW-Authenticate"]
        case 429: ["Retry-After"] + RateLimiter.headerNames
        case 503: ["Retry-After"]
        default: []
        }
    }

    static func description(of status: Int) -> String {
        switch status {
        case 400: "The request is malformed; `errors` lists every fault."
        case 401: "No credentials, or credentials that are not valid now."
        case 403: "The caller may not do this."
        case 404: "The object does not exist, or the caller may not see it."
        case 409: "The request conflicts with the current state."
        case 412: "The object was changed since the version in If-Match."
        case 413: "The body is too large."
        case 415: "The operation does not accept the media type of the body."
        case 422: "The Idempotency-Key was used for another request."
        case 429: "Too many requests; try again after Retry-After seconds."
        default: "The server cannot do this now; try again after Retry-After seconds."
        }
    }
}

// MARK: Failures

extension Problem {
    /// Every failure of a use case as a problem.
    package init(_ failure: Failure) {
        switch failure {
        case .invalid(let violations):
            self = .invalid(violations.map { Fault($0.field.contains(":") ? $0.field : "/\($0.field)", $0.detail) })
        case .unauthenticated(let rejection): self.init(rejection)
        case .forbidden(let refusal): self.init(refusal)
        case .notFound(let thing): self.init(.notFound, "There is no such \(thing.rawValue).")
        case .conflict(let clash): self.init(clash)
        case .batch(let faults):
            let errors = faults.map { fault in
                let detail = Problem(fault.failure).detail
                return fault.index.map { Fault("/ids/\($0)", detail) } ?? Fault("/filter", "finds the task \(fault.id). \(detail)")
            }
            self.init(
                .batchAborted, "\(faults.count) of the tasks failed, so nothing was changed.", errors: errors)
        case .quota(let quota, let limit):
            let (what, remedy) = quota.words
            self.init(
                .quotaExceeded,
                "The quota “\(quota.rawValue)” is exceeded: a user may have at most \(limit) \(what). \(remedy)")
        case .unfinished(let done, let count):
            self.init(
                .batchUnfinished,
                "The first \(done) of \(count) tasks were processed, and the server cannot process the others now. Send the request again: with the "
                    + "same Idempotency-Key it continues where it stopped.",
                headers: [.init("Retry-After", "1")])
        case .otherCount(let found, let expected):
            self.init(
                .otherCount,
                "The filter finds \(found) tasks now, but you expected \(expected): check the tasks again. Nothing was changed.")
        case .stale(let version, let task):
            let remedy = task == nil ? "read it again, then decide" : "look at current, then decide"
            self.init(.versionMismatch, "The current version is \(version): \(remedy).")
            current = task
        case .idempotencyMismatch:
            self.init(
                .idempotencyKeyReused, "This Idempotency-Key was used for a request with different content.")
        case .limited(let seconds):
            self.init(
                .rateLimited, "Try again in \(seconds) seconds.",
                headers: [.init("Retry-After", "\(seconds)")])
        case .unavailable(let seconds): self = .unavailable(retryAfter: seconds)
        }
    }

    /// More faults than this help nobody.
    private static let faultLimit = 100

    static func invalid(_ all: [Fault]) -> Problem {
        let faults = all.prefix(faultLimit).map { Fault($0.pointer.cut(toBytes: 400), $0.detail.cut(toBytes: 1000)) }
        let detail = faults.map { $0.pointer.isEmpty ? $0.detail : "\($0.pointer) \($0.detail)" }.prefix(5).joined(separator: "; ")
        return Problem(.invalidRequest, detail, errors: faults)
    }

    static func unavailable(retryAfter seconds: Int64) -> Problem {
        Problem(
            .unavailable, "The server cannot do this now. Nothing was changed.",
            headers: [.init("Retry-After", "\(seconds)")])
    }

    private init(_ rejection: Failure.Rejection) {
        let (code, detail): (Code, String) =
            switch rejection {
            case .missing: (.unauthenticated, "Send “Authorization: Bearer <token>”.")
            case .invalid: (.invalidToken, "This server did not issue the token.")
            case .expired: (.tokenExpired, "The token has expired: refresh it.")
            case .revoked: (.tokenRevoked, "The token is no longer valid: log in again.")
            case .credentials: (.invalidCredentials, "The account or the password is wrong.")
            case .refreshTokenInvalid: (.invalidRefreshToken, "The refresh token is unknown or has expired: log in again.")
            case .refreshTokenReused: (.refreshTokenReused, "The refresh token was used before. The session has ended: log in again.")
            case .setupToken: (.invalidSetupToken, "The set-up token is wrong or has expired: restart the server for a new one.")
            }
        let challenge =
            switch rejection {
            case .invalid, .expired, .revoked: #"Bearer realm="taskflow", error="invalid_token""#
            default: #"Bearer realm="taskflow""#
            }
        self.init(code, detail, headers: [.init("WWW-Authenticate", challenge)])
    }

    private init(_ refusal: Failure.Refusal) {
        let (code, detail): (Code, String) =
            switch refusal {
            case .notYours: (.forbidden, "Only the owner or an admin may do this.")
            case .adminOnly: (.adminOnly, "Only an admin may do this.")
            case .scope: (.insufficientScope, "The scopes of the token do not allow this.")
            case .sessionOnly: (.sessionOnly, "A personal access token may not do this: log in.")
            case .inactiveAccount: (.accountInactive, "The account is deactivated.")
            case .adminOnlyFields: (.adminOnly, "Only an admin may change role and is_active.")
            case .reauthenticationRequired:
                (
                    .reauthenticationRequired,
                    "Your password was not entered in this session recently. Send it to POST /api/v1/auth/reauthenticate, then repeat the request."
                )
            case .crossSite: (.crossSite, "The server does not accept the cookie from a page of another site.")
            }
        self.init(code, detail)
    }

    private init(_ clash: Failure.Clash) {
        switch clash {
        case .emailTaken: self.init(.emailTaken, "There is an account with this e-mail address.")
        case .emailTakenMeanwhile:
            self.init(
                .emailTaken,
                "Another account has taken this e-mail address meanwhile, so your address was not changed. Ask the administrator if you need it."
            )
        case .usernameTaken: self.init(.usernameTaken, "There is an account with this username.")
        case .lastAdmin: self.init(.lastAdmin, "The last active admin cannot be removed, demoted or deactivated.")
        case .alreadySetUp: self.init(.alreadySetUp, "There is an admin already: log in.")
        case .labelExists:
            self.init(
                .labelExists,
                "Another label of your tasks has this name. To merge this label into it, use POST /api/v1/labels/{name}/merge.")
        case .jobEnded: self.init(.jobEnded, "The job has ended, so it cannot be cancelled.")
        case .jobNotEnded:
            self.init(
                .jobNotEnded, "You can retry only a failed or cancelled job that no other job has replaced.")
        case .importNotEnded: self.init(.importNotEnded, "The import has not ended: cancel its job or wait for it.")
        case .importUndone: self.init(.importUndone, "The import was undone before.")
        case .importInProgress: self.init(.importInProgress, "This file is being imported already: see your jobs.")
        case .tooManyImports:
            self.init(
                .tooManyImports,
                "A user may have at most \(TaskImport.unfinishedLimit) unfinished imports: wait for one of them, or cancel its job.")
        case .idempotencyInProgress:
            self.init(
                .idempotencyInProgress, "The first request with this Idempotency-Key is still running.",
                headers: [.init("Retry-After", "1")])
        }
    }

    /// The problem of any error, and what the log should know that the client should not.
    package static func of(_ error: any Error) -> (problem: Problem, cause: String?) {
        switch error {
        case let failure as Failure: (Problem(failure), nil)
        case let faults as Faults: (.invalid(faults.all), nil)
        case let problem as RefusedRequest: (problem.problem, nil)
        case let error as StoreError: (of(error), "\(error)")
        default:
            (Problem(.internalError, "The server has an internal error."), "\(error)")
        }
    }

    private static func of(_ error: StoreError) -> Problem {
        switch error {
        case .busy: .unavailable(retryAfter: 1)
        case .full, .unavailable: .unavailable(retryAfter: 10)
        case .undecided:
            Problem(
                .undecided,
                "The connection to the database broke while the change was being saved. The change was made completely or not at all. Send it again "
                    + "with the same Idempotency-Key, or check before you send it again.",
                headers: [.init("Retry-After", "1")])
        case .duplicate, .constraint, .corrupt, .newerSchema, .unfinishedTransfer, .statement:
            Problem(.internalError, "The server has an internal error.")
        }
    }
}

/// A request refused by the edge, before any endpoint: body too large, wrong media type, wrong method.
struct RefusedRequest: Error {
    let problem: Problem

    static let cutOff = RefusedRequest(
        problem: Problem(.malformedRequest, "The body is incomplete."))

    static func tooLarge(_ limit: Int) -> Self {
        Self(problem: Problem(.bodyTooLarge, "The limit is \(limit) bytes."))
    }
}

extension Quota {
    /// What it counts, and what makes room.
    package var words: (what: String, remedy: String) {
        switch self {
        case .tasks: ("tasks", "Delete tasks that you do not need. A deleted task counts until it leaves the trash after 30 days.")
        case .text:
            (
                "bytes of titles, descriptions and labels",
                "Delete tasks or shorten them. A deleted task counts until it leaves the trash after 30 days."
            )
        case .labels: ("different labels", "Use existing labels, or remove some from your tasks.")
        case .changes: ("bytes of text written into existing tasks in a day", "Wait until tomorrow.")
        case .files: ("bytes of files", "Wait until imports have ended, or until older results have expired after 7 days.")
        case .answers:
            (
                "bytes of answers stored for Idempotency-Key",
                "Send the request without the header, or wait: answers are stored for 24 hours."
            )
        case .tokens: ("personal access tokens", "Revoke a token that you do not need.")
        case .sessions: ("sessions", "End one of them.")
        case .webhooks: ("webhooks", "Delete a webhook that you do not need.")
        case .views: ("saved views", "Delete a view that you do not need.")
        case .jobs: ("waiting jobs", "Wait until some of them have run, or cancel them.")
        case .exports: ("exports at a time", "Wait until one of them has ended.")
        }
    }
}
