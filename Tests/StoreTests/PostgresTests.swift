// What only a database server can do to a store: lose connections, hold rows, stop answering.
import Foundation
import StoreCore
import StorePostgres
import Synchronization
import TestKit
import Testing

/// Ends all connections of other sessions to this database, as an administrator or a crash would.
private func endOtherSessions(_ store: any Store) async throws {
    _ = try await store.write { tx in
        try tx.run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """)
    }
}

extension TemporaryStore {
    /// Until some transaction of this database waits for another one.
    fileprivate func waitUntilBlocked() async {
        await eventually {
            let waiting = try await read { tx in
                try tx.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", as: Int64.self)
            }
            return waiting > 0
        }
    }
}

@Suite(.only(.postgres)) struct PostgresTests {
    private func isUnavailable(_ error: any Error) -> Bool {
        if case StoreError.unavailable = error { true } else { false }
    }

    // MARK: Other transactions

    @Test("Two changes that wait for each other's rows are both made", .timeLimit(.minutes(1)))
    func deadlock() async throws {
        let store = try await numbersStore()
        try await store.write { tx in for number in Int64(1)...2 { try tx.add(number) } }
        let both = Gate()
        let other = try await store.another()
        let first = Task {
            try await store.write { tx in
                try tx.run("UPDATE numbers SET note = coalesce(note, '') || 'a' WHERE n = 1")
                both.meet(2)
                try tx.run("UPDATE numbers SET note = coalesce(note, '') || 'a' WHERE n = 2")
            }
        }
        let second = Task {
            try await other.write { tx in
                try tx.run("UPDATE numbers SET note = coalesce(note, '') || 'b' WHERE n = 2")
                both.meet(2)
                try tx.run("UPDATE numbers SET note = coalesce(note, '') || 'b' WHERE n = 1")
            }
        }
        try await first.value
        try await second.value
        let notes = try await store.read { tx in try tx.rows("SELECT note FROM numbers ORDER BY n") { try $0.value(0, as: String.self) } }
        #expect(notes.map { $0.sorted() } == [["a", "b"], ["a", "b"]])
        try await other.close()
    }

    @Test("A row that somebody holds for a while is waited for; one that is held for long makes the change busy", .timeLimit(.minutes(1)))
    func heldRow() async throws {
        let store = try await numbersStore()
        try await store.write { try $0.add(1) }
        let other = try await store.another()
        for (isShort, expected) in [(true, "mine"), (false, nil)] as [(Bool, String?)] {
            let gate = Gate()
            let holder = Task {
                try await other.write { tx in
                    try tx.run("UPDATE numbers SET note = NULL")
                    gate.hold()
                }
            }
            await gate.isHeld()
            let change = Task { try await store.write { tx in try tx.run("UPDATE numbers SET note = 'mine'") } }
            if isShort {
                // Longer than a group waits, shorter than a change that is alone.
                await store.waitUntilBlocked()
                gate.open()
                _ = try await change.value
            } else {
                await #expect(throws: StoreError.busy) { try await change.value }
                gate.open()
            }
            try await holder.value
            #expect(try await store.read { tx in try tx.value("SELECT note FROM numbers", as: String?.self) } == expected)
        }
        try await other.close()
    }

    @Test("Of two who insert the same, the second sees the row of the first when its change is made again")
    func duplicateRace() async throws {
        let store = try await numbersStore()
        let other = try await store.another()
        let gate = Gate()
        let first = Task {
            try await other.write { tx in
                try tx.add(1)
                gate.hold()
            }
        }
        await gate.isHeld()
        let second = Task {
            try await store.write { tx -> Bool in
                let isThere = try tx.value("SELECT count(*) FROM numbers WHERE n = 1", as: Int64.self) == 1
                if !isThere { try tx.add(1) }
                return isThere
            }
        }
        await store.waitUntilBlocked()
        gate.open()
        try await first.value
        #expect(try await second.value)
        try await other.close()
    }

    @Test("A change that first loses against another one, and then meets the row of that one, is made again with it in sight")
    func duplicateAfterConflict() async throws {
        let store = try await numbersStore()
        let attempts = Mutex(0)
        let isSeen = try await store.write { tx -> Bool in
            switch attempts.withLock({
                $0 += 1; return $0
            }) {
            case 1: try tx.run("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$")
            case 2:
                try tx.add(1)
                try tx.add(1)
            default: return true
            }
            return false
        }
        #expect(isSeen)
        #expect(attempts.withLock { $0 } == 3)
    }

    @Test("A change that meets a row of another one each time is told so")
    func duplicateAgain() async throws {
        let store = try await numbersStore()
        let attempts = Mutex(0)
        await #expect(throws: StoreError.self) {
            try await store.write { tx in
                attempts.withLock { $0 += 1 }
                try tx.add(1)
                try tx.add(1)
            }
        }
        #expect(attempts.withLock { $0 } == 2)
    }

    @Test("A lock with a name is held by one transaction of all instances")
    func namedLocks() async throws {
        let store = try await numbersStore()
        let other = try await store.another()
        let gate = Gate()
        let holder = Task {
            try await other.write { tx in
                try tx.lock("a")
                gate.hold()
            }
        }
        await gate.isHeld()
        #expect(try await store.write { try $0.tryLock("a") } == false)
        #expect(try await store.write { try $0.tryLock("b") })
        gate.open()
        try await holder.value
        #expect(try await store.write { try $0.tryLock("a") })
        try await other.close()
    }

    // MARK: Verdicts

    @Test("What a verdict refuses is not made, whatever the change catches and however it ends")
    func verdicts() async throws {
        let store = try await numbersStore()
        let nobody = Query<Int64>("SELECT n FROM numbers WHERE n = -1") { try $0.value(0) }
        await #expect(throws: Refused(number: 9)) {
            try await store.write { tx in
                try tx.require(nobody) { if $0 == nil { throw Refused(number: 9) } }
                // Nothing waits for an answer before the commit.
                try tx.enqueue("INSERT INTO numbers (n) VALUES (1)")
            }
        }
        await #expect(throws: Refused(number: 9)) {
            try await store.write { tx in
                try tx.require(nobody) { if $0 == nil { throw Refused(number: 9) } }
                for number in Int64(2)...4 { _ = failure { try tx.savepoint { try tx.add(number) } } }
            }
        }
        #expect(try await store.numbers() == [])
        try await store.write { tx in
            try tx.add(-1)
            try tx.require(nobody) { if $0 == nil { throw Refused(number: 9) } }
            try tx.enqueue("INSERT INTO numbers (n) VALUES (5)")
        }
        #expect(try await store.numbers() == [-1, 5])
    }

    @Test("A part that fails after a statement nobody waited for is undone alone")
    func enqueuedFailure() async throws {
        let store = try await numbersStore()
        try await store.write { tx in
            try tx.add(1)
            let refused = failure {
                try tx.savepoint {
                    try tx.enqueue("INSERT INTO numbers (n) VALUES (1)")
                    throw Refused()
                }
            }
            #expect(refused is Refused)
            try tx.add(2)
        }
        #expect(try await store.numbers() == [1, 2])
    }

    @Test("A statement that could not be prepared does not take the name of another one")
    func preparedNames() async throws {
        let store = try await numbersStore()
        for number in 0..<20 {
            _ = try? await store.write { try $0.run("SELECT no_such_column_\(SQL(stringLiteral: "\(number)")) FROM numbers") }
            let value = try await store.write { try $0.value("SELECT \(SQL(stringLiteral: "\(number)"))", as: Int64.self) }
            #expect(value == Int64(number))
        }
    }

    // MARK: Overload

    @Test("When every connection is taken, who waits is told so after a bounded time", .timeLimit(.minutes(1)))
    func exhausted() async throws {
        let store = try await numbersStore()
        let gates = (0..<4).map { _ in Gate() }
        let holders = gates.map { gate in Task { try await store.read { _ in gate.hold() } } }
        for gate in gates { await gate.isHeld() }
        let start = ContinuousClock.now
        await #expect(throws: StoreError.busy) { try await store.numbers() }
        await #expect(throws: StoreError.busy) { try await store.write { try $0.add(1) } }
        #expect(ContinuousClock.now - start < .seconds(8))
        for gate in gates { gate.open() }
        for holder in holders { try await holder.value }
        #expect(try await store.numbers() == [])
    }

    @available(macOS 26, *)
    @Test("A queue that is full refuses at once and does what it took", .timeLimit(.minutes(1)))
    func fullQueue() async throws {
        let store = try await numbersStore()
        let gates = (0..<4).map { _ in Gate() }
        let holders = gates.map { gate in Task { try await store.read { _ in gate.hold() } } }
        for gate in gates { await gate.isHeld() }
        let tasks = (Int64(0)..<4100).map { number in Task.immediate { try await store.write { try $0.add(number) } } }
        for task in tasks[4096...] { await #expect(throws: StoreError.busy) { try await task.value } }
        for gate in gates { gate.open() }
        for holder in holders { try await holder.value }
        var made: [Int64] = []
        for (number, task) in tasks[..<4096].enumerated() { if (try? await task.value) != nil { made.append(Int64(number)) } }
        #expect(try await store.numbers() == made)
    }

    @Test("A statement that takes too long is given up, and its connection lives on", .timeLimit(.minutes(1)))
    func slowStatement() async throws {
        let store = try await numbersStore()
        let start = ContinuousClock.now
        await #expect(throws: StoreError.busy) { try await store.read { tx in try tx.run("SELECT pg_sleep(30)") } }
        await #expect(throws: StoreError.busy) {
            try await store.write { tx in
                try tx.add(1)
                try tx.run("SELECT pg_sleep(30)")
            }
        }
        #expect(ContinuousClock.now - start < .seconds(8))
        #expect(try await store.numbers() == [])
    }

    // MARK: Lost connections

    @Test("A connection that is lost before the commit costs a repetition, for reads and for changes")
    func lostConnections() async throws {
        let store = try await numbersStore()
        let other = try await store.another()
        let runs = Mutex(0)
        let count = try await store.read { tx in
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            if run == 1 { _ = try? tx.run("SELECT pg_terminate_backend(pg_backend_pid())") }
            return try tx.value("SELECT count(*) FROM numbers", as: Int64.self)
        }
        #expect(count == 0)
        #expect(runs.withLock { $0 } == 2)
        try await store.write { tx in
            try tx.add(
                Int64(
                    runs.withLock { runs in
                        runs += 1
                        return runs
                    }))
            if runs.withLock({ $0 }) == 3 { _ = try tx.run("SELECT pg_terminate_backend(pg_backend_pid())") }
        }
        #expect(try await store.numbers() == [4])
        try await other.close()
    }

    @Test("A change that meets a server that takes none is tried again elsewhere, and finds its own locks free", .timeLimit(.minutes(1)))
    func readOnlyServer() async throws {
        let store = try await numbersStore()
        _ = try await store.write { tx in
            try tx.run(
                """
                DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$
                """)
        }
        let later = try await store.another()
        let locks = Mutex<[Bool]>([])
        await #expect(throws: StoreError.self) {
            try await later.write { tx in
                let isLocked = try tx.tryLock("a")
                locks.withLock { $0.append(isLocked) }
                _ = failure { try tx.savepoint { try tx.add(1) } }
            }
        }
        #expect(locks.withLock { $0 }.count > 1)
        #expect(!locks.withLock { $0 }.contains(false))
        #expect(try await store.numbers() == [])
        try await later.close()
    }

    @Test("Every idle connection may be gone: nobody notices")
    func idleConnections() async throws {
        let store = try await numbersStore()
        let other = try await store.another()
        for number in Int64(0)..<5 {
            try await endOtherSessions(other)
            try await store.write { try $0.add(number) }
            try await endOtherSessions(other)
            #expect(try await store.numbers().count == Int(number) + 1)
        }
        try await other.close()
    }

    @Test("A connection that breaks during the commit leaves the outcome open, and says so", .timeLimit(.minutes(1)))
    func undecided() async throws {
        let store = try await numbersStore()
        try await store.write { tx in
            // Runs within the commit, and ends the session there.
            try tx.run(
                """
                CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.01); RETURN NULL; END'
                """)
            try tx.run(
                """
                CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON parents DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION end_session()
                """)
        }
        let runs = Mutex(0)
        await #expect(throws: StoreError.undecided) {
            try await store.write { tx in
                runs.withLock { $0 += 1 }
                try tx.run("INSERT INTO parents (id) VALUES (1)")
            }
        }
        #expect(runs.withLock { $0 } == 1)
        #expect(try await store.read { tx in try tx.value("SELECT count(*) FROM parents", as: Int64.self) } == 0)
    }

    // MARK: A server of one's own

    @Test("A frozen server: everybody is answered in time, and when it goes on so does the store (P31)", .timeLimit(.minutes(2)))
    func frozen() async throws {
        try await PostgresCluster.run { cluster in
            let store = try await cluster.open()
            _ = try await store.write { try $0.run("CREATE TABLE numbers (n BIGINT)") }
            try await cluster.freeze()
            let start = ContinuousClock.now
            await withTaskGroup { group in
                for number in Int64(0)..<40 {
                    group.addTask { @Sendable in
                        await #expect(throws: StoreError.self) {
                            if number % 2 == 0 { try await store.write { try $0.add(number) } } else { _ = try await store.version() }
                        }
                        #expect(ContinuousClock.now - start < .seconds(6))
                    }
                }
            }
            try await cluster.thaw()
            await eventually {
                try await store.write { try $0.add(100) }
                return true
            }
            let count = try await store.read { tx in try tx.value("SELECT count(*) FROM numbers WHERE n < 100", as: Int64.self) }
            #expect(count <= 20)
            try await store.close()
        }
    }

    @Test("A server that crashes and comes back keeps what was acknowledged, and the store finds it again (P3)", .timeLimit(.minutes(2)))
    func crash() async throws {
        try await PostgresCluster.run { cluster in
            let store = try await cluster.open()
            _ = try await store.write { try $0.run("CREATE TABLE numbers (n BIGINT NOT NULL)") }
            let acknowledged = Mutex<Set<Int64>>([])
            let isOver = Mutex(false)
            try await withThrowingTaskGroup { group in
                for writer in Int64(0)..<8 {
                    group.addTask { @Sendable in
                        var number = writer * 1_000_000
                        while !isOver.withLock({ $0 }) {
                            number += 1
                            let mine = number
                            guard (try? await store.write({ try $0.add(mine) })) != nil else { continue }
                            acknowledged.withLock { _ = $0.insert(mine) }
                        }
                    }
                }
                defer { isOver.withLock { $0 = true } }
                for _ in 0..<3 {
                    let before = acknowledged.withLock { $0.count }
                    await eventually { acknowledged.withLock { $0.count } > before + 100 }
                    try await cluster.kill()
                    try await cluster.start()
                }
                await eventually {
                    try await store.write { try $0.add(-1) }
                    return true
                }
            }
            let there = try await store.read { tx in try tx.rows("SELECT n FROM numbers") { try $0.value(0, as: Int64.self) } }
            #expect(acknowledged.withLock { $0 }.subtracting(there).isEmpty)
            #expect(Set(there).count == there.count)
            try await store.close()
        }
    }

    // MARK: Schema

    @Test("Ten instances that start at once make each step once", .timeLimit(.minutes(1)))
    func concurrentMigrations() async throws {
        let store = try await TemporaryStore()
        let migrator = Migrator(
            (1...3).map { number in
                Migration(Int64(number), "step \(number)") { _ in
                    ["CREATE TABLE t\(SQL(stringLiteral: "\(number)")) (a BIGINT)", "SELECT pg_sleep(0.05)"]
                }
            })
        try await withThrowingTaskGroup { group in
            for _ in 0..<10 {
                group.addTask { @Sendable in
                    let instance = try await store.another()
                    try await migrator.migrate(instance, at: 1)
                    try await instance.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.read { tx in try tx.value("SELECT count(*) FROM schema_migrations", as: Int64.self) } == 3)
    }

    @Test("A server that cannot be reached is named with libpq's reason, without the password")
    func unreachable() async throws {
        var options = PostgresStore.Options()
        options.startTimeout = .milliseconds(300)
        let error = await #expect(throws: StoreError.self) {
            try await PostgresStore(url: "postgres://u:secretword@127.0.0.1:1/x", options: options, logger: silentLogger)
        }
        let text = try #require(error).description
        #expect(text.contains("127.0.0.1") && text.contains("refused"))
        #expect(!text.contains("secretword"))
    }
}
