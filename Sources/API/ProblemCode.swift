// The stable words of problems: the one place that says which there are, the status of each, and what it means.
import Services

extension Problem {
    /// A stable word for programs. What it is called and its status never change.
    package enum Code: String, CaseIterable, Sendable {
        case invalidRequest = "invalid_request"
        case malformedRequest = "malformed_request"
        case unauthenticated
        case invalidToken = "invalid_token"
        case tokenExpired = "token_expired"
        case tokenRevoked = "token_revoked"
        case invalidCredentials = "invalid_credentials"
        case invalidRefreshToken = "invalid_refresh_token"
        case refreshTokenReused = "refresh_token_reused"
        case invalidSetupToken = "invalid_setup_token"
        case forbidden
        case adminOnly = "admin_only"
        case insufficientScope = "insufficient_scope"
        case sessionOnly = "session_only"
        case accountInactive = "account_inactive"
        case reauthenticationRequired = "reauthentication_required"
        case crossSite = "cross_site"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case batchAborted = "batch_aborted"
        case otherCount = "other_count"
        case quotaExceeded = "quota_exceeded"
        case emailTaken = "email_taken"
        case usernameTaken = "username_taken"
        case lastAdmin = "last_admin"
        case alreadySetUp = "already_set_up"
        case labelExists = "label_exists"
        case jobEnded = "job_ended"
        case jobNotEnded = "job_not_ended"
        case importNotEnded = "import_not_ended"
        case importUndone = "import_undone"
        case tooManyImports = "too_many_imports"
        case importInProgress = "import_in_progress"
        case idempotencyInProgress = "idempotency_in_progress"
        case versionMismatch = "version_mismatch"
        case bodyTooLarge = "body_too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case expectationFailed = "expectation_failed"
        case idempotencyKeyReused = "idempotency_key_reused"
        case rateLimited = "rate_limited"
        case internalError = "internal_error"
        case unavailable
        case batchUnfinished = "batch_unfinished"
        case undecided
        case notReady = "not_ready"

        package var status: Int { facts.status }
        /// The kind of problem in words.
        package var title: String { facts.title }
        /// What it means, for the API document.
        package var meaning: String { facts.meaning }

        private var facts: (status: Int, title: String, meaning: String) {
            switch self {
            case .invalidRequest: (400, "Invalid request", "The request has faults; `errors` lists each of them.")
            case .malformedRequest: (400, "Malformed request", "The request violates HTTP/1.1, or the server's stricter rules.")
            case .unauthenticated: (401, "Unauthenticated", "No token was sent.")
            case .invalidToken: (401, "Unauthenticated", "This server did not issue the token.")
            case .tokenExpired: (401, "Unauthenticated", "The access token has expired: refresh it.")
            case .tokenRevoked: (401, "Unauthenticated", "The token was revoked, or its session has ended: log in again.")
            case .invalidCredentials: (401, "Unauthenticated", "The account or the password is wrong.")
            case .invalidRefreshToken: (401, "Unauthenticated", "The refresh token is unknown or has expired: log in again.")
            case .refreshTokenReused: (401, "Unauthenticated", "The refresh token was used before, so the session has ended.")
            case .invalidSetupToken: (401, "Unauthenticated", "The set-up token is wrong or has expired.")
            case .forbidden: (403, "Forbidden", "Only the owner or an admin may do this.")
            case .adminOnly: (403, "Forbidden", "Only an admin may do this, or change this field.")
            case .insufficientScope: (403, "Forbidden", "The scopes of the personal access token do not cover this.")
            case .sessionOnly: (403, "Forbidden", "A personal access token may not do this: log in.")
            case .accountInactive: (403, "Forbidden", "The account is deactivated.")
            case .reauthenticationRequired:
                (403, "Forbidden", "The password was not entered in this session recently: POST /api/v1/auth/reauthenticate.")
            case .crossSite: (403, "Forbidden", "The request came from a page of another site.")
            case .notFound: (404, "Not found", "The object does not exist, or the caller may not see it.")
            case .methodNotAllowed:
                (405, "Method not allowed", "The path does not support this method; `Allow` lists the supported methods.")
            case .batchAborted: (409, "Batch aborted", "An atomic batch failed, and nothing was changed; `errors` names the tasks.")
            case .otherCount:
                (409, "Conflict", "The filter of a batch finds another number of tasks than expected, and nothing was changed.")
            case .quotaExceeded: (409, "Quota exceeded", "A quota of the user is used up.")
            case .emailTaken: (409, "Conflict", "Another account has this e-mail address.")
            case .usernameTaken: (409, "Conflict", "Another account has this username.")
            case .lastAdmin: (409, "Conflict", "The last active admin must stay an active admin.")
            case .alreadySetUp: (409, "Conflict", "There is an admin already.")
            case .labelExists: (409, "Conflict", "Another label has this name: merge the two.")
            case .jobEnded: (409, "Conflict", "The job has ended, so it cannot be cancelled.")
            case .jobNotEnded: (409, "Conflict", "The job has not ended, or another job has replaced it, so it cannot be retried.")
            case .importNotEnded: (409, "Conflict", "The import has not ended, so it cannot be undone yet.")
            case .importUndone: (409, "Conflict", "The import was undone before.")
            case .tooManyImports: (409, "Conflict", "The user has too many unfinished imports.")
            case .importInProgress: (409, "Conflict", "The same file is being imported already.")
            case .idempotencyInProgress: (409, "Conflict", "The first request with this Idempotency-Key is still running.")
            case .versionMismatch: (412, "Version mismatch", "The object was changed since the version in If-Match: read it again.")
            case .bodyTooLarge: (413, "Body too large", "The body is too large; `detail` states the limit.")
            case .unsupportedMediaType: (415, "Unsupported media type", "The operation does not accept the media type of the body.")
            case .expectationFailed: (417, "Expectation failed", "The server supports only the expectation 100-continue.")
            case .idempotencyKeyReused:
                (422, "Idempotency key reused", "The Idempotency-Key was used for a request with different content.")
            case .rateLimited: (429, "Too many requests", "A rate limit was reached: wait for the seconds in `Retry-After`.")
            case .internalError: (500, "Internal error", "The server has an internal error. The log describes it under the request id.")
            case .unavailable: (503, "Unavailable", "The server cannot do this now. Nothing was changed.")
            case .batchUnfinished: (503, "Unavailable", "Only a part of the tasks was changed: send the request again.")
            case .undecided:
                (503, "Unavailable", "The change was made completely or not at all: send it again with the same Idempotency-Key, or check.")
            case .notReady: (503, "Not ready", "The server is not ready for requests; `detail` states the reason.")
            }
        }
    }
}
