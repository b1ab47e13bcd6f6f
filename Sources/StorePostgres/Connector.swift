// Opens connections to one address list, each within a deadline.
import CPostgres
import Dispatch
import Foundation
import StoreCore
import Synchronization

struct Connector: Sendable {
    /// A libpq connection URI. `target_session_attrs` says which of several hosts will do.
    let url: String
    let patience: Patience
    let settings: [(String, String)]
    let canceller = Canceller()
    private let hosts: Hosts

    /// - Parameter lockTimeout: how long a statement waits for a row that another transaction has changed.
    init(url: String, patience: Patience, lockTimeout: UInt64? = nil) {
        self.url = url
        self.patience = patience
        // To compile a plan that is thought to be dear takes longer than any statement here.
        var settings = [("jit", "off")]
        if patience.statement != .max {
            // The server gives up a little before the client, which can then keep the connection.
            settings += [
                ("statement_timeout", "\(patience.statement / 1_000_000 * 4 / 5)"),
                ("idle_in_transaction_session_timeout", "\(patience.statement / 1_000_000 * 3)"),
            ]
        }
        if let lockTimeout { settings.append(("lock_timeout", "\(lockTimeout / 1_000_000)")) }
        self.settings = settings
        hosts = Hosts(url)
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

    /// The hosts by turns, the one that did last first. libpq would go through them by itself, but never leave one that is frozen: such
    /// a host takes connections and says nothing.
    private func open() throws -> OpaquePointer {
        guard hosts.isReadable else { throw StoreError.unavailable("the connection URI cannot be read") }
        var reasons: [String] = []
        for number in hosts.order {
            do {
                let connection = try open(hosts.all[number], within: patience.connect / UInt64(hosts.all.count))
                hosts.prefer(number)
                return connection
            } catch let error as LinkLost {
                reasons.append(error.reason)
            }
        }
        throw LinkLost(reason: reasons.joined(separator: "; "))
    }

    private func open(_ host: [(String, String)], within patience: UInt64) throws -> OpaquePointer {
        // Kerberos keeps locks that are gone once a process has begun to exit: a connection that is still being made then ends it by an
        // abort. A URI may ask for its encryption by name.
        let options =
            [
                ("gssencmode", "disable"), ("fallback_application_name", "taskflow"), ("connect_timeout", "3"),
                ("tcp_user_timeout", "5000"),
                ("keepalives_idle", "10"), ("keepalives_interval", "3"), ("keepalives_count", "3"), ("dbname", url),
                ("client_encoding", "UTF8"),
            ] + host
        let started = withCStrings(options.map(\.0)) { keys in
            withCStrings(options.map(\.1)) { values in PQconnectStartParams(keys, values, 1) }
        }
        guard let connection = started else { throw LinkLost(reason: "libpq is out of memory") }
        let deadline = DispatchTime.now().uptimeNanoseconds + patience
        var state = PGRES_POLLING_WRITING
        while PQstatus(connection) != CONNECTION_BAD, state != PGRES_POLLING_OK {
            guard ready(PQsocket(connection), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline) else {
                PQfinish(connection)
                throw LinkLost(reason: "no connection within \(patience / 1_000_000) ms")
            }
            state = PQconnectPoll(connection)
            if state == PGRES_POLLING_FAILED { break }
        }
        // libpq would print what the server remarks, between the lines of the log.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        guard PQstatus(connection) == CONNECTION_OK else {
            let reason = String(cString: PQerrorMessage(connection))
            PQfinish(connection)
            throw LinkLost(reason: hosts.withoutPassword(reason))
        }
        return connection
    }
}

/// The hosts of a connection URI, as options that name one of them.
private final class Hosts: Sendable {
    /// One without options is whatever the URI says.
    let all: [[(String, String)]]
    private let preferred = Mutex(0)
    private let password: String
    /// libpq can read the URI. What it says of others repeats parts of them, and so of passwords.
    let isReadable: Bool

    init(_ url: String) {
        var lists: [(name: String, values: [String])] = []
        var password = ""
        let parsed = PQconninfoParse(url, nil)
        isReadable = parsed != nil
        if let parsed {
            defer { PQconninfoFree(parsed) }
            var option = parsed
            while let keyword = option.pointee.keyword {
                let name = String(cString: keyword)
                if name == "password", let value = option.pointee.val { password = String(cString: value) }
                if ["host", "hostaddr", "port"].contains(name), let value = option.pointee.val {
                    lists.append((name, String(cString: value).split(separator: ",", omittingEmptySubsequences: false).map(String.init)))
                }
                option += 1
            }
        }
        self.password = password
        let count = lists.map(\.values.count).max() ?? 1
        // Lists of different lengths are for libpq to complain about.
        guard count > 1, lists.allSatisfy({ $0.values.count == count || $0.name == "port" && $0.values.count == 1 }) else {
            all = [[]]
            return
        }
        all = (0..<count).map { number in lists.map { ($0.name, $0.values.count == 1 ? $0.values[0] : $0.values[number]) } }
    }

    /// A message of libpq or of a server as others may read it.
    func withoutPassword(_ text: String) -> String { password.isEmpty ? text : text.replacing(password, with: "***") }

    /// Where to try, in this order.
    var order: [Int] {
        let first = preferred.withLock { $0 }
        return (0..<all.count).map { (first + $0) % all.count }
    }

    func prefer(_ number: Int) { preferred.withLock { $0 = number } }
}

private func withCStrings<Value>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value) -> Value {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return (copies.map { $0.map { UnsafePointer($0) } } + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
}
