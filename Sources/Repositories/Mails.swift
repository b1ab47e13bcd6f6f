// Mails to be sent and sent, what they are about, and who wants none.
package import Model
package import StoreCore

let mailTables: [SQL] = [
    "ALTER TABLE users ADD COLUMN email_verified BOOLEAN NOT NULL DEFAULT TRUE",
    // Whoever registered has typed an address; whoever was made by an admin has one that the admin knows.
    "UPDATE users SET email_verified = FALSE WHERE id IN (SELECT subject_id FROM events WHERE action = 'user.registered')",
    """
    CREATE TABLE mails (
        id \(.identity),
        unique_key TEXT NOT NULL UNIQUE,
        user_id BIGINT NOT NULL REFERENCES users (id),
        kind TEXT NOT NULL,
        state SMALLINT NOT NULL CHECK (state BETWEEN 0 AND 5),
        webhook_id BIGINT,
        address TEXT,
        error TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX mails_of ON mails (user_id, kind, created_at)",
    "CREATE INDEX mails_at ON mails (created_at)",
    // Also the memory of which due dates somebody was told of.
    """
    CREATE TABLE mail_tasks (
        mail_id BIGINT NOT NULL REFERENCES mails (id) ON DELETE CASCADE,
        task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
        due_at BIGINT,
        PRIMARY KEY (mail_id, task_id)
    )
    """,
    "CREATE INDEX mail_tasks_of ON mail_tasks (task_id)",
    """
    CREATE TABLE mailed_tokens (
        hash \(.bytes) PRIMARY KEY,
        purpose TEXT NOT NULL,
        user_id BIGINT NOT NULL REFERENCES users (id),
        mail_id BIGINT NOT NULL UNIQUE REFERENCES mails (id) ON DELETE CASCADE,
        expires_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX mailed_tokens_of ON mailed_tokens (user_id)",
    "CREATE INDEX mailed_tokens_expired ON mailed_tokens (expires_at)",
    """
    CREATE TABLE muted_notifications (
        user_id BIGINT NOT NULL REFERENCES users (id),
        kind TEXT NOT NULL,
        PRIMARY KEY (user_id, kind)
    )
    """,
]

package struct Mails {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    // MARK: Queueing

    /// - Returns: `nil` when there is or was one with its key, or the hour's share is used up.
    package func insert(_ new: NewMail, at now: Instant) throws -> ID<Mail>? {
        let recent: Int64 = try tx.value(
            """
            SELECT count(*) FROM mails
            WHERE user_id = \(new.userID) AND kind = \(new.kind.rawValue) AND created_at > \(now - Mail.countingWindow)
            """)
        guard recent < new.kind.hourlyLimit else { return nil }
        var (webhook, token, session): (ID<Webhook>?, ID<AccessToken>?, ID<Session>?)
        switch new.subject {
        case .webhook(let id): webhook = id
        case .accessToken(let id): token = id
        case .session(let id): session = id
        case nil: break
        }
        let id: ID<Mail>? = try tx.first(
            """
            INSERT INTO mails (unique_key, user_id, kind, state, webhook_id, access_token_id, session_id, address, created_at, updated_at)
            VALUES (\(new.key), \(new.userID), \(new.kind.rawValue), \(Mail.State.queued.rawValue), \(webhook), \(token), \(session),
                \(new.address), \(now), \(now))
            ON CONFLICT DO NOTHING RETURNING id
            """
        ) { try $0.value(0) }
        guard let id else { return nil }
        for task in new.tasks {
            // A task may be gone that an event tells of.
            try tx.enqueue(
                """
                INSERT INTO mail_tasks (mail_id, task_id, due_at, due_on)
                SELECT \(id), id, CAST(\(task.due?.instant) AS BIGINT), CAST(\(task.due?.day?.number) AS BIGINT) FROM tasks
                WHERE id = \(task.id) ON CONFLICT DO NOTHING
                """)
        }
        return id
    }

    /// Counts a mail to an address, of which only the hash is kept and only as long as it counts.
    /// - Returns: `false` when the address has had its share of that kind.
    package func take(recipient hash: [UInt8], of kind: Mail.Kind, at now: Instant) throws -> Bool {
        // Accounts that come and go with one address are counted one after the other.
        try tx.lock("mails to \(hash)")
        let recent: Int64 = try tx.value(
            """
            SELECT count(*) FROM mail_recipients
            WHERE hash = \(hash) AND kind = \(kind.rawValue) AND counted_at > \(now - Mail.countingWindow)
            """)
        guard recent < kind.hourlyLimit else { return false }
        try tx.run("INSERT INTO mail_recipients (hash, kind, counted_at) VALUES (\(hash), \(kind.rawValue), \(now))")
        return true
    }

    /// Those of them who want to be told of that kind and have an address that is theirs.
    package func recipients(of kind: NotificationKind, among users: Set<ID<User>>) throws -> [ID<User>] {
        guard !users.isEmpty else { return [] }
        return try tx.rows(
            ("SELECT id FROM users AS u WHERE id IN (\(list: users.sorted())) AND \(Self.wants(kind)) ORDER BY id" as SQL).unkept
        ) { try $0.value(0) }
    }

    /// Of the account `u`.
    static func wants(_ kind: NotificationKind) -> SQL {
        """
        u.is_active AND u.email_verified AND u.deleted_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM muted_notifications AS m WHERE m.user_id = u.id AND m.kind = \(kind.rawValue))
        """
    }

    // MARK: Sending

    /// The mail as it is now and stays until the transaction ends.
    package func lock(_ id: ID<Mail>) throws -> Mail? {
        try tx.first(
            """
            SELECT id, user_id, kind, state, address, created_at, webhook_id, access_token_id, session_id FROM mails WHERE id = \(id)
            \(.forUpdate)
            """
        ) {
            Mail(
                id: try $0.value(0), userID: try $0.value(1), kind: try decoded($0.value(2)), state: try decoded($0.value(3)),
                subject: try Self.subject($0, from: 6), address: try $0.value(4), createdAt: try $0.value(5))
        }
    }

    private static func subject(_ row: Row, from column: Int) throws -> Mail.Subject? {
        if let id = try row.value(column, as: ID<Webhook>?.self) { return .webhook(id) }
        if let id = try row.value(column + 1, as: ID<AccessToken>?.self) { return .accessToken(id) }
        return try row.value(column + 2, as: ID<Session>?.self).map { .session($0) }
    }

    /// The tasks that the mail is about and that are still there, with the due dates it tells of.
    package func tasks(of id: ID<Mail>) throws -> [(task: TaskItem, toldDue: Due?)] {
        let told: [(id: ID<TaskItem>, due: Due?)] = try tx.rows("SELECT task_id, due_at, due_on FROM mail_tasks WHERE mail_id = \(id)") {
            row in
            let day = try row.value(2, as: Int64?.self).map { Day(number: $0) }
            return (try row.value(0), Due(at: try row.value(1), on: day))
        }
        let found = try Tasks(tx).find(Set(told.map(\.id)))
        return told.compactMap { id, due in found[id].map { ($0, due) } }
            .sorted { ($0.0.dueEnd?.microseconds ?? .min, $0.0.id) < ($1.0.dueEnd?.microseconds ?? .min, $1.0.id) }
    }

    /// - Returns: whether the mail was in one of these states.
    @discardableResult
    package func move(_ id: ID<Mail>, from states: [Mail.State], to state: Mail.State, error: String?, at now: Instant) throws -> Bool {
        // An address that is not needed any more is not kept.
        let keepsAddress = state == .queued || state == .sending || state == .failed
        let address: SQL = keepsAddress ? "address" : "NULL"
        return try tx.run(
            """
            UPDATE mails SET state = \(state.rawValue), error = \(error), address = \(address), updated_at = \(now)
            WHERE id = \(id) AND state IN (\(list: states.map(\.rawValue)))
            """) == 1
    }

    /// Forgets the addresses of an account that is deleted.
    package func forgetAddresses(of user: ID<User>) throws { try tx.run("UPDATE mails SET address = NULL WHERE user_id = \(user)") }

    /// Removes some mails and tokens whose time is over.
    /// - Returns: how many.
    package func deleteOld(at now: Instant, limit: Int64) throws -> Int {
        let tokens = try tx.run(
            """
            DELETE FROM mailed_tokens WHERE hash IN (
                SELECT hash FROM mailed_tokens WHERE expires_at < \(now) ORDER BY expires_at LIMIT \(limit))
            """)
        let mails = try tx.run(
            """
            DELETE FROM mails WHERE id IN (
                SELECT id FROM mails WHERE created_at < \(now - Mail.retention) ORDER BY created_at LIMIT \(limit))
            """)
        let recipients = try tx.run(
            """
            DELETE FROM mail_recipients WHERE id IN (
                SELECT id FROM mail_recipients WHERE counted_at <= \(now - Mail.countingWindow) ORDER BY counted_at LIMIT \(limit))
            """)
        return tokens + mails + recipients
    }

    // MARK: Tokens

    /// A new attempt at a mail takes the place of the one before.
    /// - Parameter address: what the token gives back.
    package func putToken(
        hash: [UInt8], _ purpose: MailedToken, of user: ID<User>, in mail: ID<Mail>, address: String? = nil, expiresAt: Instant
    ) throws {
        try tx.run(
            """
            INSERT INTO mailed_tokens (hash, purpose, user_id, mail_id, address, expires_at)
            VALUES (\(hash), \(purpose.rawValue), \(user), \(mail), \(address), \(expiresAt))
            ON CONFLICT (mail_id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at
            """)
    }

    /// Whose token that is, as long as it lives.
    package func owner(ofToken hash: [UInt8], _ purpose: MailedToken, at now: Instant) throws -> ID<User>? {
        try tx.first(
            "SELECT user_id FROM mailed_tokens WHERE hash = \(hash) AND purpose = \(purpose.rawValue) AND expires_at > \(now)"
        ) { try $0.value(0) }
    }

    /// Whose old address a token gives back, and the mail it came with.
    package func revert(ofToken hash: [UInt8], at now: Instant) throws -> (user: ID<User>, address: String, mail: ID<Mail>)? {
        try tx.first(
            """
            SELECT user_id, address, mail_id FROM mailed_tokens
            WHERE hash = \(hash) AND purpose = \(MailedToken.addressRevert.rawValue) AND address IS NOT NULL AND expires_at > \(now)
            """
        ) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
    }

    /// The accounts that had the address and can take it back, with the link of a mail that was sent or is about to be.
    func mayBeTakenBack(_ address: String, at now: Instant) throws -> [ID<User>] {
        let key = caseFolded(address)
        return try tx.rows(
            """
            SELECT user_id FROM mailed_tokens
            WHERE lower(address) = \(key) AND address IS NOT NULL AND purpose = \(MailedToken.addressRevert.rawValue) AND expires_at > \(now)
            UNION ALL
            SELECT user_id FROM mails
            WHERE lower(address) = \(key) AND address IS NOT NULL AND kind = \(Mail.Kind.addressChanged.rawValue)
                AND state IN (\(Mail.State.queued.rawValue), \(Mail.State.sending.rawValue))
            """
        ) { try $0.value(0) }
    }

    /// Ends what gives back addresses that the account got after the change that `mail` tells of.
    package func deleteReverts(of user: ID<User>, after mail: ID<Mail>) throws {
        try tx.run(
            "DELETE FROM mailed_tokens WHERE user_id = \(user) AND purpose = \(MailedToken.addressRevert.rawValue) AND mail_id > \(mail)")
        // A mail that was not sent yet would bring another one.
        try tx.run(
            """
            UPDATE mails SET state = \(Mail.State.suppressed.rawValue), address = NULL
            WHERE user_id = \(user) AND kind = \(Mail.Kind.addressChanged.rawValue) AND id > \(mail)
                AND state IN (\(list: [Mail.State.queued.rawValue, Mail.State.failed.rawValue]))
            """)
    }

    /// - Returns: `false` when somebody else has used it meanwhile.
    package func useToken(hash: [UInt8]) throws -> Bool { try tx.run("DELETE FROM mailed_tokens WHERE hash = \(hash)") == 1 }

    package func deleteTokens(of user: ID<User>, _ purposes: [MailedToken]) throws {
        try tx.run("DELETE FROM mailed_tokens WHERE user_id = \(user) AND purpose IN (\(list: purposes.map(\.rawValue)))")
    }

    // MARK: Preferences

    package func muted(by user: ID<User>) throws -> Set<NotificationKind> {
        let words: [String] = try tx.rows("SELECT kind FROM muted_notifications WHERE user_id = \(user)") { try $0.value(0) }
        return Set(words.compactMap { NotificationKind(rawValue: $0) })
    }

    package func setMuted(_ isMuted: Bool, _ kind: NotificationKind, by user: ID<User>) throws {
        if isMuted {
            try tx.run(
                "INSERT INTO muted_notifications (user_id, kind) VALUES (\(user), \(kind.rawValue)) ON CONFLICT DO NOTHING")
        } else {
            try tx.run("DELETE FROM muted_notifications WHERE user_id = \(user) AND kind = \(kind.rawValue)")
        }
    }
}
