// Accounts. A deleted account leaves its row without name and address, so that tasks and events keep their author.
package import Model
package import StoreCore

package struct Users {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    private static let columns: SQL =
        "id, email, email_verified, pending_email, username, name, role, is_active, time_zone, created_at, updated_at, version, date_order"

    @Sendable private static func read(_ row: Row) throws -> User {
        User(
            id: try row.value(0), email: try row.value(1), isEmailVerified: try row.value(2), pendingEmail: try row.value(3),
            username: try row.value(4), name: try row.value(5), role: try decoded(row.value(6)), isActive: try row.value(7),
            timeZone: try row.value(8),
            dateOrder: try row.value(12, as: String?.self).flatMap { DateOrder(rawValue: $0) }, createdAt: try row.value(9),
            updatedAt: try row.value(10), version: try row.value(11))
    }

    package func find(_ id: ID<User>) throws -> User? {
        try tx.first("SELECT \(Self.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL", Self.read)
    }

    /// The account as it is now and stays until the transaction ends.
    package func lock(_ id: ID<User>) throws -> User? {
        try tx.first("SELECT \(Self.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL \(.forUpdate)", Self.read)
    }

    /// Whether there is an active account with that id, which stays as it is until the transaction ends.
    package func holdActive(_ id: ID<User>) throws -> Bool {
        try tx.first("SELECT 1 FROM users WHERE id = \(id) AND is_active AND deleted_at IS NULL \(.forShare)") { _ in true } ?? false
    }

    /// Those of the accounts that tasks can be given to, which stay as they are until the transaction ends.
    /// - Parameter includingMade: also inactive ones without a password, as an import makes them.
    package func holdAssignable(_ ids: Set<ID<User>>, includingMade: Bool) throws -> Set<ID<User>> {
        if ids.isEmpty { return [] }
        let isAssignable: SQL = includingMade ? "(is_active OR password_hash IS NULL)" : "is_active"
        let sql: SQL = """
            SELECT id FROM users WHERE id IN (\(list: ids.map(\.value).sorted())) AND \(isAssignable) AND deleted_at IS NULL
            ORDER BY id \(.forShare)
            """
        return Set(try tx.rows(sql.unkept) { try $0.value(0) })
    }

    /// The account, if it is active and the credential is its own and has not ended.
    package static func standing(_ id: ID<User>, with credential: Actor.Credential, at now: Instant) -> Query<User> {
        let credential: SQL =
            switch credential {
            case .session(let session):
                "SELECT 1 FROM sessions WHERE id = \(session) AND user_id = users.id AND revoked_at IS NULL AND expires_at > \(now)"
            case .token(let token):
                "SELECT 1 FROM access_tokens WHERE id = \(token) AND user_id = users.id AND (expires_at IS NULL OR expires_at > \(now))"
            }
        return Query(
            "SELECT \(columns) FROM users WHERE id = \(id) AND is_active AND deleted_at IS NULL AND EXISTS (\(credential))", isBrief: true,
            read)
    }

    /// The clock of an account, or of the zone that is given instead.
    /// - Throws: `Failure.notFound`.
    package func localTime(of id: ID<User>, insteadOf zone: String?) throws -> LocalTime { LocalTime(try zone ?? get(id).timeZone) }

    /// - Throws: `Failure.notFound`.
    package func get(_ id: ID<User>) throws -> User {
        guard let user = try find(id) else { throw Failure.notFound(.user) }
        return user
    }

    package func find(_ identifier: Identifier) throws -> User? {
        switch identifier {
        case .email(let email): try find(email: email)
        case .username(let username): try find(username: username)
        }
    }

    package func find(email: String) throws -> User? {
        try tx.first("SELECT \(Self.columns) FROM users WHERE email_key = \(caseFolded(email)) AND deleted_at IS NULL", Self.read)
    }

    /// Active accounts that show one of these names and that the user knows: the user itself, and those who were given a task by it.
    package func active(
        named names: [String], knownTo user: ID<User>
    ) throws -> [(name: String, username: String?, id: ID<User>)] {
        let sql: SQL = """
            SELECT name, username, id FROM users AS u WHERE name IN (\(list: names)) AND is_active AND deleted_at IS NULL AND (
                id = \(user) OR EXISTS (SELECT 1 FROM tasks WHERE owner_id = \(user) AND assignee_id = u.id AND deleted_at IS NULL))
            """
        return try tx.rows(sql.unkept) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
    }

    package func find(username: String) throws -> User? {
        try tx.first("SELECT \(Self.columns) FROM users WHERE username_key = \(caseFolded(username)) AND deleted_at IS NULL", Self.read)
    }

    /// Which account has an address or a username, and the number under which its devices are known. One statement, found or not: its time
    /// tells nothing.
    package func known(email: String) throws -> (id: ID<User>, deviceEpoch: Int64)? {
        try known("email_key = \(caseFolded(email))")
    }

    package func known(username: String) throws -> (id: ID<User>, deviceEpoch: Int64)? {
        try known("username_key = \(caseFolded(username))")
    }

    private func known(_ condition: SQL) throws -> (id: ID<User>, deviceEpoch: Int64)? {
        try tx.first("SELECT id, device_epoch FROM users WHERE \(condition) AND deleted_at IS NULL") {
            (try $0.value(0), try $0.value(1))
        }
    }

    /// The accounts with these ids that are not deleted.
    package static func byID(_ ids: Set<ID<User>>) -> Query<User> {
        Query(("SELECT \(columns) FROM users WHERE id IN (\(list: ids.map(\.value).sorted())) AND deleted_at IS NULL" as SQL).unkept, read)
    }

    /// The active accounts that have that username, or that name without case and accents; two at most.
    package func active(_ mention: QuickAdd.Mention) throws -> [ID<User>] {
        let names: SQL
        switch mention {
        case .me: return []
        case .username(let name): names = "username_key = \(caseFolded(name))"
        case .fullName(let name): names = "name_key = \(searchFolded(name))"
        }
        return try tx.rows("SELECT id FROM users WHERE \(names) AND is_active AND deleted_at IS NULL ORDER BY id LIMIT 2") {
            try $0.value(0)
        }
    }

    package func passwordHash(of id: ID<User>) throws -> String? {
        try tx.first("SELECT password_hash FROM users WHERE id = \(id)") { try $0.value(0, as: String?.self) } ?? nil
    }

    /// - Throws: `Failure.conflict` when the address or the username is taken.
    package func insert(_ new: NewUser, passwordHash: String?, at now: Instant) throws -> User {
        try requireFree(email: new.email, username: new.username, except: nil, at: now)
        let id: ID<User> = try tx.value(
            """
            INSERT INTO users (email, email_key, email_verified, username, username_key, name, name_key, password_hash, role, is_active,
                time_zone, created_at, updated_at, version)
            VALUES (\(new.email), \(caseFolded(new.email)), \(new.isEmailVerified), \(new.username), \(new.username.map(caseFolded)), \(new.name),
                \(new.name.map(searchFolded)), \(passwordHash), \(new.role), \(new.isActive), \(new.timeZone), \(now), \(now), 1)
            RETURNING id
            """)
        return User(
            id: id, email: new.email, isEmailVerified: new.isEmailVerified, username: new.username, name: new.name, role: new.role,
            isActive: new.isActive,
            timeZone: new.timeZone, createdAt: now, updatedAt: now, version: 1)
    }

    /// Writes `new` over `old`, the row as it was read in this transaction.
    /// - Returns: `nil` when the row has another version than `old`.
    /// - Throws: `Failure.conflict` when the address or the username is taken.
    package func update(_ old: User, to new: User, at now: Instant) throws -> User? {
        try requireFree(email: new.email, username: new.username, except: old.id, at: now)
        var user = new
        user.version = old.version + 1
        user.updatedAt = now
        let changed = try tx.run(
            """
            UPDATE users SET email = \(user.email), email_key = \(caseFolded(user.email)), email_verified = \(user.isEmailVerified),
                pending_email = \(user.pendingEmail), username = \(user.username),
                username_key = \(user.username.map(caseFolded)), name = \(user.name), name_key = \(user.name.map(searchFolded)),
                role = \(user.role), is_active = \(user.isActive), time_zone = \(user.timeZone),
                date_order = \(user.dateOrder?.rawValue), updated_at = \(now),
                version = \(user.version)
            WHERE id = \(user.id) AND version = \(old.version) AND deleted_at IS NULL
            """)
        return changed == 1 ? user : nil
    }

    package func setPasswordHash(_ hash: String, of id: ID<User>, at now: Instant) throws {
        try tx.run("UPDATE users SET password_hash = \(hash), updated_at = \(now), version = version + 1 WHERE id = \(id)")
    }

    package func setEmailVerified(_ id: ID<User>, at now: Instant) throws {
        try tx.run("UPDATE users SET email_verified = \(true), updated_at = \(now), version = version + 1 WHERE id = \(id)")
    }

    /// No password opens the account until a new one is set.
    package func clearPassword(of id: ID<User>, at now: Instant) throws {
        try tx.run("UPDATE users SET password_hash = NULL, updated_at = \(now), version = version + 1 WHERE id = \(id)")
    }

    /// Forgets an address that waits to be confirmed, and every device that is known.
    package func forgetPendingAddressAndDevices(of id: ID<User>, at now: Instant) throws {
        try tx.run(
            """
            UPDATE users SET device_epoch = device_epoch + 1,
                version = version + CASE WHEN pending_email IS NULL THEN 0 ELSE 1 END,
                updated_at = CASE WHEN pending_email IS NULL THEN updated_at ELSE \(now) END, pending_email = NULL
            WHERE id = \(id)
            """)
    }

    /// The number under which devices of the account are known now.
    package func deviceEpoch(of id: ID<User>) throws -> Int64 { try tx.value("SELECT device_epoch FROM users WHERE id = \(id)") }

    /// Notes that somebody has logged in.
    /// - Returns: whether it was the first time.
    package func noteLogin(_ id: ID<User>) throws -> Bool {
        try tx.run("UPDATE users SET has_logged_in = \(true) WHERE id = \(id) AND NOT has_logged_in") == 1
    }

    /// Replaces a hash by one of the same password: no change that anybody sees.
    package func upgradePasswordHash(from old: String, to new: String, of id: ID<User>) throws {
        try tx.run("UPDATE users SET password_hash = \(new) WHERE id = \(id) AND password_hash = \(old)")
    }

    /// Takes name, address and password from the row; the address becomes free for others.
    package func erase(_ id: ID<User>, at now: Instant) throws {
        let gone = "deleted-\(id)@deleted.invalid"
        // No address has a blank: nobody can register the key of an account that is still to be deleted.
        let key = "deleted \(id)"
        try tx.run("UPDATE sessions SET device = NULL, address = NULL WHERE user_id = \(id)")
        try tx.run("DELETE FROM label_colors WHERE user_id = \(id)")
        try tx.run(
            """
            UPDATE users SET email = \(gone), email_key = \(key), pending_email = NULL, username = NULL, username_key = NULL, name = NULL, name_key = NULL,
                password_hash = NULL, is_active = \(false), deleted_at = \(now), updated_at = \(now), version = version + 1
            WHERE id = \(id)
            """)
    }

    /// Keeps everybody else from deciding who is an admin until the transaction ends: the rules about the first and the last one span rows.
    package func lockAdmins() throws { try tx.lock("admins") }

    package func hasAdmin() throws -> Bool { try hasActiveAdmin(except: nil) }

    /// Whether another active admin remains without this one.
    package func hasActiveAdmin(except id: ID<User>?) throws -> Bool {
        let others: SQL = id.map { " AND id <> \($0)" } ?? ""
        return try tx.first(
            "SELECT 1 FROM users WHERE role = 'admin' AND is_active AND deleted_at IS NULL\(others) LIMIT 1", { _ in true }) ?? false
    }

    package struct Filter: Sendable {
        package var role: Role?
        package var isActive: Bool?
        /// Parts of address, username and name, without case and accents.
        package var text: String?
        /// Parts of username and name: what anybody may know of others.
        package var publicText: String?

        package init(role: Role? = nil, isActive: Bool? = nil, text: String? = nil, publicText: String? = nil) {
            self.role = role
            self.isActive = isActive
            self.text = text
            self.publicText = publicText
        }

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = ["deleted_at IS NULL"]
            if let role { conditions.append("role = \(role)") }
            if let isActive { conditions.append(isActive ? "is_active" : "NOT is_active") }
            if let text { conditions += Users.known(by: text, in: ["email_key", "username_key", "name_key"]) }
            if let publicText { conditions += Users.known(by: publicText, in: ["username_key", "name_key"]) }
            return conditions
        }
    }

    /// Each word of the text is in one of the columns. Addresses and usernames are ASCII, so that their keys are folded for this, too.
    private static func known(by text: String, in columns: [SQL]) -> [SQL] {
        text.split(whereSeparator: \.isWhitespace).map { word in
            let pattern = contains(searchFolded(String(word)))
            return "(\(SQL.joined(columns.map { "\($0) LIKE \(pattern) ESCAPE '!'" }, by: " OR ")))"
        }
    }

    /// By id, oldest first.
    package func list(_ filter: Filter, after id: Int64? = nil, offset: Int64 = 0, limit: Int64) throws -> [User] {
        var conditions = filter.conditions
        if let id { conditions.append("id > \(id)") }
        return try tx.rows(
            "SELECT \(Self.columns) FROM users WHERE \(all(of: conditions)) ORDER BY id LIMIT \(limit) OFFSET \(offset)", Self.read)
    }

    package func count(_ filter: Filter) throws -> Int64 {
        try tx.value("SELECT count(*) FROM users WHERE \(all(of: filter.conditions))")
    }

    /// - Throws: `Failure.conflict` when another account has the address, or had it and may still take it back.
    package func requireFree(email: String, except id: ID<User>?, at now: Instant) throws {
        if let other = try find(email: email), other.id != id { throw Failure.conflict(.emailTaken) }
        // Otherwise whoever stole an account could keep its old address from its owner, with another account.
        if try Mails(tx).mayBeTakenBack(email, at: now).contains(where: { $0 != id }) { throw Failure.conflict(.emailTaken) }
    }

    private func requireFree(email: String, username: String?, except id: ID<User>?, at now: Instant) throws {
        try requireFree(email: email, except: id, at: now)
        if let username, let other = try find(username: username), other.id != id { throw Failure.conflict(.usernameTaken) }
    }
}

/// A LIKE pattern for texts that contain `text`, `!` being the escape.
private func contains(_ text: String) -> String {
    "%" + text.replacing("!", with: "!!").replacing("%", with: "!%").replacing("_", with: "!_") + "%"
}
