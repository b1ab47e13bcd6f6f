// Opens connections to one address list, each within a deadline.
import CPostgres
import Dispatch
import Foundation
import StoreCore

struct Connector: Sendable {
    /// A libpq connection URI; several hosts and `target_session_attrs` are libpq's to follow.
    let url: String
    let patience: Patience
    let settings: [(String, String)]
    let canceller = Canceller()

    /// - Parameter lockTimeout: how long a statement waits for a row that another transaction has changed.
    init(url: String, patience: Patience, lockTimeout: UInt64? = nil) {
        self.url = url
        self.patience = patience
        var settings: [(String, String)] = []
        if patience.statement != .max {
            // The server gives up a little before the client, which can then keep the connection.
            settings = [
                ("statement_timeout", "\(patience.statement / 1_000_000 * 4 / 5)"),
                ("idle_in_transaction_session_timeout", "\(patience.statement / 1_000_000 * 3)"),
            ]
        }
        if let lockTimeout { settings.append(("lock_timeout", "\(lockTimeout / 1_000_000)")) }
        self.settings = settings
    }

    /// - Throws: `LinkLost`, `StoreError`.
    func connect() throws -> Link {
        let connection = try open()
        let link = try Link(connection, patience: patience, canceller: canceller, settings: settings)
        // A role or server may have it off, and an acknowledged change must be on disk.
        _ = try link.run(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'", [], isKept: false
        ) { _ in }
        return link
    }

    private func open() throws -> OpaquePointer {
        let options = [
            ("fallback_application_name", "taskflow"), ("connect_timeout", "3"), ("tcp_user_timeout", "5000"), ("keepalives_idle", "10"),
            ("keepalives_interval", "3"), ("keepalives_count", "3"), ("dbname", url), ("client_encoding", "UTF8"),
        ]
        let started = withCStrings(options.map(\.0)) { keys in
            withCStrings(options.map(\.1)) { values in PQconnectStartParams(keys, values, 1) }
        }
        guard let connection = started else { throw LinkLost(reason: "libpq is out of memory") }
        let deadline = DispatchTime.now().uptimeNanoseconds + patience.connect
        var state = PGRES_POLLING_WRITING
        while PQstatus(connection) != CONNECTION_BAD, state != PGRES_POLLING_OK {
            guard ready(PQsocket(connection), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline) else {
                PQfinish(connection)
                throw LinkLost(reason: "no connection within \(patience.connect / 1_000_000) ms")
            }
            state = PQconnectPoll(connection)
            if state == PGRES_POLLING_FAILED { break }
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            let reason = String(cString: PQerrorMessage(connection))
            PQfinish(connection)
            throw LinkLost(reason: reason)
        }
        return connection
    }
}

private func withCStrings<Value>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value) -> Value {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return (copies.map { $0.map { UnsafePointer($0) } } + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
}
