// The first admin of an empty installation, claimed once with a token that only the operator sees.
package import ChangeLedger
package import Credentials
import Crypto
package import Model
import Repositories
package import StoreCore
import Synchronization
import Wire

package final class SetupService: Sendable {
    package static let lifetime: Duration = .seconds(1800)

    private struct Invitation {
        var digest: SHA256Digest
        var expiresAt: Instant
    }

    private let store: any Store
    private let auth: AuthService
    private let clock: WallClock
    private let random: RandomSource
    private let invitation = Mutex<Invitation?>(nil)

    package init(store: any Store, auth: AuthService, clock: WallClock, random: RandomSource) {
        self.store = store
        self.auth = auth
        self.clock = clock
        self.random = random
    }

    package func isNeeded() async throws -> Bool { try await store.read { try !Users($0).hasAdmin() } }

    /// A new token of 256 bits; the one before it is worth nothing from now on.
    package func invite() -> String {
        let token = base64URL(random.bytes(32))
        let expiresAt = clock.now() + Self.lifetime
        invitation.withLock { $0 = Invitation(digest: SHA256.hash(data: Array(token.utf8)), expiresAt: expiresAt) }
        return token
    }

    /// Makes the first admin. Of many who try at once, one succeeds.
    package func claim(_ token: String, _ registration: Registration, from origin: Origin) async throws -> Change<SessionGrant> {
        let digest = SHA256.hash(data: Array(token.utf8))
        let isValid = invitation.withLock { invitation in
            invitation.map { $0.digest == digest && $0.expiresAt > clock.now() } ?? false
        }
        // Asked after the look at the token: the one who was faster takes the token away only when the admin is there.
        guard isValid else { throw try await isNeeded() ? Failure.unauthenticated(.setupToken) : .conflict(.alreadySetUp) }
        var registration = registration
        registration.user.role = .admin
        let hash = try await auth.hash(registration)
        let user = registration.user
        return Change(by: .visitor(origin)) { [auth] entry in
            try Users(entry.tx).lockAdmins()
            guard try !Users(entry.tx).hasAdmin() else { throw Failure.conflict(.alreadySetUp) }
            let admin = try Users(entry.tx).insert(user, passwordHash: hash, at: entry.now)
            _ = try Users(entry.tx).noteLogin(admin.id)
            try entry.record(.userCreated, .user(admin.id), admin.differences(from: nil))
            entry.afterCommit { self.invitation.withLock { $0 = nil } }
            return try auth.issuer.start(for: admin, origin: origin, entry)
        }
    }
}
