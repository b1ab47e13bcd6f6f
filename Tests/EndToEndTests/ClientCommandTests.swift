// The commands that speak to a server with a stored login.
import Client
import Foundation
import HTTPTypes
import TestKit
import Testing
import Wire

@Suite struct ClientCommandTests {
    private func withServer(_ test: (BuiltBinary, BuiltServer) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            binary.environment["TASKFLOW_WEBHOOK_ALLOW"] = "127.0.0.1"
            #expect(try await binary.run("seed", "--demo").status == 0)
            let server = try await binary.serve()
            try await test(binary, server)
            #expect(await server.stop() == 0)
        }
    }

    private func logIn(_ binary: BuiltBinary, _ server: BuiltServer, as user: String = "user") async throws {
        let done = try await binary.run(
            "login", server.url + "/", "--user", user, "--password-stdin", input: "\(user)123\n")
        #expect(done.status == 0, "\(done.standardError)")
        #expect(done.standardOutput == "logged in to \(server.url) as \(user)@example.com\n")
    }

    private func json(_ output: BuiltBinary.Output) throws -> JSON { try JSON(parsing: output.standardOutput.utf8) }

    @Test("a login is kept for its owner only, serves until it is ended, and is then worth nothing")
    func login() async throws {
        try await withServer { binary, server in
            #expect(
                try await binary.run("task", "list").standardError == "taskflow: you are not logged in: run `taskflow login URL` first\n")
            let wrong = try await binary.run("login", server.url, "--user", "user", "--password-stdin", input: "not this\n")
            #expect(wrong.status == 1)
            #expect(wrong.standardError.hasPrefix("taskflow: invalid_credentials: "))
            var elsewhere = binary
            elsewhere.environment["XDG_CONFIG_HOME"] = "\(binary.folder)/config"
            try await logIn(elsewhere, server)
            let file = "\(binary.folder)/config/taskflow/login.json"
            let mode = { try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int }
            #expect(try mode(file) == 0o600)
            #expect(try mode("\(binary.folder)/config/taskflow") == 0o700)
            #expect(try await elsewhere.run("task", "list").status == 0)
            let kept = try JSON(parsing: Data(contentsOf: URL(filePath: file)))
            guard case .string(let token)? = kept["accessToken"] else {
                Issue.record("\(kept)")
                return
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
            #expect(try await elsewhere.run("task", "list").standardError.contains("\(file) can be read by others; run chmod 600 on it"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            #expect(try await elsewhere.run("logout").standardOutput == "logged out of \(server.url)\n")
            #expect(!FileManager.default.fileExists(atPath: file))
            let after = try await server.client.send(.get, "/api/v1/tasks", headers: [("Authorization", "Bearer \(token)")])
            #expect(after.status == 401)
        }
    }

    /// Runs a command at a terminal of 60 columns, and types an answer to each question.
    private static let terminal = """
        import os, pty, sys
        answers = [(b"username: ", b"user\\n"), (b"Password: ", b"user123\\n")]
        child, terminal = pty.fork()
        if child == 0:
            os.execve(sys.argv[1], sys.argv[1:], {**os.environ, "COLUMNS": "60"})
        seen = b""
        while True:
            try:
                data = os.read(terminal, 4096)
            except OSError:
                break
            if not data:
                break
            seen += data
            if answers and seen.endswith(answers[0][0]):
                os.write(terminal, answers.pop(0)[1])
        print(seen.decode().replace("\\r", ""), end="")
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """

    @Test("at a terminal the account and the password are asked for, and a table is as wide as the terminal")
    func terminal() async throws {
        try await withServer { binary, server in
            func type(_ arguments: String...) async throws -> BuiltBinary.Output {
                try await binary.run(
                    arguments: ["python3", "-c", Self.terminal, BuiltBinary.path] + arguments, executable: "/usr/bin/env")
            }
            let done = try await type("login", server.url)
            #expect(done.status == 0, "\(done.standardError) \(done.standardOutput)")
            #expect(done.standardOutput.hasSuffix("Password: \nlogged in to \(server.url) as user@example.com\n"), "\(done.standardOutput)")
            let table = try await type("task", "list", "--limit", "20").standardOutput.split(separator: "\n")
            #expect(table.count == 21)
            #expect(table.allSatisfy { $0.count <= 60 }, "\(table)")
        }
    }

    @Test("an access token that has ended is renewed, also by several commands at once, and a session that has ended says so")
    func renewal() async throws {
        try await withServer { binary, server in
            try await logIn(binary, server)
            let file = URL(filePath: "\(binary.folder)/.config/taskflow/login.json")
            let kept = try JSON(parsing: Data(contentsOf: file))
            try Data(kept.with("accessToken", "ended").text.utf8).write(to: file)
            let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
                for _ in 0..<4 { group.addTask { try await binary.run("task", "list", "--limit", "1").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == [0, 0, 0, 0])
            let renewed = try JSON(parsing: Data(contentsOf: file))
            #expect(renewed["accessToken"] != "ended")
            try Data(renewed.with("accessToken", "ended").with("refreshToken", "ended").text.utf8).write(to: file)
            let ended = try await binary.run("task", "list")
            #expect(ended.standardError == "taskflow: your session at \(server.url) has ended: run `taskflow login \(server.url)` again\n")
        }
    }

    @Test("tasks are made of a line, listed in a table and as JSON, and completed each by itself")
    func tasks() async throws {
        try await withServer { binary, server in
            try await logIn(binary, server)
            let made = try await binary.run("task", "add", "Pay the rent !high #home 2030-01-31", "--json")
            let task = try json(made)
            #expect(task["title"] == "Pay the rent")
            #expect(task["priority"] == "high")
            #expect(task["due_on"] == "2030-01-31")
            guard case .int(let id)? = task["id"] else {
                Issue.record("\(made.standardOutput) \(made.standardError)")
                return
            }
            let hinted = try await binary.run("task", "add", "Call @nobody")
            #expect(hinted.standardOutput == "made task \(id + 1): Call @nobody\n")
            #expect(hinted.standardError == "note: nobody is called nobody\n")
            let table = try await binary.run("task", "list", "--search", "rent", "--label", "home").standardOutput.split(separator: "\n")
            #expect(table.count == 2)
            #expect(
                table[0].split(separator: " ", omittingEmptySubsequences: true) == ["ID", "STATUS", "PRIORITY", "DUE", "TITLE", "LABELS"])
            #expect(table[1] == "\(id)  pending  high      2030-01-31  Pay the rent  home")
            guard case .array(let all) = try json(try await binary.run("task", "list", "--all", "--limit", "130", "--json")) else {
                Issue.record("no list")
                return
            }
            #expect(all.count == 130)
            let done = try await binary.run("task", "done", "\(id)", "999999", "\(id + 1)")
            #expect(done.status == 1)
            #expect(done.standardOutput == "task \(id) is done: Pay the rent\ntask \(id + 1) is done: Call @nobody\n")
            #expect(done.standardError == "taskflow: task 999999: not_found: There is no such task.\n")
            #expect(try await binary.run("task", "list", "--search", "rent").standardOutput.split(separator: "\n").count == 1)
            let wrong = try await binary.run("task", "list", "--status", "finished")
            #expect(wrong.status == 1)
            #expect(wrong.standardError.hasPrefix("taskflow: invalid_request: "))
            #expect(try await binary.run("task", "list", "--limit", "0").status == 64)
        }
    }

    @Test("a token is printed once, and may do what its scopes say")
    func tokens() async throws {
        try await withServer { binary, server in
            try await logIn(binary, server)
            let made = try await binary.run("token", "create", "a script", "--scope", "tasks:read", "--days", "7")
            #expect(made.status == 0, "\(made.standardError)")
            let token = ("Authorization", "Bearer \(made.standardOutput.trimmingCharacters(in: .newlines))")
            #expect(try await server.client.send(.get, "/api/v1/tasks", headers: [token]).status == 200)
            let shown = try json(
                try await binary.run("token", "create", "another", "--scope", "tasks:read", "--scope", "tasks:write", "--json"))
            #expect(shown["scopes"] == ["tasks:read", "tasks:write"])
            let wrong = try await binary.run("token", "create", "x", "--scope", "tasks:reed")
            #expect(wrong.status == 1)
            #expect(wrong.standardError.contains("invalid_request: "))
            #expect(try await binary.run("token", "create", "x").status == 64)
        }
    }

    @Test("jobs are listed, shown, cancelled and tried again, and a refusal has its code and its detail")
    func jobs() async throws {
        try await withServer { binary, server in
            try "title\na\nb\n".write(toFile: "\(binary.folder)/tasks.csv", atomically: true, encoding: .utf8)
            #expect(try await binary.run("import", "tasks.csv", "--user", "user").status == 0)
            try await logIn(binary, server)
            guard case .array(let jobs) = try json(try await binary.run("job", "list", "--json")), case .int(let id)? = jobs.first?["id"]
            else {
                Issue.record("no jobs")
                return
            }
            let table = try await binary.run("job", "list", "--state", "completed").standardOutput.split(separator: "\n")
            #expect(table.count == 2)
            #expect(table[1].hasPrefix("\(id) "))
            #expect(table[1].contains("tasks.import  completed  2/2"))
            let shown = try await binary.run("job", "show", "\(id)")
            #expect(shown.standardOutput.contains("state     completed\ndone      2 of 2\n"), "\(shown.standardOutput)")
            let cancelled = try await binary.run("job", "cancel", "\(id)")
            #expect(cancelled.status == 1)
            #expect(cancelled.standardError.hasPrefix("taskflow: job_ended: "))
            #expect(try await binary.run("job", "retry", "\(id)").standardError == "taskflow: admin_only: Only an admin may do this.\n")
            try await logIn(binary, server, as: "admin")
            #expect(try await binary.run("job", "list", "--everybody").standardOutput.contains("tasks.import"))
            #expect(try await binary.run("job", "retry", "\(id)").status == 1)
        }
    }

    @Test("webhooks are listed, and a test says how it was answered")
    func webhooks() async throws {
        try await WebhookReceiver.run { receiver in
            try await withServer { binary, server in
                try await logIn(binary, server)
                let session = try await server.client.send(
                    .post, "/api/v1/auth/login", headers: [("Content-Type", "application/json")],
                    body: Array(#"{"identifier": "user", "password": "user123"}"#.utf8))
                let headers = [
                    ("Authorization", "Bearer \(session.string("access_token") ?? "")"), ("Content-Type", "application/json"),
                ]
                let made = try await server.client.send(
                    .post, "/api/v1/webhooks", headers: headers, body: Array(#"{"url": "http://127.0.0.1:\#(receiver.port)/hook"}"#.utf8))
                #expect(made.status == 201, "\(made.text)")
                let id = try #require(made.int("id"))
                let tested = try await binary.run("webhook", "test", "\(id)")
                #expect(tested.status == 0, "\(tested.standardError)")
                #expect(tested.standardOutput.hasPrefix("webhook \(id) answered with the status 2"))
                let table = try await binary.run("webhook", "list").standardOutput
                #expect(table.contains("\(id)   yes"))
                #expect(try json(try await binary.run("webhook", "list", "--json")) != .array([]))
                let nowhere = try await binary.run("webhook", "test", "999")
                #expect(nowhere.standardError == "taskflow: not_found: There is no such webhook.\n")
            }
        }
    }

    @Test("a server that does not answer, and an address that is none, are told in words")
    func unreachable() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let refused = try await binary.run("login", "http://127.0.0.1:1", "--user", "a", "--password-stdin", input: "x\n")
            #expect(refused.status == 1)
            #expect(refused.standardError.contains("no answer from http://127.0.0.1:1: "))
            #expect(
                try await binary.run("login", "ftp://x", "--user", "a", "--password-stdin", input: "x\n").standardError.contains(
                    "“ftp://x”"))
        }
    }

    @Test("a table is as wide as the terminal, whatever letters are in it, and obeys nobody else's control characters")
    func table() {
        let table = TextTable(
            ["ID", "TITLE", "NOTE"],
            [
                ["1", "a title that is long enough to be cut somewhere", "x"], ["2", "東京タワー東京タワー東京タワー東京", "👩‍👩‍👧 ok"],
                ["3", "evil \u{1b}[2J\u{202e}title", ""],
            ])
        let narrow = table.lines(width: 40)
        #expect(
            narrow == [
                "ID  TITLE                          NOTE", "1   a title that is long enough …  x", "2   東京タワー東京タワー東京タワ…  👩‍👩‍👧 ok",
                "3   evil \u{fffd}[2J\u{fffd}title",
            ])
        #expect(table.lines(width: nil)[1] == "1   a title that is long enough to be cut somewhere  x")
        #expect(table.lines(width: nil)[3] == "3   evil \u{fffd}[2J\u{fffd}title")
    }
}
