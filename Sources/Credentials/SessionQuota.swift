// The quota of sessions: a log-in beyond it ends the session that was used least recently, so that nobody is kept out by old ones.
import ChangeLedger
package import Model
import Repositories

extension Entry {
    /// Makes room for one more session.
    /// - Returns: whether one was ended.
    package func endSurplusSessions(of user: ID<User>) throws -> Bool {
        let sessions = Sessions(tx)
        let live = try sessions.live(of: user, at: now).sorted { ($0.lastUsedAt, $0.id.value) < ($1.lastUsedAt, $1.id.value) }
        let surplus = live.prefix(max(0, live.count + 1 - Int(quotas.limit(.sessions))))
        for session in surplus where try sessions.revoke(session.id, at: now) { try record(.sessionEnded, .session(session.id)) }
        return !surplus.isEmpty
    }
}
