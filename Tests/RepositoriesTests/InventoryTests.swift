// The list of what makes an installation, held against the schema that is really there.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

@Suite struct InventoryTests {
    /// The ledger of the schema, and the search index, which is made from the tasks.
    private static let derived = "schema_migrations|task_search.*|sqlite_.*"

    @Test("Every table and column of the schema is in the inventory, with its kind and its place in the primary key")
    func complete() async throws {
        let store = try await migratedStore()
        let columns = try await store.read { tx in
            try tx.rows(Self.catalogue) { row in
                (table: try row.value(0, as: String.self), text: try (1...4).map { try row.value($0, as: String.self) })
            }
        }
        let ignored = try Regex(Self.derived)
        let real = Set(
            try columns.filter { try ignored.wholeMatch(in: $0.table) == nil }.map { "\($0.table) \($0.text.joined(separator: " "))" })
        let listed = Set(
            Table.all.flatMap { table in
                table.fields.map { field in
                    let place = table.key.firstIndex { $0.name == field.name }.map { $0 + 1 } ?? 0
                    return "\(table.name) \(field.name) \(field.kind) \(place) \(table.hasIdentity && place > 0 ? "identity" : "plain")"
                }
            })
        #expect(listed.subtracting(real).sorted() == [], "not in the schema")
        #expect(real.subtracting(listed).sorted() == [], "not in the inventory")
    }

    @Test("A table stands behind those that its rows refer to")
    func order() async throws {
        let store = try await migratedStore()
        let references = try await store.read { tx in
            try tx.rows(Self.references) { (child: try $0.value(0, as: String.self), parent: try $0.value(1, as: String.self)) }
        }
        #expect(references.count > 5)
        let names = Table.all.map(\.name)
        for (child, parent) in references {
            let (before, after) = (try #require(names.firstIndex(of: parent)), try #require(names.firstIndex(of: child)))
            #expect(before < after, "\(child) refers to \(parent)")
        }
    }

    @Test("Rows come in the order of their keys, go on after any key, and are the same after they were inserted elsewhere")
    func rows() async throws {
        let store = try await storeWithUsers()
        for number in 1...7 {
            let task = try await store.add(NewTask(title: "Größe \(number) 😀", labels: ["b", "Ä", "a", "ß\(number)"]))
            try await store.write { tx in
                try Events(tx).append(.taskCreated, .task(task, before: nil), [], by: .system(.commandLine, "test"), at: noon)
                if number % 3 > 0 { try seal(tx) }
            }
        }
        let copy = try await migratedStore()
        for table in Table.all {
            let rows = try await read(table, store, batchesOf: 3)
            try await copy.write { try table.insert(rows, $0) }
            #expect(try await read(table, copy, batchesOf: 1000) == rows, "\(table.name)")
            #expect(try await copy.read { try table.lastKey($0) } == rows.last.map { Array($0.prefix(table.key.count)) }, "\(table.name)")
            #expect(try await store.read { try table.count($0) } == Int64(rows.count))
            for (index, row) in rows.enumerated() {
                let key = Array(row.prefix(table.key.count))
                #expect(try await read(table, store, after: key, batchesOf: 2) == Array(rows[(index + 1)...]), "\(table.name)")
            }
        }
        #expect(try await read(Table.all[5], copy, batchesOf: 2).count == 28)
        #expect(try await copy.search("grosse").count == 7)
    }

    /// Everything that waits, with a hash that says nothing.
    private func seal(_ tx: Tx) throws {
        let chain = EventChain(tx)
        let head = try chain.head()
        let links = try chain.waiting(limit: 10).enumerated().map { index, event in
            EventChain.Link(
                position: head.position + Int64(index) + 1, eventID: event.id, hash: [UInt8](repeating: 7, count: 32), event: event)
        }
        try chain.append(links, audiences: links.map { ($0.position, [ada]) })
    }

    @Test("Ids continue after the greatest one that was ever given, also when its row is gone")
    func identities() async throws {
        let store = try await storeWithUsers(1)
        for _ in 1...3 { try await store.add(NewTask(title: "t")) }
        try await store.write { tx in
            for id in [2, 3] as [Int64] { if let task = try Tasks(tx).find(ID(id)) { try Tasks(tx).delete(task) } }
        }
        let tasks = try #require(Table.all.first { $0.name == "tasks" })
        let events = try #require(Table.all.first { $0.name == "events" })
        #expect(try await store.read { try tasks.lastID($0) } == 3)
        #expect(try await store.read { try events.lastID($0) } == 0)
        try await store.write { tx in
            try tasks.setLastID(41, tx)
            try events.setLastID(0, tx)
        }
        #expect(try await store.add(NewTask(title: "t")).id == ID(42))
    }

    private func read(
        _ table: Table, _ store: TemporaryStore, after key: Table.Values? = nil, batchesOf size: Int
    ) async throws -> [Table.Values] {
        try await store.read { tx in
            var rows: [Table.Values] = []
            try table.rows(tx, after: key, batchesOf: size) { batch in
                #expect(batch.count <= size)
                rows += batch
            }
            return rows
        }
    }

    /// Table, column, kind, place in the primary key, identity.
    private static let catalogue: SQL = .choice(
        sqlite: """
            SELECT t.name, c.name, CASE c.type WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytes' WHEN 'BOOLEAN' THEN 'bool' ELSE 'int' END,
                CAST(c.pk AS TEXT), CASE WHEN c.pk > 0 AND t.sql LIKE '%AUTOINCREMENT%' THEN 'identity' ELSE 'plain' END
            FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND c.hidden = 0
            """,
        postgres: """
            SELECT c.table_name::text, c.column_name::text, CASE c.data_type WHEN 'text' THEN 'text' WHEN 'bytea' THEN 'bytes'
                    WHEN 'boolean' THEN 'bool' WHEN 'bigint' THEN 'int' WHEN 'smallint' THEN 'int' ELSE c.data_type END,
                coalesce(k.ordinal_position, 0)::text, CASE c.is_identity WHEN 'YES' THEN 'identity' ELSE 'plain' END
            FROM information_schema.columns c
            LEFT JOIN information_schema.table_constraints p ON p.table_schema = c.table_schema AND p.table_name = c.table_name
                AND p.constraint_type = 'PRIMARY KEY'
            LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = c.table_schema
                AND k.constraint_name = p.constraint_name AND k.column_name = c.column_name
            WHERE c.table_schema = current_schema() AND c.is_generated = 'NEVER'
            """)

    private static let references: SQL = .choice(
        sqlite: "SELECT t.name, f.\"table\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
        postgres: """
            SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
            """)
}
