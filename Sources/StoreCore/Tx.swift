// An open transaction. Synchronous on purpose: nothing can suspend while a lock is held.

/// One connection of an engine, as a transaction uses it.
package protocol Connection: AnyObject {
    var engine: Engine { get }
    /// Runs one statement, calls `each` for every row, and returns how many rows it changed.
    /// A statement that is not kept is prepared for this one use.
    func run(_ text: String, _ binds: [Bind], isKept: Bool, _ each: (Row) throws -> Void) throws -> Int
    /// Runs one statement whose rows nobody wants, at the latest with the next `run`, which then throws its error.
    func enqueue(_ text: String, _ binds: [Bind], isKept: Bool) throws
    /// Runs one statement like `enqueue`; `verdict` gets its first row, and what it throws comes out where an error of the statement would.
    func require(_ text: String, _ binds: [Bind], isKept: Bool, _ verdict: @escaping (Row?) throws -> Void) throws
    /// Tells every process that listens, once the transaction is on disk.
    func announce(_ message: String) throws
    /// An id for a new row of the table, for an engine whose answers are waited for; `nil` where the row that is inserted gets its id at once.
    func nextID(of table: String) throws -> Int64?
}

package final class Tx {
    package let connection: any Connection
    private var depth = 0

    package init(_ connection: any Connection) { self.connection = connection }

    package var engine: Engine { connection.engine }

    /// How many rows the statement changed.
    @discardableResult
    package func run(_ sql: SQL) throws -> Int { try run(sql) { _ in } }

    @discardableResult
    private func run(_ sql: SQL, _ each: (Row) throws -> Void) throws -> Int {
        let (text, binds) = sql.rendered(for: engine)
        return try connection.run(text, binds, isKept: sql.isKept, each)
    }

    /// Runs a statement that gives nothing back. Its error may come with a later statement or with the end of the transaction.
    package func enqueue(_ sql: SQL) throws {
        let (text, binds) = sql.rendered(for: engine)
        try connection.enqueue(text, binds, isKept: sql.isKept)
    }

    /// Makes the transaction fail with what `verdict` throws for the first row of the query. It may throw it only with a later statement or
    /// with the end of the transaction, and saves the wait until then.
    package func require<Element>(_ query: Query<Element>, _ verdict: @escaping (Element?) throws -> Void) throws {
        let (text, binds) = query.sql.rendered(for: engine)
        try connection.require(text, binds, isKept: query.sql.isKept) { row in try verdict(row.map(query.read)) }
    }

    /// Tells every process that listens, this one too, once the transaction is on disk.
    package func announce(_ message: String) throws { try connection.announce(message) }

    /// Inserts a row without waiting for the engine to say which id it got.
    /// - Parameter insert: the statement that inserts the row under an id; without one the engine finds it.
    package func insert(into table: String, _ insert: (_ id: Int64?) -> SQL) throws -> Int64 {
        guard let id = try connection.nextID(of: table) else { return try value("\(insert(nil)) RETURNING id") }
        try enqueue(insert(id))
        return id
    }

    package func rows<Value>(_ sql: SQL, _ read: (Row) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try run(sql) { values.append(try read($0)) }
        return values
    }

    /// Hands on the rows of a statement of any length, some at a time, so that memory does not grow with the table.
    /// - Parameter take: must not use this transaction.
    package func batches<Value>(
        of size: Int, _ sql: SQL, _ read: (Row) throws -> Value, _ take: ([Value]) throws -> Void
    ) throws {
        switch engine {
        case .sqlite:
            var batch: [Value] = []
            try run(sql.unkept) { row in
                batch.append(try read(row))
                guard batch.count == size else { return }
                try take(batch)
                batch.removeAll(keepingCapacity: true)
            }
            if !batch.isEmpty { try take(batch) }
        case .postgres:
            try run(("DECLARE batches NO SCROLL CURSOR FOR \(sql)" as SQL).unkept)
            let fetch = SQL(stringLiteral: "FETCH \(size) FROM batches").unkept
            while true {
                let batch = try rows(fetch, read)
                if !batch.isEmpty { try take(batch) }
                if batch.count < size { break }
            }
            try run("CLOSE batches")
        }
    }

    package func first<Value>(_ sql: SQL, _ read: (Row) throws -> Value) throws -> Value? {
        var value: Value?
        try run(sql) { if value == nil { value = try read($0) } }
        return value
    }

    /// The first column of the one row that the statement gives.
    /// - Throws: `StoreError.corrupt` when it gives none.
    package func value<Value: Column>(_ sql: SQL, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try first(sql, { try $0.value(0, as: Value.self) }) else { throw StoreError.corrupt("a statement gave no row") }
        return value
    }

    /// Runs `body` and undoes what it did, and only that, when it throws.
    package func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        depth += 1
        defer { depth -= 1 }
        let name = SQL(stringLiteral: "nested_\(depth)")
        try enqueue("SAVEPOINT \(name)")
        do {
            let value = try body()
            try run("RELEASE \(name)")
            return value
        } catch {
            // The engine may have rolled everything back already; then there is nothing to return to, and the first error counts.
            // An enqueued statement that fails takes the first try with it.
            if (try? run("ROLLBACK TO \(name)")) == nil { _ = try? run("ROLLBACK TO \(name)") }
            _ = try? run("RELEASE \(name)")
            throw error
        }
    }
}
