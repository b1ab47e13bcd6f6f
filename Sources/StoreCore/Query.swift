// One read as data: a statement and how its rows are read. An engine can send many of them together.

package struct Query<Element: Sendable>: Sendable {
    package let sql: SQL
    package let read: @Sendable (Row) throws -> Element
    /// An index leads to each of a hundred rows at most: the caller's thread may do it, for handing it to another one would cost more.
    package let isBrief: Bool
    /// Bytes of the texts in a row that may be long.
    package let textBytes: @Sendable (Element) -> Int

    package init(
        _ sql: SQL, isBrief: Bool = false, textBytes: @escaping @Sendable (Element) -> Int = { _ in 0 },
        _ read: @escaping @Sendable (Row) throws -> Element
    ) {
        self.sql = sql
        self.isBrief = isBrief
        self.textBytes = textBytes
        self.read = read
    }
}

extension Tx {
    package func rows<Element>(_ query: Query<Element>) throws -> [Element] { try rows(query.sql, query.read) }
    package func first<Element>(_ query: Query<Element>) throws -> Element? { try first(query.sql, query.read) }
}
