// What guards an account: when its password was entered last, an address that waits to be confirmed, known devices.
import StoreCore

let accountSecurity: [SQL] = [
    "ALTER TABLE users ADD COLUMN pending_email TEXT",
    // Devices that were known under another number are not known any more.
    "ALTER TABLE users ADD COLUMN device_epoch BIGINT NOT NULL DEFAULT 1",
    "ALTER TABLE users ADD COLUMN has_logged_in BOOLEAN NOT NULL DEFAULT FALSE",
    "UPDATE users SET has_logged_in = TRUE WHERE id IN (SELECT user_id FROM sessions)",
    "ALTER TABLE sessions ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0",
    "UPDATE sessions SET authenticated_at = created_at",
    "CREATE INDEX sessions_begun ON sessions (user_id, created_at, id)",
    "ALTER TABLE mails ADD COLUMN access_token_id BIGINT",
    "ALTER TABLE mails ADD COLUMN session_id BIGINT",
    // The address that the token gives back.
    "ALTER TABLE mailed_tokens ADD COLUMN address TEXT",
    "CREATE INDEX mailed_tokens_by_address ON mailed_tokens (lower(address)) WHERE address IS NOT NULL",
    "CREATE INDEX mails_by_address ON mails (lower(address)) WHERE address IS NOT NULL",
]
