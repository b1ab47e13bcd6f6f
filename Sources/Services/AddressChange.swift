// A change of the address of an account: what is mailed where, and which links end.
import BackgroundWork
import ChangeLedger
import Model
import Repositories

extension Entry {
    /// The new address is asked whether it is theirs; the present one is told that somebody wants it changed.
    func noteAddressRequest(of user: User) throws {
        try Mails(tx).deleteTokens(of: user.id, [.newAddress])
        guard user.pendingEmail != nil else { return }
        try askForConfirmation(of: user)
        guard user.isEmailVerified else { return }
        let key = "address change requested of \(user.id) at version \(user.version)"
        try outbox.put(NewMail(.addressChangeRequested, to: user.id, key: key, address: user.email))
    }

    func askForConfirmation(of user: User) throws {
        let key = "new address of \(user.id) at \(now.microseconds) by \(author.requestID)"
        try outbox.put(NewMail(.newAddress, to: user.id, key: key, address: user.pendingEmail))
    }

    /// What was mailed to the old address is worth nothing any more, but for the link that takes it back.
    func noteNewAddress(of user: User, before old: User) throws {
        try Mails(tx).deleteTokens(of: user.id, MailedToken.endingWithAccess)
        guard old.isEmailVerified else { return }
        let key = "address changed of \(user.id) at version \(user.version)"
        try outbox.put(NewMail(.addressChanged, to: user.id, key: key, address: old.email))
    }
}
