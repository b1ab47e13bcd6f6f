// Values go into the database and come out the same.
import StoreCore
import StoreSQLite
import TestKit
import Testing

@Suite struct BindingTests {
    private static let texts = [
        "", " ", "a", "'", "\"; DROP TABLE t; --", "$1", "?", "%_!", "é", "e\u{301}", "😀👩‍👩‍👧", "漢字", "\u{feff}", "\u{1}\u{7f}\r\n\t",
        "\u{ffff}\u{10ffff}",
        "a\u{0}b", "1", "1.0", "NULL", String(repeating: "ü", count: 100_000),
    ]

    /// PostgreSQL holds no NUL.
    private static var storable: [String] {
        EngineUnderTest.current == .sqlite ? texts : texts.filter { !$0.unicodeScalars.contains("\0") }
    }

    @Test("A text that the database cannot hold is refused, not cut", .only(.postgres))
    func nul() async throws {
        let store = try await store()
        await #expect { try await store.write { tx in try tx.run("INSERT INTO t (s) VALUES (\("a\0b"))") } } throws: { error in
            if case StoreError.constraint = error { true } else { false }
        }
        #expect(try await store.read { tx in try tx.value("SELECT count(*) FROM t", as: Int64.self) } == 0)
    }

    private func store() async throws -> TemporaryStore {
        let temporary = try await TemporaryStore()
        try await temporary.write { tx in
            try tx.run("CREATE TABLE t (id \(.identity), i BIGINT, b BOOLEAN, s TEXT, d \(.bytes))")
        }
        return temporary
    }

    @Test("Any text comes back byte by byte")
    func texts() async throws {
        let store = try await store()
        for text in Self.storable {
            let read = try await store.write { tx in
                try tx.first("INSERT INTO t (s) VALUES (\(text)) RETURNING s") { try $0.value(0, as: String.self) }
            }
            #expect(read.map { Array($0.utf8) } == Array(text.utf8))
        }
        let all = try await store.read { tx in try tx.rows("SELECT s FROM t ORDER BY id") { try $0.value(0, as: String.self) } }
        #expect(all.map { Array($0.utf8) } == Self.storable.map { Array($0.utf8) })
    }

    @Test("Any whole number of 64 bits comes back", arguments: [Int64.min, .min + 1, -1, 0, 1, 4_294_967_296, 9_007_199_254_740_993, .max])
    func integers(_ value: Int64) async throws {
        let store = try await store()
        try await store.write { tx in try tx.run("INSERT INTO t (i) VALUES (\(value))") }
        #expect(try await store.read { tx in try tx.value("SELECT i FROM t WHERE i = \(value)", as: Int64.self) } == value)
        #expect(try await store.read { tx in try tx.value("SELECT \(value)", as: Int64?.self) } == value)
    }

    @Test("Any byte string comes back, the empty one too", arguments: [[], [0], [255], [0, 0, 0], Array(0...255)] as [[UInt8]])
    func blobs(_ value: [UInt8]) async throws {
        let store = try await store()
        try await store.write { tx in try tx.run("INSERT INTO t (d) VALUES (\(value))") }
        let read = try await store.read { tx in
            try tx.first("SELECT d, d IS NULL FROM t WHERE d = \(value)") {
                (bytes: try $0.value(0, as: [UInt8].self), isNull: try $0.value(1, as: Bool.self))
            }
        }
        #expect(read?.bytes == value)
        #expect(read?.isNull == false)
    }

    @Test("Truth values and NULL come back as themselves")
    func flagsAndNull() async throws {
        let store = try await store()
        let text: String? = nil
        let bytes: [UInt8]? = nil
        let number: Int64? = 7
        try await store.write { tx in
            try tx.run("INSERT INTO t (i, b, s, d) VALUES (\(number), \(true), \(text), \(bytes))")
            try tx.run("INSERT INTO t (i, b, s, d) VALUES (\(Bind.null), \(false), \(Bind.text("x")), \(Bind.blob([1])))")
        }
        let rows = try await store.read { tx in
            try tx.rows("SELECT i, b, s, d FROM t ORDER BY id") {
                (
                    number: try $0.value(0, as: Int64?.self), flag: try $0.value(1, as: Bool.self), text: try $0.value(2, as: String?.self),
                    bytes: try $0.value(3, as: [UInt8]?.self)
                )
            }
        }
        #expect(rows.map(\.number) == [7, nil])
        #expect(rows.map(\.flag) == [true, false])
        #expect(rows.map(\.text) == [nil, "x"])
        #expect(rows.map(\.bytes) == [nil, [1]])
    }

    @Test("A NULL where a value must be is an error, not a zero")
    func unexpectedNull() async throws {
        let store = try await store()
        await #expect(throws: StoreError.corrupt("column 0 is NULL")) {
            try await store.read { tx in try tx.value("SELECT NULL", as: Int64.self) }
        }
        await #expect(throws: StoreError.corrupt("column 1 is NULL")) {
            try await store.read { tx in try tx.first("SELECT 1, NULL") { try $0.value(1, as: String.self) } }
        }
        await #expect(throws: StoreError.corrupt("a statement gave no row")) {
            try await store.read { tx in try tx.value("SELECT 1 WHERE 1 = 0", as: Int64.self) }
        }
    }

    @Test("A binding of one statement is not left for the next")
    func noLeftovers() async throws {
        let store = try await store()
        let values: [Int64?] = try await store.write { tx in
            func echo(_ value: Int64?) throws -> Int64? { try tx.value("SELECT \(value)", as: Int64?.self) }
            return [try echo(1), try echo(nil), try echo(3)]
        }
        #expect(values == [1, nil, 3])
    }

    @Test("A list is bound element by element, in order, a thousand of them")
    func lists() async throws {
        let store = try await store()
        let ids = (0..<1000).map { Int64($0 * 7) }
        let found = try await store.read { tx in
            try tx.rows(
                "WITH numbers (n) AS (VALUES (0), (7), (8), (6993), (7000)) SELECT n FROM numbers WHERE n IN (\(list: ids)) ORDER BY 1"
            ) {
                try $0.value(0, as: Int64.self)
            }
        }
        #expect(found == [0, 7, 6993])
    }
}

