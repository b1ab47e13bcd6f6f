// Days on which tasks are due, beside the instants at which they are.
import Model
import StoreCore

let dueDays: [SQL] =
    [
        "DROP INDEX tasks_owned_by_due_at",
        "DROP INDEX tasks_assigned_by_due_at",
        "DROP INDEX tasks_by_due_at",
        "DROP INDEX tasks_due",
        "ALTER TABLE tasks DROP COLUMN due_key",
        "ALTER TABLE tasks ADD COLUMN due_on BIGINT CHECK (due_on IS NULL OR due_at IS NULL)",
        // The last microsecond that is not too late, and the greatest number without a due date: a cursor cannot find its place in the
        // index of an expression.
        "ALTER TABLE tasks ADD COLUMN due_end BIGINT NOT NULL DEFAULT 9223372036854775807",
        "UPDATE tasks SET due_end = due_at WHERE due_at IS NOT NULL",
    ]
    + TaskOrder.indexes(of: .dueAt, on: "due_end")
    + [
        "CREATE INDEX tasks_due ON tasks (due_end, id) WHERE \(Tasks.isDated) AND status < 2 AND NOT archived AND deleted_at IS NULL",
        "CREATE INDEX tasks_due_on ON tasks (owner_id, due_on, id) WHERE due_on IS NOT NULL",
        "ALTER TABLE overdue_notices ADD COLUMN due_on BIGINT",
        "ALTER TABLE mail_tasks ADD COLUMN due_on BIGINT",
    ]
