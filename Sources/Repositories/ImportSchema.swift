// What an import knows of its file beside the bytes.
import StoreCore

let importPlans: [SQL] = [
    // How the file is read, as JSON; NULL for one that an older program took.
    "ALTER TABLE imports ADD COLUMN plan TEXT",
    "ALTER TABLE imports ADD COLUMN fails_unknown_users BOOLEAN NOT NULL DEFAULT \(SQL.choice(sqlite: "0", postgres: "FALSE"))",
    "ALTER TABLE imports ADD COLUMN noted BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN date_order TEXT CHECK (date_order IN ('dmy', 'mdy', 'ymd'))",
]
