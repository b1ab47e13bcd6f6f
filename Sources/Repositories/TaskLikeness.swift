// Which rows of a table say the same as a task that is there: looked up by title, and never compared with more than so many.
package import Model
import StoreCore

extension Tasks {
    /// What a row of a table says of a task, to find the task that is the same.
    package struct Likeness: Sendable {
        package var row: Int64
        /// Under which the row is noted when it is imported.
        package var key: [UInt8]
        package var title: String
        package var description: String?
        package var assigneeID: ID<User>?
        /// When it was created; any moment when the row does not say.
        package var created: Range<Instant>?

        package init(row: Int64, key: [UInt8], title: String, description: String?, assigneeID: ID<User>?, created: Range<Instant>?) {
            self.row = row
            self.key = key
            self.title = title
            self.description = description
            self.assigneeID = assigneeID
            self.created = created
        }

        fileprivate var tuple: SQL {
            """
            (CAST(\(row) AS BIGINT), CAST(\(key) AS \(.bytes)), CAST(\(collationKey(title)) AS TEXT), CAST(\(title) AS TEXT),
            CAST(\(description ?? "") AS TEXT), CAST(\(assigneeID?.value ?? 0) AS BIGINT),
            CAST(\(created?.lowerBound.microseconds ?? .min) AS BIGINT), CAST(\(created?.upperBound.microseconds ?? .max) AS BIGINT))
            """
        }
    }

    /// Rows that are looked up at a time.
    package static let likenessesAtOnce = Tx.rowsOfStatement
    /// Tasks of one title that a row is compared with. Without a bound a table of one title would be compared with itself, row by row.
    private static let comparedTasks: Int64 = 1000

    /// Those of up to `likenessesAtOnce` rows that say the same as a task that owner has, its id being `last` at most. Of a title that more
    /// tasks have than are compared, those that the `earlier` imports made of the same row are found, too.
    package func known(_ wanted: [Likeness], of owner: ID<User>, upTo last: Int64, earlier: [ID<Job>]) throws -> Set<Int64> {
        if wanted.isEmpty { return [] }
        let sql: SQL = """
            \(Self.with(wanted)) SELECT wanted.row_number FROM wanted WHERE EXISTS (
                SELECT 1 FROM (
                    SELECT title, description, assignee_id, created_at FROM tasks
                    WHERE \(Self.titled(of: owner, upTo: last)) LIMIT \(Self.comparedTasks)
                ) AS task WHERE \(Self.isLike))
            """
        let known = Set<Int64>(try tx.rows(wanted.count == Self.likenessesAtOnce ? sql : sql.unkept) { try $0.value(0) })
        let others = wanted.filter { !known.contains($0.row) }
        if others.isEmpty || earlier.isEmpty { return known }
        return known.union(try imported(others, of: owner, upTo: last, earlier))
    }

    private func imported(_ wanted: [Likeness], of owner: ID<User>, upTo last: Int64, _ earlier: [ID<Job>]) throws -> Set<Int64> {
        let sql: SQL = """
            \(Self.with(wanted)) SELECT wanted.row_number FROM wanted WHERE EXISTS (
                SELECT 1 FROM tasks WHERE \(Self.titled(of: owner, upTo: last)) LIMIT 1 OFFSET \(Self.comparedTasks)
            ) AND EXISTS (
                SELECT 1 FROM imported_rows \(.orderedJoin) tasks AS task ON task.id = imported_rows.task_id
                WHERE imported_rows.import_id IN (\(list: earlier.map(\.value))) AND imported_rows.key = wanted.key
                    AND task.owner_id = \(owner) AND task.id <= \(last) AND task.deleted_at IS NULL AND \(Self.isLike))
            """
        return Set(try tx.rows(sql.unkept) { try $0.value(0) })
    }

    private static func with(_ wanted: [Likeness]) -> SQL {
        """
        WITH wanted (row_number, key, title_key, title, description, assignee_id, low, high)
            AS (VALUES \(SQL.joined(wanted.map(\.tuple), by: ", ")))
        """
    }

    /// The owner's titles are an index, and the id bounds what is read of it to what was there before.
    private static func titled(of owner: ID<User>, upTo last: Int64) -> SQL {
        "owner_id = \(owner) AND title_key = wanted.title_key AND id <= \(last) AND deleted_at IS NULL"
    }

    private static let isLike: SQL = """
        task.title = wanted.title AND coalesce(task.description, '') = wanted.description
        AND coalesce(task.assignee_id, 0) = wanted.assignee_id AND task.created_at >= wanted.low AND task.created_at < wanted.high
        """
}
