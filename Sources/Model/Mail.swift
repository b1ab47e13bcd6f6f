// Mails: which there are, who decides whether they come, and what becomes of each.

package struct Mail: Sendable {
    /// The raw value is the wire name.
    package enum Kind: String, CaseIterable, Sendable {
        case assignment
        case dueTomorrow = "due_tomorrow"
        case overdue
        case weeklyDigest = "weekly_digest"
        case webhookDisabled = "webhook_disabled"
        case passwordReset = "password_reset"
        case verification
        /// To an address that an account wants to have: is it yours?
        case newAddress = "new_address"
        /// To the present address: somebody wants to change it.
        case addressChangeRequested = "address_change_requested"
        /// To the old address: it is not the account's any more. Its link takes it back.
        case addressChanged = "address_changed"
        /// To an address that was taken back. Its link sets a new password.
        case addressRestored = "address_restored"
        case tokenCreated = "token_created"
        case webhookCreated = "webhook_created"
        case newDevice = "new_device"
    }

    package enum State: Int64, Sendable {
        case queued = 0
        /// Handed to the mail server, or about to be: whoever finds it so later cannot know whether it arrived.
        case sending = 1
        case sent = 2
        /// The mail server refused it.
        case failed = 3
        /// May have arrived: never sent again.
        case uncertain = 4
        /// Nobody is to be told any more: switched off, account or right gone, or no longer true.
        case suppressed = 5

        package var word: String { "\(self)" }
    }

    package var id: ID<Mail>
    package var userID: ID<User>
    package var kind: Kind
    package var state: State
    package var subject: Subject?
    /// Where it goes when that is not the account's address.
    package var address: String?
    package var createdAt: Instant

    /// The one thing that a mail is about.
    package enum Subject: Sendable {
        case webhook(ID<Webhook>)
        case accessToken(ID<AccessToken>)
        case session(ID<Session>)
    }

    package init(
        id: ID<Mail>, userID: ID<User>, kind: Kind, state: State, subject: Subject?, address: String?, createdAt: Instant
    ) {
        self.id = id
        self.userID = userID
        self.kind = kind
        self.state = state
        self.subject = subject
        self.address = address
        self.createdAt = createdAt
    }

    /// The time in which mails are counted.
    package static let countingWindow: Duration = .seconds(3600)
    /// How long it is remembered what was sent.
    package static let retention: Duration = .seconds(90 * 86_400)
}

extension Mail.Kind {
    /// The switch that turns it off; `nil` for what an account cannot do without.
    package var notification: NotificationKind? {
        switch self {
        case .assignment: .assignment
        case .dueTomorrow: .dueTomorrow
        case .overdue: .overdue
        case .weeklyDigest: .weeklyDigest
        case .newDevice: .newDevice
        case .webhookDisabled, .passwordReset, .verification, .newAddress, .addressChangeRequested, .addressChanged, .addressRestored,
            .tokenCreated, .webhookCreated:
            nil
        }
    }

    /// Whether it also goes to an address that nobody has shown to be his.
    package var needsNoVerifiedAddress: Bool {
        switch self {
        case .passwordReset, .verification, .newAddress, .addressChangeRequested, .addressChanged, .addressRestored: true
        case .assignment, .dueTomorrow, .overdue, .weeklyDigest, .webhookDisabled, .tokenCreated, .webhookCreated, .newDevice: false
        }
    }

    /// Whether it goes to the address that is written in it, not to the one that the account has when it is sent.
    package var hasOwnAddress: Bool {
        switch self {
        case .newAddress, .addressChangeRequested, .addressChanged: true
        case .assignment, .dueTomorrow, .overdue, .weeklyDigest, .webhookDisabled, .passwordReset, .verification, .addressRestored,
            .tokenCreated, .webhookCreated, .newDevice:
            false
        }
    }

    /// Whether such mails are counted by address too, beyond the life of an account: visitors cause them, with any address.
    package var isCountedByAddress: Bool {
        switch self {
        case .passwordReset, .verification, .newAddress, .addressChangeRequested, .addressChanged, .addressRestored: true
        case .assignment, .dueTomorrow, .overdue, .weeklyDigest, .webhookDisabled, .tokenCreated, .webhookCreated, .newDevice: false
        }
    }

    /// How many of a kind somebody gets within an hour: beyond, somebody else is playing with his mailbox, or a program with tasks.
    package var hourlyLimit: Int64 {
        switch self {
        case .passwordReset, .verification, .newAddress, .addressChangeRequested, .addressChanged, .addressRestored: 5
        case .assignment, .dueTomorrow, .overdue, .weeklyDigest, .webhookDisabled, .tokenCreated, .webhookCreated, .newDevice: 30
        }
    }
}

/// What a mail is made of before it is queued.
package struct NewMail: Sendable {
    package var kind: Mail.Kind
    package var userID: ID<User>
    /// There is never a second mail with the same key.
    package var key: String
    package var subject: Mail.Subject?
    package var address: String?
    /// What it is about, with the due dates that it tells of.
    package var tasks: [(id: ID<TaskItem>, due: Due?)]

    package init(
        _ kind: Mail.Kind, to userID: ID<User>, key: String, about subject: Mail.Subject? = nil, address: String? = nil,
        tasks: [(id: ID<TaskItem>, due: Due?)] = []
    ) {
        self.kind = kind
        self.userID = userID
        self.key = key
        self.subject = subject
        self.address = address
        self.tasks = tasks
    }
}

/// Mails that a user can switch off. The raw value is the wire name.
package enum NotificationKind: String, CaseIterable, Sendable {
    case assignment
    case dueTomorrow = "due_tomorrow"
    case overdue
    case weeklyDigest = "weekly_digest"
    case newDevice = "new_device"
}

/// A partial update of what somebody wants to be told.
package struct NotificationChanges: Sendable {
    package var wanted: [NotificationKind: Bool]

    package init(assignment: Bool?, dueTomorrow: Bool?, overdue: Bool?, weeklyDigest: Bool?, newDevice: Bool?) {
        wanted = [
            .assignment: assignment, .dueTomorrow: dueTomorrow, .overdue: overdue, .weeklyDigest: weeklyDigest, .newDevice: newDevice,
        ].compactMapValues(\.self)
    }

    package init(off kind: NotificationKind) { wanted = [kind: false] }
}

/// A secret that was mailed to somebody: whoever has it reads his mail.
package enum MailedToken: String, CaseIterable, Sendable {
    case passwordReset = "password_reset"
    case verification
    /// Shows that a new address is somebody's.
    case newAddress = "new_address"
    /// Gives an account its old address back.
    case addressRevert = "address_revert"

    /// What ends with the access to an account. An address can still be taken back: whoever has stolen an account changes its password next.
    package static let endingWithAccess: [Self] = [.passwordReset, .verification, .newAddress]

    package var lifetime: Duration {
        switch self {
        case .passwordReset: .seconds(1800)
        case .verification, .newAddress, .addressRevert: .seconds(7 * 86_400)
        }
    }
}
