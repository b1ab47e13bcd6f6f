// Options as whoever types a command meets them: help, places, errors, completion.
import Composition
import Foundation
import StoreCore
import TestKit
import Testing
import Wire

/// A command as the parser describes it.
private struct Described {
    /// Its name, after those of the commands above it.
    var path: [String]
    /// Long names, without the dashes.
    var options: [String]

    /// With every command below it.
    static func all(_ json: JSON, below path: [String] = []) throws -> [Described] {
        let path = path + [try #require(json["commandName"]?.text)]
        let options = (json["arguments"]?.parts ?? []).filter { $0["kind"] != "positional" && $0["shouldDisplay"] == true }
            .flatMap { $0["names"]?.parts ?? [] }.filter { $0["kind"] == "long" }.compactMap { $0["name"]?.text }
        let below = try (json["subcommands"]?.parts ?? []).flatMap { try all($0, below: path) }
        return [Described(path: path, options: options)] + below
    }
}

extension JSON {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
    fileprivate var parts: [JSON] { if case .array(let parts) = self { parts } else { [] } }
}

@Suite struct OptionCommandTests {
    private func commands(_ binary: BuiltBinary) async throws -> [Described] {
        let dump = try await binary.run("--experimental-dump-help")
        let json = try JSON(parsing: dump.standardOutput.utf8, limits: .init(depth: 64, values: 1_000_000))
        return try Described.all(try #require(json["command"]))
    }

    @Test("help shows of every option what it takes, its default, its variable and that of a file, as wide as the terminal")
    func help() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            for command in [["serve"], ["doctor"], ["user", "create"]] {
                binary.environment["COLUMNS"] = "400"
                let whole = try await binary.run(arguments: command + ["--help"]).standardOutput.split(whereSeparator: \.isWhitespace)
                    .joined(separator: " ")
                for option in Option.all {
                    #expect(whole.contains("\(option.flag) <value> \(option.help)"), "\(command) \(option.name)")
                    #expect(whole.contains("Environment: \(option.name)"), "\(option.name)")
                    #expect(option.isSecret == whole.contains("Environment: \(option.name)_FILE."), "\(option.name)")
                    #expect(option.fallback.isEmpty || whole.contains("Default: \(option.fallback)."), "\(option.name)")
                }
                binary.environment["COLUMNS"] = "70"
                let narrow = try await binary.run(arguments: command + ["--help"]).standardOutput
                let words = Set(Option.all.flatMap { $0.help.split(separator: " ") })
                for line in narrow.split(separator: "\n") where line.count > 70 {
                    // Only a word that is longer than the column makes a line longer.
                    #expect(words.contains { line.trimmingCharacters(in: .whitespaces) == $0 }, "\(line)")
                }
            }
        }
    }

