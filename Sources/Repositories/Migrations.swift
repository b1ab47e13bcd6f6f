// Every step from an empty database to today's schema. A released step is never edited: add another one.
import Model
package import StoreCore

package let migrator = Migrator([
    Migration(1, "accounts") { _ in accounts },
    Migration(2, "tasks") { tasks + TaskSearch.schema(for: $0) },
    Migration(3, "ledger") { _ in ledger },
    Migration(4, "work") { _ in work },
    Migration(5, "sealed feed") { _ in sealedFeed },
    Migration(6, "webhooks") { _ in webhookTables },
    Migration(7, "files and imports") { _ in Files.schema + Imports.schema },
    Migration(8, "mail") { _ in mailTables },
    Migration(9, "account security") { _ in accountSecurity },
    Migration(10, "fairness and budgets") { _ in fairness },
    Migration(11, "traces") { _ in traces },
    Migration(12, "due days") { _ in dueDays },
    Migration(13, "collation and words", then: makeTextKeys) { _ in [] },
    Migration(14, "import plans") { _ in importPlans },
    Migration(15, "places") { _ in places },
    Migration(16, "preferences, views and download links") { _ in Users.preferencesSchema + SavedViews.schema + DownloadLinks.schema },
    Migration(17, "labels and completions") { _ in LabelColors.schema + TaskOrder.indexes(of: .completedAt, on: "completed_at") },
    Migration(18, "fewer indexes") { _ in TaskOrder.fewerIndexes },
])

/// Instants are microseconds since 1970 in a BIGINT; keys are case-folded by the program, since SQL's lower() differs.
private let accounts: [SQL] = [
    """
    CREATE TABLE users (
        id \(.identity),
        email TEXT NOT NULL,
        email_key TEXT NOT NULL UNIQUE,
        username TEXT,
        username_key TEXT UNIQUE,
        name TEXT,
        name_key TEXT,
        password_hash TEXT,
        role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
        is_active BOOLEAN NOT NULL,
        time_zone TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        deleted_at BIGINT,
        version BIGINT NOT NULL
    )
    """,
    "CREATE INDEX users_admins ON users (id) WHERE role = 'admin' AND is_active AND deleted_at IS NULL",
    """
    CREATE TABLE sessions (
        id \(.identity),
        user_id BIGINT NOT NULL REFERENCES users (id),
        chain_key \(.bytes) NOT NULL,
        device TEXT,
        address TEXT,
        created_at BIGINT NOT NULL,
        last_used_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        revoked_at BIGINT
    )
    """,
    "CREATE INDEX sessions_live ON sessions (user_id, id) WHERE revoked_at IS NULL",
    """
    CREATE TABLE refresh_tokens (
        hash \(.bytes) PRIMARY KEY,
        session_id BIGINT NOT NULL REFERENCES sessions (id),
        generation BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        used_at BIGINT,
        UNIQUE (session_id, generation)
    )
    """,
    """
    CREATE TABLE access_tokens (
        id \(.identity),
        user_id BIGINT NOT NULL REFERENCES users (id),
        name TEXT NOT NULL,
        hash \(.bytes) NOT NULL UNIQUE,
        scopes TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        last_used_at BIGINT,
        expires_at BIGINT
    )
    """,
    "CREATE INDEX access_tokens_of ON access_tokens (user_id, id)",
]

private let tasks: [SQL] =
    [
        """
        CREATE TABLE tasks (
            id \(.identity),
            title TEXT NOT NULL,
            title_key TEXT \(.bytewise) NOT NULL,
            description TEXT,
            status SMALLINT NOT NULL CHECK (status BETWEEN 0 AND 2),
            priority SMALLINT NOT NULL CHECK (priority BETWEEN 0 AND 3),
            owner_id BIGINT NOT NULL REFERENCES users (id),
            assignee_id BIGINT REFERENCES users (id),
            labels TEXT NOT NULL,
            due_at BIGINT,
            due_key BIGINT NOT NULL GENERATED ALWAYS AS (coalesce(due_at, 9223372036854775807)) STORED,
            archived BOOLEAN NOT NULL,
            completed_at BIGINT,
            deleted_at BIGINT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            CHECK ((status = 2) = (completed_at IS NOT NULL))
        )
        """
    ]
    // Later steps have other columns for some of these orders, and more orders.
    + [TaskSortKey.createdAt, .updatedAt, .dueAt, .priority, .title, .status].flatMap {
        TaskOrder.indexes(of: $0, on: $0 == .dueAt ? "due_key" : TaskOrder.expression($0))
    }
    + [
        "CREATE INDEX tasks_trash ON tasks (owner_id, deleted_at, id) WHERE deleted_at IS NOT NULL",
        """
        CREATE TABLE task_labels (
            task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            label_key TEXT NOT NULL,
            PRIMARY KEY (task_id, label_key)
        )
        """,
        "CREATE INDEX task_labels_by_label ON task_labels (label_key, task_id)",
    ]

private let ledger: [SQL] = [
    """
    CREATE TABLE events (
        id \(.identity),
        at BIGINT NOT NULL,
        actor_id BIGINT REFERENCES users (id),
        request_id TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        subject_id BIGINT NOT NULL,
        changes TEXT NOT NULL
    )
    """,
    "CREATE INDEX events_of_subject ON events (subject, subject_id, id)",
    "CREATE INDEX events_of_actor ON events (actor_id, id)",
    "CREATE INDEX events_of_action ON events (action, id)",
    "CREATE INDEX events_at ON events (at, id)",
    """
    CREATE TABLE idempotent_answers (
        scope TEXT NOT NULL,
        operation TEXT NOT NULL,
        key_hash \(.bytes) NOT NULL,
        sealed \(.bytes) NOT NULL,
        created_at BIGINT NOT NULL,
        PRIMARY KEY (scope, operation, key_hash)
    )
    """,
    "CREATE INDEX idempotent_answers_at ON idempotent_answers (created_at)",
]

/// A key column of plain numbers: on SQLite the row's own number, which needs no second index.
private let number: SQL = .choice(sqlite: "INTEGER", postgres: "BIGINT")

/// Without references to events: that a row is missing is what the verification is there to find.
private let sealedFeed: [SQL] = [
    "ALTER TABLE events ADD COLUMN audience TEXT",
    "CREATE TABLE event_chain (position \(number) PRIMARY KEY, event_id BIGINT NOT NULL UNIQUE, hash \(.bytes) NOT NULL)",
    """
    CREATE TABLE event_audience (
        user_id BIGINT NOT NULL,
        position BIGINT NOT NULL,
        PRIMARY KEY (user_id, position)
    ) \(SQL.choice(sqlite: "WITHOUT ROWID", postgres: ""))
    """,
    "CREATE TABLE events_pending (event_id \(number) PRIMARY KEY)",
    "INSERT INTO events_pending (event_id) SELECT id FROM events",
]
