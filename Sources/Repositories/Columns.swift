// How the types of the model are bound to statements and read from rows.
package import Model
package import StoreCore

extension ID: Bindable { package var bind: Bind { .int(value) } }
extension ID: Column {
    package static func read(_ row: Row, _ column: Int) throws(StoreError) -> Self { .init(try row.value(column)) }
}

extension Instant: Bindable { package var bind: Bind { .int(microseconds) } }
extension Instant: Column {
    package static func read(_ row: Row, _ column: Int) throws(StoreError) -> Self { .init(microseconds: try row.value(column)) }
}

extension Role: Bindable { package var bind: Bind { .text(rawValue) } }
extension TaskStatus: Bindable { package var bind: Bind { .int(rawValue) } }
extension TaskPriority: Bindable { package var bind: Bind { .int(rawValue) } }

/// A stored raw value as the enum it stands for.
func decoded<Value: RawRepresentable>(_ raw: Value.RawValue) throws(StoreError) -> Value {
    guard let value = Value(rawValue: raw) else { throw .corrupt("no \(Value.self) is called \(raw)") }
    return value
}

/// `true` for no condition at all.
func all(of conditions: [SQL]) -> SQL { conditions.isEmpty ? "1 = 1" : .joined(conditions, by: " AND ") }

extension Tx {
    /// Rows of one statement. More save no time, and SQLite looks for each parameter by walking through those before it.
    static let rowsOfStatement = 100

    /// Ids of a table that nobody else gets.
    func reserveIDs(_ table: String, _ count: Int) throws -> [Int64] {
        if count == 0 { return [] }
        switch engine {
        case .sqlite:
            // The row that is inserted with an id raises the sequence, and nobody else writes before.
            let last = try first("SELECT seq FROM sqlite_sequence WHERE name = \(table)") { try $0.value(0, as: Int64.self) } ?? 0
            return (1...Int64(count)).map { last + $0 }
        case .postgres:
            let sequence: SQL = "pg_get_serial_sequence(\(table), 'id')::regclass"
            return try rows("SELECT nextval(\(sequence)) FROM generate_series(1, \(count))") { try $0.value(0) }
        }
    }

    /// Inserts rows with as few statements as is good; `head` goes up to VALUES.
    func insert(_ rows: [[Bind]], _ head: SQL) throws {
        for start in stride(from: 0, to: rows.count, by: Self.rowsOfStatement) {
            let part = Array(rows[start..<min(start + Self.rowsOfStatement, rows.count)])
            let sql: SQL = "\(head) \(tuples: part)"
            try enqueue(part.count == Self.rowsOfStatement ? sql : sql.unkept)
        }
    }
}
