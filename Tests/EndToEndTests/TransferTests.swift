// An installation moves from one engine to the other and back, with the built binary.
import BackgroundWork
import Foundation
import HTTPTypes
import Model
import Repositories
import StoreCore
import StoreSQLite
import Testing
import TestKit
import Wire

@Suite(.only(.postgres)) struct TransferTests {
    /// An empty PostgreSQL database and a folder with an installation on SQLite.
    private func run(_ test: (BuiltBinary, TestDatabase) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let database = try await EngineUnderTest.newDatabase(in: folder)
            let seeded = try await binary.run("seed", "--demo")
            #expect(seeded.status == 0, "\(seeded.standardError)")
            try await test(binary, database)
            try await database.drop()
        }
    }

    private func file(_ binary: BuiltBinary, _ name: String = "taskflow") -> String { "\(binary.folder)/data/\(name).sqlite" }

    private func send(
        _ server: BuiltServer, _ method: HTTPRequest.Method, _ path: String, _ token: String? = nil, _ body: JSON? = nil,
        key: String? = nil
    ) async throws -> Reply {
        var headers = [("Content-Type", "application/json")]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        if let key { headers.append(("Idempotency-Key", key)) }
        return try await server.client.send(method, "/api/v1\(path)", headers: headers, body: body.map { Array($0.text.utf8) })
    }

    private func logIn(_ server: BuiltServer) async throws -> Reply {
        try await send(server, .post, "/auth/login", nil, ["email": "user@example.com", "password": "user123"])
    }

    /// What the demo data does not have: every kind of value, sessions, tokens, answers, and a task that is gone.
    /// - Returns: the id of the newest task, which is gone.
    private func addEveryKind(_ binary: BuiltBinary) async throws -> Int64 {
        let server = try await binary.serve()
        let token = try #require(try await logIn(server).string("access_token"))
        _ = try await send(server, .post, "/auth/tokens", token, ["name": "script", "scopes": ["tasks:read"]])
        let texts = ["Ünïcödé “quoted” \\ ' \u{1}", "😀 emoji 👩‍👩‍👧", "   x", String(repeating: "ß", count: 255)]
        for text in texts {
            let made = try await send(
                server, .post, "/tasks", token, ["title": .string(text), "description": "", "labels": ["Ä", "ä b", "z"]],
                key: "k\(text.utf8.count)")
            #expect(made.status == 201, "\(made.text)")
        }
        let kept = try #require(try await send(server, .post, "/tasks", token, ["title": "to the trash"]).int("id"))
        #expect(try await send(server, .delete, "/tasks/\(kept)", token).status == 204)
        #expect(await server.stop() == 0)
        let store = try SQLiteStore(path: file(binary))
        let gone = try await store.write { tx in
            _ = try Users(tx).insert(NewUser(email: "gone@example.com"), passwordHash: nil, at: .seconds(1))
            try Users(tx).erase(ID(3), at: .seconds(-5))
            let task = try Tasks(tx).insert(NewTask(title: "gone for good"), owner: ID(2), at: .seconds(0))
            try Tasks(tx).delete(task)
            // A row that means nothing for every table that has none yet; it belongs to the first of everything.
            for table in Table.all where try table.isEmpty(tx) { try table.insert([table.fields.map { Self.sample($0.kind) }], tx) }
            return task.id.value
        }
        try await store.close()
        return gone
    }

    private static func sample(_ kind: Table.Kind) -> Bind {
        switch kind {
        case .int: .int(1)
        case .bool: .bool(false)
        case .text: .text("text")
        case .bytes: .blob([0, 255])
        }
    }

    private func rows(_ store: any Store) async throws -> [String: [Table.Values]] {
        try await store.read { tx in
            var all: [String: [Table.Values]] = [:]
            for table in Table.all { try table.rows(tx, after: nil, batchesOf: 500) { all[table.name, default: []] += $0 } }
            return all
        }
    }

    private func rows(ofFile path: String) async throws -> [String: [Table.Values]] {
        let store = try SQLiteStore(path: path)
        let rows = try await rows(store)
        try await store.close()
        return rows
    }

    private func rows(of database: TestDatabase) async throws -> [String: [Table.Values]] {
        let store = try await database.open()
        let rows = try await rows(store)
        try await store.close()
        return rows
    }

    @Test("SQLite to PostgreSQL and back: every row is the same, passwords and search work, ids go on, and a second run has nothing to do")
    func thereAndBack() async throws {
        try await run { binary, database in
            let gone = try await addEveryKind(binary)
            let before = try await rows(ofFile: file(binary))
            #expect(Set(before.keys) == Set(Table.all.map(\.name)), "a table without rows shows nothing")
            let there = try await binary.run("transfer", "--from", "sqlite:\(file(binary))", "--to", database.url)
            #expect(there.status == 0, "\(there.standardError)")
            #expect(there.standardOutput.contains("3 users"))
            #expect(there.standardError.contains("copied tasks: 205 of 205 rows"))
            #expect(try await rows(of: database) == before)
            let again = try await binary.run("transfer", "--from", "sqlite:\(file(binary))", "--to", database.url)
            #expect(again.standardOutput.contains("all of it already"), "\(again.standardError)")

            var onServer = binary
            onServer.environment["DATABASE_URL"] = database.url
            let server = try await onServer.serve()
            let token = try #require(try await logIn(server).string("access_token"))
            #expect(try await send(server, .get, "/tasks?q=emoj&count=true", token).int("meta", "total") == 1)
            #expect(try await send(server, .get, "/tasks?q=gone", token).list("data").isEmpty)
            let made = try #require(try await send(server, .post, "/tasks", token, ["title": "after the move"]).int("id"))
            #expect(made > gone)
            #expect(await server.stop() == 0)

            let after = try await rows(of: database)
            let back = try await binary.run("transfer", "--from", database.url, "--to", "sqlite:\(file(binary, "back"))")
            #expect(back.status == 0, "\(back.standardError)")
            #expect(try await rows(ofFile: file(binary, "back")) == after)
            onServer.environment["DATABASE_URL"] = "sqlite:\(file(binary, "back"))"
            let home = try await onServer.serve()
            let known = try #require(try await logIn(home).string("access_token"))
            #expect(try await send(home, .get, "/tasks?q=after+the+mov&count=true", known).int("meta", "total") == 1)
            let next = try #require(try await send(home, .post, "/tasks", known, ["title": "home"]).int("id"))
            #expect(next == made + 1)
            #expect(await home.stop() == 0)
            let doctor = try await onServer.run("doctor")
            for line in ["integrity: ok", "foreign keys: 0 broken"] { #expect(doctor.standardOutput.contains("ok    \(line)")) }
        }
    }

    @Test("killed ten times on its way, a transfer goes on where it was; until it is finished nobody can serve the target")
    func kills() async throws {
        try await run { binary, database in
            let store = try SQLiteStore(path: file(binary))
            try await store.write { tx in
                try tx.run(
                    """
                    INSERT INTO events (at, actor_id, request_id, action, subject, subject_id, changes)
                    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 80000)
                    SELECT n, NULL, 'r' || n, 'task.created', 'task', n, '[]' FROM n
                    """)
                for number in 0..<3000 {
                    _ = try Tasks(tx).insert(NewTask(title: "Task \(number)", labels: ["a", "b\(number)"]), owner: ID(1), at: .seconds(5))
                }
            }
            try await store.close()
            let before = try await rows(ofFile: file(binary))
            var onServer = binary
            onServer.environment["DATABASE_URL"] = database.url
            let target = try await database.open()
            // As if the first run had been killed while it made the schema.
            try await Migrator(Array(migrator.pending(target).prefix(1))).migrate(target, at: 1)
            @Sendable func count() async throws -> Int64 {
                try await target.read { tx in
                    guard try migrator.version(tx) == migrator.newest else { return 0 }
                    return try Table.all.reduce(0) { try $0 + $1.count(tx) }
                }
            }
            var kills = 0
            while kills < 10 {
                let done = try await count()
                let transfer = try binary.start("transfer", "--from", "sqlite:\(file(binary))", "--to", database.url)
                // Until something has arrived: asked of the database, not of a clock.
                while try await count() == done, transfer.isRunning {}
                if !transfer.isRunning { break }
                await transfer.crash()
                kills += 1
                if kills == 5 {
                    for command in ["serve", "doctor", "migrate"] {
                        let refused = try await onServer.run(command)
                        #expect(refused.status == 1)
                        #expect(refused.standardError.contains("a transfer into this database is not finished"), "\(refused.standardError)")
                    }
                }
            }
            #expect(kills == 10)
            let last = try await binary.run("transfer", "--from", "sqlite:\(file(binary))", "--to", database.url)
            #expect(last.status == 0, "\(last.standardError)")
            #expect(try await rows(of: database) == before)
            try await target.close()
            #expect(try await onServer.run("doctor").standardOutput.contains("ok    schema: version"))
        }
    }

    @Test("a served file, a target with another installation and a missing source are refused, and no message shows a password")
    func refusals() async throws {
        try await run { binary, database in
            let source = "sqlite:\(file(binary))"
            let server = try await binary.serve()
            let served = try await binary.run("transfer", "--from", source, "--to", database.url)
            #expect(served.status == 1)
            #expect(served.standardError.contains("a server is running on"))
            #expect(await server.stop() == 0)
            let elsewhere = try await binary.serve("--taskflow-data", "\(binary.folder)/elsewhere")
            let open = try await binary.run("transfer", "--from", source, "--to", database.url)
            #expect(open.status == 1)
            #expect(open.standardError.contains("a server is running on"), "\(open.standardError)")
            #expect(await elsewhere.stop() == 0)

            var onServer = binary
            onServer.environment["DATABASE_URL"] = database.url
            #expect(try await onServer.run("seed", "--demo").status == 0)
            let taken = try await binary.run("transfer", "--from", source, "--to", database.url)
            #expect(taken.status == 1)
            #expect(taken.standardError.contains("the target holds another installation"))

            let missing = try await binary.run("transfer", "--from", "sqlite:\(file(binary, "missing"))", "--to", database.url)
            #expect(missing.standardError.contains("there is no file"))
            #expect(!FileManager.default.fileExists(atPath: file(binary, "missing")))
            #expect(try await binary.run("transfer", "--from", source, "--to", source).standardError.contains("the same database"))

            for url in ["postgres://taskflow:canary@127.0.0.1:1/x", "mysql://taskflow:canary@127.0.0.1/x"] {
                let output = try await binary.run("transfer", "--from", source, "--to", url)
                #expect(output.status == 1)
                #expect(!(output.standardOutput + output.standardError).contains("canary"), "\(output.standardError)")
            }
        }
    }

    @Test("a source that changes meanwhile is noticed, and the target stays unfinished")
    func changedSource() async throws {
        try await run { binary, database in
            let copy = "sqlite:\(file(binary, "copy"))"
            #expect(try await binary.run("transfer", "--from", "sqlite:\(file(binary))", "--to", database.url).status == 0)
            #expect(try await binary.run("transfer", "--from", database.url, "--to", copy).status == 0)
            let source = try await database.open()
            let birth = try await source.read { try migrator.birth($0) }
            try await source.write { _ = try $0.run("UPDATE tasks SET title = 'changed' WHERE id = 77") }
            try await source.close()
            // As if it had been killed before the comparison.
            let file = try SQLiteStore(path: file(binary, "copy"))
            try await file.write { try TransferMark($0).set(source: birth) }
            try await file.close()
            let output = try await binary.run("transfer", "--from", database.url, "--to", copy)
            #expect(output.status == 1)
            #expect(output.standardError.contains("the rows of tasks differ"), "\(output.standardError)")
            var onCopy = binary
            onCopy.environment["DATABASE_URL"] = copy
            #expect(try await onCopy.run("serve").standardError.contains("is not finished"))
        }
    }

    @Test("a backup of PostgreSQL is a file that transfer and restore take")
    func backup() async throws {
        try await run { binary, database in
            _ = try await addEveryKind(binary)
            #expect(try await binary.run("transfer", "--from", "sqlite:\(file(binary))", "--to", database.url).status == 0)
            var onServer = binary
            onServer.environment["DATABASE_URL"] = database.url
            let server = try await onServer.serve()
            let made = try await onServer.run("backup", "copy.sqlite")
            #expect(made.status == 0, "\(made.standardError)")
            let files = try FileManager.default.contentsOfDirectory(atPath: binary.folder)
            #expect(files.filter { $0.hasPrefix("copy.sqlite") } == ["copy.sqlite"])
            #expect(await server.stop() == 0)
            #expect(try await binary.run("restore", "copy.sqlite", "--force").status == 0)
            #expect(try await rows(ofFile: file(binary)) == rows(of: database))
        }
    }
}