@Suite struct SQLTests {
    @Test("Values become numbered parameters, never part of the text")
    func rendering() {
        let name = "x'; DROP TABLE t; --"
        let missing: Int64? = nil
        let part: SQL = "a = \(1) OR b IN (\(list: [Int64(2), 3]))"
        let sql: SQL = "SELECT * FROM t WHERE (\(part)) AND c = \(name) AND d = \(missing) ORDER BY e \(.bytewise)"
        let lite = sql.rendered(for: .sqlite)
        #expect(lite.text == "SELECT * FROM t WHERE (a = $1 OR b IN ($2, $3)) AND c = $4 AND d = $5 ORDER BY e COLLATE BINARY")
        #expect(lite.binds == [.int(1), .int(2), .int(3), .text(name), .null])
        let server = sql.rendered(for: .postgres)
        #expect(server.text.hasSuffix("ORDER BY e COLLATE \"C\""))
        #expect(server.binds == lite.binds)
    }

    @Test("Pieces are joined in order")
    func joining() {
        var sql = SQL.joined(["a = \(1)", "b = \(2)"], by: " AND ") + " LIMIT \(3)"
        sql += " OFFSET \(4)"
        #expect(sql.rendered(for: .sqlite).text == "a = $1 AND b = $2 LIMIT $3 OFFSET $4")
        #expect(sql.rendered(for: .sqlite).binds == [.int(1), .int(2), .int(3), .int(4)])
        #expect(SQL.joined([], by: ", ").rendered(for: .sqlite).text == "")
    }
}
