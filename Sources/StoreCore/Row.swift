// A result row, read by column index while the statement stands on it.

/// What an engine offers of the current row; columns count from 0.
package protocol RowSource: AnyObject {
    func isNull(_ column: Int) -> Bool
    func int(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func blob(_ column: Int) -> [UInt8]
    func bool(_ column: Int) -> Bool
}

package protocol Column: Sendable {
    static func read(_ row: Row, _ column: Int) throws(StoreError) -> Self
}

/// Valid only inside the closure that receives it.
package struct Row {
    package let source: any RowSource

    package init(_ source: any RowSource) { self.source = source }

    /// - Throws: `StoreError.corrupt` when the column holds NULL and `Value` is not optional.
    package func value<Value: Column>(_ column: Int, as type: Value.Type = Value.self) throws(StoreError) -> Value {
        try Value.read(self, column)
    }

    fileprivate func present(_ column: Int) throws(StoreError) -> any RowSource {
        if source.isNull(column) { throw .corrupt("column \(column) is NULL") }
        return source
    }
}

extension Int64: Column {
    package static func read(_ row: Row, _ column: Int) throws(StoreError) -> Self { try row.present(column).int(column) }
}

extension Bool: Column {
    package static func read(_ row: Row, _ column: Int) throws(StoreError) -> Self { try row.present(column).bool(column) }
}

extension String: Column {
    package static func read(_ row: Row, _ column: Int) throws(StoreError) -> Self { try row.present(column).text(column) }
}

extension [UInt8]: Column {
    package static func read(_ row: Row, _ column: Int) throws(StoreError) -> Self { try row.present(column).blob(column) }
}

extension Optional: Column where Wrapped: Column {
    package static func read(_ row: Row, _ column: Int) throws(StoreError) -> Self {
        row.source.isNull(column) ? nil : try Wrapped.read(row, column)
    }
}
