// Brings a database to the schema of this program, one transaction a step, forwards only.

package struct Migration: Sendable {
    /// Counts from 1 without gaps.
    package let version: Int64
    package let name: String
    package let statements: @Sendable (Engine) -> [SQL]
    /// What SQL cannot say, made after the statements in the same transaction: values that the program works out for the rows that are there.
    package let program: @Sendable (Tx) throws -> Void

    package init(
        _ version: Int64, _ name: String, then program: @escaping @Sendable (Tx) throws -> Void = { _ in },
        _ statements: @escaping @Sendable (Engine) -> [SQL]
    ) {
        self.version = version
        self.name = name
        self.statements = statements
        self.program = program
    }
}

package struct Migrator: Sendable {
    package let migrations: [Migration]

    package init(_ migrations: [Migration]) {
        precondition(migrations.map(\.version) == Array(1...Int64(migrations.count)), "migrations count from 1 without gaps")
        self.migrations = migrations
    }

    package var newest: Int64 { Int64(migrations.count) }

    /// The version of the schema that is there; 0 is an empty database.
    /// - Throws: `StoreError.unfinishedTransfer` when only a part of the rows is there: everybody who uses a database asks here first.
    package func current(_ tx: Tx) throws -> Int64 {
        guard try TransferMark(tx).source() == nil else { throw StoreError.unfinishedTransfer }
        return try version(tx)
    }

    /// The same, also of a database that is being filled by a transfer.
    package func version(_ tx: Tx) throws -> Int64 {
        guard try tx.hasTable("schema_migrations") else { return 0 }
        return try tx.value("SELECT coalesce(max(version), 0) FROM schema_migrations", as: Int64.self)
    }

    /// The tables of a database that another program made, by name; none where there is an installation, or nothing.
    package func foreignTables(_ tx: Tx) throws -> [String] {
        let columns: SQL = .choice(
            sqlite: "SELECT count(*) FROM pragma_table_info('schema_migrations') WHERE name IN ('version', 'name', 'applied_at')",
            postgres: """
                SELECT count(*) FROM information_schema.columns WHERE table_name = 'schema_migrations'
                    AND table_schema = current_schema() AND column_name IN ('version', 'name', 'applied_at')
                """)
        // Other programs keep a table of this name, with columns of their own.
        guard try tx.value(columns, as: Int64.self) < 3, try TransferMark(tx).source() == nil else { return [] }
        let tables: SQL = .choice(
            sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
            postgres: """
                SELECT c.relname::text FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
                    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
                ORDER BY c.relname
                """)
        return try tx.rows(tables) { try $0.value(0, as: String.self) }
    }

    /// When the first step was made, in microseconds: it tells one installation from another.
    package func birth(_ tx: Tx) throws -> Int64 { try tx.value("SELECT applied_at FROM schema_migrations WHERE version = 1") }

    /// The steps that are still to be made.
    /// - Throws: `StoreError.newerSchema` when the database has steps that this program does not know.
    package func pending(_ store: some Store) async throws -> [Migration] {
        let current = try await store.read { tx in try self.current(tx) }
        try check(current)
        return migrations.filter { $0.version > current }
    }

    /// Makes the steps that are still to be made and returns them. Safe to call at every start.
    @discardableResult
    package func migrate(_ store: some Store, at microseconds: Int64) async throws -> [Migration] {
        let pending = try await pending(store)
        for migration in pending {
            try await store.maintain { tx in
                // Another process may have been faster.
                guard try current(tx) < migration.version else { return }
                try make(migration, tx)
                try tx.run(
                    "INSERT INTO schema_migrations (version, name, applied_at) VALUES (\(migration.version), \(migration.name), \(microseconds))"
                )
            }
        }
        return pending
    }

    /// Makes the first steps and notes nothing: for looking at what they make.
    package func makeSteps(upTo version: Int64, _ tx: Tx) throws {
        for migration in migrations where migration.version <= version { try make(migration, tx) }
    }

    private func make(_ migration: Migration, _ tx: Tx) throws {
        if migration.version == 1 {
            try tx.run("CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)")
        }
        for statement in migration.statements(tx.engine) { try tx.run(statement.unkept) }
        try migration.program(tx)
    }

    private func check(_ current: Int64) throws(StoreError) {
        guard current <= newest else {
            throw .newerSchema(
                "the database has schema version \(current), this program knows up to \(newest): start the newer program, or restore a backup"
            )
        }
    }
}
