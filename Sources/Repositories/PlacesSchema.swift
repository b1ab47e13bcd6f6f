// Where tasks stand in the manual order, and how what a request changed is found.
import Model
import StoreCore

let places: [SQL] =
    [
        // NULL until somebody moves the task: a new one needs no statement for its place.
        "ALTER TABLE tasks ADD COLUMN place BIGINT",
        // Neither engine can add a column of the other one's kind.
        """
        ALTER TABLE tasks ADD COLUMN position BIGINT
        GENERATED ALWAYS AS (coalesce(place, id * \(SQL(stringLiteral: "\(-TaskItem.positionGap)")))) \(SQL.choice(sqlite: "VIRTUAL", postgres: "STORED"))
        """,
    ]
    + TaskOrder.indexes(of: .position, on: TaskOrder.expression(.position))
    + ["CREATE INDEX events_of_request ON events (request_id, id) WHERE \(Events.isUndoable)"]
