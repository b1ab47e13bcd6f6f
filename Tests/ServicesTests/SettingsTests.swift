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
        #expect(complaint(["--prot", "1"]).contains("--prot"))
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

    @Test("Links of Kubernetes are no options, whatever the service is called; a misspelt option still is one")
    func serviceLinks() throws {
        let links = [
            "TASKFLOW_PORT": "tcp://10.0.0.1:80", "TASKFLOW_SERVICE_HOST": "10.0.0.1", "TASKFLOW_SERVICE_PORT": "80",
            "TASKFLOW_SERVICE_PORT_HTTP": "80", "TASKFLOW_PORT_80_TCP": "tcp://10.0.0.1:80", "TASKFLOW_PORT_80_TCP_ADDR": "10.0.0.1",
            "TASKFLOW_HEALTH_PORT": "tcp://10.0.0.2:80", "TASKFLOW_WEB_SERVICE_HOST": "10.0.0.3",
            "TASKFLOW_DNS_PORT_53_UDP_PROTO": "udp",
        ]
        let settings = try settings([], links)
        #expect(settings.healthPort == nil)
        #expect(links.keys.allSatisfy { name in settings.notes.contains { $0.contains(name) } })
        #expect(try self.settings([], ["TASKFLOW_HEALTH_PORT": "9090"]).notes == [])
        #expect(complaint([], ["TASKFLOW_HEALTH_PORTS": "9090"]).contains("TASKFLOW_HEALTH_PORTS"))
        #expect(complaint([], ["TASKFLOW_SERVICE": "x"]).contains("TASKFLOW_SERVICE"))
    }

    @Test("Variables of libpq may stand in the file, in production in a private one when there is a password, and nothing else may")
    func libpqVariables() async throws {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/taskflow.env"
            try "PGPASSFILE=/etc/pgpass\nPGSSLROOTCERT=/etc/ca\nPGSERVICEFILE=/etc/services\n".write(
                toFile: file, atomically: true, encoding: .utf8)
            #expect(complaint(["--config", file]) == "none")
            try "PGPASSFIEL=/etc/pgpass\n".write(toFile: file, atomically: true, encoding: .utf8)
            #expect(complaint(["--config", file]).contains("unknown option PGPASSFIEL in the file \(file)"))
            try "PGPASSWORD=secret\n".write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
            #expect(complaint(["--config", file, "--taskflow-env", "production"]).contains("holds PGPASSWORD and can be read by others"))
        }
    }

    @Test("What signs nothing reads no signing key")
    func withoutKey() throws {
        let environment = ["TASKFLOW_SIGNING_KEY_FILE": "/nonexistent/key"]
        #expect(complaint([], environment).contains("/nonexistent/key cannot be read"))
        #expect(try Settings(arguments: [], environment: environment, signs: false).signingKey == nil)
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
