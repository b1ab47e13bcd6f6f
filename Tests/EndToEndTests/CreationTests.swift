// Which commands make an installation, and which need its signing key; on both engines.
import Foundation
import StoreCore
import TestKit
import Testing

@Suite struct CreationTests {
    private func run(_ test: (BuiltBinary) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let database = try await EngineUnderTest.newDatabase(in: "\(folder)/data")
            var binary = BuiltBinary(in: folder)
            binary.environment["DATABASE_URL"] = database.url
            try await test(binary)
            try await database.drop()
        }
    }

    @Test("commands that only look or change say that there is no database, and make nothing")
    func noDatabase() async throws {
        try await run { binary in
            try "title\nx\n".write(toFile: "\(binary.folder)/tasks.csv", atomically: true, encoding: .utf8)
            let commands = [
                ["user", "list"], ["user", "set-role", "a@example.com", "admin"], ["user", "deactivate", "a@example.com"],
                ["user", "reset-password", "a@example.com", "--password-stdin"], ["backup", "copy.sqlite"], ["add", "x", "--user", "a"],
                ["export", "tasks.json", "--user", "a"], ["import", "tasks.csv", "--user", "a"], ["doctor"], ["audit", "checkpoint"],
                ["audit", "verify"], ["worker"],
            ]
            for command in commands {
                let ended = try await binary.run(arguments: command, input: "a long enough one\n")
                #expect(ended.status == 1, "\(command)")
                let place =
                    EngineUnderTest.current == .sqlite
                    ? "there is no database at \(binary.folder)/data/taskflow.sqlite: `taskflow serve` or `taskflow migrate` makes one"
                    : "there is no TaskFlow database at the place that DATABASE_URL names"
                #expect(ended.standardError.contains(place), "\(command): \(ended.standardError)")
            }
            let plan = try await binary.run("migrate", "--plan")
            #expect(plan.status == 0)
            #expect(plan.standardOutput.contains("would make step 1: accounts"))
            let left = try FileManager.default.contentsOfDirectory(atPath: binary.folder).filter {
                !$0.hasSuffix(".out") && !$0.hasSuffix(".err")
            }
            #expect(left == ["tasks.csv"], "\(left)")
        }
    }

    @Test(
        "in production everything but serving and the audit runs without the signing key, beside a server and alone",
        arguments: [false, true])
    func withoutKey(running: Bool) async throws {
        try await run { binary in
            var binary = binary
            binary.environment["TASKFLOW_ENV"] = "production"
            // The commands are given a key that they may not read: the unit shows it to the service alone.
            binary.environment["TASKFLOW_SIGNING_KEY_FILE"] = "\(binary.folder)/no-key"
            #expect(try await binary.run("migrate").status == 0)
            var server: BuiltServer?
            if running {
                var serving = binary
                serving.environment["TASKFLOW_SIGNING_KEY_FILE"] = nil
                serving.environment["TASKFLOW_SIGNING_KEY"] = "3FQ3Yq8wM4v0mJb6rKJt2sXq9pZ1uVhN7aLcDeFgHiQ="
                server = try await serving.serve()
            }
            let commands = [
                ["user", "create", "--email", "root@example.com", "--role", "admin", "--password-stdin"], ["user", "list"],
                ["user", "set-role", "root@example.com", "admin"], ["add", "x", "--user", "root@example.com"],
                ["export", "tasks.json", "--user", "root@example.com"], ["doctor"], ["backup", "copy.sqlite"], ["migrate"],
            ]
            for command in commands {
                let ended = try await binary.run(arguments: command, input: "a long enough one\n")
                #expect(ended.status == 0, "\(command): \(ended.standardError) \(ended.standardOutput)")
            }
            if let server {
                #expect(await server.stop() == 0)
            } else {
                let serve = try await binary.run("serve")
                #expect(serve.status == 64)
                #expect(serve.standardError.contains("TASKFLOW_SIGNING_KEY_FILE: \(binary.folder)/no-key cannot be read"))
                binary.environment["TASKFLOW_SIGNING_KEY_FILE"] = nil
                #expect(try await binary.run("audit", "checkpoint").standardError.contains("there is no signing key"))
            }
        }
    }
}
