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

/// The bytes of a text; `NULL` of none.
func octets(of column: SQL) -> SQL { .choice(sqlite: "length(CAST(\(column) AS BLOB))", postgres: "octet_length(\(column))") }

extension Tx {
    /// Rows of one statement. More save no time, and SQLite looks for each parameter by walking through those before it.
    static let rowsOfStatement = 100

    /// Inserts rows with as few statements as is good; `head` goes up to VALUES.
    func insert(_ rows: [[Bind]], _ head: SQL, _ tail: SQL = "") throws {
        for start in stride(from: 0, to: rows.count, by: Self.rowsOfStatement) {
            let part = Array(rows[start..<min(start + Self.rowsOfStatement, rows.count)])
            let sql: SQL = "\(head) \(tuples: part)\(tail)"
            try enqueue(part.count == Self.rowsOfStatement ? sql : sql.unkept)
        }
    }
}
