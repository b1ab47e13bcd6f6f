// Long values of events, each kept once however many events name it: an event has the SHA-256 of a long text in the place of the text.
import Crypto
import Model
import StoreCore
import Wire

/// The changes of an event as its row has them, and the long values that belong into a table of their own.
struct StoredChanges: Sendable {
    /// `[{"field": …, "from": …, "to": …}]`; a long value is `{"sha256":"…"}`.
    let text: String
    fileprivate let longValues: [LongValue]

    init(_ changes: [FieldChange]) {
        var longValues: [LongValue] = []
        func stored(_ value: FieldChange.Value) -> JSON {
            guard value.mayBeLong else { return JSON(value) }
            let json = JSON(value)
            let text = json.text
            guard text.utf8.count > EventValues.inlineLimit else { return json }
            let long = LongValue(text)
            longValues.append(long)
            return long.reference
        }
        if changes.isEmpty {
            text = "[]"
        } else {
            var writer = JSONWriter(capacity: 512)
            writer.array(changes) { change, writer in
                writer.json(["field": .string(change.field), "from": stored(change.from), "to": stored(change.to)])
            }
            text = writer.text
        }
        self.longValues = longValues
    }
}

private struct LongValue: Sendable {
    let hash: [UInt8]
    /// The value as JSON.
    let text: String

    init(_ text: String) {
        hash = Array(SHA256.hash(data: Array(text.utf8)))
        self.text = text
    }

    var reference: JSON { [EventValues.member: .string(hash.map { hexadecimal($0) }.joined())] }
}

private func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

/// Two transactions that store the same text at the same time both keep it: a unique index would make one wait for the other, and who
/// knows a text could hold up whoever writes it. Readers take either.
struct EventValues {
    let tx: Tx

    static let schema: [SQL] = [
        "CREATE TABLE event_values (id \(.identity), hash \(.bytes) NOT NULL, value TEXT NOT NULL)",
        "CREATE INDEX event_values_by_hash ON event_values (hash)",
    ]

    /// Bytes of a value's JSON that stand in the event itself. A reference and its row have about a tenth of this.
    static let inlineLimit = 1024
    fileprivate static let member = "sha256"
    private static let beginning = Array("{\"\(member)\":\"".utf8)
    private static let hexLength = 64
    /// Values that are looked up by one statement: each may have a hundred kilobytes.
    private static let atOnce = 16

    /// Keeps the long values that are not there yet.
    func insert(_ changes: StoredChanges) throws {
        for value in changes.longValues {
            try tx.enqueue(
                """
                INSERT INTO event_values (hash, value) SELECT CAST(\(value.hash) AS \(.bytes)), CAST(\(value.text) AS TEXT)
                WHERE NOT EXISTS (SELECT 1 FROM event_values WHERE hash = \(value.hash))
                """)
        }
    }

    /// The changes of events with their long values.
    func changes(fromJSON texts: [String]) throws -> [[FieldChange]] {
        var values: [[UInt8]: FieldChange.Value] = [:]
        try find(Set(texts.flatMap(Self.references))) { hash, text in
            guard let json = try? JSON(parsing: text.utf8, limits: .stored) else { throw StoreError.corrupt("a value of an event") }
            values[hash] = FieldChange.Value(json)
        }
        return try texts.map { text in try Repositories.changes(fromJSON: text) { values[$0] } }
    }

    /// The long values that these changes name and that are missing, or not what their hash says.
    func faults(in texts: [String]) throws -> Set<[UInt8]> {
        var open = Set(texts.flatMap(Self.references))
        if open.isEmpty { return [] }
        try find(open) { hash, text in
            if Array(SHA256.hash(data: Array(text.utf8))) == hash { open.remove(hash) }
        }
        return open
    }

    private func find(_ hashes: Set<[UInt8]>, _ each: ([UInt8], String) throws -> Void) throws {
        let all = hashes.sorted { $0.lexicographicallyPrecedes($1) }
        for start in stride(from: 0, to: all.count, by: Self.atOnce) {
            let part = Array(all[start..<min(start + Self.atOnce, all.count)])
            let sql: SQL = "SELECT hash, value FROM event_values WHERE hash IN (\(list: part))"
            let found: [([UInt8], String)] = try tx.rows(part.count == Self.atOnce ? sql : sql.unkept) {
                (try $0.value(0), try $0.value(1))
            }
            for (hash, text) in found { try each(hash, text) }
        }
    }

    /// The hashes that stand in the changes of an event. Inside of a text the quotes would be escaped, so that no text looks like one.
    static func references(in text: String) -> [[UInt8]] {
        var text = text
        return text.withUTF8 { bytes in
            var found: [[UInt8]] = []
            var rest = bytes[...]
            while let brace = rest.firstIndex(of: beginning[0]) {
                rest = rest[brace...]
                if rest.starts(with: beginning) {
                    rest = rest.dropFirst(beginning.count)
                    if rest.count >= hexLength, let hash = bytesOf(hexadecimal: rest.prefix(hexLength)) { found.append(hash) }
                } else {
                    rest = rest.dropFirst()
                }
            }
            return found
        }
    }
}

private func bytesOf(hexadecimal digits: some Collection<UInt8>) -> [UInt8]? {
    let values = digits.compactMap { digit -> UInt8? in
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
    guard values.count == digits.count, values.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

extension FieldChange.Value {
    fileprivate var mayBeLong: Bool {
        switch self {
        case .null, .bool, .int: false
        case .text, .texts: true
        }
    }

    /// The hash that stands in the place of a long value.
    static func reference(_ json: JSON?) -> [UInt8]? {
        guard case .object? = json, case .string(let text)? = json?[EventValues.member] else { return nil }
        return bytesOf(hexadecimal: Array(text.utf8))
    }
}
