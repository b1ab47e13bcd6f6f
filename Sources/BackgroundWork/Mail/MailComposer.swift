// Decides at the last moment whether a mail is still to be sent and what it says: what its reader may see now, and nothing else.
import ChangeLedger
package import Credentials
import Foundation
package import Model
import Repositories
import StoreCore
import Wire

package struct MailComposer: Sendable {
    /// Where the links lead: of the configuration, never of a request.
    private let base: String
    private let links: UnsubscribeLinks
    private let random: RandomSource

    package init(base: String, links: UnsubscribeLinks, random: RandomSource) {
        self.base = base
        self.links = links
        self.random = random
    }

    /// Tasks that are named in one mail.
    private static let shown = 20

    /// - Returns: `nil` when nobody is to be told any more.
    func compose(_ mail: Mail, _ entry: Entry) throws -> (to: String, contents: MailContents)? {
        // Locked: the address that a token goes to must still be the account's when the token is there.
        guard let user = try Users(entry.tx).lock(mail.userID), user.isActive,
            user.isEmailVerified || mail.kind.needsNoVerifiedAddress
        else { return nil }
        if let kind = mail.kind.notification, try Mails(entry.tx).muted(by: user.id).contains(kind) { return nil }
        guard var contents = try contents(of: mail, for: user, entry) else { return nil }
        if let kind = mail.kind.notification {
            let token = links.token(user.id, kind)
            contents.unsubscribe = ("\(base)/unsubscribe#token=\(token)", "\(base)/api/v1/unsubscribe?token=\(token)")
        }
        guard mail.kind.hasOwnAddress else { return (user.email, contents) }
        return mail.address.map { ($0, contents) }
    }

    private func contents(of mail: Mail, for user: User, _ entry: Entry) throws -> MailContents? {
        switch mail.kind {
        case .assignment:
            let tasks = try visible(mail, user, entry) { task, _ in task.assigneeID == user.id && task.status != .completed }
            return listing(tasks, user, one: "You were given a task", many: "You were given %d tasks")
        case .dueTomorrow:
            let time = LocalTime(user.timeZone)
            let tomorrow = time.day(of: time.day(1, after: entry.now))
            let tasks = try visible(mail, user, entry) { task, told in
                task.due == told && task.isOpen && task.due?.day(in: time) == tomorrow
            }
            return listing(tasks, user, one: "Due tomorrow", many: "%d tasks are due tomorrow")
        case .overdue:
            let tasks = try visible(mail, user, entry) { task, told in
                (told == nil || task.due == told) && task.isOverdue(at: entry.now)
            }
            return listing(tasks, user, one: "Overdue", many: "%d tasks are overdue")
        case .weeklyDigest: return try digest(user, entry)
        case .webhookDisabled: return try webhook(mail, user, entry)
        case .passwordReset: return accountMails.passwordReset(try link("reset", .passwordReset, mail, entry))
        case .verification:
            if user.isEmailVerified { return nil }
            return accountMails.verification(try link("verify", .verification, mail, entry))
        case .newAddress:
            guard let address = mail.address, user.pendingEmail == address else { return nil }
            return accountMails.newAddress(try link("verify", .newAddress, mail, entry))
        case .addressChangeRequested: return accountMails.addressChangeRequested
        case .addressChanged:
            guard let address = mail.address, caseFolded(user.email) != caseFolded(address) else { return nil }
            return accountMails.addressChanged(try link("revert", .addressRevert, mail, entry))
        case .addressRestored: return accountMails.addressRestored(try link("reset", .passwordReset, mail, entry))
        case .tokenCreated:
            guard case .accessToken(let id)? = mail.subject else { return nil }
            return accountMails.tokenCreated(try AccessTokens(entry.tx).find(id), at: mail.createdAt, for: user)
        case .webhookCreated:
            guard case .webhook(let id)? = mail.subject else { return nil }
            return accountMails.webhookCreated(try Webhooks(entry.tx).find(id), at: mail.createdAt, for: user)
        case .newDevice:
            guard case .session(let id)? = mail.subject, let session = try Sessions(entry.tx).find(id) else { return nil }
            return accountMails.newDevice(session, for: user)
        }
    }

    // MARK: Tasks

    private func visible(
        _ mail: Mail, _ user: User, _ entry: Entry, where isTrue: (TaskItem, Due?) -> Bool
    ) throws -> [TaskItem] {
        try Mails(entry.tx).tasks(of: mail.id).filter { task, told in
            let isTheirs = task.ownerID == user.id || task.assigneeID == user.id
            return isTheirs && !task.isDeleted && isTrue(task, told)
        }.map(\.task)
    }

    private func listing(_ tasks: [TaskItem], _ user: User, one: String, many: String) -> MailContents? {
        guard let first = tasks.first else { return nil }
        let heading = tasks.count == 1 ? one : many.replacing("%d", with: "\(tasks.count)")
        return MailContents(
            subject: tasks.count == 1 ? "\(one): \(shortened(first.title))" : heading, paragraphs: ["\(heading):"],
            items: items(tasks.prefix(Self.shown), user), rest: tasks.count > Self.shown ? "and \(tasks.count - Self.shown) more" : nil,
            reason: reason)
    }

    private func items(_ tasks: some Sequence<TaskItem>, _ user: User) -> [MailContents.Item] {
        let time = LocalTime(user.timeZone)
        return tasks.map { .init(title: $0.title.visible, detail: $0.due.map { "due \(time.text($0))" }) }
    }

    private var reason: String { "You get this mail because you have an account at \(base)." }

    private func digest(_ user: User, _ entry: Entry) throws -> MailContents? {
        let time = LocalTime(user.timeZone)
        let sunday = time.day(of: time.day(6 - time.weekday(entry.now), after: entry.now))
        let week = try Reminders(entry.tx).week(of: user.id, now: entry.now, until: sunday, in: time, limit: Int64(Self.shown))
        guard week.open > 0 else { return nil }
        let due = week.due.isEmpty ? "Nothing is due this week." : "Due this week:"
        return MailContents(
            subject: "Your week: \(week.open) open, \(week.overdue) overdue",
            paragraphs: ["\(week.open) of your tasks are open, \(week.overdue) of them overdue.", due], items: items(week.due, user),
            reason: reason)
    }

    private func webhook(_ mail: Mail, _ user: User, _ entry: Entry) throws -> MailContents? {
        guard case .webhook(let id)? = mail.subject, let webhook = try Webhooks(entry.tx).find(id), !webhook.isActive,
            let why = webhook.disabledReason
        else { return nil }
        return MailContents(
            subject: "A webhook was stopped", paragraphs: ["Your webhook \(webhook.id) to \(webhook.url) was stopped. \(why)"],
            rest:
                "Changes in the meantime are not lost. To get them, start the webhook again with PATCH "
                + "/api/v1/webhooks/\(webhook.id).", reason: reason)
    }

    // MARK: Accounts

    private var accountMails: AccountMails { AccountMails(base: base) }

    /// The token stands behind the #, which browsers do not send: it is in no log.
    private func link(_ page: String, _ purpose: MailedToken, _ mail: Mail, _ entry: Entry) throws -> String {
        let token = base64URL(random.bytes(32))
        try Mails(entry.tx).putToken(
            hash: secretHash(token), purpose, of: mail.userID, in: mail.id,
            address: purpose == .addressRevert ? mail.address : nil, expiresAt: entry.now + purpose.lifetime)
        return "\(base)/\(page)#token=\(token)"
    }
}
