// The audit is tamper-evident: whatever somebody with the database does to the log, the verification names it (P49).
import API
import BackgroundWork
import Composition
import Credentials
import HTTPTypes
import Live
import Model
import Repositories
import Services
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct AuditTests {
    /// Ten sealed events at least, all of them about tasks at the end.
    private func run(_ test: @escaping @Sendable (_ world: World, _ root: Person, _ sealed: Int64) async throws -> Void) async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            for number in 0..<10 { _ = try await world.task("T\(number)", of: root) }
            try await world.installation.sealer.sealAll()
            let report = try await world.send(.get, "/api/v1/admin/audit/verify", as: root)
            #expect(report.at("is_intact") == true, "\(report.text)")
            #expect(report.int("pending") == 0)
            #expect(report.at("faults") == [])
            let sealed = try #require(report.int("sealed"))
            #expect(report.int("head", "position") == sealed)
            #expect(report.string("head", "hash")?.count == 64)
            try await test(world, root, sealed)
        }
    }

    private func verify(_ world: World, _ root: Person, checkpoint: String? = nil) async throws -> [String] {
        let query = checkpoint.map { "?checkpoint=\($0)" } ?? ""
        let report = try await world.send(.get, "/api/v1/admin/audit/verify\(query)", as: root)
        let faults = report.list("faults").map { fault in
            [fault["kind"], fault["position"], fault["event_id"]].map { $0?.text ?? "–" }.joined(separator: " ").replacing("\"", with: "")
        }
        #expect(report.at("is_intact") == .bool(faults.isEmpty), "\(report.text)")
        return faults
    }

    /// Behind the server's back; what it does itself meanwhile must not be taken for it.
    private func tamper(_ world: World, _ statements: SQL...) async throws {
        try await world.installation.store.write { [statements] tx in for sql in statements { try tx.run(sql.unkept) } }
    }

    @Test(
        "an event whose row was changed is named, whatever the column",
        arguments: [
            "at = at + 1", "actor_id = NULL", "request_id = 'x'", "action = 'task.updated'", "subject = 'user'", "subject_id = 99",
            "changes = '[]'", "audience = '[7]'", "audience = NULL", "source = 'job'", "source = NULL",
        ])
    func changed(assignment: String) async throws {
        try await run { world, root, _ in
            try await tamper(world, "UPDATE events SET \(SQL(stringLiteral: assignment)) WHERE id = 5")
            #expect(try await verify(world, root) == ["changed 5 5"])
        }
    }

    @Test("an event that was removed is named, with its place in the chain or without")
    func removed() async throws {
        try await run { world, root, sealed in
            try await tamper(world, "DELETE FROM events WHERE id = 6")
            #expect(try await verify(world, root) == ["removed 6 6"])
            try await tamper(world, "DELETE FROM event_chain WHERE event_id = 6")
            #expect(try await verify(world, root) == ["removed 6 –"])
            try await tamper(world, "INSERT INTO events_pending (event_id) VALUES (999)")
            #expect(try await verify(world, root) == ["removed 6 –", "removed – 999"])
        }
    }

    @Test("an event that was put in is named, also when a place in the chain was made up for it")
    func inserted() async throws {
        try await run { world, root, sealed in
            let columns: SQL = "at, actor_id, request_id, source, action, subject, subject_id, changes"
            try await tamper(world, "INSERT INTO events (id, \(columns)) SELECT 777, \(columns) FROM events WHERE id = 4")
            #expect(try await verify(world, root) == ["inserted – 777"])
            #expect(try await world.installation.store.read { try EventChain($0).strangers(limit: 10, batchesOf: 2) } == [777])
            let hash = [UInt8](repeating: 7, count: 32)
            try await tamper(world, "INSERT INTO event_chain (position, event_id, hash) VALUES (\(sealed + 1), 777, \(hash))")
            #expect(try await verify(world, root) == ["changed \(sealed + 1) 777"])
        }
    }

    @Test("events that changed places are named, near or far from each other", arguments: [(4, 9), (4, 5)])
    func reordered(first: Int64, second: Int64) async throws {
        try await run { world, root, _ in
            try await tamper(
                world, "UPDATE event_chain SET event_id = -1 WHERE position = \(first)",
                "UPDATE event_chain SET event_id = \(first) WHERE position = \(second)",
                "UPDATE event_chain SET event_id = \(second) WHERE position = \(first)")
            #expect(try await verify(world, root) == ["reordered \(first) \(second)", "reordered \(second) \(first)"])
        }
        try await run { world, root, _ in
            try await tamper(
                world, "UPDATE event_chain SET position = -1 WHERE position = \(first)",
                "UPDATE event_chain SET position = \(first) WHERE position = \(second)",
                "UPDATE event_chain SET position = \(second) WHERE position = -1")
            #expect(try await verify(world, root) == ["reordered \(first) \(second)", "reordered \(second) \(first)"])
        }
    }

    @Test("a hash that was changed is named, and the rows behind it are not blamed")
    func changedHash() async throws {
        try await run { world, root, _ in
            let hash = [UInt8](repeating: 1, count: 32)
            try await tamper(world, "UPDATE event_chain SET hash = \(hash) WHERE position = 7")
            #expect(try await verify(world, root) == ["changed 7 7"])
        }
    }

    @Test("an end that was cut off is found by a checkpoint, and by nothing else")
    func truncated() async throws {
        try await run { world, root, sealed in
            let checkpoint = try await world.installation.rooms.audit.checkpoint()
            #expect(try await verify(world, root, checkpoint: checkpoint) == [])
            try await tamper(
                world, "DELETE FROM events WHERE id > \(sealed - 3)", "DELETE FROM event_chain WHERE position > \(sealed - 3)")
            #expect(try await verify(world, root) == [])
            #expect(try await verify(world, root, checkpoint: checkpoint) == ["truncated \(sealed - 2) –"])
            // What comes later takes the places, and not the hashes.
            for number in 0..<5 { _ = try await world.task("N\(number)", of: root) }
            try await world.installation.sealer.sealAll()
            #expect(try await verify(world, root) == [])
            let late = try await verify(world, root, checkpoint: checkpoint)
            #expect(late.count == 1 && late.allSatisfy { $0.hasPrefix("changed \(sealed) ") }, "\(late)")
        }
    }

    @Test("a log that was sealed anew with another key is changed from its first row on")
    func foreignKey() async throws {
        try await run { world, root, sealed in
            let foreign = EventSeal(try SigningKeys(SigningKeys.generate(.system)))
            try await tamper(
                world, "DELETE FROM event_chain", "DELETE FROM event_audience", "INSERT INTO events_pending SELECT id FROM events")
            _ = try await world.installation.store.write { try foreign.seal($0, limit: 1000, at: world.clock.now) }
            let faults = try await verify(world, root)
            #expect(faults.first == "changed 1 1" && faults.count == Int(sealed))
        }
    }

    @Test("a checkpoint that was changed, or signed elsewhere, is refused")
    func foreignCheckpoint() async throws {
        try await run { world, root, sealed in
            let own = try await world.installation.rooms.audit.checkpoint()
            let head = EventChain.Head(position: sealed, hash: [UInt8](repeating: 1, count: 32))
            let foreign = try AuditCheckpoint(head: head, at: world.clock.now).signed(by: SigningKeys(SigningKeys.generate(.system)))
            for wrong in [foreign, own.replacing("-1.\(sealed).", with: "-1.\(sealed - 1)."), "x", String(own.dropLast(2))] {
                let reply = try await world.send(.get, "/api/v1/admin/audit/verify?checkpoint=\(wrong)", as: root)
                #expect(reply.status == 400)
                #expect(reply.string("errors", "0", "pointer") == "query:checkpoint")
            }
        }
    }

    @Test("a key that was replaced still verifies what it sealed, as long as it is listed")
    func rotation() async throws {
        let store = try await TemporaryStore(migrator: migrator)
        let (old, new) = (SigningKeys.generate(.system), SigningKeys.generate(.system))
        for keys in [old, "\(new),\(old)"] {
            let keys = try SigningKeys(keys)
            try await store.write { tx in
                for number in Int64(1)...3 {
                    try Events(tx).append(.userUpdated, .user(ID(number)), [], by: .system(.commandLine, "test"), at: .seconds(number))
                }
            }
            _ = try await store.write { try EventSeal(keys).seal($0, limit: 100, at: Instant(microseconds: 0)) }
        }
        let both = AuditService(store: store.store, clock: .system, keys: try SigningKeys("\(new),\(old)"))
        #expect(try await both.verify(against: nil).faults == [])
        let one = AuditService(store: store.store, clock: .system, keys: try SigningKeys(new))
        #expect(try await one.verify(against: nil).faults.map(\.position) == [1, 2, 3])
    }
}
