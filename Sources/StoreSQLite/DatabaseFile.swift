// What is in a file before anything opens it for writing: another program's file is not to be changed by a look at it.
import Foundation
import GRDB
package import StoreCore

package enum DatabaseFile {
    /// The first bytes of every SQLite database. Source: SQLite, “Database File Format”.
    private static let signature = Array("SQLite format 3\u{0}".utf8)

    /// Whether it is a database of SQLite; a file without a byte is an empty one.
    package static func isDatabase(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return true }
        defer { try? file.close() }
        guard let start = try? file.read(upToCount: signature.count), !start.isEmpty else { return true }
        return Array(start) == signature
    }

    /// Runs `body` on the file without writing to it.
    /// - Throws: `StoreError`, and what `body` throws.
    package static func look<Value>(_ path: String, _ body: (Tx) throws -> Value) throws -> Value {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let value = try queue.read { try body(Tx(SQLiteConnection($0))) }
            try queue.close()
            return value
        } catch let error as DatabaseError {
            throw StoreError(any: error)
        }
    }
}
