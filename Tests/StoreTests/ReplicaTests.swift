// What a replica may answer: nothing that is older than the question, and nothing that must be asked of the primary.
import StoreCore
import StorePostgres
import TestKit
import Testing

@Suite(.only(.postgres)) struct ReplicaTests {
    /// A primary with a table, its standby, and a store on both.
    private func run(
        delayed delay: String? = nil, _ test: (PostgresStore, PostgresCluster, PostgresCluster) async throws -> Void
    ) async throws {
        try await PostgresCluster.run { primary in
            try await primary.withStandby { standby in
                let store = try await primary.open(replicas: [standby])
                _ = try await store.write { tx in try tx.run("CREATE TABLE numbers (n BIGINT PRIMARY KEY, note TEXT)") }
                await eventually { try await port(store) == standby.port }
                if let delay {
                    let own = try await standby.open(connections: 2)
                    try await statement("ALTER SYSTEM SET recovery_min_apply_delay = \(SQL(stringLiteral: "'\(delay)'"))", own)
                    try await statement("SELECT pg_reload_conf()", own)
                    await eventually {
                        try await own.rows(
                            Query("SELECT current_setting('recovery_min_apply_delay')") { try $0.value(0, as: String.self) }, from: .primary
                        ) == [delay]
                    }
                    try await own.close()
                }
                try await test(store, primary, standby)
                try await store.close()
            }
        }
    }

    private func statement(_ sql: SQL, _ store: PostgresStore) async throws {
        _ = try await store.rows(Query<Bool>(sql.unkept, isBrief: true) { _ in true }, from: .primary)
    }

    /// Of the server that answers.
    private func port(_ store: PostgresStore, from source: ReadSource = .anyCopy) async throws -> Int64? {
        let query = Query<Int64>("SELECT inet_server_port()::bigint") { try $0.value(0) }
        return try await store.rows(query, from: source).first
    }

    private func isThere(_ number: Int64, _ store: PostgresStore) async throws -> Bool {
        let query = Query<Int64>("SELECT n FROM numbers WHERE n = \(number)") { try $0.value(0) }
        return try await store.rows(query, from: .anyCopy) == [number]
    }

    @Test("A replica that is in step answers, in a transaction as well; what must come from the primary does", .timeLimit(.minutes(1)))
    func inStep() async throws {
        try await run { store, primary, standby in
            for _ in 0..<50 {
                let ports = [try await port(store), try await port(store, from: .primary)]
                #expect(ports == [standby.port, primary.port])
            }
            #expect(try await store.read(from: .anyCopy) { try $0.value("SELECT pg_is_in_recovery()", as: Bool.self) })
            #expect(try await store.read { try $0.value("SELECT pg_is_in_recovery()", as: Bool.self) } == false)
        }
    }

    @Test(
        "What another instance wrote is there at once, from a replica in step and from a late one (P11)", .timeLimit(.minutes(1)),
        arguments: [nil, "1s"])
    func neverStale(delay: String?) async throws {
        try await run(delayed: delay) { store, primary, standby in
            let other = try await primary.open()
            try await withThrowingTaskGroup { group in
                for writer in Int64(0)..<8 {
                    group.addTask { @Sendable in
                        for number in writer * 1000..<writer * 1000 + 40 {
                            try await other.write { try $0.add(number) }
                            #expect(try await isThere(number, store))
                            #expect(
                                try await store.read(from: .anyCopy) {
                                    try $0.value("SELECT count(*) FROM numbers WHERE n = \(number)", as: Int64.self)
                                } == 1)
                        }
                    }
                }
                try await group.waitForAll()
            }
            if delay != nil { #expect(try await port(store) == primary.port) }
            await eventually { try await port(store) == standby.port }
            try await other.close()
        }
    }

    @Test(
        "A replica that dies or freezes costs one wait and no answer, and is read from again when it is back", .timeLimit(.minutes(2)),
        arguments: [true, false])
    func lost(dies: Bool) async throws {
        try await run { store, primary, standby in
            if dies { try await standby.kill() } else { try await standby.freeze() }
            #expect(try await port(store) == primary.port)
            // Not one wait for each read.
            let start = ContinuousClock.now
            for number in Int64(0)..<20 {
                #expect(try await port(store) == primary.port)
                try await store.write { try $0.add(number) }
                #expect(try await isThere(number, store))
            }
            #expect(ContinuousClock.now - start < .seconds(2))
            if dies { try await standby.start() } else { try await standby.thaw() }
            await eventually { try await port(store) == standby.port }
            #expect(try await isThere(19, store))
        }
    }

    @Test("A replica that was promoted is no copy any more", .timeLimit(.minutes(1)))
    func promoted() async throws {
        try await run { store, primary, standby in
            try await standby.promote()
            for number in Int64(0)..<20 {
                try await store.write { try $0.add(number) }
                #expect(try await isThere(number, store))
                #expect(try await port(store) == primary.port)
            }
        }
    }

    @Test("A replica that was ahead of the one that was promoted does not answer, though its log is longer", .timeLimit(.minutes(1)))
    func ahead() async throws {
        try await run { store, primary, ahead in
            try await primary.withStandby { standby in
                let failingOver = try await primary.open(or: [standby], replicas: [ahead])
                let own = try await standby.open(connections: 2)
                try await statement("ALTER SYSTEM SET primary_conninfo = ''", own)
                try await statement("SELECT pg_reload_conf()", own)
                let followers = Query<Int64>("SELECT count(*) FROM pg_stat_replication") { try $0.value(0) }
                await eventually { try await store.rows(followers, from: .primary) == [1] }
                _ = try await store.write { tx in
                    try tx.run("INSERT INTO numbers SELECT n, repeat('x', 100) FROM generate_series(1000, 9000) n")
                }
                await eventually { try await port(store) == ahead.port }
                try await primary.kill()
                try await standby.promote()
                for number in Int64(0)..<20 {
                    await eventually(within: .seconds(10)) {
                        try await failingOver.write { try $0.add(number) }
                        return true
                    }
                    #expect(try await isThere(number, failingOver))
                }
                try await own.close()
                try await failingOver.close()
            }
        }
    }

    @Test(
        "With two hosts in the URL the store finds the one that takes writes, also when the other one is frozen", .timeLimit(.minutes(1)),
        arguments: [true, false])
    func failover(dies: Bool) async throws {
        try await PostgresCluster.run { primary in
            try await primary.withStandby { standby in
                let store = try await primary.open(or: [standby])
                _ = try await store.write { tx in try tx.run("CREATE TABLE numbers (n BIGINT PRIMARY KEY, note TEXT)") }
                let copy = try await standby.open(connections: 2)
                await eventually { try await copy.read { try $0.value("SELECT to_regclass('numbers') IS NOT NULL", as: Bool.self) } }
                try await copy.close()
                if dies { try await primary.kill() } else { try await primary.freeze() }
                try await standby.promote()
                await eventually(within: .seconds(10)) {
                    try await store.write { try $0.add(1) }
                    return true
                }
                // A connection of the pool that nobody has used since may still lead to the frozen host: it is found out by its first use.
                await eventually(within: .seconds(10)) { try await port(store, from: .primary) == standby.port }
                try await store.close()
            }
        }
    }
}
