// Ends the access to an account: everything that lets somebody act in its name or hear of its tasks, whatever the reason.
package import ChangeLedger
package import Model
import Repositories

package struct AccessRevocation: Sendable {
    private let authenticator: Authenticator

    package init(authenticator: Authenticator) { self.authenticator = authenticator }

    /// The raw value is recorded.
    package enum Reason: String {
        case passwordChanged = "password_changed"
        case passwordReset = "password_reset"
        /// The owner of the address has taken over an account that somebody else may have registered under it.
        case addressClaimed = "address_claimed"
        case addressTakenBack = "address_taken_back"
        case loggedOutEverywhere = "logged_out_everywhere"
        case deactivated = "account_deactivated"
        case deleted = "account_deleted"

        /// What the owner of a webhook reads; `nil` when the webhook is deleted.
        fileprivate var whyStopped: String? {
            switch self {
            case .passwordChanged: "The password of your account was changed."
            case .passwordReset: "The password of your account was reset."
            case .addressTakenBack: "The old e-mail address of your account was restored."
            case .loggedOutEverywhere: "Your account was logged out everywhere."
            case .deactivated: "Your account was deactivated."
            case .addressClaimed, .deleted: nil
            }
        }
    }

    /// Sessions, personal access tokens, links that were mailed, an address that waits to be confirmed, known devices, jobs and files end;
    /// webhooks stop. What only guards the account goes on: mails about it, and links that take an address back.
    /// - Parameter kept: the session that goes on.
    package func end(of user: ID<User>, _ reason: Reason, except kept: ID<Session>? = nil, _ entry: Entry) throws {
        let (tx, now) = (entry.tx, entry.now)
        let sessions = try Sessions(tx).revokeAll(of: user, except: kept, at: now)
        let tokens = try AccessTokens(tx).deleteAll(of: user)
        let webhooks =
            if let why = reason.whyStopped {
                try Webhooks(tx).disableAll(of: user, reason: "\(why) Start this webhook again if it is yours.", at: now)
            } else {
                try Webhooks(tx).deleteAll(of: user)
            }
        try Mails(tx).deleteTokens(of: user, reason == .deleted ? MailedToken.allCases : MailedToken.endingWithAccess)
        try Users(tx).forgetPendingAddressAndDevices(of: user, at: now)
        // Whoever had the account may have switched off what its owner must hear.
        if reason == .addressClaimed || reason == .addressTakenBack { try Mails(tx).setMuted(false, .newDevice, by: user) }
        let jobs = try Jobs(tx).cancelAll(of: user, JobKind.endingWithAccess, at: now)
        let files = try Files(tx).expireAll(of: user, at: now)
        let ended = [("sessions", sessions), ("tokens", tokens), ("webhooks", webhooks), ("jobs", jobs), ("files", files)]
        try entry.record(
            .accessEnded, .user(user),
            [FieldChange("reason", from: .null, to: .text(reason.rawValue))]
                + ended.filter { $0.1 > 0 }.map { FieldChange($0.0, from: .null, to: .int(Int64($0.1))) })
        try authenticator.forget(user, with: entry)
    }
}
