// Queues a mail together with the job that sends it, in the transaction of what it tells of.
import ChangeLedger
import Crypto
package import Model
import Repositories
package import StoreCore

package struct Outbox {
    package let tx: Tx
    let now: Instant

    struct Order: Codable { let mail: Int64 }

    /// - Returns: whether it was queued; there is one with its key already, or the hour's share is used up.
    @discardableResult
    package func put(_ mail: NewMail) throws -> Bool {
        if mail.kind.isCountedByAddress, let address = try mail.address ?? Users(tx).find(mail.userID)?.email {
            let hash = Array(SHA256.hash(data: Array(caseFolded(address).utf8)))
            guard try Mails(tx).take(recipient: hash, of: mail.kind, at: now) else { return false }
        }
        guard let id = try Mails(tx).insert(mail, at: now) else { return false }
        try Jobs(tx).insert(
            try NewJob(
                .deliverMail, about: Order(mail: id.value), uniqueKey: "mail \(id)",
                priority: mail.kind.needsNoVerifiedAddress ? .accountMail : .mail, share: mail.userID), at: now)
        return true
    }
}

extension Entry {
    package var outbox: Outbox { Outbox(tx: tx, now: now) }

    /// Asks the owner of an address to show that it is his.
    package func askForVerification(of user: ID<User>) throws {
        try outbox.put(NewMail(.verification, to: user, key: "verification \(user) at \(now.microseconds) by \(author.requestID)"))
    }
}
