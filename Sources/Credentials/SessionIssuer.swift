// Starts and continues sessions: the chain of refresh tokens and the access tokens that go with it.
package import ChangeLedger
import Crypto
import Foundation
package import Model
import Repositories
import Wire

/// What a caller gets to hold.
package struct SessionGrant: Sendable {
    package var user: User
    package var session: ID<Session>
    package var accessToken: String
    package var refreshToken: String
    /// Seconds until the refresh token ends.
    package var refreshSeconds: Int64
    /// For the browser to show when it logs in again; `nil` when nobody has logged in.
    package var device: String?
}

package struct SessionIssuer: Sendable {
    package let signer: AccessTokenSigner
    private let devices: KnownDevices
    private let random: RandomSource

    package init(signer: AccessTokenSigner, devices: KnownDevices, random: RandomSource) {
        self.signer = signer
        self.devices = devices
        self.random = random
    }

    package func start(for user: User, origin: Origin, _ entry: Entry) throws -> SessionGrant {
        let sessions = Sessions(entry.tx)
        let session = try sessions.insert(user: user.id, chainKey: random.bytes(32), origin: origin, at: entry.now)
        try entry.record(.sessionStarted, .session(session.id), [.init("user_id", from: .null, to: .int(user.id.value))])
        var grant = try self.grant(user, session, token: base64URL(random.bytes(32)), generation: 1, entry)
        let epoch = try Users(entry.tx).deviceEpoch(of: user.id)
        grant.device = devices.text(of: devices.mark(of: user.id, epoch: epoch, before: origin.device, at: entry.now))
        return grant
    }

    /// Rotates a refresh token (RFC 9700, 4.14.2). The token before the newest may be used again for a short while and gives the same
    /// successor: tabs that race and clients that lost an answer stay logged in. Any older one is theft and ends the session.
    package func rotate(_ token: String, _ entry: Entry, revoked: (ID<User>) throws -> Void) throws -> SessionGrant {
        let sessions = Sessions(entry.tx)
        let hash = secretHash(token)
        guard let current = try sessions.refreshToken(hash: hash), let session = try sessions.find(current.session) else {
            throw Failure.unauthenticated(.refreshTokenInvalid)
        }
        guard session.revokedAt == nil, session.expiresAt > entry.now, current.expiresAt > entry.now,
            let user = try Users(entry.tx).find(session.userID), user.isActive
        else { throw Failure.unauthenticated(.refreshTokenInvalid) }

        let successor = successor(of: token, chainKey: current.chainKey)
        if try sessions.use(refreshToken: hash, at: entry.now) {
            try sessions.touch(session.id, at: entry.now)
            return try grant(user, session, token: successor, generation: current.generation + 1, entry)
        }
        let isPrevious = try sessions.newestGeneration(of: session.id) == current.generation + 1
        let next = try sessions.refreshToken(hash: secretHash(successor))
        if isPrevious, let next, next.usedAt == nil, let usedAt = current.usedAt, entry.now <= usedAt + Session.refreshGrace {
            return SessionGrant(
                user: user, session: session.id, accessToken: try access(user, session, entry), refreshToken: successor,
                refreshSeconds: next.expiresAt.seconds - entry.now.seconds)
        }
        try sessions.revoke(session.id, at: entry.now)
        try entry.record(.refreshReused, .session(session.id), [.init("user_id", from: .null, to: .int(user.id.value))])
        try revoked(user.id)
        throw KeptFailure(.unauthenticated(.refreshTokenReused))
    }

    private func grant(_ user: User, _ session: Session, token: String, generation: Int64, _ entry: Entry) throws -> SessionGrant {
        let expiresAt = min(entry.now + Session.refreshLifetime, session.expiresAt)
        try Sessions(entry.tx).insertRefreshToken(
            hash: secretHash(token), session: session.id, generation: generation, expiresAt: expiresAt)
        return SessionGrant(
            user: user, session: session.id, accessToken: try access(user, session, entry), refreshToken: token,
            refreshSeconds: expiresAt.seconds - entry.now.seconds)
    }

    private func access(_ user: User, _ session: Session, _ entry: Entry) throws -> String {
        try signer.sign(user: user.id, session: session.id, at: entry.now, random: random)
    }

    /// The next token of the chain. It takes the token and the row: neither a stolen database nor a stolen token gives the next one.
    private func successor(of token: String, chainKey: [UInt8]) -> String {
        base64URL(Data(HMAC<SHA256>.authenticationCode(for: Array(token.utf8), using: SymmetricKey(data: chainKey))))
    }
}
