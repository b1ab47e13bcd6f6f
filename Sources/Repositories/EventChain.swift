// The seal on the event log: each event gets a position without gaps in the order of the commits, and a hash over all before it.
package import Model
package import StoreCore

/// An event as it is sealed: the columns as they are stored, so that nothing is lost in reading them.
package struct SealableEvent: Sendable {
    package var id: Int64
    package var at: Int64
    package var actorID: Int64?
    package var requestID: String
    package var action: String
    package var subject: String
    package var subjectID: Int64
    package var changes: String
    package var audience: String?
    /// `nil` in what was recorded before there was such a column.
    package var source: String?

    /// The new value of a field whose values are short; `nil` when it did not change.
    package func newValue(of field: String) throws -> FieldChange.Value? {
        // Most events say nothing of a field: reading them all would cost the sealer more than sealing.
        guard changes.contains("\"\(field)\"") else { return nil }
        return try Repositories.changes(fromJSON: changes) { _ in nil }.first { $0.field == field }?.to
    }

    static let columns: SQL = "e.id, e.at, e.actor_id, e.request_id, e.action, e.subject, e.subject_id, e.changes, e.audience, e.source"

    static func read(_ row: Row, from first: Int) throws -> SealableEvent {
        SealableEvent(
            id: try row.value(first), at: try row.value(first + 1), actorID: try row.value(first + 2), requestID: try row.value(first + 3),
            action: try row.value(first + 4), subject: try row.value(first + 5), subjectID: try row.value(first + 6),
            changes: try row.value(first + 7), audience: try row.value(first + 8), source: try row.value(first + 9))
    }

    /// What is hashed: one spelling for each row at each position. Texts have their length before them, so that no two rows read the same.
    package func canonical(at position: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128 + changes.utf8.count)
        func add(_ number: Int64) { withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) } }
        func add(_ text: String?) {
            guard let text else { return add(-1) }
            add(Int64(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }
        for number in [position, id, at] { add(number) }
        add(actorID ?? -1)
        for text in [requestID, action, subject] { add(text) }
        add(subjectID)
        add(changes)
        add(audience)
        // What was sealed without it keeps its hash.
        if let source { add(source) }
        return bytes
    }
}

