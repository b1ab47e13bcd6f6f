// The command line, with the server running and without.
import Foundation
import HTTPTypes
import StoreCore
import StoreSQLite
import TestKit
import Testing
import Wire

@Suite struct CommandTests {
    private func login(_ server: BuiltServer, _ email: String, _ password: String) async throws -> Reply {
        let body: JSON = ["email": .string(email), "password": .string(password)]
        return try await server.client.send(
            .post, "/api/v1/auth/login", headers: [("Content-Type", "application/json")], body: Array(body.text.utf8))
    }

    @Test("accounts are managed the same way with the server running and without", arguments: [false, true])
    func users(running: Bool) async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let server = running ? try await binary.serve() : nil
            let created = try await binary.run(
                "user", "create", "--email", "root@example.com", "--role", "admin", "--username", "root", "--password-stdin",
                input: "a long enough one\n")
            #expect(created.status == 0, "\(created.standardError)")
            #expect(created.standardOutput.hasPrefix("created admin root@example.com with id 1\n"))
            let weak = try await binary.run("user", "create", "--email", "b@example.com", "--password-stdin", input: "password1\n")
            #expect(weak.status == 1)
            #expect(weak.standardError.contains("password"))
            let nameless = try await binary.run(
                "user", "create", "--email", "b@example.com", "--name", "\u{200b}", "--password-stdin", input: "a long enough one\n")
            #expect(nameless.status == 1)
            #expect(nameless.standardError.contains("one that can be seen"))
            _ = try await binary.run("user", "create", "--email", "ada@example.com", "--password-stdin", input: "a long enough one\n")
            #expect(try await binary.run("user", "set-role", "ada@example.com", "admin").status == 0)
            #expect(try await binary.run("user", "set-role", "root", "user").status == 0)
            let last = try await binary.run("user", "deactivate", "ada@example.com")
            #expect(last.status == 1)
            #expect(last.standardError.contains("last active admin"))
            #expect(try await binary.run("user", "reset-password", "1", "--password-stdin", input: "another long one\n").status == 0)
            let list = try await binary.run("user", "list")
            #expect(list.standardOutput.split(separator: "\n").count == 3)
            #expect(try await binary.run("user", "set-role", "nobody@example.com", "admin").status == 1)
            #expect(
                try await binary.run(
                    "user", "create", "--email", "c@example.com", "--emial", "x", "--password-stdin", input: "a long enough one\n"
                ).status == 64)
            if let server {
                #expect(try await login(server, "root@example.com", "another long one").status == 200)
                #expect(try await login(server, "root@example.com", "a long enough one").status == 401)
                #expect(await server.stop() == 0)
            }
        }
    }

    @Test("the audit is signed and verified the same way with the server running and without", arguments: [false, true])
    func audit(running: Bool) async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            let server = running ? try await binary.serve() : nil
            let checkpoint = try await binary.run("audit", "checkpoint")
            #expect(checkpoint.status == 0, "\(checkpoint.standardError)")
            #expect(checkpoint.standardOutput.hasPrefix("taskflow-checkpoint-1.202."))
            try checkpoint.standardOutput.write(toFile: "\(folder)/checkpoint", atomically: true, encoding: .utf8)
            let intact = try await binary.run("audit", "verify", "--checkpoint", "checkpoint")
            #expect(intact.status == 0, "\(intact.standardError)")
            #expect(intact.standardOutput.contains("202 events are sealed, 0 wait"))
            try "taskflow-checkpoint-1.1.x".write(toFile: "\(folder)/wrong", atomically: true, encoding: .utf8)
            let wrong = try await binary.run("audit", "verify", "--checkpoint", "wrong")
            #expect(wrong.status == 1)
            #expect(wrong.standardError.contains("was not signed"))
            if let server { #expect(await server.stop() == 0) }
        }
    }

    @Test("a backup of a running server is whole, is verified, and is not restored over data without --force or under a server")
    func backup() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            #expect(try await binary.run("seed", "--demo").standardOutput.contains("admin@example.com / admin123"))
            #expect(try await binary.run("seed", "--demo").standardOutput.contains("already"))
            let made = try await binary.run("backup", "copy.sqlite")
            #expect(made.status == 0, "\(made.standardError)")
            #expect(made.standardOutput.contains("2 users, 200 tasks"))
            #expect(try await binary.run("backup", "copy.sqlite").status == 1)
            #expect(
                try await binary.run("backup", "nowhere/copy.sqlite").standardError
                    == "taskflow: the folder \(folder)/nowhere cannot take a backup: there is no such folder; make it, or name another place\n"
            )
            #expect(try await binary.run("restore", "copy.sqlite", "--force").standardError.contains("stop it"))
            let session = try await login(server, "user@example.com", "user123")
            #expect(session.status == 200)
            _ = try await server.client.send(
                .delete, "/api/v1/users/2", headers: [("Authorization", "Bearer \(session.string("access_token") ?? "")")])
            #expect(await server.stop() == 0)

            #expect(try await binary.run("restore", "copy.sqlite").status == 1)
            let restored = try await binary.run("restore", "copy.sqlite", "--force")
            #expect(restored.status == 0, "\(restored.standardError)")
            #expect(FileManager.default.fileExists(atPath: "\(folder)/data/taskflow.sqlite.before-restore"))
            let again = try await binary.serve()
            #expect(try await login(again, "user@example.com", "user123").status == 200)
            #expect(await again.stop() == 0)
        }
    }

    @Test("Passwords that an operator sets obey the rules, and a missing list of common passwords is told")
    func operatorPasswords() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            binary.environment["TASKFLOW_ASSETS"] = "\(folder)/share"
            for bad in ["short", "password123", "ada@example.com1", String(repeating: "x", count: 129)] {
                let made = try await binary.run("user", "create", "--email", "ada@example.com", "--password-stdin", input: bad + "\n")
                #expect(made.status == 1, "\(bad)")
                #expect(!made.standardError.contains(bad))
            }
            let good = "a long enough one\n"
            let made = try await binary.run("user", "create", "--email", "ada@example.com", "--password-stdin", input: good)
            #expect(made.status == 0, "\(made.standardError)")
            #expect(
                made.standardOutput.contains("note: There is no list of common passwords at \(folder)/share/assets/common-passwords.txt"))
            #expect(try await binary.run("user", "reset-password", "1", "--password-stdin", input: "short\n").status == 1)
            binary.environment["TASKFLOW_ADMIN_EMAIL"] = "root@example.com"
            binary.environment["TASKFLOW_ADMIN_PASSWORD"] = "tiny"
            let refused = try await binary.run("serve")
            #expect(refused.standardError.contains("TASKFLOW_ADMIN_PASSWORD must have 8 to 128 characters"))
            binary.environment["TASKFLOW_ENV"] = "production"
            binary.environment["TASKFLOW_SIGNING_KEY"] = "3FQ3Yq8wM4v0mJb6rKJt2sXq9pZ1uVhN7aLcDeFgHiQ="
            let unguarded = try await binary.run("serve")
            #expect(unguarded.status == 1)
            #expect(unguarded.standardError.contains("common-passwords.txt"))
        }
    }

    @Test("A backup with anything in its schema that is not ours is refused, and doctor names it in a database")
    func foreignSchema() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            #expect(try await binary.run("doctor").standardOutput.contains("ok    schema objects: as the migrations make them"))
            #expect(try await binary.run("backup", "copy.sqlite").status == 0)
            // A name that begins like one of SQLite's own hides nothing.
            let evil = "CREATE TRIGGER sqlite_evil AFTER INSERT ON sessions BEGIN UPDATE users SET role = ''admin''; END"
            let additions: [(statements: [SQL], finding: String)] = [
                (["CREATE TABLE loot (a TEXT)"], "table loot is not part of TaskFlow"),
                (
                    ["CREATE TRIGGER steal AFTER INSERT ON users BEGIN DELETE FROM tasks; END"],
                    "trigger steal is not part of TaskFlow"
                ),
                (
                    [
                        "PRAGMA writable_schema = ON",
                        SQL(stringLiteral: "INSERT INTO sqlite_master VALUES ('trigger', 'sqlite_evil', 'sessions', 0, '\(evil)')"),
                    ], "trigger sqlite_evil is not part of TaskFlow"
                ),
                (["CREATE VIEW v AS SELECT 1"], "view v is not part of TaskFlow"),
                (["DROP INDEX users_admins"], "index users_admins is missing"),
                (["ALTER TABLE users ADD COLUMN extra TEXT"], "table users was changed"),
            ]
            for (index, (statements, finding)) in additions.enumerated() {
                let file = "\(folder)/changed-\(index).sqlite"
                try FileManager.default.copyItem(atPath: "\(folder)/copy.sqlite", toPath: file)
                let store = try SQLiteStore(path: file)
                try await store.write { tx in for statement in statements { try tx.run(statement.unkept) } }
                try await store.close()
                let restored = try await binary.run("restore", file, "--force")
                #expect(restored.status == 1, "\(finding)")
                #expect(restored.standardError.contains(finding), "\(restored.standardError)")
            }
            let store = try SQLiteStore(path: "\(folder)/data/taskflow.sqlite")
            _ = try await store.write { try $0.run("CREATE VIEW v AS SELECT 1") }
            try await store.close()
            let doctor = try await binary.run("doctor")
            #expect(doctor.status == 1)
            #expect(doctor.standardOutput.contains("FAIL  schema objects: view v is not part of TaskFlow"))
        }
    }

    @Test("A restore through a symbolic link reads what it leads to, and changes nothing of the backup")
    func linkedBackup() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            #expect(try await binary.run("backup", "copy.sqlite").status == 0)
            let before = try Data(contentsOf: URL(filePath: "\(folder)/copy.sqlite"))
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/latest", withDestinationPath: "copy.sqlite")
            let restored = try await binary.run("restore", "latest", "--force")
            #expect(restored.status == 0, "\(restored.standardError)")
            #expect(try Data(contentsOf: URL(filePath: "\(folder)/copy.sqlite")) == before)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/copy.sqlite-wal"))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/latest") == "copy.sqlite")
        }
    }

    @Test("a damaged backup, a foreign file and a missing one are refused, and the data stays")
    func damagedBackups() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            #expect(try await binary.run("backup", "copy.sqlite").status == 0)
            var bytes = try Data(contentsOf: URL(filePath: "\(folder)/copy.sqlite"))
            for index in stride(from: 4096 + 100, to: bytes.count, by: 4096) { bytes[index] ^= 0xff }
            try bytes.write(to: URL(filePath: "\(folder)/damaged.sqlite"))
            try Data("hello".utf8).write(to: URL(filePath: "\(folder)/foreign.sqlite"))
            for file in ["damaged.sqlite", "foreign.sqlite", "missing.sqlite"] {
                #expect(try await binary.run("restore", file, "--force").status == 1, "\(file)")
            }
            #expect(try await binary.run("user", "list").standardOutput.contains("user@example.com"))
        }
    }

    @Test("migrate says what it would do, does it, and then has nothing to do; doctor finds a new installation sound")
    func migrate() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("migrate", "--plan").standardOutput.contains("would make step 1: accounts"))
            #expect(try await binary.run("migrate").standardOutput.contains("made step 1: accounts"))
            #expect(try await binary.run("migrate", "--plan").standardOutput.contains("up to date"))
            let doctor = try await binary.run("doctor")
            #expect(doctor.standardOutput.contains("ok    synchronous: FULL"))
            #expect(doctor.standardOutput.contains("ok    schema: version"))
        }
    }

    @Test("openapi prints the document that is in the repository")
    func openAPI() async throws {
        try await withTemporaryFolder { folder in
            let printed = try await BuiltBinary(in: folder).run("openapi")
            #expect(printed.status == 0)
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            let golden = try Data(contentsOf: root.appending(path: "docs/openapi.json"))
            let limits = JSONLimits(depth: 64)
            func members(_ json: JSON) -> Set<String> {
                guard case .object(let members)? = json["paths"] else { return [] }
                return Set(members.map(\.name))
            }
            #expect(
                members(try JSON(parsing: printed.standardOutput.utf8, limits: limits))
                    == members(try JSON(parsing: golden, limits: limits)))
        }
    }
}
