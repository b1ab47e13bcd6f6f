// What keeps acknowledged changes safe: how the file is written, and its copies.
import Foundation
import StoreCore
import StoreSQLite
import TestKit
import Testing

@Suite(.only(.sqlite)) struct DurabilityTests {
    @Test("Every commit is flushed to the disk before it is acknowledged")
    func synchronous() async throws {
        let store = try await numbersStore()
        let findings = try await store.store.diagnose()
        func finding(_ check: String) throws -> Diagnosis { try #require(findings.first { $0.check == check }) }
        #expect(try finding("synchronous").finding == "FULL")
        #expect(try finding("synchronous").isHealthy)
        #expect(try finding("journal mode").finding == "wal")
        #expect(try finding("journal mode").isHealthy)
        #expect(try finding("integrity").finding == "ok")
        #expect(try finding("foreign keys").finding == "0 broken")
        let version = try await store.store.version()
        #expect(try finding("engine").finding == version)
        // On the very connection that writes.
        #expect(try await store.write { tx in try tx.value("PRAGMA synchronous", as: Int64.self) } == 2)
        #expect(try await store.write { tx in try tx.value("PRAGMA foreign_keys", as: Int64.self) } == 1)
    }

    @Test("Damage in the file is found by the diagnosis", arguments: [1, 2, 3])
    func damage(_ page: Int) async throws {
        let store = try await numbersStore()
        let path = store.path("taskflow.sqlite")
        try await store.write { tx in for number in Int64(0)..<2000 { try tx.add(number) } }
        try await store.store.close()
        var bytes = try Data(contentsOf: URL(filePath: path))
        // The second half of a page in the middle of the tables and their indexes.
        let start = (bytes.count / 4096 / 4 * page) * 4096 + 2048
        bytes.replaceSubrange(start..<start + 2048, with: Data(repeating: 0xa5, count: 2048))
        try bytes.write(to: URL(filePath: path))
        let again = try SQLiteStore(path: path)
        do {
            let findings = try await again.diagnose()
            #expect(findings.contains { !$0.isHealthy })
        } catch {
            guard case StoreError.corrupt = error else { throw error }
        }
        try await again.close()
    }

    @Test("A backup taken while others write is one moment of the database, and opens")
    func backup() async throws {
        let store = try await numbersStore()
        let file = try #require(store.store as? SQLiteStore)
        // Every change adds a number and its negative: a copy of one moment adds up to zero.
        @Sendable func pair(_ number: Int64) async throws {
            try await store.write { tx in
                try tx.add(number)
                try tx.add(-number)
            }
        }
        for number in Int64(1)...50 { try await pair(number) }
        try await withThrowingTaskGroup { group in
            for writer in Int64(1)...4 {
                group.addTask { for step in Int64(0)..<60 { try await pair(writer * 1000 + step) } }
            }
            group.addTask { for copy in 0..<5 { try await file.backup(to: store.path("backup-\(copy).sqlite")) } }
            try await group.waitForAll()
        }
        #expect(try await store.numbers().count == 2 * (50 + 240))
        for copy in 0..<5 {
            let path = store.path("backup-\(copy).sqlite")
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
            let opened = try SQLiteStore(path: path)
            #expect(try await opened.diagnose().allSatisfy(\.isHealthy))
            let (sum, count, early) = try await opened.read { tx in
                (
                    try tx.value("SELECT sum(n) FROM numbers", as: Int64.self),
                    try tx.value("SELECT count(*) FROM numbers", as: Int64.self),
                    try tx.value("SELECT count(*) FROM numbers WHERE n BETWEEN 1 AND 50", as: Int64.self)
                )
            }
            #expect(sum == 0)
            #expect(count % 2 == 0)
            #expect(early == 50)
            try await opened.write { try $0.add(999_999) }
            try await opened.close()
        }
    }

    @Test("A backup holds what was acknowledged before it, and a second one replaces the first")
    func backupAgain() async throws {
        let store = try await numbersStore()
        let file = try #require(store.store as? SQLiteStore)
        let path = store.path("backup.sqlite")
        for number in Int64(1)...3 {
            try await store.write { try $0.add(number) }
            try await file.backup(to: path)
            let opened = try SQLiteStore(path: path)
            #expect(try await opened.read { tx in try tx.value("SELECT max(n) FROM numbers", as: Int64.self) } == number)
            try await opened.close()
        }
    }

    @Test("A backup to a place that cannot be written says so and harms nothing")
    func impossibleBackup() async throws {
        let store = try await numbersStore()
        let file = try #require(store.store as? SQLiteStore)
        try await store.write { try $0.add(1) }
        await #expect(throws: StoreError.self) { try await file.backup(to: store.path("missing/backup.sqlite")) }
        #expect(try await store.numbers() == [1])
    }
}

/// A table of the names of all tables.
private let allTables = SQL.choice(
    sqlite: "(SELECT name FROM sqlite_schema WHERE type = 'table') AS tables",
    postgres: "(SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()) AS tables")

@Suite struct MigratorTests {
    private static func migrator(_ count: Int, failing: Int? = nil) -> Migrator {
        Migrator(
            (1...count).map { number in
                Migration(Int64(number), "step \(number)") { _ in
                    let table = SQL(stringLiteral: "t\(number)")
                    let good: [SQL] = ["CREATE TABLE \(table) (a BIGINT)", "INSERT INTO \(table) VALUES (\(number))"]
                    return number == failing ? good + ["INSERT INTO nowhere VALUES (1)"] : good
                }
            })
    }

    private func tables(_ store: TemporaryStore) async throws -> [String] {
        try await store.read { tx in
            try tx.rows("SELECT name FROM \(allTables) WHERE name LIKE 't_' ORDER BY name") { try $0.value(0) }
        }
    }

    @Test("An empty database is brought to the newest schema, step by step, and each step is noted")
    func fromEmpty() async throws {
        let store = try await TemporaryStore()
        let migrator = Self.migrator(3)
        #expect(try await store.read { try migrator.current($0) } == 0)
        #expect(try await migrator.pending(store.store).map(\.version) == [1, 2, 3])
        #expect(try await migrator.migrate(store.store, at: 77).map(\.name) == ["step 1", "step 2", "step 3"])
        #expect(try await store.read { try migrator.current($0) } == 3)
        #expect(try await tables(store) == ["t1", "t2", "t3"])
        let noted = try await store.read { tx in
            try tx.rows("SELECT version, name, applied_at FROM schema_migrations ORDER BY version") {
                "\(try $0.value(0, as: Int64.self)) \(try $0.value(1, as: String.self)) \(try $0.value(2, as: Int64.self))"
            }
        }
        #expect(noted == ["1 step 1 77", "2 step 2 77", "3 step 3 77"])
    }

    @Test("A second start has nothing to do")
    func twice() async throws {
        let store = try await TemporaryStore(migrator: Self.migrator(2))
        #expect(try await Self.migrator(2).migrate(store.store, at: 1).isEmpty)
        #expect(try await store.read { tx in try tx.value("SELECT count(*) FROM t1", as: Int64.self) } == 1)
    }

    @Test("A newer program makes only the steps that are missing")
    func upgrade() async throws {
        let store = try await TemporaryStore(migrator: Self.migrator(2))
        #expect(try await Self.migrator(4).migrate(store.store, at: 1).map(\.version) == [3, 4])
        #expect(try await tables(store) == ["t1", "t2", "t3", "t4"])
    }

    @Test("An older program refuses a newer database and leaves it alone")
    func newerSchema() async throws {
        let store = try await TemporaryStore(migrator: Self.migrator(3))
        for attempt in [Self.migrator(2), Self.migrator(1)] {
            await #expect { try await attempt.migrate(store.store, at: 1) } throws: { error in
                if case StoreError.newerSchema = error { true } else { false }
            }
            await #expect(throws: StoreError.self) { try await attempt.pending(store.store) }
        }
        #expect(try await store.read { try Self.migrator(3).current($0) } == 3)
        #expect(try await tables(store) == ["t1", "t2", "t3"])
    }

    @Test("A step that fails leaves the schema of the step before, and can be made later")
    func failedStep() async throws {
        let store = try await TemporaryStore()
        await #expect(throws: StoreError.self) { try await Self.migrator(3, failing: 2).migrate(store.store, at: 1) }
        #expect(try await store.read { try Self.migrator(3).current($0) } == 1)
        #expect(try await tables(store) == ["t1"])
        #expect(try await Self.migrator(3).migrate(store.store, at: 2).map(\.version) == [2, 3])
    }

    @Test("A first step that fails leaves an empty database")
    func failedFirstStep() async throws {
        let store = try await TemporaryStore()
        await #expect(throws: StoreError.self) { try await Self.migrator(2, failing: 1).migrate(store.store, at: 1) }
        #expect(try await store.read { try Self.migrator(2).current($0) } == 0)
        #expect(try await store.read { tx in try tx.value("SELECT count(*) FROM \(allTables)", as: Int64.self) } == 0)
    }

    @Test("Steps are made once although several starts run at the same time")
    func concurrent() async throws {
        let store = try await TemporaryStore()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { _ = try await Self.migrator(5).migrate(store.store, at: 1) } }
            try await group.waitForAll()
        }
        #expect(try await tables(store) == ["t1", "t2", "t3", "t4", "t5"])
        #expect(try await store.read { tx in try tx.value("SELECT count(*) FROM schema_migrations", as: Int64.self) } == 5)
        #expect(try await store.read { tx in try tx.value("SELECT count(*) FROM t5", as: Int64.self) } == 1)
    }
}
