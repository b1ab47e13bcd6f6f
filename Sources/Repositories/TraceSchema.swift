// What is kept of requests and mails beside what they did: where a change came from, who may read a task's past, how many mails an address got.
import StoreCore

let traces: [SQL] = [
    // NULL in what was recorded before there was such a column.
    "ALTER TABLE events ADD COLUMN source TEXT",
    """
    CREATE TABLE mail_recipients (
        id \(.identity),
        hash \(.bytes) NOT NULL,
        kind TEXT NOT NULL,
        counted_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX mail_recipients_of ON mail_recipients (hash, kind, counted_at)",
    "CREATE INDEX mail_recipients_at ON mail_recipients (counted_at)",
    // Tasks whose owner lets the assignee read what was before the assignment.
    "CREATE TABLE shared_histories (task_id BIGINT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE)",
]
