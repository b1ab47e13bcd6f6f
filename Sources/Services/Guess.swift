// What a guess at an account is counted under: a password, or whether there is such an account at all.
package import Model
import Repositories
import StoreCore

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

extension AuthService {
    package func guess(at identifier: Identifier, from origin: Origin) async throws -> Guess {
        let found = try await store.read { tx in
            switch identifier {
            case .email(let email): try Users(tx).known(email: email)
            case .username(let username): try Users(tx).known(username: username)
            }
        }
        guard let found else { return .stranger(identifier.key) }
        guard let device = origin.device, device.userID == found.id, device.epoch == found.deviceEpoch else {
            return .stranger("account \(found.id)")
        }
        return .known(found.id, "device \(device.device)")
    }
}
