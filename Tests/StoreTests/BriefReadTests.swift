// Brief reads: where they are asked for, of what is on disk by then, and no longer than an event loop can spare.
import Foundation
import StoreCore
import TestKit
import Testing

@Suite(.only(.sqlite)) struct BriefReadTests {
    private static func note(_ number: Int64) -> Query<String> {
        Query("SELECT note FROM numbers WHERE n = \(number)", isBrief: true, textBytes: \.utf8.count) { try $0.value(0) }
    }

    private static let count = Query("SELECT count(*) FROM numbers", isBrief: true) { try $0.value(0, as: Int64.self) }

    private func add(_ number: Int64, noting bytes: Int, to store: TemporaryStore) async throws {
        try await store.write { tx in
            try tx.run("INSERT INTO numbers (n, note) VALUES (\(number), \(String(repeating: "x", count: bytes)))")
        }
    }

    @Test("What a commit has acknowledged is there at once, however often was read before")
    func fresh() async throws {
        let store = try await numbersStore()
        for number in Int64(0)..<100 {
            #expect(try store.store.rowsAtOnce(Self.count) == [number])
            try await store.write { try $0.add(number) }
            #expect(try store.store.rowsAtOnce(Self.count) == [number + 1])
        }
    }

    @Test("What was undone is never there")
    func undone() async throws {
        let store = try await numbersStore()
        #expect(try store.store.rowsAtOnce(Self.count) == [0])
        await #expect(throws: Refused()) {
            try await store.write { tx in
                try tx.add(1)
                #expect(try store.store.rowsAtOnce(Self.count) == [0])
                throw Refused()
            }
        }
        #expect(try store.store.rowsAtOnce(Self.count) == [0])
    }

    @Test("A long text is left to those who can wait, and read by them")
    func long() async throws {
        let store = try await numbersStore()
        try await add(1, noting: atOnceBytes, to: store)
        try await add(2, noting: atOnceBytes + 1, to: store)
        #expect(try store.store.rowsAtOnce(Self.note(1))?.map(\.utf8.count) == [atOnceBytes])
        #expect(try store.store.rowsAtOnce(Self.note(2)) == nil)
        #expect(try await store.store.rows(Self.note(2), from: .primary).map(\.utf8.count) == [atOnceBytes + 1])
    }

    @Test("A read within a read is answered, too, and one more than there are connections by those who can wait")
    func nested() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(1) }
        let readers = 4
        @Sendable func read(_ depth: Int) throws -> Int {
            let query = Query("SELECT n FROM numbers", isBrief: true) { _ in try read(depth + 1) }
            return try store.store.rowsAtOnce(query)?.first ?? depth
        }
        #expect(try read(0) == readers)
        #expect(try await store.store.rows(Self.count, from: .primary) == [1])
    }

    @Test("Readers do not keep the log from being emptied")
    func log() async throws {
        let store = try await numbersStore()
        let megabyte = 1 << 20
        // The writer empties the log each time that it has 40 MiB.
        for number in Int64(0)..<7 {
            try await add(number, noting: 8 * megabyte, to: store)
            for _ in 0..<4 { #expect(try store.store.rowsAtOnce(Self.count) == [number + 1]) }
        }
        let size = try #require(try FileManager.default.attributesOfItem(atPath: store.path("taskflow.sqlite-wal"))[.size] as? Int)
        #expect(size < 52 * megabyte)
        #expect(try await store.store.diagnose().allSatisfy(\.isHealthy))
    }

    @Test("A statement that cannot be run fails as everywhere else")
    func failing() async throws {
        let store = try await numbersStore()
        let query = Query("SELECT nothing FROM numbers", isBrief: true) { try $0.value(0, as: Int64.self) }
        #expect(throws: StoreError.self) { try store.store.rowsAtOnce(query) }
        // A table that is made later is seen.
        let later = Query("SELECT count(*) FROM later", isBrief: true) { try $0.value(0, as: Int64.self) }
        #expect(throws: StoreError.self) { try store.store.rowsAtOnce(later) }
        try await store.write { try $0.run("CREATE TABLE later (n BIGINT)") }
        #expect(try store.store.rowsAtOnce(later) == [0])
    }
}
