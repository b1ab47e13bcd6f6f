// Copies the rows of an installation into another database, however far an earlier run came, and compares the two.
import Repositories
import Services
import StoreCore
import Synchronization

/// How far a copy or a comparison is in one table.
package struct CopyProgress: Sendable {
    package enum Phase: String, Sendable {
        case copying = "copied"
        case comparing = "compared"
    }

    package var phase: Phase
    package var table: String
    package var done: Int64
    package var total: Int64
}

struct InstallationCopy: Sendable {
    /// Rows that are read at a time: a single one may have a megabyte.
    static let fetch = 200
    /// Rows and bytes that are written in one transaction: enough for its fsync to be a small part of it.
    private static let batch = (rows: 2000, bytes: 4 << 20)

    let source: any Store
    /// Has the schema, and no rows but those of an earlier run.
    let target: any Store
    let report: @Sendable (CopyProgress) -> Void

    private struct Batch: Sendable {
        var table: Table
        var rows: [Table.Values]
        /// With these.
        var done: Int64
        var total: Int64
    }

    /// Copies what is missing. Rows come in the order of their keys and each batch is one transaction, so that the greatest key in the
    /// target says how far an earlier run came.
    /// - Parameter finally: gets the snapshot that was copied.
    func run<Value: Sendable>(_ finally: @escaping @Sendable (Tx) throws -> Value) async throws -> Value {
        let progress = try await target.read { tx in try Table.all.map { (table: $0, last: try $0.lastKey(tx), done: try $0.count(tx)) } }
        let hasBegun = Mutex(false)
        return try await handOver { send in
            try await source.read { tx in
                let isFirst = hasBegun.withLock { hasBegun in
                    defer { hasBegun = true }
                    return !hasBegun
                }
                // Rows of another snapshot would follow those that were sent.
                guard isFirst else { throw StoreError.unavailable("the connection to the source was lost: run the same command again") }
                for (table, last, done) in progress { try Self.send(table, after: last, done, tx, send) }
                return try finally(tx)
            }
        } to: { batch in
            try await target.write { tx in try batch.table.insert(batch.rows, tx) }
            report(CopyProgress(phase: .copying, table: batch.table.name, done: batch.done, total: batch.total))
        }
    }

    private static func send(_ table: Table, after last: Table.Values?, _ done: Int64, _ tx: Tx, _ send: (Batch) throws -> Void) throws {
        var batch = Batch(table: table, rows: [], done: done, total: try table.count(tx))
        var bytes = 0
        func flush() throws {
            if batch.rows.isEmpty { return }
            try send(batch)
            batch.rows = []
            bytes = 0
        }
        try table.rows(tx, after: last, batchesOf: fetch) { rows in
            for row in rows {
                batch.rows.append(row)
                batch.done += 1
                bytes += row.reduce(0) { $0 + size($1) }
                if batch.rows.count == Self.batch.rows || bytes >= Self.batch.bytes { try flush() }
            }
        }
        try flush()
    }

    private static func size(_ value: Bind) -> Int {
        switch value {
        case .null, .int, .bool: 8
        case .text(let text): text.utf8.count
        case .blob(let blob): blob.count
        }
    }

    // MARK: Comparison

    /// - Throws: `Difference`.
    func compare() async throws -> [ContentDigest] {
        let counts = try await Self.counts(source)
        for (table, (ours, theirs)) in zip(Table.all, zip(counts, try await Self.counts(target))) where ours != theirs {
            throw Difference(table: table.name, source: ours, target: theirs)
        }
        async let theirs = target.read { tx in try Self.digests(tx) }
        let ours = try await source.read { [report] tx in
            try Self.digests(tx) { index, done in
                report(CopyProgress(phase: .comparing, table: Table.all[index].name, done: done, total: counts[index]))
            }
        }
        try Self.compare(ours, try await theirs)
        return ours
    }

    static func compare(_ source: [ContentDigest], _ target: [ContentDigest]) throws(Difference) {
        for (table, (ours, theirs)) in zip(Table.all, zip(source, target)) where ours != theirs {
            throw Difference(table: table.name, source: ours.count, target: theirs.count)
        }
    }

    static func digests(_ tx: Tx, report: (Int, Int64) -> Void = { _, _ in }) throws -> [ContentDigest] {
        try Table.all.enumerated().map { index, table in try ContentDigest(of: table, tx) { report(index, $0) } }
    }

    private static func counts(_ store: any Store) async throws -> [Int64] {
        try await store.read { tx in try Table.all.map { try $0.count(tx) } }
    }

    struct Difference: Error, CustomStringConvertible {
        let table: String
        let source: Int64
        let target: Int64

        var description: String {
            source == target
                ? "the rows of \(table) differ" : "\(table) has \(source) rows in the source and \(target) in the target"
        }
    }

    // MARK: Identities

    static func lastIDs(_ tx: Tx) throws -> [Int64] { try Table.all.map { $0.hasIdentity ? try $0.lastID(tx) : 0 } }

    static func setLastIDs(_ last: [Int64], _ tx: Tx) throws {
        for (table, last) in zip(Table.all, last) where table.hasIdentity { try table.setLastID(last, tx) }
    }
}
