// Which rows of a file say the same as tasks that are there: looked up by title, and never compared with more than so many.
package import Model
import StoreCore

extension Tasks {
    /// What a row of a file says of a task, to find the tasks that are the same.
    package struct Likeness: Sendable {
        package var row: Int64
        /// Under which the row is noted when it is imported.
        package var key: [UInt8]
        /// Rows of the file before it that say the same.
        package var occurrence: Int64
        package var task: TaskItem
        /// When it was created; `nil` when the row does not say.
        package var created: Range<Instant>?
        /// When it was completed; `nil` when the row does not say.
        package var completed: Instant?

        package init(row: Int64, key: [UInt8], occurrence: Int64, task: TaskItem, created: Range<Instant>?, completed: Instant?) {
            self.row = row
            self.key = key
            self.occurrence = occurrence
            self.task = task
            self.created = created
            self.completed = completed
        }

        fileprivate var tuple: SQL {
            """
            (CAST(\(row) AS BIGINT), CAST(\(key) AS \(.bytes)), CAST(\(collationKey(task.title)) AS TEXT), CAST(\(task.title) AS TEXT),
            CAST(\(task.description ?? "") AS TEXT), CAST(\(task.status) AS BIGINT), CAST(\(task.priority) AS BIGINT),
            CAST(\(task.assigneeID?.value ?? 0) AS BIGINT), CAST(\(jsonText(task.labels)) AS TEXT), CAST(\(task.archived) AS BOOLEAN),
            CAST(\(task.dueAt?.milliseconds.microseconds ?? .min) AS BIGINT), CAST(\(task.dueOn?.number ?? .min) AS BIGINT),
            CAST(\(completed?.microseconds ?? .min) AS BIGINT), CAST(\(completed.map { $0.microseconds + 999 } ?? .max) AS BIGINT),
            CAST(\(created?.lowerBound.microseconds ?? .min) AS BIGINT), CAST(\(created?.upperBound.microseconds ?? .max) AS BIGINT))
            """
        }
    }

    /// The fields by which a row is compared, beside its title.
    package enum ComparedField: Sendable {
        case description, status, priority, assignee, labels, due, archived, completedAt, createdAt

        fileprivate var condition: SQL {
            switch self {
            case .description: "coalesce(task.description, '') = wanted.description"
            case .status: "task.status = wanted.status"
            case .priority: "task.priority = wanted.priority"
            case .assignee: "coalesce(task.assignee_id, 0) = wanted.assignee_id"
            case .labels: "task.labels = wanted.labels"
            // Files have milliseconds.
            case .due:
                """
                coalesce(task.due_at, \(Int64.min)) BETWEEN wanted.due_at AND wanted.due_at + 999
                AND coalesce(task.due_on, \(Int64.min)) = wanted.due_on
                """
            case .archived: "task.archived = wanted.archived"
            case .completedAt:
                "coalesce(task.completed_at, \(Int64.min)) >= wanted.completed_from AND coalesce(task.completed_at, 0) <= wanted.completed_to"
            case .createdAt: "task.created_at >= wanted.created_from AND task.created_at < wanted.created_to"
            }
        }
    }

    /// Rows that are looked up at a time.
    package static let likenessesAtOnce = Tx.rowsOfStatement
    /// Tasks of one title that a row is compared with. Without a bound a file of one title would be compared with itself, row by row.
    package static let comparedTasks: Int64 = 1000

    /// Those of up to `likenessesAtOnce` rows whose title a task has that the user owns or is assigned, with an id up to `last`. Most rows are
    /// new, and to learn that takes a tenth of what it takes to compare all their fields.
    package func titled(_ wanted: [Likeness], of owner: ID<User>, upTo last: Int64) throws -> Set<Int64> {
        if wanted.isEmpty { return [] }
        let sql = Self.titling(wanted, of: owner, upTo: last)
        return Set(try tx.rows(wanted.count == Self.likenessesAtOnce ? sql : sql.unkept) { try $0.value(0) })
    }

