// Tasks as files on the command line: what its user can read is read, and the exit status says what arrived.
import Composition
import Foundation
import HTTPTypes
import TestKit
import Testing
import Wire

@Suite struct FileCommandTests {
    private static let user = "user@example.com"

    /// The demo installation, with the server running or not.
    private func withDemo(running: Bool, _ body: (BuiltBinary) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            let server = running ? try await binary.serve() : nil
            try await body(binary)
            if let server { #expect(await server.stop() == 0) }
        }
    }

    /// Runs a script of bash in which `taskflow` is the program.
    private func bash(_ script: String, _ binary: BuiltBinary) async throws -> BuiltBinary.Output {
        let function = "set -o pipefail; taskflow() { '\(BuiltBinary.path)' \"$@\"; }; "
        return try await binary.run("-c", function + script, executable: "/bin/bash")
    }

    private func authorization(_ server: BuiltServer) async throws -> (String, String) {
        let session = try await server.client.send(
            .post, "/api/v1/auth/login", headers: [("Content-Type", "application/json")],
            body: Array(#"{"email": "user@example.com", "password": "user123"}"#.utf8))
        return ("Authorization", "Bearer \(session.string("access_token") ?? "")")
    }

    private func imports(_ server: BuiltServer, _ token: (String, String)) async throws -> [JSON] {
        try await server.client.send(.get, "/api/v1/jobs", headers: [token]).list("data").filter { $0["kind"] == "tasks.import" }
    }

    // MARK: Export

    @Test("export writes one account's tasks the same with the server running and without", arguments: [false, true])
    func export(running: Bool) async throws {
        try await withDemo(running: running) { binary in
            let made = try await binary.run("export", "tasks.csv", "--user", Self.user)
            #expect(made.status == 0, "\(made.standardError)")
            #expect(made.standardOutput == "exported the tasks of user@example.com to tasks.csv\n")
            let csv = try String(contentsOfFile: "\(binary.folder)/tasks.csv", encoding: .utf8)
            #expect(csv.hasPrefix("id,title,description,status,"))
            #expect(csv.split(separator: "\r\n").count > 50)
            let again = try await binary.run("export", "tasks.csv", "--user", Self.user)
            #expect(again.status == 1)
            #expect(again.standardError.contains("exists already"))
            #expect(try await binary.run("export", "tasks.bin", "--user", Self.user, "--format", "ICS").status == 0)
            #expect(try String(contentsOfFile: "\(binary.folder)/tasks.bin", encoding: .utf8).hasSuffix("END:VCALENDAR\r\n"))
            #expect(try await binary.run("export", "excel.csv", "--user", Self.user, "--bom").status == 0)
            #expect(try Data(contentsOf: URL(filePath: "\(binary.folder)/excel.csv")).starts(with: [0xef, 0xbb, 0xbf]))
            #expect(try await binary.run("export", "tasks.pdf", "--user", Self.user).standardError.contains("csv, json, ics"))
            #expect(try await binary.run("export", "x.csv", "--user", "nobody").status == 1)
            #expect(
                try await binary.run("export", "missing/x.csv", "--user", Self.user).standardError.contains("No such file or directory"))
            let left = try FileManager.default.contentsOfDirectory(atPath: binary.folder)
            #expect(!left.contains { $0.hasPrefix("x.csv") || $0.hasSuffix(".unfinished") }, "\(left)")
        }
    }

    @Test("export writes to standard output and to pipes, and nothing but tasks", arguments: [false, true])
    func exportToPipe(running: Bool) async throws {
        try await withDemo(running: running) { binary in
            #expect(try await binary.run("export", "whole.csv", "--user", Self.user).status == 0)
            let whole = try String(contentsOfFile: "\(binary.folder)/whole.csv", encoding: .utf8)
            let printed = try await binary.run("export", "-", "--user", Self.user)
            #expect(printed.status == 0, "\(printed.standardError)")
            #expect(printed.standardOutput == whole)
            #expect(printed.standardError == "exported the tasks of user@example.com to standard output\n")
            let json = try await bash("taskflow export - --user \(Self.user) --format json | cat", binary)
            #expect(json.standardOutput.hasPrefix("[\n{") && json.standardOutput.hasSuffix("\n]\n"))
            let substituted = try await bash("taskflow export >(cat > copy.csv) --user \(Self.user) --format csv && wait $!", binary)
            #expect(substituted.status == 0, "\(substituted.standardError)")
            #expect(substituted.standardOutput == "")
            #expect(try String(contentsOfFile: "\(binary.folder)/copy.csv", encoding: .utf8) == whole)
            let closed = try await bash("taskflow export - --user \(Self.user) | head -c 1", binary)
            #expect(closed.standardOutput == "i")
        }
    }

    // MARK: Add

    @Test("add makes a task of a line, tells what was taken and what was not", arguments: [false, true])
    func adding(running: Bool) async throws {
        try await withDemo(running: running) { binary in
            let line = "Pay rent 2030-02-01 17:00 !high #home @nobody // by transfer"
            let made = try await binary.run("add", line, "--user", Self.user)
            #expect(made.status == 0, "\(made.standardError)")
            #expect(made.standardOutput.hasPrefix("added task "))
            #expect(made.standardOutput.contains(": Pay rent 2030-02-01 17:00 @nobody (high, #home)\nnote: nobody is called nobody\n"))
            let dated = try await binary.run("add", "Call mum 2030-02-01 17:00 @me /doing", "--user", Self.user)
            #expect(dated.standardOutput.contains(": Call mum (due Fri 1 Feb 2030, 17:00, in progress)\n"), "\(dated.standardOutput)")
            let export = try await binary.run("export", "-", "--user", Self.user, "--format", "json")
            let tasks = try JSON(parsing: Array(export.standardOutput.utf8))
            guard case .array(let all) = tasks else { throw CancellationError() }
            let rent = try #require(all.first { $0["title"] == "Pay rent 2030-02-01 17:00 @nobody" })
            #expect([rent["description"], rent["priority"], rent["labels"]] == ["by transfer", "high", ["home"]])
            let call = try #require(all.first { $0["title"] == "Call mum" })
            #expect(call["due_at"] == "2030-02-01T17:00:00.000Z")
            #expect(call["assignee_id"] == call["owner_id"])
            for (text, reason) in [
                ("#home", "the title is missing"),
                (String(repeating: "a", count: 256), "a title has at most 255 characters, this one has 256"),
            ] {
                let refused = try await binary.run("add", text, "--user", Self.user)
                #expect(refused.status == 1)
                #expect(refused.standardError == "taskflow: \(reason)\n")
            }
            #expect(try await binary.run("add", "Pay", "--user", "nobody").standardError == "taskflow: there is no such user\n")
        }
    }

    // MARK: Import

    @Test("import makes tasks of a file, says what was wrong, and has the status 2 then", arguments: [false, true])
    func importing(running: Bool) async throws {
        try await withDemo(running: running) { binary in
            let rows = (0..<3000).map { "Task \($0),x\n" }.joined()
            try ("title,description\n" + rows + ",nothing\n").write(toFile: "\(binary.folder)/a.csv", atomically: true, encoding: .utf8)
            let tried = try await binary.run("import", "a.csv", "--user", Self.user, "--dry-run")
            #expect(tried.status == 2)
            #expect(tried.standardOutput.contains("3000 created, 0 skipped as repetitions, 1 failed"), "\(tried.standardError)")
            let made = try await binary.run("import", "a.csv", "--user", Self.user)
            #expect(made.status == 2, "\(made.standardError)")
            #expect(made.standardOutput.contains("row 3002, title: must not be blank\n"), "\(made.standardOutput)")
            #expect(made.standardOutput.contains("\n3000 created, 0 skipped as repetitions, 1 failed"))
            #expect(made.standardError.contains("imported: "))
            let again = try await binary.run("import", "a.csv", "--user", Self.user, "--atomic")
            #expect(again.status == 2)
            #expect(again.standardOutput.contains("0 created, 0 skipped as repetitions, 1 failed"))
            try "title\n\"a".write(toFile: "\(binary.folder)/b.csv", atomically: true, encoding: .utf8)
            let broken = try await binary.run("import", "b.csv", "--user", Self.user)
            #expect(broken.status == 1)
            #expect(broken.standardError.contains("never closed"), "\(broken.standardError)")
        }
    }

    @Test("what cannot be read is told by the command itself, with the reason", arguments: [false, true])
    func unreadable(running: Bool) async throws {
        try await withDemo(running: running) { binary in
            let missing = try await binary.run("import", "missing.csv", "--user", Self.user)
            #expect(missing.status == 1)
            #expect(missing.standardError == "taskflow: missing.csv cannot be read: No such file or directory\n")
            let folder = try await binary.run("import", ".", "--user", Self.user)
            #expect(folder.status == 1)
            #expect(folder.standardError == "taskflow: . cannot be read: Is a directory\n")
        }
    }

    @Test("import reads standard input, pipes and what only its own process can open", arguments: [false, true])
    func importFromPipe(running: Bool) async throws {
        try await withDemo(running: running) { binary in
            let piped = try await bash(#"printf 'title\nPiped\n' | taskflow import - --user \#(Self.user)"#, binary)
            #expect(piped.status == 0, "\(piped.standardError)")
            #expect(piped.standardOutput.contains("1 created, 0 skipped as repetitions, 0 failed"))
            let substituted = try await bash(#"taskflow import <(printf 'title\nSubstituted\n') --user \#(Self.user)"#, binary)
            #expect(substituted.status == 0, "\(substituted.standardError)")
            #expect(substituted.standardOutput.contains("1 created"))
            let named = try await bash(
                #"mkfifo queue; (printf 'title\nNamed\n' > queue) & taskflow import queue --user \#(Self.user)"#, binary)
            #expect(named.status == 0, "\(named.standardError)")
            // The path is one of the caller's folder, which is not the server's.
            let elsewhere = try await bash(
                #"mkdir here && cd here && printf 'title\nElsewhere\n' > tasks.csv && taskflow import tasks.csv --user \#(Self.user)"#,
                binary)
            #expect(elsewhere.status == 0, "\(elsewhere.standardError)")
            let there = try await bash("cd here && taskflow export out.csv --user \(Self.user) && cat out.csv", binary)
            for title in ["Piped", "Substituted", "Named", "Elsewhere"] { #expect(there.standardOutput.contains(title), "\(title)") }
        }
    }

    @Test("the options say how the file is read", arguments: [false, true])
    func options(running: Bool) async throws {
        try await withDemo(running: running) { binary in
            let table = "Betreff|Wann\nGr\u{fc}n|03/04/2030\n"
            try table.data(using: .isoLatin1)?.write(to: URL(filePath: "\(binary.folder)/a.csv"))
            let made = try await binary.run(
                "import", "a.csv", "--user", Self.user, "--format", "csv", "--charset", "windows-1252", "--delimiter", "pipe",
                "--date-order",
                "dmy", "--columns", #"{"Betreff": "title", "Wann": "due"}"#, "--tz", "Europe/Berlin")
            #expect(made.status == 0, "\(made.standardError)")
            let exported = try await binary.run("export", "-", "--user", Self.user)
            #expect(exported.standardOutput.contains("Grün"))
            #expect(exported.standardOutput.contains("2030-04-03"))
            try "title,assigned_user\nLent,stranger\n".write(toFile: "\(binary.folder)/b.csv", atomically: true, encoding: .utf8)
            let failing = try await binary.run("import", "b.csv", "--user", Self.user, "--unknown-users", "fail")
            #expect(failing.status == 2)
            let unassigned = try await binary.run("import", "b.csv", "--user", Self.user)
            #expect(unassigned.status == 0)
            #expect(unassigned.standardOutput.contains("note: row 2, assigned_user: "), "\(unassigned.standardOutput)")
            for (option, word, advice) in [
                ("--format", "xlsx", "csv, json, ics, todo.txt"), ("--charset", "ebcdic", "utf-8, utf-16, windows-1252, macintosh"),
                ("--delimiter", "x", "comma, semicolon, tab, pipe"), ("--date-order", "x", "dmy, mdy, ymd"),
                ("--unknown-users", "x", "unassign or fail"), ("--columns", "title", "must be a JSON object"),
                ("--tz", "Mars", "Europe/Berlin"),
            ] {
                let refused = try await binary.run("import", "b.csv", "--user", Self.user, option, word)
                #expect(refused.status == 1, "\(option)")
                #expect(refused.standardError.contains(option) && refused.standardError.contains(advice), "\(refused.standardError)")
            }
        }
    }

    // MARK: Interruptions

    /// Who ends the sending of a file.
    enum End: CaseIterable { case interrupt, client, server, power }

    @Test("a file that was not sent to its end leaves nothing behind", arguments: End.allCases)
    func unsent(end: End) async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            let server = try await binary.serve()
            let token = try await authorization(server)
            let command = try binary.start("import", "-", "--user", Self.user)
            // More than all pipes and buffers between hold: the server has taken some of it.
            let row = Data("A title that is as good as any other\n".utf8)
            try command.input.write(contentsOf: Data("title\n".utf8) + Data((0..<60_000).map { _ in row }.joined()))
            switch end {
            case .interrupt:
                #expect(await command.interrupt() == 130)
                #expect(command.output == "taskflow: interrupted: nothing was imported\n")
            case .client: await command.crash()
            case .server:
                #expect(await server.stop() == 0)
                #expect(await command.waitForExit() == 1)
                #expect(command.output.contains("the server stops: nothing was imported"), "\(command.output)")
            case .power:
                await server.crash()
                #expect(await command.waitForExit() == 1)
                #expect(command.output.contains("closed the connection without an answer"), "\(command.output)")
                return
            }
            let asked = end == .server ? try await binary.serve() : server
            await eventually {
                try await asked.client.send(.get, "/api/v1/users/me/usage", headers: [token]).int("files", "used") == 0
            }
            #expect(try await imports(asked, token).isEmpty)
            #expect(await asked.stop() == 0)
        }
    }

    /// An import on the command line whose job waits, since the server has no workers.
    private func withWaitingJob(
        _ body: (BuiltBinary, BuiltServer, _ token: (String, String), RunningCommand, _ job: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            binary.environment["WORKERS"] = "0"
            let server = try await binary.serve()
            let token = try await authorization(server)
            try "title\nPatient\n".write(toFile: "\(folder)/a.csv", atomically: true, encoding: .utf8)
            let command = try binary.start("import", "a.csv", "--user", Self.user)
            await eventually { try await imports(server, token).count == 1 }
            try await body(binary, server, token, command, try await imports(server, token)[0]["id"]?.text ?? "")
        }
    }

    @Test("Ctrl-C without a terminal leaves the job, prints its id and how to cancel it; the job goes on")
    func interrupted() async throws {
        try await withWaitingJob { binary, server, token, command, job in
            #expect(await command.interrupt() == 130)
            #expect(command.output.contains("job \(job) goes on"), "\(command.output)")
            #expect(command.output.contains("POST /api/v1/jobs/\(job)/cancel"))
            #expect(await server.stop() == 0)

            var withWorkers = binary
            withWorkers.environment["WORKERS"] = nil
            let working = try await withWorkers.serve()
            await eventually { try await imports(working, token).first?["state"] == "completed" }
            #expect(await working.stop() == 0)
        }
    }

    @Test("a server that stops while a job runs is told, with the id of the job")
    func lost() async throws {
        try await withWaitingJob { _, server, _, command, job in
            await server.crash()
            #expect(await command.waitForExit() == 1)
            #expect(command.output.contains("job \(job) cannot be watched any more, and goes on when a server runs"), "\(command.output)")
        }
    }

    @Test("Ctrl-C on a terminal asks; yes cancels the job, and anything else leaves it", arguments: [true, false])
    func asked(isConfirmed: Bool) async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            binary.environment["WORKERS"] = "0"
            let server = try await binary.serve()
            let token = try await authorization(server)
            try "title\nPatient\n".write(toFile: "\(folder)/a.csv", atomically: true, encoding: .utf8)
            // `script` gives the command a terminal, types what comes from here, and shows what it writes.
            let command = try binary.start(
                "-qefc", "exec '\(BuiltBinary.path)' import a.csv --user \(Self.user)", "/dev/null", executable: "/usr/bin/script")
            await eventually { try await imports(server, token).count == 1 }
            let job = try await imports(server, token)[0]["id"]?.text ?? ""
            try command.input.write(contentsOf: Data("\u{3}".utf8))
            await eventually { command.output.contains("Cancel job \(job)? [y/N] ") }
            try command.input.write(contentsOf: Data(isConfirmed ? "y\n".utf8 : "\u{3}".utf8))
            #expect(await command.waitForExit() == 130)
            #expect(command.output.contains(isConfirmed ? "job \(job) is cancelled" : "job \(job) goes on"), "\(command.output)")
            #expect(try await imports(server, token).first?["state"] == (isConfirmed ? "cancelled" : "queued"))
            #expect(await server.stop() == 0)
        }
    }

    // MARK: Versions

    @Test("a command that the server does not know is answered with its version, and the server goes on")
    func unknownCommand() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            for line in [
                #"{"importTasks":{"who":"1","path":"/tmp/a.csv","dryRun":false,"atomic":false,"createUsers":false}}"#,
                #"{"exportTasks":{"who":"1","format":"csv","path":"/tmp/a.csv"}}"#, "nonsense",
            ] {
                let reply = try LocalSocket(connectingTo: "\(folder)/data/control.sock").exchange(line + "\n")
                #expect(reply.contains("is version \(programVersion) and does not know this command"), "\(reply)")
            }
            #expect(try await binary.run("user", "list").status == 0)
            #expect(await server.stop() == 0)
        }
    }

    @Test("a server that does not answer, and one that is not there yet, are told")
    func silentServer() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            try "title\nx\n".write(toFile: "\(folder)/a.csv", atomically: true, encoding: .utf8)
            let held = try DataFolder("\(folder)/data")
            let starting = try await binary.run("import", "a.csv", "--user", Self.user)
            #expect(starting.status == 1)
            #expect(starting.standardError.contains("no server answers at"), "\(starting.standardError)")
            // As a server of before answers what it does not know.
            let older = try LocalSocket(listeningAt: "\(folder)/data/control.sock")
            async let hangUp: Void = older.hangUp()
            let silent = try await binary.run("import", "a.csv", "--user", Self.user)
            try await hangUp
            #expect(silent.status == 1)
            #expect(silent.standardError.contains("another version"), "\(silent.standardError)")
            withExtendedLifetime(held) {}
        }
    }
}
