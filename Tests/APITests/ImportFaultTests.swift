// An import that is interrupted goes on where it was: nothing is lost and nothing doubled, wherever it was cut.
import API
import Composition
import Foundation
import HTTPTypes
import Model
import Repositories
import Services
import StoreCore
import Synchronization
import TestKit
import Testing
import Wire

@Suite struct ImportFaultTests {
    /// 2 100 good rows, 300 repetitions and 100 bad ones: several batches.
    private static let table: [UInt8] = {
        var text = "title,description,priority,labels\n"
        for number in 0..<2500 {
            switch number % 25 {
            case 3: text += "Task \(number),x,urgent,\n"
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
        let store = world.installation.store
        let now = world.clock.now
        let (job, claim) = try await store.write { tx -> (Job, JobClaim) in
            let job = try #require(try Jobs(tx).claim(.bulk, by: "w", limit: 1, at: now).first)
            return (job, JobClaim(id: job.id, attempt: job.attempts, worker: "w"))
        }
        #expect(job.id == id)
        let looks = Counter()
        let dying = Mutex<Task<Void, any Error>?>(nil)
        let clock = WallClock {
            if looks.next() == death { dying.withLock { $0?.cancel() } }
            return now
        }
        let run = JobRun(job, claim, Ledger(store: store, clock: clock, keys: world.installation.rooms.keys, recorded: {}))
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
        let table = query.isEmpty ? Self.table : Array(String(decoding: Self.table, as: UTF8.self).replacing("urgent", with: "high").utf8)
        let good: Int64 = query.isEmpty ? 2100 : 2200
        try await World.run { world in
            for death in 1...12 {
                let ada = try await world.person("ada\(death)")
                let id = try await upload(world, ada, query, table: table)
                var runs = 1
                // All or nothing would be taken back when it is cancelled; one that dies is not: it dies while it checks.
                let limit = query.isEmpty ? death : min(death, 3)
                while try await !work(world, on: id, dyingAt: runs == 1 ? limit : .max) { runs += 1 }
                #expect(try await counts(world, of: ada) == [good, good, good, 4200], "\(death)")
                let job = try await world.send(.get, "/api/v1/jobs/\(id)", as: ada)
                #expect(job.int("result", "created") == good && job.int("result", "skipped") == 300, "\(death)")
                #expect(job.int("result", "failed") == 2500 - 300 - good)
                #expect(job.list("result", "errors").count == Int(2500 - 300 - good))
            }
        }
    }

    @Test("all or nothing that is cancelled while it inserts leaves nothing, and cannot be undone but is gone")
    func tornApart() async throws {
        let table = Array(String(decoding: Self.table, as: UTF8.self).replacing("urgent", with: "high").utf8)
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await upload(world, ada, "?atomic=true", table: table)
            // The check takes five looks at the clock for its batches and steps or so; then it inserts.
            var death = 4
            while true {
                let isDone = try await work(world, on: id, dyingAt: death)
                let phase = try await world.installation.store.read { try Imports($0).find(id)?.phase }
                if isDone || phase == .takingBack { break }
                death += 1
            }
            try await world.work()
            #expect(try await counts(world, of: ada)[0] == 0)
            let removed: Int64 = try await world.installation.store.read { try $0.value("SELECT count(*) FROM tasks") }
            #expect(removed == 0)
            #expect(try await world.send(.post, "/api/v1/imports/\(id)/undo", as: ada).status == 409)
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
            #expect(job?.state == .failed && job?.error?.contains("not active") == true)
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
            #expect(made > 0 && made < 2100)
            #expect(try await world.send(.post, "/api/v1/imports/\(id)/undo", as: ada).status == 202)
            try await world.work()
            #expect(try await counts(world, of: ada)[0] == 0)
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