package struct EventChain {
    /// The end of the chain; before the first event, position 0 and a hash of zeros.
    package struct Head: Sendable, Equatable {
        package var position: Int64
        package var hash: [UInt8]

        package init(position: Int64, hash: [UInt8]) {
            self.position = position
            self.hash = hash
        }

        package static let empty = Head(position: 0, hash: [UInt8](repeating: 0, count: 32))
    }

    /// A position that is taken, and what it points to.
    package struct Link: Sendable {
        package var position: Int64
        package var eventID: Int64
        package var hash: [UInt8]
        /// `nil` when the event is gone.
        package var event: SealableEvent?
        /// Whether the long values of the event are what the event says.
        package var hasItsValues = true

        package init(position: Int64, eventID: Int64, hash: [UInt8], event: SealableEvent?) {
            self.position = position
            self.eventID = eventID
            self.hash = hash
            self.event = event
        }
    }

    /// Stands in the audience of every event that the feed shows: who may see all of them reads these.
    package static let everybody = ID<User>(0)

    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    // MARK: Sealing

    /// The chain is asked for each id: of NOT EXISTS PostgreSQL makes a join of all that waits with the whole chain, once much waits.
    private static let isUnsealed: SQL = "(SELECT c.position FROM event_chain c WHERE c.event_id = p.event_id) IS NULL"

    /// When the first of what waits was recorded. Cheaper than to begin sealing.
    package static let oldestWaiting = Query<Instant>(
        "SELECT e.at FROM events_pending p JOIN events e ON e.id = p.event_id WHERE \(isUnsealed) ORDER BY p.event_id LIMIT 1",
        isBrief: true
    ) { try $0.value(0) }

    /// Whether this transaction is the one that may seal, on all instances.
    package func claim() throws -> Bool { try tx.tryLock("events.seal") }

    package func head() throws -> Head {
        try tx.first("SELECT position, hash FROM event_chain ORDER BY position DESC LIMIT 1") {
            Head(position: try $0.value(0), hash: try $0.value(1))
        } ?? .empty
    }

    static func waitingRows(limit: Int) -> SQL {
        """
        SELECT \(SealableEvent.columns) FROM events_pending p JOIN events e ON e.id = p.event_id
        WHERE \(isUnsealed) ORDER BY p.event_id LIMIT \(limit)
        """
    }

    /// What waits, by id. An id that was queued by somebody else's hand, for nothing or a second time, must not stop the others.
    package func waiting(limit: Int) throws -> [SealableEvent] {
        try tx.rows(Self.waitingRows(limit: limit)) { try SealableEvent.read($0, from: 0) }
    }

    /// - Parameter links: follow the head without a gap; each with its event.
    package func append(_ links: [Link], audiences: [(position: Int64, users: [ID<User>])]) throws {
        try enqueue(links.map { "(\($0.position), \($0.eventID), \($0.hash))" }) {
            "INSERT INTO event_chain (position, event_id, hash) VALUES \($0)"
        }
        let rows: [SQL] = audiences.flatMap { position, users in
            (users + [Self.everybody]).map { "(\($0), \(position))" }
        }
        // Rows of a place that somebody cut off may still be there: they must not keep the log from being sealed.
        try enqueue(rows) { "INSERT INTO event_audience (user_id, position) VALUES \($0) ON CONFLICT DO NOTHING" }
        // One by one: with a lower id another may have come to wait since they were read.
        try enqueue(links.map { "\($0.eventID)" }) { "DELETE FROM events_pending WHERE event_id IN (\($0))" }
    }

    /// In pieces of three sizes, so that there are three texts to prepare.
    private func enqueue(_ rows: [SQL], _ statement: (SQL) -> SQL) throws {
        var rest = rows[...]
        for size in [64, 8, 1] {
            while rest.count >= size {
                try tx.enqueue(statement(.joined(Array(rest.prefix(size)), by: ", ")))
                rest = rest.dropFirst(size)
            }
        }
    }

    // MARK: Audience

    /// `[1,2]`.
    static func text(_ users: [ID<User>]) -> String { "[" + users.map(\.description).joined(separator: ",") + "]" }

    package static func users(_ text: String) -> [ID<User>] {
        text.dropFirst().dropLast().split(separator: ",").compactMap { Int64($0) }.map { ID($0) }
    }

    // MARK: Verification

    /// Every position in order, with its event.
    package func walk(batchesOf size: Int, _ take: ([Link]) throws -> Void) throws {
        var last = Int64.min
        while true {
            var links = try links(after: last, limit: size)
            let texts = links.compactMap { $0.event?.changes }
            let faults = try EventValues(tx: tx).faults(in: texts)
            if !faults.isEmpty {
                for index in links.indices {
                    let named = links[index].event.map { EventValues.references(in: $0.changes) } ?? []
                    links[index].hasItsValues = faults.isDisjoint(with: named)
                }
            }
            if !links.isEmpty { try take(links) }
            guard links.count == size, let reached = links.last?.position else { return }
            last = reached
        }
    }

    private func links(after position: Int64, limit: Int) throws -> [Link] {
        try tx.rows(
            """
            SELECT c.position, c.event_id, c.hash, \(SealableEvent.columns) FROM event_chain c LEFT JOIN events e ON e.id = c.event_id
            WHERE c.position > \(position) ORDER BY c.position LIMIT \(limit)
            """
        ) { row in
            let isThere = try row.value(3, as: Int64?.self) != nil
            return Link(
                position: try row.value(0), eventID: try row.value(1), hash: try row.value(2),
                event: isThere ? try SealableEvent.read(row, from: 3) : nil)
        }
    }

    /// The last position, and the hash before it.
    package func end() throws -> (link: Link, previous: [UInt8])? {
        let head = try head()
        guard head.position > 0 else { return nil }
        let last = try links(after: head.position - 2, limit: 2)
        return last.last.map { ($0, last.count == 2 ? last[0].hash : Head.empty.hash) }
    }

    package func waitingCount() throws -> Int64 { try tx.value("SELECT count(*) FROM events_pending") }

    /// Events that wait though they are older than `before`.
    package func waiting(since before: Int64, limit: Int) throws -> [Int64] {
        try tx.rows(
            """
            SELECT e.id FROM events_pending p JOIN events e ON e.id = p.event_id
            WHERE e.at < \(before) AND \(Self.isUnsealed) ORDER BY e.id LIMIT \(limit)
            """
        ) { try $0.value(0) }
    }

    /// Ids that wait and have no event.
    package func orphans(limit: Int) throws -> [Int64] {
        try tx.rows(
            """
            SELECT p.event_id FROM events_pending p WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = p.event_id)
            ORDER BY p.event_id LIMIT \(limit)
            """
        ) { try $0.value(0) }
    }

    /// Events that are neither sealed nor waiting.
    /// - Parameter size: so many are looked at by one statement, which may take only a bounded time.
    package func strangers(limit: Int, batchesOf size: Int = 50_000) throws -> [Int64] {
        var found: [Int64] = []
        var start: Int64? = .min
        while let from = start, found.count < limit {
            let next = try tx.first("SELECT id FROM events WHERE id >= \(from) ORDER BY id LIMIT 1 OFFSET \(size)") {
                try $0.value(0, as: Int64.self)
            }
            let end = next ?? .max
            found += try tx.rows(
                """
                SELECT e.id FROM events e
                WHERE e.id >= \(from) AND e.id < \(end) AND NOT EXISTS (
                    SELECT 1 FROM event_chain c WHERE c.event_id = e.id AND c.event_id >= \(from) AND c.event_id < \(end)
                ) AND NOT EXISTS (
                    SELECT 1 FROM events_pending p WHERE p.event_id = e.id AND p.event_id >= \(from) AND p.event_id < \(end)
                ) ORDER BY e.id LIMIT \(limit - found.count)
                """
            ) { try $0.value(0) }
            start = next
        }
        return found
    }
}
