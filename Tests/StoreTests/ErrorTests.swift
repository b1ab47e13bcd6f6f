// What the store says when it cannot, and that it can again right afterwards.
import Foundation
import StoreCore
import StoreSQLite
import TestKit
import Testing

@Suite struct ErrorTests {
    enum Kind { case duplicate, constraint, statement, corrupt, unavailable }

    private func kind(_ error: any Error) -> Kind? {
        switch error as? StoreError {
        case .duplicate?: .duplicate
        case .constraint?: .constraint
        case .statement?: .statement
        case .corrupt?: .corrupt
        case .unavailable?: .unavailable
        default: nil
        }
    }

    @Test(
        "A refused statement says what refused it, and the next change works",
        arguments: [
            ("INSERT INTO numbers (n) VALUES (1)", .duplicate), ("INSERT INTO parents (id) VALUES (1)", .duplicate),
            ("UPDATE numbers SET n = 1", .duplicate),
            ("INSERT INTO numbers (n) VALUES (NULL)", .constraint), ("INSERT INTO numbers (n) VALUES (1000000)", .constraint),
            ("INSERT INTO numbers (n, parent) VALUES (9, 404)", .constraint), ("DELETE FROM parents", .constraint),
            ("INSERT INTO nowhere VALUES (1)", .statement), ("SELEKT 1", .statement), ("SELECT FROM WHERE", .statement), ("", .statement),
            ("SELECT 1; SELECT 2", .statement), ("SELECT abs(-9223372036854775807 - \(1))", .statement),
        ] as [(SQL, Kind)])
    func mapping(_ sql: SQL, _ expected: Kind) async throws {
        let store = try await numbersStore()
        try await store.write { tx in
            try tx.run("INSERT INTO parents (id) VALUES (1)")
            try tx.run("INSERT INTO numbers (n, parent) VALUES (1, 1), (2, 1)")
        }
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) { try await store.write { tx in try tx.run(sql) } }
            #expect(kind(try #require(error)) == expected, "\(String(describing: error))")
        }
        try await store.write { try $0.add(3) }
        #expect(try await store.numbers() == [1, 2, 3])
        #expect(try await store.store.diagnose().allSatisfy(\.isHealthy))
    }

    @Test("A refused row names its index, for the log")
    func names() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(1) }
        let error = await #expect(throws: StoreError.self) { try await store.write { try $0.add(1) } }
        guard case .duplicate(let text)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.contains("numbers"))
    }

    @Test("A read that breaks off in the middle of the rows leaves no lock behind")
    func brokenOff() async throws {
        let store = try await numbersStore()
        try await store.write { tx in for number in Int64(0)..<100 { try tx.add(number) } }
        for _ in 0..<20 {
            await #expect(throws: Refused()) {
                try await store.write { tx in try tx.rows("SELECT n FROM numbers") { _ in throw Refused() } as [Int64] }
            }
            await #expect(throws: Refused()) {
                try await store.read { tx in try tx.rows("SELECT n FROM numbers") { _ in throw Refused() } as [Int64] }
            }
        }
        try await store.write { tx in
            try tx.run("DROP TABLE numbers")
            try tx.run("CREATE TABLE numbers (n BIGINT)")
            try tx.add(1)
        }
        #expect(try await store.numbers() == [1])
    }

    @Test("More values than a statement has places for is an error, not a guess")
    func tooManyValues() async throws {
        let store = try await numbersStore()
        let comment: SQL = "SELECT 1 -- \(5)"
        let error = await #expect(throws: StoreError.self) { try await store.read { tx in try tx.run(comment) } }
        #expect(kind(try #require(error)) == .statement)
    }

    @Test("A row whose number is taken is a duplicate too", .only(.sqlite))
    func rowid() async throws {
        let store = try await numbersStore()
        try await store.write { tx in try tx.run("INSERT INTO parents (id) VALUES (1)") }
        let error = await #expect(throws: StoreError.self) {
            try await store.write { tx in try tx.run("INSERT INTO parents (rowid, id) VALUES (1, 2)") }
        }
        #expect(kind(try #require(error)) == .duplicate)
    }

    @Test("A file that is no database is called damaged and left as it is", .only(.sqlite))
    func notADatabase() async throws {
        let store = try await TemporaryStore()
        let path = store.path("letter.txt")
        let text = Data(String(repeating: "Dear Ada, this is no database.\n", count: 400).utf8)
        try text.write(to: URL(filePath: path))
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
        #expect(kind(try #require(error)) == .corrupt)
        #expect(try Data(contentsOf: URL(filePath: path)) == text)
    }

    @Test("A folder that is not there is said to be out of reach", .only(.sqlite))
    func noFolder() async throws {
        let store = try await TemporaryStore()
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: store.path("missing/store.sqlite")) }
        #expect(kind(try #require(error)) == .unavailable)
    }

    @Test("A database that has gone away is out of reach for readers too", .only(.sqlite))
    func goneAway() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "taskflow-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let store = try SQLiteStore(path: folder.appending(path: "taskflow.sqlite").path)
        try FileManager.default.removeItem(at: folder)
        let reading = await #expect(throws: StoreError.self) { try await store.read { tx in try tx.value("SELECT 1", as: Int64.self) } }
        #expect(kind(try #require(reading)) == .unavailable)
        await #expect(throws: StoreError.self) { try await store.diagnose() }
    }
}
