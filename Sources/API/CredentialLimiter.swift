// The limits on guessing: at passwords, and at which names and addresses have an account.
import Credentials
import Model

struct CredentialLimiter: Sendable {
    /// All sessions and known devices of an account together may guess so many times as often as one of them.
    private static let knownTogether: Int64 = 4

    let limiter: RateLimiter
    let limit: RateLimit?

    /// Counts a guess at an account.
    /// - Throws: `Failure.limited`.
    func take(_ guess: Guess) throws(Failure) {
        guard let limit else { return }
        switch guess {
        case .stranger(let name): try take(limit, .account(name))
        case .known(let account, let place):
            try take(limit, .account("account \(account) \(place)"))
            let together = RateLimit("\(limit.name) of known devices", count: limit.count * Self.knownTogether, seconds: limit.seconds)
            try take(together, .account("account \(account)"))
        }
    }

    /// Counts a guess against the address that makes it, where the pipeline has not done so.
    /// - Throws: `Failure.limited`.
    func take(from origin: Origin) throws(Failure) {
        if let limit { try take(limit, origin.rateSubject) }
    }

    /// Counts a look at whether a name or an address is taken, by somebody who is logged in.
    /// - Throws: `Failure.limited`.
    func takeName(by actor: Actor) throws(Failure) {
        // Admins see all accounts.
        guard let limit, !actor.isAdmin else { return }
        try take(limit, .user(actor.userID))
        try take(from: actor.origin)
    }

    private func take(_ limit: RateLimit, _ subject: RateSubject) throws(Failure) { try limiter.take(limit, subject).require() }
}

extension Origin {
    /// What requests from this address are counted under.
    var rateSubject: RateSubject { .address(address.flatMap(IPAddress.init)) }
}
