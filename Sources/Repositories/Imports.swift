// Imports: their checkpoints, and which rows became which tasks.
package import Model
package import StoreCore

extension TaskImport.Phase: Bindable { package var bind: Bind { .int(rawValue) } }

package struct Imports {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    static let schema: [SQL] = [
        """
        CREATE TABLE imports (
            job_id BIGINT PRIMARY KEY,
            owner_id BIGINT NOT NULL REFERENCES users (id),
            file_id BIGINT NOT NULL,
            is_dry_run BOOLEAN NOT NULL,
            is_atomic BOOLEAN NOT NULL,
            creates_users BOOLEAN NOT NULL,
            phase SMALLINT NOT NULL CHECK (phase BETWEEN 0 AND 3),
            row_count BIGINT NOT NULL,
            done BIGINT NOT NULL,
            created BIGINT NOT NULL,
            skipped BIGINT NOT NULL,
            failed BIGINT NOT NULL,
            last_task_before BIGINT,
            faults_file_id BIGINT,
            undo_job_id BIGINT,
            created_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX imports_at ON imports (created_at, job_id)",
        // The key is the text of a row and how often it stood before: it finds rows that come again, and is the order in which an import is
        // undone. Neither a job nor a task is referred to: rows stay until they are swept, in portions.
        """
        CREATE TABLE imported_rows (
            import_id BIGINT NOT NULL,
            key \(.bytes) NOT NULL,
            number BIGINT NOT NULL,
            task_id BIGINT,
            PRIMARY KEY (import_id, key)
        )
        """,
    ]

    private static let columns: SQL =
        """
        job_id, owner_id, file_id, is_dry_run, is_atomic, creates_users, phase, row_count, done, created, skipped, failed,
        last_task_before, faults_file_id, undo_job_id, plan, fails_unknown_users, noted
        """

    private static func read(_ row: Row) throws -> TaskImport {
        TaskImport(
            id: try row.value(0), ownerID: try row.value(1), fileID: try row.value(2),
            options: .init(
                isDryRun: try row.value(3), isAtomic: try row.value(4), createsUsers: try row.value(5),
                failsUnknownUsers: try row.value(16)),
            plan: try row.value(15),
            phase: try decoded(row.value(6)), rows: try row.value(7), done: try row.value(8),
            counts: .init(created: try row.value(9), skipped: try row.value(10), failed: try row.value(11), noted: try row.value(17)),
            lastTaskBefore: try row.value(12),
            remarksFileID: try row.value(13), undoJobID: try row.value(14))
    }

    package func insert(_ new: TaskImport, at now: Instant) throws {
        try tx.run(
            """
            INSERT INTO imports (job_id, owner_id, file_id, is_dry_run, is_atomic, creates_users, phase, row_count, done, created, skipped,
                failed, created_at, plan, fails_unknown_users)
            VALUES (\(new.id), \(new.ownerID), \(new.fileID), \(new.options.isDryRun), \(new.options.isAtomic), \(new.options.createsUsers),
                \(new.phase), \(new.rows), 0, 0, 0, 0, \(now), \(new.plan), \(new.options.failsUnknownUsers))
            """)
    }

    package func find(_ id: ID<Job>) throws -> TaskImport? {
        try tx.first("SELECT \(Self.columns) FROM imports WHERE job_id = \(id)", Self.read)
    }

    /// How many imports of that user have not ended.
    package func unfinished(of owner: ID<User>) throws -> Int64 {
        try tx.value("SELECT count(*) FROM jobs WHERE owner_id = \(owner) AND kind = \(JobKind.importTasks.rawValue) AND state < 2")
    }

    /// Whether that user has an import of the same bytes that has not ended and makes tasks.
    package func isUnfinished(sha256: [UInt8], of owner: ID<User>) throws -> Bool {
        try tx.first(
            """
            SELECT 1 FROM jobs JOIN imports ON imports.job_id = jobs.id JOIN files ON files.id = imports.file_id
            WHERE jobs.owner_id = \(owner) AND jobs.kind = \(JobKind.importTasks.rawValue) AND jobs.state < 2 AND NOT imports.is_dry_run
                AND files.sha256 = \(sha256)
            """
        ) { _ in true } ?? false
    }

    /// The import as it is now and stays until the transaction ends.
    package func lock(_ id: ID<Job>) throws -> TaskImport? {
        try tx.first("SELECT \(Self.columns) FROM imports WHERE job_id = \(id) \(.forUpdate)", Self.read)
    }

    /// Writes how far it has come.
    package func update(_ item: TaskImport) throws {
        try tx.enqueue(
            """
            UPDATE imports SET phase = \(item.phase), done = \(item.done), created = \(item.counts.created),
                skipped = \(item.counts.skipped), failed = \(item.counts.failed), noted = \(item.counts.noted), plan = \(item.plan),
                row_count = \(item.rows), last_task_before = \(item.lastTaskBefore),
                faults_file_id = \(item.remarksFileID), undo_job_id = \(item.undoJobID)
            WHERE job_id = \(item.id)
            """)
    }

    /// Imports of all or nothing that ended in between: their jobs have failed or were cancelled while they inserted.
    package func torn(limit: Int64) throws -> [TaskImport] {
        try tx.rows(
            """
            SELECT \(Self.columns) FROM imports WHERE is_atomic AND phase = \(TaskImport.Phase.inserting) AND undo_job_id IS NULL
                AND EXISTS (SELECT 1 FROM jobs WHERE id = job_id AND state IN (\(JobState.failed), \(JobState.cancelled)))
            LIMIT \(limit)
            """, Self.read)
    }

    /// The owner's last imports that made something, but for that one.
    package func earlier(than item: TaskImport, limit: Int64) throws -> [ID<Job>] {
        try tx.rows(
            """
            SELECT job_id FROM imports WHERE owner_id = \(item.ownerID) AND job_id < \(item.id) AND created > 0 AND NOT is_dry_run
            ORDER BY job_id DESC LIMIT \(limit)
            """
        ) { try $0.value(0) }
    }

    // MARK: Rows

    /// A row that is about to become a task.
    package struct Entry: Sendable {
        package var key: [UInt8]
        package var number: Int64
        package var taskID: ID<TaskItem>?

        package init(key: [UInt8], number: Int64, taskID: ID<TaskItem>?) {
            self.key = key
            self.number = number
            self.taskID = taskID
        }
    }

    /// Notes which rows became which tasks.
    package func note(_ entries: [Entry], of id: ID<Job>) throws {
        for start in stride(from: 0, to: entries.count, by: Tx.rowsOfStatement) {
            let part = entries[start..<min(start + Tx.rowsOfStatement, entries.count)]
            let rows = part.map { entry -> [Bind] in [id.bind, .blob(entry.key), .int(entry.number), entry.taskID?.bind ?? .null] }
            let sql: SQL = "INSERT INTO imported_rows (import_id, key, number, task_id) VALUES \(tuples: rows)"
            try tx.enqueue(part.count == Tx.rowsOfStatement ? sql : sql.unkept)
        }
    }

    /// Some of the tasks of an import, in the order of their keys.
    package func tasks(of id: ID<Job>, after key: [UInt8], limit: Int64) throws -> [(key: [UInt8], task: ID<TaskItem>)] {
        try tx.rows(
            """
            SELECT key, task_id FROM imported_rows WHERE import_id = \(id) AND key > \(key) AND task_id IS NOT NULL
            ORDER BY key LIMIT \(limit)
            """
        ) { (try $0.value(0), try $0.value(1)) }
    }

    /// Removes what is known of old imports, some rows at a time.
    /// - Returns: how much was removed.
    package func deleteOld(before instant: Instant, limit: Int64) throws -> Int {
        guard
            let oldest = try tx.first(
                """
                SELECT job_id FROM imports WHERE created_at < \(instant)
                    AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = job_id AND state < 2) ORDER BY created_at LIMIT 1
                """, { try $0.value(0, as: Int64.self) })
        else { return 0 }
        let rows = try tx.run(
            """
            DELETE FROM imported_rows WHERE import_id = \(oldest)
                AND key IN (SELECT key FROM imported_rows WHERE import_id = \(oldest) LIMIT \(limit))
            """)
        return rows > 0 ? rows : try tx.run("DELETE FROM imports WHERE job_id = \(oldest)")
    }
}
