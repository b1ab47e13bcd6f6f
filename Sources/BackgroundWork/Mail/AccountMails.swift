// What mails about an account say. No word of them is a visitor's: whoever registers a strange address must not write to its owner. What a
// user has typed, such as the name of a token, is shown shortened and in quotation marks.
import BoundedText
import Model

struct AccountMails {
    /// Where the installation is.
    let base: String

    private static let advice = "If it was not you, change your password now. That logs out everybody else and deletes all tokens."

    func passwordReset(_ link: String) -> MailContents {
        MailContents(
            subject: "Reset your password",
            paragraphs: [
                "Somebody has asked for a new password for your account.",
                "The link works once and for 30 minutes. If it was not you, do nothing: your password stays as it is.",
            ], button: .init(label: "Choose a new password", link: link), reason: "Sent because a password reset was asked for.")
    }

    func verification(_ link: String) -> MailContents {
        MailContents(
            subject: "Confirm your e-mail address",
            paragraphs: [
                "An account at \(base) names this address. Confirm that it is yours to get mails about your tasks.",
                "The link works once and for seven days. If you know nothing of it, do nothing.",
            ], button: .init(label: "Confirm the address", link: link), reason: "Sent because the address was given for an account.")
    }

    // MARK: Changes of the address

    func newAddress(_ link: String) -> MailContents {
        MailContents(
            subject: "Confirm your new e-mail address",
            paragraphs: [
                "An account at \(base) is to get this e-mail address. The account keeps its present address until you confirm this one.",
                "The link works once and for seven days. If you know nothing of it, do nothing.",
            ], button: .init(label: "Confirm the address", link: link), reason: "Sent because the address was given for an account.")
    }

    var addressChangeRequested: MailContents {
        MailContents(
            subject: "Your e-mail address is to be changed",
            paragraphs: [
                "Somebody has asked to change the e-mail address of your account at \(base). It stays as it is until the new address is confirmed.",
                Self.advice + " It also cancels the change.",
            ], reason: "Sent because this is the address of an account.")
    }

    func addressChanged(_ link: String) -> MailContents {
        MailContents(
            subject: "Your e-mail address was changed",
            paragraphs: [
                "Your account at \(base) has another e-mail address now. Mails about it do not come here any more.",
                "If it was not you, take this address back. The link works once and for seven days. "
                    + "It logs out everybody, and a mail that comes here then lets you choose a new password.",
            ], button: .init(label: "Take the address back", link: link), reason: "Sent to the address that the account had before.")
    }

    func addressRestored(_ link: String) -> MailContents {
        MailContents(
            subject: "Your e-mail address was taken back",
            paragraphs: [
                "This is the address of your account at \(base) again. Everybody was logged out, and the old password does not work any more.",
                "Choose a new password. The link works once and for 30 minutes; after that, ask for a password reset.",
            ], button: .init(label: "Choose a new password", link: link), reason: "Sent because the address of the account was taken back.")
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
        let url = webhook.map { "Changes of your tasks are sent to \(quoted($0.url))." } ?? "It was deleted since."
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
