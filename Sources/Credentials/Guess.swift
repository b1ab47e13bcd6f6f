// What a guess at an account is counted under: a password, or whether there is such an account at all.
package import Model

/// Guesses of strangers at an account count together, from wherever they come and however they name it. Whoever has shown the password before
/// has a count of his own, so that strangers cannot keep him out.
package enum Guess: Hashable, Sendable {
    /// At an account, or at a name that no account has.
    case stranger(String)
    /// At an account, by a session of it or by a device that was logged in to it.
    case known(ID<User>, String)

    package var isKnown: Bool { if case .known = self { true } else { false } }

    /// By somebody who is logged in, at his own account.
    package init(by actor: Actor) {
        self = .known(actor.userID, actor.sessionID.map { "session \($0)" } ?? "no session")
    }
}
