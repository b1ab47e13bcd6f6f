// Every way in which a use case can fail for a reason that its caller should know. One switch turns it into an answer.

package indirect enum Failure: Error, Equatable, Sendable {
    package enum Thing: String, Sendable {
        case task, user, session, token, job, schedule, webhook, delivery, file, label
        /// Its name is its job's.
        case `import`
        case taskLog = "task log"
    }

    package enum Refusal: Sendable {
        /// The thing is somebody else's.
        case notYours
        case adminOnly
        /// The token's scopes do not cover the operation.
        case scope
        /// Only a session may do this, not a personal access token.
        case sessionOnly
        case inactiveAccount
        /// Only an admin changes these fields.
        case adminOnlyFields
        /// A cookie came with a request of another site.
        case crossSite
        /// The password was not entered in this session for too long.
        case reauthenticationRequired
    }

    package enum Rejection: Sendable {
        case missing, invalid, expired, revoked
        /// Unknown account or wrong password: never say which.
        case credentials
        case refreshTokenInvalid, refreshTokenReused
        case setupToken
    }

    package enum Clash: Sendable {
        case emailTaken, emailTakenMeanwhile, usernameTaken, lastAdmin, alreadySetUp, idempotencyInProgress
        case importNotEnded, importUndone, tooManyImports
        /// A label is renamed to another one of the user's tasks.
        case labelExists
        /// The same file of the same user is being imported.
        case importInProgress
        /// The job has ended, so that nothing is left to cancel; or has not, so that nothing is to be tried again.
        case jobEnded, jobNotEnded
    }

    /// A field that is well formed but not acceptable; `field` is its wire name.
    package struct Violation: Equatable, Sendable {
        package var field: String
        package var detail: String

        package init(_ field: String, _ detail: String) {
            self.field = field
            self.detail = detail
        }
    }

    /// The item of a batch at `index`, and why it failed.
    package struct BatchFault: Equatable, Sendable {
        package var index: Int
        package var failure: Failure

        package init(index: Int, failure: Failure) {
            self.index = index
            self.failure = failure
        }
    }

    case invalid([Violation])
    case unauthenticated(Rejection)
    case forbidden(Refusal)
    case notFound(Thing)
    case conflict(Clash)
    /// An atomic batch of which some items failed: nothing was done.
    case batch([BatchFault])
    /// A change in steps broke off after so many of its items; what was done is kept.
    case unfinished(done: Int, of: Int)
    /// The user has as much as one may have.
    case quota(Quota, limit: Int64)
    /// The version asked for is not the current one.
    case stale(current: Int64)
    /// The idempotency key was used for another request.
    case idempotencyMismatch
    /// A limit was reached; try again after so many seconds.
    case limited(retryAfter: Int64)
    /// The server cannot do it now; try again after so many seconds.
    case unavailable(retryAfter: Int64)
}