    @Test("every command on an installation takes every option and --config, before and after its own arguments")
    func everywhere() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            let groups: Set = ["taskflow", "user", "audit", "task", "token", "job", "webhook"]
            let withoutInstallation: Set = ["login", "logout", "openapi", "completion", "help", "transfer"]
            for command in try await commands(binary) where !groups.contains(command.path.last ?? "") || command.path.count > 2 {
                let name = command.path.dropFirst().first ?? ""
                if withoutInstallation.contains(name) || ["task", "token", "job", "webhook"].contains(name) { continue }
                #expect(command.options.contains("config"), "\(command.path)")
                for option in Option.all { #expect(command.options.contains(String(option.flag.dropFirst(2))), "\(command.path)") }
            }
            binary.environment["DATABASE_URL"] = nil
            try "DATABASE_URL=sqlite:\(folder)/other/db.sqlite\n".write(
                toFile: "\(folder)/other.env", atomically: true, encoding: .utf8)
            #expect(try await binary.run("migrate", "--config", "other.env").status == 0)
            for arguments in [["backup", "--config", "other.env", "one.sqlite"], ["backup", "two.sqlite", "--config=other.env"]] {
                let made = try await binary.run(arguments: arguments)
                #expect(made.status == 0, "\(made.standardError)")
            }
            let role = try await binary.run("user", "set-role", "--config", "other.env", "nobody@example.com", "admin")
            #expect(role.standardError == "taskflow: there is no such user\n")
        }
    }

    @Test("a wrong option ends with 64 and is called as it was typed")
    func wrongOptions() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let cases: [(arguments: [String], words: String)] = [
                (["serve", "--prot", "1"], "'--prot'. Did you mean '--port'?"),
                (["serve", "--port", "abc"], "taskflow: --port: “abc” is not valid; it takes a number from 0 to 65535"),
                (["serve", "--port"], "Missing value for '--port <value>'"),
                (["doctor", "stray"], "Unexpected argument 'stray'"),
                (["doctor", "--config", "none.env"], "\(folder)/none.env cannot be read"),
                (["user", "create", "--emial=x"], "no command has an option --emial\n"),
                (["srve"], "'srve'"),
                (["serve", "--database-url", "mysql://user:secret@host/db"], "--database-url: its value is not valid"),
            ]
            for (arguments, words) in cases {
                let ended = try await binary.run(arguments: arguments)
                #expect(ended.status == 64, "\(arguments)")
                #expect(ended.standardError.contains(words), "\(ended.standardError)")
                #expect(!ended.standardError.contains("secret"))
            }
            for (name, value, words) in [
                ("PORT", "abc", "taskflow: PORT: “abc” is not valid"), ("TASKFLOW_RATE_LIMIT", "off", "variable TASKFLOW_RATE_LIMIT"),
            ] {
                var other = binary
                other.environment[name] = value
                let ended = try await other.run("serve")
                #expect(ended.status == 64)
                #expect(ended.standardError.contains(words), "\(ended.standardError)")
            }
            try "PORT=abc\n".write(toFile: "\(folder)/.env", atomically: true, encoding: .utf8)
            var other = binary
            other.environment["PORT"] = nil
            #expect(try await other.run("serve").standardError.contains("PORT in \(folder)/.env: “abc” is not valid"))
        }
    }

    @Test("the completion of each shell knows every command and every option", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let script = try await binary.run("completion", shell)
            #expect(script.status == 0)
            let words = Set(script.standardOutput.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
            for command in try await commands(binary) {
                #expect(words.contains(command.path.last ?? ""), "\(command.path)")
                for option in command.options {
                    // fish takes the name alone, behind -l.
                    #expect(words.contains("--\(option)") || shell == "fish" && words.contains(option), "\(command.path) \(option)")
                }
            }
        }
    }

    @Test("bash completes commands, options and words with the script")
    func bashCompletion() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let script = """
                source <("\(BuiltBinary.path)" completion bash)
                complete_line() {
                    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
                    COMP_POINT=${#COMP_LINE} COMPREPLY=()
                    _taskflow taskflow "${@: -1}" "${@: -2:1}"
                    echo "${COMPREPLY[@]}"
                }
                complete_line taskflow us
                complete_line taskflow user cr
                complete_line taskflow serve --taskflow-health
                complete_line taskflow completion ""
                """
            let output = try await binary.run("-c", script, executable: "/bin/bash")
            #expect(output.standardOutput == "user\ncreate\n--taskflow-health-port\nbash zsh fish\n", "\(output.standardError)")
        }
    }

    @Test("links that Kubernetes sets are ignored with a note, and a variable of libpq may stand in the file")
    func foreignVariables() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            binary.environment["TASKFLOW_PORT"] = "tcp://10.96.0.12:80"
            binary.environment["TASKFLOW_SERVICE_HOST"] = "10.96.0.12"
            binary.environment["TASKFLOW_HEALTH_PORT"] = "tcp://10.96.0.13:80"
            binary.environment["CREDENTIALS_DIRECTORY"] = folder
            try "PGPASSFILE=\(folder)/pgpass\n".write(toFile: "\(folder)/.env", atomically: true, encoding: .utf8)
            let migrated = try await binary.run("migrate")
            #expect(migrated.status == 0, "\(migrated.standardError)")
            #expect(
                migrated.standardError.contains("note: TASKFLOW_HEALTH_PORT, TASKFLOW_PORT, TASKFLOW_SERVICE_HOST: not options of TaskFlow")
            )
            let server = try await binary.serve("--taskflow-log-level", "notice")
            #expect(await server.stop() == 0)
            #expect(try String(contentsOfFile: server.log, encoding: .utf8).contains("TASKFLOW_SERVICE_HOST"))
        }
    }

    @Test("libpq's variables of the file reach libpq", .only(.postgres))
    func libpqVariables() async throws {
        try await withTemporaryFolder { folder in
            let database = try await EngineUnderTest.newDatabase(in: folder)
            let url = try #require(URL(string: database.url))
            var binary = BuiltBinary(in: folder)
            binary.environment["DATABASE_URL"] = nil
            try """
            DATABASE_URL=postgres://\(url.path)
            PGHOST=\(url.host() ?? "")
            PGPORT=\(url.port ?? 5432)
            PGUSER=\(url.user() ?? "")
            PGPASSFILE=\(folder)/pgpass
            """.write(toFile: "\(folder)/taskflow.env", atomically: true, encoding: .utf8)
            let migrated = try await binary.run("migrate", "--config", "taskflow.env")
            #expect(migrated.standardOutput.contains("made step 1: accounts"), "\(migrated.standardError)")
            // The environment wins over the file.
            binary.environment["PGPORT"] = "1"
            let refused = try await binary.run("doctor", "--config", "taskflow.env")
            #expect(refused.status == 1)
            #expect(refused.standardError.contains("port 1 failed"), "\(refused.standardError)")
            try await database.drop()
        }
    }
}
