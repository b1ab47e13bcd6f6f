// What mails about an account say. No word of them is a visitor's: whoever registers a strange address must not write to its owner. What a
// user has typed, such as the name of a token, is shown shortened and in quotation marks.
import BoundedText
import Model

struct AccountMails {
    /// Where the installation is.
    let base: String

    private static let advice = "If you did not do this, change your password now. That ends all other sessions and deletes all tokens."

    func passwordReset(_ link: String) -> MailContents {
        MailContents(
            subject: "Reset your password",
            paragraphs: [
                "Somebody has requested a new password for your account.",
                "The link works once, for 30 minutes. If you did not request it, do nothing: your password stays the same.",
            ], button: .init(label: "Choose a new password", link: link),
            reason:
                "You get this mail because somebody requested a password reset.")
    }

    func verification(_ link: String) -> MailContents {
        MailContents(
            subject: "Confirm your e-mail address",
            paragraphs: [
                "An account at \(base) uses this address. Confirm that the address is yours, so that you get mails about your tasks.",
                "The link works once, for seven days. If this account is not yours, do nothing.",
            ], button: .init(label: "Confirm the address", link: link),
            reason:
                "You get this mail because somebody entered this address for an account.")
    }

    // MARK: Changes of the address

    func newAddress(_ link: String) -> MailContents {
        MailContents(
            subject: "Confirm your new e-mail address",
            paragraphs: [
                "Somebody wants to use this e-mail address for an account at \(base). The account keeps its current address until you "
                    + "confirm this one.",
                "The link works once, for seven days. If this account is not yours, do nothing.",
            ], button: .init(label: "Confirm the address", link: link),
            reason:
                "You get this mail because somebody entered this address for an account.")
    }

    var addressChangeRequested: MailContents {
        MailContents(
            subject: "Somebody wants to change your e-mail address",
            paragraphs: [
                "Somebody has requested to change the e-mail address of your account at \(base). The address stays the same until the new "
                    + "address is confirmed.",
                Self.advice + " It also cancels the change.",
            ], reason: "You get this mail because this is the address of an account.")
    }

    func addressChanged(_ link: String) -> MailContents {
        MailContents(
            subject: "Your e-mail address was changed",
            paragraphs: [
                "Your account at \(base) has another e-mail address now. You no longer get its mails at this address.",
                "If you did not change it, restore this address. The link works once, for seven days. It ends all sessions of the account, "
                    + "and you get a mail to choose a new password.",
            ], button: .init(label: "Restore the address", link: link),
            reason:
                "You get this mail because this was the address of the account.")
    }

    func addressRestored(_ link: String) -> MailContents {
        MailContents(
            subject: "Your e-mail address was restored",
            paragraphs: [
                "This is the address of your account at \(base) again. All sessions have ended, and the old password does not work any "
                    + "more.",
                "Choose a new password. The link works once, for 30 minutes; after that, request a password reset.",
            ], button: .init(label: "Choose a new password", link: link),
            reason:
                "You get this mail because the address of the account was restored.")
    }

    // MARK: New ways in and out

    /// - Parameter token: `nil` when it is gone already.
    func tokenCreated(_ token: AccessToken?, at time: Instant, for user: User) -> MailContents {
        let name = token.map { "Its name is \(quoted($0.name))." } ?? "It was deleted since."
        return MailContents(
            subject: "A personal access token was created",
            paragraphs: [
                "A personal access token was created for your account at \(base) on \(local(time, user)). \(name)", Self.advice,
            ], reason: reason)
    }

    /// - Parameter webhook: `nil` when it is gone already.
    func webhookCreated(_ webhook: Webhook?, at time: Instant, for user: User) -> MailContents {
        let url = webhook.map { "It sends changes of your tasks to \(quoted($0.url))." } ?? "It was deleted since."
        return MailContents(
            subject: "A webhook was created",
            paragraphs: [
                "A webhook was created for your account at \(base) on \(local(time, user)). \(url)",
                Self.advice + " It also stops all webhooks.",
            ], reason: reason)
    }

    func newDevice(_ session: Session, for user: User) -> MailContents {
        let place = session.address.flatMap { IPAddress($0) == nil ? nil : " from the address \($0)" } ?? ""
        return MailContents(
            subject: "A new device has logged in",
            paragraphs: [
                "Somebody has logged in to your account at \(base) on \(local(session.createdAt, user))\(place), with a device that has not been used before.",
                "If it was you, there is nothing to do. " + Self.advice,
            ], reason: reason)
    }

    private var reason: String { "You get this mail because you have an account at \(base)." }

    private func local(_ time: Instant, _ user: User) -> String { "\(LocalTime(user.timeZone).text(time)) (\(user.timeZone))" }
}

/// A user's own text in a mail: on one line, shortened and in quotation marks.
func quoted(_ text: String) -> String { "“\(shortened(text))”" }

/// A user's own text in a mail: on one line, with signs in the place of what would not be seen, and not long.
func shortened(_ text: String) -> String {
    let visible = text.visible
    let short = visible.cut(toBytes: 200)
    return short == visible ? short : short + "…"
}