    static func titling(_ wanted: [Likeness], of owner: ID<User>, upTo last: Int64) -> SQL {
        // Not EXISTS, of which PostgreSQL may make a join with all tasks of the user.
        func some(_ isTheirs: SQL) -> SQL { "(SELECT id FROM tasks WHERE \(titled(isTheirs, upTo: last)) LIMIT 1) IS NOT NULL" }
        let rows = wanted.map { row in "(CAST(\(row.row) AS BIGINT), CAST(\(collationKey(row.task.title)) AS TEXT))" as SQL }
        return """
            WITH wanted (row_number, title_key) AS (VALUES \(SQL.joined(rows, by: ", ")))
            SELECT wanted.row_number FROM wanted WHERE \(some("owner_id = \(owner)")) OR \(some("assignee_id = \(owner)"))
            """
    }

    /// How many tasks that user owns or is assigned that say what a row says, for up to `likenessesAtOnce` rows: ids up to `last`, and none of
    /// more than `comparedTasks` of a title.
    package func alike(
        _ wanted: [Likeness], by fields: [ComparedField], of owner: ID<User>, upTo last: Int64
    ) throws -> [Int64: Int64] {
        if wanted.isEmpty { return [:] }
        let sql = Self.likening(wanted, by: fields, of: owner, upTo: last)
        let counts: [(Int64, Int64)] = try tx.rows(sql.unkept) { (try $0.value(0), try $0.value(1)) }
        return Dictionary(counts, uniquingKeysWith: max)
    }

    static func likening(_ wanted: [Likeness], by fields: [ComparedField], of owner: ID<User>, upTo last: Int64) -> SQL {
        func count(_ isTheirs: SQL) -> SQL {
            """
            (SELECT count(*) FROM (
                SELECT title, description, status, priority, assignee_id, labels, archived, due_at, due_on, completed_at, created_at
                FROM tasks WHERE \(titled(isTheirs, upTo: last)) LIMIT \(comparedTasks)
            ) AS task WHERE \(isLike(fields)))
            """
        }
        return """
            \(with(wanted)) SELECT wanted.row_number, \(count("owner_id = \(owner)")) + \(count("assignee_id = \(owner) AND owner_id <> \(owner)"))
            FROM wanted
            """
    }

    /// Of rows with a title that more tasks have than are compared: those of whose like the `earlier` imports made a task that still says the
    /// same.
    package func imported(
        _ wanted: [Likeness], by fields: [ComparedField], of owner: ID<User>, upTo last: Int64, _ earlier: [ID<Job>]
    ) throws -> Set<Int64> {
        if wanted.isEmpty || earlier.isEmpty { return [] }
        let sql: SQL = """
            \(Self.with(wanted)) SELECT wanted.row_number FROM wanted WHERE EXISTS (
                SELECT 1 FROM tasks WHERE \(Self.titled("owner_id = \(owner)", upTo: last)) LIMIT 1 OFFSET \(Self.comparedTasks)
            ) AND EXISTS (
                SELECT 1 FROM imported_rows \(.orderedJoin) tasks AS task ON task.id = imported_rows.task_id
                WHERE imported_rows.import_id IN (\(list: earlier.map(\.value))) AND imported_rows.key = wanted.key
                    AND task.owner_id = \(owner) AND task.id <= \(last) AND task.deleted_at IS NULL AND \(Self.isLike(fields)))
            """
        return Set(try tx.rows(sql.unkept) { try $0.value(0) })
    }

    private static func with(_ wanted: [Likeness]) -> SQL {
        """
        WITH wanted (row_number, key, title_key, title, description, status, priority, assignee_id, labels, archived, due_at, due_on,
            completed_from, completed_to, created_from, created_to) AS (VALUES \(SQL.joined(wanted.map(\.tuple), by: ", ")))
        """
    }

    /// The owner's titles are an index, and the id bounds what is read of it to what was there before.
    private static func titled(_ isTheirs: SQL, upTo last: Int64) -> SQL {
        "\(isTheirs) AND title_key = wanted.title_key AND id <= \(last) AND deleted_at IS NULL"
    }

    private static func isLike(_ fields: [ComparedField]) -> SQL { all(of: ["task.title = wanted.title"] + fields.map(\.condition)) }
}
