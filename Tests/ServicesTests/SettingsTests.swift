// What an operator who configures the server relies on.
import API
import Composition
import Foundation
import Model
import TestKit
import Testing

@Suite struct SettingsTests {
    private func settings(_ arguments: [String] = [], _ environment: [String: String] = [:]) throws -> Settings {
        try Settings(arguments: arguments, environment: environment)
    }

    private func complaint(_ arguments: [String] = [], _ environment: [String: String] = [:]) -> String {
        do {
            _ = try settings(arguments, environment)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test("without a word the server listens on loopback, limits guessing and logs as text")
    func defaults() throws {
        let settings = try settings()
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8080)
        guard case .sqlite("data/taskflow.sqlite") = settings.database else {
            Issue.record("\(settings.database)")
            return
        }
        #expect(settings.dataFolder == "data")
        #expect(!settings.isProduction)
        #expect(settings.limits?.credentials.count == 5)
    }

    @Test("a flag wins over the environment, the environment over the file")
    func precedence() async throws {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/taskflow.env"
            try "# comment\n\nPORT=1\nHOST=0.0.0.0\nTASKFLOW_LOG_FORMAT=json\n".write(toFile: file, atomically: true, encoding: .utf8)
            let settings = try settings(["--port", "3", "--config", file], ["PORT": "2", "HOST": "::1"])
            #expect(settings.port == 3)
            #expect(settings.host == "::1")
            #expect(settings.logAsJSON)
        }
    }

    @Test("unknown and invalid options stop the start and are named")
    func complaints() {
        #expect(complaint(["--prot", "1"]).contains("PROT"))
        #expect(complaint([], ["TASKFLOW_RATE_LIMIT": "off"]).contains("TASKFLOW_RATE_LIMIT"))
        #expect(complaint(["--port", "70000"]).contains("0 to 65535"))
        #expect(complaint(["--port"]).contains("needs a value"))
        #expect(complaint(["stray"]).contains("stray"))
        #expect(complaint(["--config", "/nonexistent"]).contains("/nonexistent"))
        #expect(complaint([], ["DATABASE_URL": "mysql://x"]).contains("DATABASE_URL"))
        #expect(complaint([], ["TASKFLOW_RATE_LIMITS": "default=0/60"]).contains("TASKFLOW_RATE_LIMITS"))
        #expect(complaint([], ["TASKFLOW_TRUSTED_PROXIES": "10.0.0.0/33"]).contains("TASKFLOW_TRUSTED_PROXIES"))
        #expect(complaint([], ["TASKFLOW_CORS_ORIGINS": "*"]).contains("TASKFLOW_CORS_ORIGINS"))
        #expect(complaint([], ["TASKFLOW_LOG_LEVEL": "loud"]).contains("TASKFLOW_LOG_LEVEL"))
        #expect(complaint([], ["PATH": "/bin"]) == "none")
    }

    @Test(
        "A connection URI with characters that have two meanings is refused, and no part of its password is shown",
        arguments: [
            "postgres://user:se%cret@host/db", "postgres://user:se@cret@host/db", "postgres://user:se/cret@host/db",
            "postgres://user:se?cret@host/db", "postgres://user:se#cret@host/db", "postgres://user:se cret@host/db",
            "postgres://user:se%2@host/db", "postgres://user:secret@[::1/db", "postgres://user:secret@[]/db",
            "postgres://user:secret@[::1]x/db",
            "postgres://user:se%00cret@host/db", "postgres://user:secret@host:port/db",
        ])
    func connectionURIs(url: String) {
        for name in ["DATABASE_URL", "DATABASE_REPLICA_URLS"] {
            let complaint = complaint([], [name: url])
            #expect(complaint.contains(name))
            #expect(!complaint.contains("cret"))
        }
        #expect(complaint([], ["DATABASE_URL": "postgres://user:se%25%40%2Fcret@[::1]:5432,b:5433/db?target_session_attrs=any"]) == "none")
    }

    @Test("In production a configuration file that holds secrets and can be read by others stops the start")
    func readableFile() async throws {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/taskflow.env"
            for (text, isRefused) in [("TASKFLOW_SIGNING_KEY=x\n", true), ("SMTP_URL=smtp://a:b@c\n", true), ("PORT=1\n", false)] {
                try text.write(toFile: file, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
                let arguments = ["--config", file, "--taskflow-env", "production", "--taskflow-mail-from", "a@example.com"]
                #expect(complaint(arguments).contains("run chmod 600 on it") == isRefused, "\(complaint(arguments))")
                #expect(!complaint(["--config", file, "--taskflow-mail-from", "a@example.com"]).contains("chmod"))
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
                #expect(complaint(arguments) == "none")
            }
        }
    }

    @Test("a secret comes from a private file, never from one that others can read, and never from two places")
    func secrets() async throws {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/key"
            try "from the file\n".write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
            #expect(complaint([], ["TASKFLOW_SIGNING_KEY_FILE": file]).contains("chmod 600"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            #expect(try settings([], ["TASKFLOW_SIGNING_KEY_FILE": file]).signingKey?.value == "from the file")
            #expect(complaint([], ["TASKFLOW_SIGNING_KEY_FILE": file, "TASKFLOW_SIGNING_KEY": "x"]).contains("both"))
        }
    }
}
