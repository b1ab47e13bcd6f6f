// The tables that make an installation, as rows without meaning: for copying all of it to another database, and for comparing the two.
// The search index is no part of it: it is made anew from the tasks.
package import StoreCore

package struct Table: Sendable {
    package enum Kind: Sendable {
        case int
        case bool
        case text
        case bytes
    }

    package typealias Field = (name: String, kind: Kind)
    /// The values of a row, in the order of `fields`.
    package typealias Values = [Bind]

    package let name: String
    /// The primary key. Rows are read in its order, which is the same on every engine.
    package let key: [Field]
    /// Every column that a row is inserted with, the key first. Generated ones are not.
    package let fields: [Field]
    /// Whether the store gives the ids.
    package let hasIdentity: Bool

    private init(_ name: String, key: KeyValuePairs<String, Kind>, _ others: KeyValuePairs<String, Kind>) {
        self.name = name
        self.key = key.map { ($0.key, $0.value) }
        fields = self.key + others.map { ($0.key, $0.value) }
        hasIdentity = false
    }

    /// A table whose key is an id that the store gives.
    private init(_ name: String, _ others: KeyValuePairs<String, Kind>) {
        self.name = name
        key = [("id", .int)]
        fields = key + others.map { ($0.key, $0.value) }
        hasIdentity = true
    }

    /// All of them, the accounts first; a row refers only to tables that stand before its own.
    package static let all: [Table] = [
        Table(
            "users",
            [
                "email": .text, "email_key": .text, "email_verified": .bool, "username": .text, "username_key": .text, "name": .text,
                "name_key": .text,
                "password_hash": .text, "role": .text, "is_active": .bool, "time_zone": .text, "created_at": .int, "updated_at": .int,
                "deleted_at": .int, "version": .int, "pending_email": .text, "device_epoch": .int, "has_logged_in": .bool,
                "date_order": .text,
            ]),
        Table(
            "sessions",
            [
                "user_id": .int, "chain_key": .bytes, "device": .text, "address": .text, "created_at": .int, "last_used_at": .int,
                "expires_at": .int, "revoked_at": .int, "authenticated_at": .int,
            ]),
        Table("refresh_tokens", key: ["hash": .bytes], ["session_id": .int, "generation": .int, "expires_at": .int, "used_at": .int]),
        Table(
            "access_tokens",
            [
                "user_id": .int, "name": .text, "hash": .bytes, "scopes": .text, "created_at": .int, "last_used_at": .int,
                "expires_at": .int,
            ]),
        Table(
            "tasks",
            [
                "title": .text, "title_key": .text, "description": .text, "status": .int, "priority": .int, "owner_id": .int,
                "assignee_id": .int, "labels": .text, "due_at": .int, "due_on": .int, "due_end": .int, "archived": .bool,
                "completed_at": .int, "deleted_at": .int,
                "created_at": .int, "updated_at": .int, "version": .int,
            ]),
        Table("task_labels", key: ["task_id": .int, "label_key": .text], [:]),
        Table("shared_histories", key: ["task_id": .int], [:]),
        Table(
            "events",
            [
                "at": .int, "actor_id": .int, "request_id": .text, "action": .text, "subject": .text, "subject_id": .int,
                "changes": .text, "audience": .text, "source": .text,
            ]),
        Table("event_values", ["hash": .bytes, "value": .text]),
        Table("event_chain", key: ["position": .int], ["event_id": .int, "hash": .bytes]),
        Table("event_audience", key: ["user_id": .int, "position": .int], [:]),
        Table("events_pending", key: ["event_id": .int], [:]),
        Table(
            "jobs",
            [
                "kind": .text, "state": .int, "priority": .int, "owner_id": .int, "share": .int, "turn": .int, "payload": .text,
                "unique_key": .text, "run_at": .int,
                "attempts": .int, "worker": .text, "leased_until": .int, "is_cancelling": .bool, "done": .int, "total": .int,
                "message": .text, "result": .text, "error": .text, "file_id": .int, "created_at": .int, "started_at": .int,
                "finished_at": .int,
            ]),
        Table("schedules", key: ["name": .text], ["last_slot": .int]),
        Table(
            "task_logs",
            [
                "task_id": .int, "log_date": .int, "status": .int, "priority": .int, "title": .text, "description": .text, "owner_id": .int,
                "assignee_id": .int,
            ]),
        Table("overdue_notices", key: ["task_id": .int], ["due_at": .int, "due_on": .int]),
        Table(
            "webhooks",
            [
                "owner_id": .int, "url": .text, "kinds": .text, "scope": .text, "is_active": .bool, "disabled_reason": .text,
                "position": .int, "failures": .int, "secret": .bytes, "former_secret": .bytes, "former_until": .int, "created_at": .int,
                "updated_at": .int, "version": .int, "is_deleted": .bool,
            ]),
        Table(
            "webhook_deliveries",
            [
                "webhook_id": .int, "position": .int, "mark": .int, "kind": .text, "state": .int, "attempts": .int, "request": .text,
                "status": .int,
                "answer": .text, "error": .text, "milliseconds": .int, "created_at": .int, "attempted_at": .int,
            ]),
        Table(
            "mails",
            [
                "unique_key": .text, "user_id": .int, "kind": .text, "state": .int, "webhook_id": .int, "access_token_id": .int,
                "session_id": .int, "address": .text, "error": .text, "created_at": .int, "updated_at": .int,
            ]),
        Table("mail_recipients", ["hash": .bytes, "kind": .text, "counted_at": .int]),
        Table("mail_tasks", key: ["mail_id": .int, "task_id": .int], ["due_at": .int, "due_on": .int]),
        Table(
            "mailed_tokens", key: ["hash": .bytes],
            ["purpose": .text, "user_id": .int, "mail_id": .int, "expires_at": .int, "address": .text]),
        Table("muted_notifications", key: ["user_id": .int, "kind": .text], [:]),
        Table("label_colors", key: ["user_id": .int, "label_key": .text], ["color": .text]),
        Table(
            "files",
            [
                "owner_id": .int, "name": .text, "media_type": .text, "size": .int, "sha256": .bytes, "created_at": .int,
                "expires_at": .int,
            ]),
        Table("file_chunks", key: ["file_id": .int, "number": .int], ["bytes": .bytes]),
        Table(
            "imports", key: ["job_id": .int],
            [
                "owner_id": .int, "file_id": .int, "is_dry_run": .bool, "is_atomic": .bool, "creates_users": .bool, "phase": .int,
                "row_count": .int, "done": .int, "created": .int, "skipped": .int, "failed": .int, "last_task_before": .int,
                "faults_file_id": .int, "undo_job_id": .int, "created_at": .int, "plan": .text, "fails_unknown_users": .bool, "noted": .int,
            ]),
        Table("imported_rows", key: ["import_id": .int, "key": .bytes], ["number": .int, "task_id": .int]),
        Table(
            "idempotent_answers", key: ["scope": .text, "operation": .text, "key_hash": .bytes], ["sealed": .bytes, "created_at": .int]),
    ]

    // MARK: Reading

    package func count(_ tx: Tx) throws -> Int64 { try tx.value("SELECT count(*) FROM \(sqlName)") }

    package func isEmpty(_ tx: Tx) throws -> Bool { try tx.first("SELECT 1 FROM \(sqlName) LIMIT 1") { _ in false } ?? true }

    /// The greatest key there is.
    package func lastKey(_ tx: Tx) throws -> Values? {
        let order = SQL.joined(key.map { "\(ordered($0)) DESC" }, by: ", ")
        return try tx.first("SELECT \(list(key)) FROM \(sqlName) ORDER BY \(order) LIMIT 1") { row in
            try key.enumerated().map { try $1.kind.read(row, $0) }
        }
    }

    /// Hands on the rows whose keys are above `last`, in the order of their keys, `size` at a time.
    package func rows(_ tx: Tx, after last: Values?, batchesOf size: Int, _ take: ([Values]) throws -> Void) throws {
        var sql: SQL = "SELECT \(list(fields)) FROM \(sqlName)"
        if let last {
            let bound = SQL.joined(last.map { "\($0)" }, by: ", ")
            sql += " WHERE (\(SQL.joined(key.map(ordered), by: ", "))) > (\(bound))"
        }
        sql += " ORDER BY \(SQL.joined(key.map(ordered), by: ", "))"
        try tx.batches(of: size, sql, { row in try fields.enumerated().map { try $1.kind.read(row, $0) } }, take)
    }

    // MARK: Writing

    /// Rows of one statement. More save no time, and SQLite looks for each parameter by walking through those before it.
    private static let chunk = 100

    /// Inserts rows as they are, and what is derived from them. They stand in the order of their keys.
    package func insert(_ rows: [Values], _ tx: Tx) throws {
        for start in stride(from: 0, to: rows.count, by: Self.chunk) {
            let chunk = rows[start..<min(start + Self.chunk, rows.count)]
            let values = chunk.map { row in "(\(SQL.joined(row.map { "\($0)" }, by: ", ")))" as SQL }
            let sql: SQL = "INSERT INTO \(sqlName) (\(list(fields))) VALUES \(SQL.joined(values, by: ", "))"
            try tx.enqueue(chunk.count == Self.chunk ? sql : sql.unkept)
        }
        if name == "tasks", case .int(let first)? = rows.first?.first, case .int(let last)? = rows.last?.first {
            try Tasks(tx).index(first...last)
        }
    }

    /// Tells PostgreSQL's planner what came in. It would notice by itself, but lists are slow until then.
    package static func analyze(_ tx: Tx) throws {
        guard tx.engine == .postgres else { return }
        try tx.run("ANALYZE \(SQL.joined(all.map(\.sqlName), by: ", ")), task_search")
    }

    // MARK: Identities

    /// The greatest id that was ever given, also when its row is gone; 0 before the first.
    package func lastID(_ tx: Tx) throws -> Int64 {
        try tx.value(
            .choice(
                sqlite: "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = \(name)",
                postgres: "SELECT coalesce(pg_sequence_last_value(\(sequence)), 0)"))
    }

    /// The next id that is given is above `last`.
    package func setLastID(_ last: Int64, _ tx: Tx) throws {
        guard last > 0 else { return }
        switch tx.engine {
        case .sqlite:
            try tx.run("DELETE FROM sqlite_sequence WHERE name = \(name)")
            try tx.run("INSERT INTO sqlite_sequence (name, seq) VALUES (\(name), \(last))")
        case .postgres: try tx.run("SELECT setval(\(sequence), \(last))")
        }
    }

    private var sequence: SQL { "pg_get_serial_sequence(\(name), 'id')::regclass" }

    // MARK: Text

    private var sqlName: SQL { SQL(stringLiteral: name) }

    private func list(_ fields: [Field]) -> SQL { SQL(stringLiteral: fields.map(\.name).joined(separator: ", ")) }

    private func ordered(_ field: Field) -> SQL {
        let name = SQL(stringLiteral: field.name)
        return field.kind == .text ? "\(name) \(.bytewise)" : name
    }
}

extension Table.Kind {
    fileprivate func read(_ row: Row, _ column: Int) throws -> Bind {
        switch self {
        case .int: try row.value(column, as: Int64?.self).map { .int($0) } ?? .null
        case .bool: try row.value(column, as: Bool?.self).map { .bool($0) } ?? .null
        case .text: try row.value(column, as: String?.self).map { .text($0) } ?? .null
        case .bytes: try row.value(column, as: [UInt8]?.self).map { .blob($0) } ?? .null
        }
    }
}
