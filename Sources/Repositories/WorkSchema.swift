// The tables of background work: jobs, schedules, the daily log, and what was announced.
import Model
import StoreCore

let work: [SQL] = [
    """
    CREATE TABLE jobs (
        id \(.identity),
        kind TEXT NOT NULL,
        state SMALLINT NOT NULL CHECK (state BETWEEN 0 AND 4),
        priority SMALLINT NOT NULL,
        owner_id BIGINT REFERENCES users (id),
        payload TEXT NOT NULL,
        unique_key TEXT,
        run_at BIGINT NOT NULL,
        attempts BIGINT NOT NULL,
        worker TEXT,
        leased_until BIGINT,
        is_cancelling BOOLEAN NOT NULL,
        done BIGINT NOT NULL,
        total BIGINT,
        message TEXT,
        result TEXT,
        error TEXT,
        file_id BIGINT,
        created_at BIGINT NOT NULL,
        started_at BIGINT,
        finished_at BIGINT
    )
    """,
    // A claim takes from the head of one priority: however long the queue is, it reads no more than it takes.
    "CREATE INDEX jobs_queued ON jobs (priority, run_at, id) WHERE state = 0",
    "CREATE INDEX jobs_running ON jobs (leased_until, id) WHERE state = 1",
    "CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL",
    "CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key) WHERE state < 2",
    "CREATE INDEX jobs_of ON jobs (owner_id, id)",
    "CREATE INDEX jobs_by_state ON jobs (state, id)",
    """
    CREATE TABLE schedules (
        name TEXT PRIMARY KEY,
        last_slot BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE task_logs (
        id \(.identity),
        task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
        log_date BIGINT NOT NULL,
        status SMALLINT NOT NULL,
        priority SMALLINT NOT NULL,
        title TEXT NOT NULL,
        description TEXT,
        owner_id BIGINT NOT NULL REFERENCES users (id),
        assignee_id BIGINT REFERENCES users (id),
        UNIQUE (task_id, log_date)
    )
    """,
    "CREATE INDEX task_logs_owned ON task_logs (owner_id, log_date, id)",
    "CREATE INDEX task_logs_assigned ON task_logs (assignee_id, log_date, id) WHERE assignee_id IS NOT NULL",
    "CREATE INDEX task_logs_by_date ON task_logs (log_date, id)",
    // Which due date of a task was announced as missed.
    """
    CREATE TABLE overdue_notices (
        task_id BIGINT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
        due_at BIGINT NOT NULL
    )
    """,
    """
    CREATE INDEX tasks_due ON tasks (due_at, id)
    WHERE due_at IS NOT NULL AND status < 2 AND NOT archived AND deleted_at IS NULL
    """,
    "CREATE INDEX tasks_deleted ON tasks (deleted_at, id) WHERE deleted_at IS NOT NULL",
    "CREATE INDEX refresh_tokens_expired ON refresh_tokens (expires_at)",
    "CREATE INDEX sessions_expired ON sessions (expires_at)",
]
