// Changes that share a transaction: one fsync for all, and still each on its own.
import StoreCore
import StoreSQLite
import TestKit
import Testing

@Suite struct GroupCommitTests {
    typealias Change = @Sendable (Tx) throws -> Void

    /// Makes the changes in one group: the writer is held until every one of them waits.
    @available(macOS 26, *)
    private func together(_ store: TemporaryStore, _ changes: [Change]) async throws -> [Result<Void, any Error>] {
        let gate = Gate()
        let holder = Task { try await store.write { _ in gate.hold() } }
        await gate.isHeld()
        // An immediate task runs until it suspends, and so until its change is in the queue.
        let tasks = changes.map { change in Task.immediate { try await store.write(change) } }
        gate.open()
        try await holder.value
        var results: [Result<Void, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }

    private func error(_ result: Result<Void, any Error>) -> StoreError? {
        if case .failure(let error) = result { error as? StoreError } else { nil }
    }

    @Test("Hundreds of changes at once are all there afterwards, and each has its own answer")
    func many() async throws {
        let store = try await numbersStore()
        let answers = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in Int64(0)..<600 {
                group.addTask {
                    try await store.write { tx in
                        try tx.add(number)
                        return try tx.value("SELECT n * 2 FROM numbers WHERE n = \(number)", as: Int64.self)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.sorted() == (0..<600).map { $0 * 2 })
        #expect(try await store.numbers() == Array(0..<600))
    }

    @Test("A change that fails takes no other with it")
    func isolation() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(0) }
        let results = await withTaskGroup(of: (Int64, Bool).self) { group in
            for number in Int64(1)...400 {
                group.addTask {
                    do {
                        try await store.write { tx in
                            try tx.add(number)
                            if number % 7 == 0 { try tx.add(0) }
                            if number % 11 == 0 { throw Refused(number: number) }
                            if number % 13 == 0 { try tx.run("SELECT no_such_column FROM numbers") }
                        }
                        return (number, true)
                    } catch {
                        return (number, false)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let succeeded = results.filter(\.1).map(\.0).sorted()
        let harmless = (Int64(1)...400).filter { number in [7, 11, 13].allSatisfy { number % $0 != 0 } }
        #expect(succeeded == harmless)
        #expect(try await store.numbers() == [0] + succeeded)
    }

    @available(macOS 26, *)
    @Test("Changes that wait together share a transaction, in the order they came", .only(.sqlite))
    func shared() async throws {
        let store = try await numbersStore()
        let results = try await together(
            store,
            [
                { try $0.add(1) },
                { tx in
                    // Not yet on disk for anybody else, but before this one.
                    #expect(try tx.value("SELECT n FROM numbers", as: Int64.self) == 1)
                    try tx.add(2)
                    throw Refused(number: 2)
                },
                { tx in
                    #expect(try tx.value("SELECT count(*) FROM numbers", as: Int64.self) == 1)
                    try tx.add(3)
                },
            ])
        #expect(try await store.numbers() == [1, 3])
        #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
        #expect(throws: Refused(number: 2)) { try results[1].get() }
    }

    @available(macOS 26, *)
    @Test("When the disk is full nobody is told that a change was made which is not there", .only(.sqlite))
    func diskFull() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(1) }
        // Never less than the pages there are: what needs another page meets a full disk.
        try await store.write { try $0.run("PRAGMA max_page_count = 1") }
        let big: Change = { try $0.run("INSERT INTO numbers (n, note) VALUES (3, \(String(repeating: "x", count: 200_000)))") }
        let results = try await together(store, [{ try $0.add(2) }, big, { try $0.add(4) }])
        #expect(results.map(error) == [.full, .full, .full])
        #expect(try await store.numbers() == [1])

        await #expect(throws: StoreError.full) { try await store.write(big) }
        try await store.write { try $0.run("PRAGMA max_page_count = 1000000") }
        try await store.write(big)
        try await store.write { try $0.add(4) }
        #expect(try await store.numbers() == [1, 3, 4])
        #expect(try await store.store.diagnose().allSatisfy(\.isHealthy))
    }

    @available(macOS 26, *)
    @Test("When the engine gives the transaction up, a change cannot go on as if nothing had been", .only(.sqlite))
    func lostTransaction() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(1) }
        let results = try await together(
            store,
            [
                { try $0.add(2) },
                { tx in
                    #expect(failure { try tx.run("INSERT OR ROLLBACK INTO numbers (n) VALUES (1)") } is StoreError)
                    #expect(failure { try tx.savepoint { try tx.add(3) } } is StoreError)
                    #expect(failure { try tx.add(4) } is StoreError)
                    throw Refused()
                },
                { try $0.add(5) },
            ])
        #expect(try await store.numbers() == [1])
        // All get the engine's reason, not what the one that met it made of it.
        for result in results {
            guard case .duplicate? = error(result) else {
                Issue.record("\(result)")
                continue
            }
        }
        await #expect(throws: StoreError.self) {
            try await store.write { tx in do { try tx.run("INSERT OR ROLLBACK INTO numbers (n) VALUES (1)") } catch {} }
        }
        try await store.write { try $0.add(6) }
        #expect(try await store.numbers() == [1, 6])
    }

    @available(macOS 26, *)
    @Test("A queue that is full refuses the next change and keeps every one it took", .only(.sqlite), .timeLimit(.minutes(2)))
    func fullQueue() async throws {
        let store = try await numbersStore()
        let gate = Gate()
        let holder = Task { try await store.write { _ in gate.hold() } }
        await gate.isHeld()
        let tasks = (Int64(0)..<4100).map { number in Task.immediate { try await store.write { try $0.add(number) } } }
        // The queue holds 4096; those beyond are refused while the others still wait.
        for task in tasks[4096...] {
            await #expect(throws: StoreError.busy) { try await task.value }
        }
        gate.open()
        try await holder.value
        for task in tasks[..<4096] { try await task.value }
        #expect(try await store.numbers() == Array(0..<4096))
    }
}
