// An import that is interrupted goes on where it was: nothing is lost and nothing doubled, wherever it was cut.
import API
import BackgroundWork
import ChangeLedger
import Composition
import Credentials
import Foundation
import HTTPTypes
import Model
import Repositories
import Services
import StoreCore
import Synchronization
import TaskFormats
import Testing
import TestKit
import Wire

@Suite struct ImportFaultTests {
    /// 2 400 good rows, 300 of them like one before, and 100 bad ones: several batches.
    private static let table: [UInt8] = {
        var text = "title,description,priority,labels\n"
        for number in 0..<2500 {
            switch number % 25 {
            case 3: text += "Task \(number),x,whenever,\n"
            case 4, 5, 6: text += "Task \(number - number % 25),x,low,\"a,b\"\n"
            default: text += "Task \(number),x,low,\"a,b\"\n"
            }
        }
        return Array(text.utf8)
    }()

    private func upload(_ world: World, _ person: Person, _ query: String = "", table: [UInt8] = table) async throws -> ID<Job> {
        let reply = try await world.send(
            .post, "/api/v1/tasks/import\(query)", as: person, body: table, headers: [("Content-Type", "text/csv")])
        return ID(try #require(reply.int("id"), "\(reply.text)"))
    }

    /// Runs the job as one worker would, which dies at the n-th look at the clock: each step takes one.
    /// - Returns: whether it came to its end before.
    private func work(_ world: World, on id: ID<Job>, dyingAt death: Int) async throws -> Bool {
        let (job, claim) = try await claim(world)
        #expect(job.id == id)
        return try await run(world, job, claim, dyingAt: death)
    }

    private func claim(_ world: World) async throws -> (Job, JobClaim) {
        let now = world.clock.now
        return try await world.installation.store.write { tx in
            let job = try #require(try Jobs(tx).claim(.init(.bulk, limit: 1), by: "w", at: now).first)
            return (job, JobClaim(id: job.id, attempt: job.attempts, worker: "w"))
        }
    }

    private func run(_ world: World, _ job: Job, _ claim: JobClaim, dyingAt death: Int) async throws -> Bool {
        let store = world.installation.store
        let now = world.clock.now
        let looks = Counter()
        let dying = Mutex<Task<Void, any Error>?>(nil)
        let clock = WallClock {
            if looks.next() == death { dying.withLock { $0?.cancel() } }
            return now
        }
        let run = JobRun(job, claim, Ledger(store: store, clock: clock, secrets: world.installation.rooms.keys.answerSecrets, recorded: {}))
        let (starts, start) = AsyncStream<Void>.makeStream()
        let task = Task {
            for await _ in starts {}
            try await run.complete(try await ImportJob().run(run))
        }
        dying.withLock { $0 = task }
        start.finish()
        let result = await task.result
        if case .success = result { return true }
        // Its lease runs out, and the next one takes over.
        try await store.write { _ = try Jobs($0).retry(claim, error: "", runAt: now) }
        return false
    }

    private func counts(_ world: World, of person: Person) async throws -> [Int64] {
        try await world.installation.store.read { tx in
            [
                try tx.value("SELECT count(*) FROM tasks WHERE owner_id = \(person.id) AND deleted_at IS NULL"),
                try tx.value("SELECT count(DISTINCT title) FROM tasks WHERE owner_id = \(person.id) AND deleted_at IS NULL"),
                try tx.value("SELECT count(*) FROM events WHERE action = 'task.created' AND actor_id = \(person.id)"),
                try tx.value("SELECT count(*) FROM task_labels WHERE task_id IN (SELECT id FROM tasks WHERE owner_id = \(person.id))"),
            ]
        }
    }

    @Test("a worker that dies at any step loses nothing and doubles nothing", arguments: ["", "?atomic=true"])
    func anywhere(query: String) async throws {
        // Bad rows would end an import of all or nothing.
        let table = query.isEmpty ? Self.table : Array(String(decoding: Self.table, as: UTF8.self).replacing("whenever", with: "high").utf8)
        let good: Int64 = query.isEmpty ? 2400 : 2500
        try await World.run { world in
            for death in 1...12 {
                let ada = try await world.person("ada\(death)")
                let id = try await upload(world, ada, query, table: table)
                var runs = 1
                // All or nothing would be taken back when it is cancelled; one that dies is not: it dies while it checks.
                let limit = query.isEmpty ? death : min(death, 3)
                while try await !work(world, on: id, dyingAt: runs == 1 ? limit : .max) { runs += 1 }
                #expect(try await counts(world, of: ada) == [good, good - 300, good, 4800], "\(death)")
                let job = try await world.send(.get, "/api/v1/jobs/\(id)", as: ada)
                #expect(job.int("result", "created") == good && job.int("result", "skipped") == 0, "\(death)")
                #expect(job.int("result", "failed") == 2500 - good)
                #expect(job.list("result", "errors").count == Int(2500 - good))
            }
        }
    }

    private static let good = Array(String(decoding: table, as: UTF8.self).replacing("whenever", with: "high").utf8)

    /// An import of all or nothing whose worker was stopped while it inserted.
    private func tornImport(_ world: World, _ ada: Person) async throws -> ID<Job> {
        let id = try await upload(world, ada, "?atomic=true", table: Self.good)
        var death = 1
        while try await counts(world, of: ada)[0] == 0 {
            #expect(try await !work(world, on: id, dyingAt: death))
            death += 1
        }
        return id
    }

    @Test("all or nothing that is cancelled while it inserts leaves nothing, and cannot be undone but is gone")
    func tornApart() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await tornImport(world, ada)
            let (job, claim) = try await claim(world)
            #expect(try await world.send(.post, "/api/v1/jobs/\(id)/cancel", as: ada).status == 200)
            #expect(try await !run(world, job, claim, dyingAt: .max))
            #expect(try await world.installation.store.read { try Imports($0).find(id)?.phase } == .takingBack)
            try await world.work()
            #expect(try await counts(world, of: ada)[0] == 0)
            let removed: Int64 = try await world.installation.store.read { try $0.value("SELECT count(*) FROM tasks") }
            #expect(removed == 0)
            #expect(try await world.send(.post, "/api/v1/imports/\(id)/undo", as: ada).status == 409)
        }
    }

    @Test("all or nothing goes on after a shutdown, and who has lost it takes nothing back")
    func stopped() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await tornImport(world, ada)
            #expect(try await world.installation.store.read { try Imports($0).find(id)?.phase } == .inserting)
            let (job, claim) = try await claim(world)
            // Another worker has it by now, and it is to be cancelled there.
            let former = JobClaim(id: id, attempt: claim.attempt - 1, worker: "w")
            _ = try await world.installation.store.write { try $0.run("UPDATE jobs SET is_cancelling = \(true) WHERE id = \(id)") }
            #expect(try await world.installation.store.write { try Jobs($0).lockCancellation(of: former) } == nil)
            #expect(try await world.installation.store.write { try Jobs($0).lockCancellation(of: claim) } == true)
            _ = try await world.installation.store.write { try $0.run("UPDATE jobs SET is_cancelling = \(false) WHERE id = \(id)") }
            #expect(try await run(world, job, claim, dyingAt: .max))
            #expect(try await counts(world, of: ada) == [2500, 2200, 2500, 4800])
        }
    }

    @Test("who is deactivated meanwhile imports nothing more")
    func deactivated() async throws {
        try await World.run { world in
            let (ada, root) = (try await world.person("ada"), try await world.person("root", role: .admin))
            let id = try await upload(world, ada)
            try await world.send(.patch, "/api/v1/users/\(ada.id)", as: root, json: ["is_active": false])
            try await world.work()
            #expect(try await counts(world, of: ada)[0] == 0)
            let job = try await world.installation.store.read { try Jobs($0).find(id) }
            #expect(job?.state == .cancelled)
        }
    }

    @Test("a cancelled import stops, keeps what it has made, and can be undone")
    func cancelled() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await upload(world, ada)
            _ = try await work(world, on: id, dyingAt: 4)
            #expect(try await world.send(.post, "/api/v1/jobs/\(id)/cancel", as: ada).status == 200)
            let made = try await counts(world, of: ada)[0]
            #expect(made > 0 && made < 2400)
            #expect(try await world.send(.post, "/api/v1/imports/\(id)/undo", as: ada).status == 202)
            try await world.work()
            #expect(try await counts(world, of: ada)[0] == 0)
        }
    }

    @Test(
        "a table that is gone or not whole fails its import, which never passes for one without rows", arguments: ["", " AND number > 0"])
    func lost(which: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            // More than one piece.
            let long = Self.table + Array(String(repeating: "Long,x,low,\n", count: 8000).utf8)
            let id = try await upload(world, ada, table: long)
            _ = try await world.installation.store.write { tx in
                try tx.run("DELETE FROM file_chunks WHERE file_id > 0 \(SQL(stringLiteral: which))")
            }
            try await world.work()
            let job = try await world.installation.store.read { try Jobs($0).find(id) }
            #expect(job?.state == .failed && job?.error == "The file is missing or incomplete: send it again.")
        }
    }

    @Test("an import that waits longer than its table is kept fails, and says why")
    func waitedTooLong() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await upload(world, ada)
            world.clock.advance(by: .seconds(8 * 86_400))
            let now = world.clock.now
            try await world.installation.store.write { tx in while try Files(tx).deleteExpired(at: now, limit: 100) > 0 {} }
            try await world.work()
            let job = try await world.installation.store.read { try Jobs($0).find(id) }
            #expect(job?.state == .failed && job?.error == "The file is missing or incomplete: send it again.")
        }
    }

    @Test("a table stays when nobody knows whether its import was queued", .enabled(if: EngineUnderTest.current == .postgres))
    func undecided() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.installation.store.write { tx in
                // Runs within the commit, and ends the session there.
                try tx.run(
                    """
                    CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.01); RETURN NULL; END'
                    """)
                try tx.run(
                    """
                    CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON imports DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION end_session()
                    """)
            }
            let reply = try await world.send(
                .post, "/api/v1/tasks/import", as: ada, body: Self.table, headers: [("Content-Type", "text/csv")])
            #expect(reply.status == 503 && reply.string("code") == "undecided")
            #expect(try await world.installation.store.read { try $0.value("SELECT count(*) FROM file_chunks") } > Int64(0))
        }
    }

    @Test("a table that takes longer than an hour to arrive stays as long as it arrives")
    func slowSender() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let store = world.installation.store
            let imports = ImportService(store: store, clock: world.clock.wallClock)
            let table = try await imports.receive(for: ID(ada.id), ImportHints()) { take in
                try await take(Array("title\n".utf8))
                for _ in 1...3 {
                    world.clock.advance(by: .seconds(40 * 60))
                    try await take(Array(String(repeating: "a row of the table\n", count: 60_000).utf8))
                    let now = world.clock.now
                    try await store.write { tx in while try Files(tx).deleteExpired(at: now, limit: 100) > 0 {} }
                }
            }
            let file = try await store.read { try Files($0).find(table.fileID) }
            #expect(file?.size == 3 * 60_000 * 19 + 6 && file?.expiresAt == world.clock.now + StoredFile.unfinishedLifetime)
        }
    }

    @Test("a table is kept once and only in time, and one that is kept is not discarded any more")
    func keeping() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let (store, now) = (world.installation.store, world.clock.now)
            let imports = ImportService(store: store, clock: world.clock.wallClock)
            let id = try await store.write { tx in
                let files = Files(tx)
                let id = try files.insert("a.csv", "text/csv", of: ID(ada.id), at: now, expires: now + .seconds(1))
                try files.append([Array("title\n".utf8)], to: id, at: 0)
                return id
            }
            @Sendable func keep(_ id: ID<StoredFile>, at time: Instant) async throws {
                try await store.write { try Files($0).keep(id, sha256: [1], at: time, until: now + .seconds(60)) }
            }
            await #expect(throws: Failure.unavailable(retryAfter: 1)) { try await keep(id, at: now + .seconds(2)) }
            try await keep(id, at: now)
            await imports.discard(id)
            #expect(try await store.read { try Files($0).find(id) } != nil)
            await #expect(throws: Failure.unavailable(retryAfter: 1)) { try await keep(id, at: now) }
            await #expect(throws: Failure.unavailable(retryAfter: 1)) { try await keep(ID(id.value + 1), at: now) }
        }
    }

    @Test("what is over is swept: files, and what is known of old imports")
    func sweeping() async throws {
        try await World.run { world in
            let (ada, root) = (try await world.person("ada"), try await world.person("root", role: .admin))
            _ = try await upload(world, ada)
            try await world.work()
            world.clock.advance(by: .seconds(8 * 86_400))
            // The session is over, too.
            let session = try await world.login(root.email)
            try await world.send(.post, "/api/v1/admin/schedules/clean-up/run", token: session.string("access_token"))
            try await world.work()
            for table in ["files", "file_chunks", "imports", "imported_rows"] {
                let count: Int64 = try await world.installation.store.read {
                    try $0.value("SELECT count(*) FROM \(SQL(stringLiteral: table))")
                }
                #expect(count == 0, "\(table)")
            }
        }
    }
}
