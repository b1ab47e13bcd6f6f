// The schema that the repositories rely on.
import Model
import Repositories
import StoreCore
import StoreSQLite
import TestKit
import Testing

@Suite struct MigrationTests {
    @Test("An empty database is brought to today's schema, and a second start changes nothing")
    func migrations() async throws {
        let store = try await TemporaryStore()
        #expect(try await migrator.migrate(store.store, at: 5).count == Int(migrator.newest))
        let schema = try await schema(store)
        #expect(try await migrator.migrate(store.store, at: 6).isEmpty)
        #expect(try await self.schema(store) == schema)
        #expect(try await store.read { try migrator.current($0) } == migrator.newest)
        #expect(try await store.store.diagnose().allSatisfy(\.isHealthy))
    }

    @Test("Every step can be made alone, one start after the other")
    func oneByOne() async throws {
        let whole = try await migratedStore()
        let store = try await TemporaryStore()
        let steps = try await migrator.pending(store.store)
        for count in 1...steps.count { try await Migrator(Array(steps.prefix(count))).migrate(store.store, at: 1) }
        #expect(try await schema(store) == schema(whole))
    }

    @Test("Events of an older database wait to be sealed, in the order in which they are there")
    func olderEvents() async throws {
        let store = try await TemporaryStore()
        let steps = try await migrator.pending(store.store)
        let before = try #require(steps.firstIndex { $0.name == "sealed feed" })
        try await Migrator(Array(steps[..<before])).migrate(store.store, at: 1)
        try await store.write { tx in
            for number in 1...3 {
                try tx.run(
                    """
                    INSERT INTO events (at, request_id, action, subject, subject_id, changes)
                    VALUES (\(number), 'r', 'user.updated', 'user', \(number), '[]')
                    """)
            }
        }
        try await migrator.migrate(store.store, at: 2)
        #expect(try await store.read { try EventChain($0).waiting(limit: 10) }.map(\.id) == [1, 2, 3])
    }

    @Test("A session of an older database has had its password entered when it began, and whoever has one has logged in before")
    func olderSessions() async throws {
        let store = try await TemporaryStore()
        let steps = try await migrator.pending(store.store)
        let before = try #require(steps.firstIndex { $0.name == "account security" })
        try await Migrator(Array(steps[..<before])).migrate(store.store, at: 1)
        try await store.write { tx in
            for id in 1...2 {
                try tx.run(
                    """
                    INSERT INTO users (id, email, email_key, role, is_active, time_zone, created_at, updated_at, version)
                    VALUES (\(id), \("u\(id)@example.com"), \("u\(id)@example.com"), 'user', \(true), 'UTC', 1, 1, 1)
                    """)
            }
            try tx.run(
                """
                INSERT INTO sessions (id, user_id, chain_key, created_at, last_used_at, expires_at)
                VALUES (1, 1, \([1] as [UInt8]), 5000000, 6000000, 7000000)
                """)
        }
        try await migrator.migrate(store.store, at: 2)
        #expect(try await store.read { try Sessions($0).find(ID(1)) }?.authenticatedAt == .seconds(5))
        let isFirst = try await store.write { tx in
            try [1, 2, 2].map { try Users(tx).noteLogin(ID($0)) }
        }
        #expect(isFirst == [false, true, false])
    }

    @Test("Titles of an older database are sorted, its tasks searched and its people found as those of a new one")
    func olderTexts() async throws {
        let store = try await TemporaryStore()
        let steps = try await migrator.pending(store.store)
        let before = try #require(steps.firstIndex { $0.name == "collation and words" })
        try await Migrator(Array(steps[..<before])).migrate(store.store, at: 1)
        // More than are read at a time.
        let titles = ["Zebra", "äpfel", "今日はいい天気です", "Łódź C++", "trash"] + (1...250).map { "t\($0)" }
        try await store.write { tx in
            try tx.run(
                """
                INSERT INTO users (id, email, email_key, name, name_key, role, is_active, time_zone, created_at, updated_at, version)
                VALUES (1, 'e@example.com', 'e@example.com', 'Émile', 'émile', 'user', \(true), 'UTC', 1, 1, 1)
                """)
            for (index, title) in titles.enumerated() {
                let deletedAt: Instant? = title == "trash" ? noon : nil
                try tx.run(
                    """
                    INSERT INTO tasks (id, title, title_key, description, status, priority, owner_id, labels, archived, deleted_at, created_at,
                        updated_at, version)
                    VALUES (\(index + 1), \(title), \(title.lowercased()), 'Straße', 0, 0, 1, '["wörk"]', \(false), \(deletedAt), 1, 1, 1)
                    """)
            }
        }
        try await migrator.migrate(store.store, at: 2)
        for (query, title) in [("lodz", "Łódź C++"), ("c++", "Łódź C++"), ("天気", "今日はいい天気です"), ("t250", "t250")] {
            #expect(try await store.search(query) == [title])
        }
        #expect(try await store.search("strasse #work").count == titles.count - 1)
        #expect(try await store.search("trash", .all) == [])
        let sorted = try await store.read { tx in
            try Tasks(tx).list(.init(.mine, of: ada), .init(), TaskSort(.title), limit: 2, now: noon).map(\.title)
        }
        #expect(sorted == ["äpfel", "Łódź C++"])
        #expect(try await store.read { try Users($0).list(.init(publicText: "emile"), limit: 2) }.map(\.id) == [ada])
        // What is taken from the index must be what was put into it.
        for (id, state) in [(2, noon), (5, nil)] as [(Int64, Instant?)] { try await store.change(ID(id)) { $0.deletedAt = state } }
        #expect(try await store.search("apfel", .all) == [])
        #expect(try await store.search("trash", .all) == ["trash"])
        if EngineUnderTest.current == .sqlite {
            try await store.write { try $0.run("INSERT INTO task_search (task_search) VALUES ('integrity-check')") }
        }
        #expect(try await store.store.diagnose().allSatisfy(\.isHealthy))
    }

    @Test("A row that breaks a rule of the model is refused by the database too")
    func rules() async throws {
        let store = try await storeWithUsers(1)
        try await store.add(NewTask(title: "t"))
        let wrong: [SQL] = [
            "UPDATE tasks SET status = 3", "UPDATE tasks SET priority = -1", "UPDATE tasks SET status = 2",
            "UPDATE tasks SET completed_at = 5",
            "UPDATE tasks SET owner_id = 99", "UPDATE tasks SET title = NULL", "UPDATE users SET role = 'root'", "DELETE FROM users",
            "INSERT INTO task_labels (task_id, label_key) VALUES (99, 'x')",
        ]
        for sql in wrong {
            await #expect { try await store.write { tx in try tx.run(sql) } } throws: { error in
                if case StoreError.constraint = error { true } else { false }
            }
        }
        #expect(try await store.store.diagnose().allSatisfy(\.isHealthy))
    }

    private func schema(_ store: TemporaryStore) async throws -> [String] {
        try await store.read { tx in
            let sql: SQL = .choice(
                sqlite: "SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name",
                postgres: """
                    SELECT table_name || '.' || column_name, data_type || is_nullable FROM information_schema.columns
                    WHERE table_schema = current_schema() UNION ALL
                    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() UNION ALL
                    SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
                    WHERE connamespace = current_schema()::regnamespace ORDER BY 1
                    """)
            return try tx.rows(sql) { "\(try $0.value(0, as: String.self)): \(try $0.value(1, as: String.self))" }
        }
    }
}
