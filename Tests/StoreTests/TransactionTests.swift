// All or nothing, for each change and whatever the others do.
import StoreCore
import TestKit
import Testing

struct Refused: Error, Equatable {
    var number: Int64 = 0
}

/// A store with one table of numbers.
func numbersStore() async throws -> TemporaryStore {
    let temporary = try await TemporaryStore()
    try await temporary.write { tx in
        try tx.run("CREATE TABLE parents (id BIGINT PRIMARY KEY)")
        try tx.run(
            """
            CREATE TABLE numbers (
                n BIGINT NOT NULL UNIQUE CHECK (n < 1000000), parent BIGINT REFERENCES parents (id), note TEXT
            )
            """)
    }
    return temporary
}

/// What `body` throws. Inside a transaction `#expect(throws:)` will not do: it leaves the error behind for the next call that can throw.
func failure(_ body: () throws -> Void) -> (any Error)? {
    do { try body() } catch { return error }
    return nil
}

extension TemporaryStore {
    func numbers() async throws -> [Int64] {
        try await read { tx in try tx.rows("SELECT n FROM numbers ORDER BY n") { try $0.value(0, as: Int64.self) } }
    }
}

extension Tx {
    func add(_ number: Int64) throws { try run("INSERT INTO numbers (n) VALUES (\(number))") }
}

@Suite struct TransactionTests {
    @Test("A change that throws leaves nothing behind and passes its error on")
    func rollback() async throws {
        let store = try await numbersStore()
        await #expect(throws: Refused(number: 5)) {
            try await store.write { tx in
                try tx.add(1)
                try tx.add(2)
                throw Refused(number: 5)
            }
        }
        #expect(try await store.numbers().isEmpty)
        try await store.write { try $0.add(3) }
        #expect(try await store.numbers() == [3])
    }

    @Test("A change that is refused half way leaves nothing behind")
    func refusedHalfWay() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(1) }
        await #expect(throws: StoreError.self) {
            try await store.write { tx in
                try tx.add(2)
                try tx.add(1)
            }
        }
        #expect(try await store.numbers() == [1])
    }

    @Test("Whoever has the answer to a change finds it in every read that follows")
    func readYourWrites() async throws {
        let store = try await numbersStore()
        try await withThrowingTaskGroup { group in
            for writer in Int64(0)..<8 {
                group.addTask {
                    for step in Int64(0)..<25 {
                        let number = writer * 1000 + step
                        try await store.write { try $0.add(number) }
                        let found = try await store.read { tx in
                            try tx.value("SELECT count(*) FROM numbers WHERE n = \(number)", as: Int64.self)
                        }
                        #expect(found == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.numbers().count == 200)
    }

    @Test("A read sees one moment, whatever is written meanwhile")
    func snapshot() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(1) }
        let gate = Gate()
        let reading = Task {
            try await store.read { tx in
                let before = try tx.value("SELECT count(*) FROM numbers", as: Int64.self)
                gate.hold()
                return [before, try tx.value("SELECT count(*) FROM numbers", as: Int64.self)]
            }
        }
        await gate.isHeld()
        try await store.write { try $0.add(2) }
        #expect(try await store.numbers() == [1, 2])
        gate.open()
        #expect(try await reading.value == [1, 1])
    }

    @Test("A read cannot change anything")
    func readOnly() async throws {
        let store = try await numbersStore()
        await #expect { try await store.read { try $0.add(1) } } throws: { error in
            if case StoreError.unavailable = error { true } else { false }
        }
        #expect(try await store.numbers().isEmpty)
    }

    @Test("A change is made whole although its caller has given up")
    func cancelled() async throws {
        let store = try await numbersStore()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.write { tx in
                try tx.add(1)
                try tx.add(2)
            }
        }
        try await task.value
        #expect(try await store.numbers() == [1, 2])
    }

    @Test("A part that fails is undone alone")
    func savepoint() async throws {
        let store = try await numbersStore()
        try await store.write { tx in
            try tx.add(1)
            let refused = failure {
                try tx.savepoint {
                    try tx.add(2)
                    throw Refused()
                }
            }
            #expect(refused as? Refused == Refused())
            try tx.savepoint { try tx.add(3) }
            let duplicate = failure {
                try tx.savepoint {
                    try tx.add(4)
                    try tx.add(1)
                }
            }
            #expect(duplicate is StoreError)
            try tx.add(5)
        }
        #expect(try await store.numbers() == [1, 3, 5])
    }

    @Test("Parts within parts are undone with the part around them")
    func nestedSavepoints() async throws {
        let store = try await numbersStore()
        try await store.write { tx in
            try tx.savepoint {
                try tx.add(1)
                _ = try? tx.savepoint {
                    try tx.add(2)
                    try tx.savepoint { try tx.add(3) }
                    throw Refused()
                }
                try tx.savepoint {
                    try tx.add(4)
                    _ = try? tx.savepoint {
                        try tx.add(5)
                        throw Refused()
                    }
                }
            }
            _ = try? tx.savepoint {
                try tx.savepoint { try tx.add(6) }
                throw Refused()
            }
        }
        #expect(try await store.numbers() == [1, 4])
    }

    @Test("A part gives its value")
    func savepointValue() async throws {
        let store = try await numbersStore()
        let sum = try await store.write { tx in
            let one = try tx.savepoint { try tx.value("SELECT 20", as: Int64.self) }
            return one + (try tx.savepoint { try tx.savepoint { try tx.value("SELECT 22", as: Int64.self) } })
        }
        #expect(sum == 42)
    }

    @Test("What was acknowledged is there after closing and opening again")
    func reopened() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(7) }
        try await store.store.close()
        let again = try await store.another()
        #expect(try await again.read { tx in try tx.value("SELECT n FROM numbers", as: Int64.self) } == 7)
        try await again.close()
    }
}
