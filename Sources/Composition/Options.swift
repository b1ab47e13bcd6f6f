// Every option as data: name, parser, default, words. Flags, environment and file spell the same name; this list is the reference.
import API
import Foundation
import Logging
import Model
import Outbound

/// One option: `DATABASE_URL` in the environment and in the file, `--database-url` as a flag.
package struct Option: Sendable {
    package let name: String
    /// What a value must be, in words.
    package let expects: String
    package let fallback: String
    package let doc: String
    /// Never printed; `NAME_FILE` may name a file that holds it.
    package let isSecret: Bool
    let isValid: @Sendable (String) -> Bool

    package var flag: String { Self.flag(for: name) }
    /// Names a file that holds the value, when it is a secret.
    package var fileName: String { name + "_FILE" }

    static func flag(for name: String) -> String { "--" + name.lowercased().replacing("_", with: "-") }

    /// For the help of a command: what it is for, what it takes, its default, and how else it is given.
    package var help: String {
        let known = fallback.isEmpty ? "Without a default." : "Default: \(fallback)."
        return
            "\(doc) Takes \(expects). \(known) Environment: \(name)\(isSecret ? ", or \(fileName) with the path of a file that holds it" : "")."
    }
}

extension Option {
    private static func text(_ name: String, _ expects: String, _ fallback: String, _ doc: String, isSecret: Bool = false) -> Option {
        Option(name: name, expects: expects, fallback: fallback, doc: doc, isSecret: isSecret) { _ in true }
    }

    private static func word(_ name: String, _ words: [String], _ doc: String) -> Option {
        Option(name: name, expects: "one of " + words.joined(separator: ", "), fallback: words[0], doc: doc, isSecret: false) {
            words.contains($0)
        }
    }

    package static let host = text("HOST", "an address or a host name", "127.0.0.1", "The address to listen on.")
    package static let port = Option(
        name: "PORT", expects: "a number from 0 to 65535", fallback: "8080", doc: "The port to listen on; 0 takes a free one.",
        isSecret: false
    ) { UInt16($0) != nil }
    package static let healthPort = Option(
        name: "TASKFLOW_HEALTH_PORT", expects: "a number from 0 to 65535", fallback: "",
        doc:
            "A second port that answers `/healthz`, `/readyz` and `/metrics` on threads of its own, so that requests of users never delay them; 0 takes a free one. Without it they are answered on `PORT` only.",
        isSecret: false
    ) { UInt16($0) != nil }
    package static let database = Option(
        name: "DATABASE_URL",
        expects:
            "sqlite: and a path, or a connection URI such as postgres://user:password@host/taskflow, with @, /, #, ?, % and blanks in a password percent-encoded (%40, %2F, %23, %3F, %25, %20)",
        fallback: "sqlite:data/taskflow.sqlite",
        doc:
            "Where the data is. A PostgreSQL URI may name several hosts (`postgres://a,b/taskflow?target_session_attrs=read-write`) and every other parameter of libpq, `sslmode` for one.",
        isSecret: true
    ) { DatabaseLocation($0) != nil }
    package static let replicas = Option(
        name: "DATABASE_REPLICA_URLS", expects: "connection URIs separated by blanks", fallback: "",
        doc: "Streaming replicas of the PostgreSQL database. A read goes to one when it has every change acknowledged before.",
        isSecret: true
    ) { $0.split(separator: " ").allSatisfy { DatabaseLocation.isPostgres(String($0)) } }
    package static let connections = Option(
        name: "TASKFLOW_DATABASE_CONNECTIONS", expects: "a number from 2 to 100", fallback: "10",
        doc: "Connections that an instance opens to PostgreSQL; one more hears what other instances announce.", isSecret: false
    ) { Int($0).map { (2...100).contains($0) } ?? false }
    package static let workers = Option(
        name: "WORKERS", expects: "a number from 0 to 1000", fallback: "16",
        doc:
            "Light jobs that this process does at a time; imports, drawn reports, mails and webhooks have their own slots in proportion. With 0 it leaves all jobs to others.",
        isSecret: false
    ) { Int($0).map { (0...1000).contains($0) } ?? false }
    package static let webhookAllow = Option(
        name: "TASKFLOW_WEBHOOK_ALLOW", expects: "addresses or CIDR blocks separated by commas", fallback: "",
        doc: "Networks that webhooks may reach although they are not public; to them also http is sent.", isSecret: false
    ) { IPNetwork.list($0) != nil }
    package static let smtp = Option(
        name: "SMTP_URL", expects: "smtp://user:password@host:587 or smtps://user:password@host", fallback: "",
        doc:
            "The mail server. `smtp` is encrypted with STARTTLS, and refused without, except to localhost, 127.0.0.1 and [::1]; `smtps` is encrypted from the start. Without it mails are written into the folder `mail` of the data folder.",
        isSecret: true
    ) { MailServer($0) != nil }
    package static let mailFrom = Option(
        name: "TASKFLOW_MAIL_FROM", expects: "an address such as taskflow@example.com or TaskFlow <taskflow@example.com>",
        fallback: "TaskFlow <taskflow@localhost>", doc: "Who mails are from; needed with `SMTP_URL`.", isSecret: false
    ) { MailAddress($0) != nil }
    package static let publicURL = Option(
        name: "TASKFLOW_PUBLIC_URL", expects: "a URL such as https://tasks.example.com", fallback: "",
        doc: "Where users reach the server: the base of the links in mails. Without it the address that it listens on.", isSecret: false
    ) { text in
        ["https://", "http://"].contains { text.hasPrefix($0) && text.count > $0.count } && !text.hasSuffix("/")
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"<>\"#?".utf8.contains($0) }
    }
    package static let dataFolder = text(
        "TASKFLOW_DATA", "a folder", "",
        "Holds the set-up link, in development the signing key, and without `SMTP_URL` the mails; with SQLite also the lock and the control socket. Without it the folder of the SQLite file, and with PostgreSQL `data`."
    )
    package static let backupBeforeUpgrade = word(
        "TASKFLOW_BACKUP_BEFORE_UPGRADE", ["on", "off"],
        "Copies a SQLite database to a file beside it before its schema is upgraded, for example `taskflow.sqlite.schema-18`. PostgreSQL is never copied: make a backup first."
    )
    package static let environment = word(
        "TASKFLOW_ENV", ["development", "production"],
        "In production a missing or weak signing key stops the start, HSTS is sent, and demo data is refused.")
    package static let signingKey = text(
        "TASKFLOW_SIGNING_KEY", "32 random bytes in base64, or several of them separated by commas", "",
        "Signs access tokens (Ed25519). The first key signs, the others are still accepted. In development one is generated into the data folder.",
        isSecret: true)
    package static let rateLimits = Option(
        name: "TASKFLOW_RATE_LIMITS", expects: "off, or limits such as default=100/60,login=5/60,import=10/3600",
        fallback: "default=100/60,login=5/60,import=10/3600",
        doc:
            "Requests per seconds: `default` for each user, `login` for login and registration, for each address and each account, `import` for the files that a user sends.",
        isSecret: false
    ) { $0 == "off" || RateLimits($0) != nil }
    package static let quotas = Option(
        name: "TASKFLOW_QUOTAS", expects: "quotas such as tasks=100000,text=256MiB; bytes may be in KiB, MiB or GiB",
        fallback: Quotas().description,
        doc:
            "What one user may have at most: `tasks` with those in the trash, bytes of their `text`, different `labels`, bytes of texts written into existing tasks in a day (`changes`), bytes of `files` (imports and results), bytes of `answers` kept for Idempotency-Key, `tokens`, `sessions`, `webhooks`, saved `views`, `jobs` that wait, `exports` at a time. A quota that is not named keeps its limit.",
        isSecret: false
    ) { Quotas($0) != nil }
    package static let importLimit = Option(
        name: "TASKFLOW_IMPORT_LIMIT", expects: "a number of bytes from 1 to 10 GiB", fallback: "\(100 << 20)",
        doc: "The largest file that is taken to be imported.", isSecret: false
    ) { Int($0).map { (1...10 << 30).contains($0) } ?? false }
    package static let trustedProxies = Option(
        name: "TASKFLOW_TRUSTED_PROXIES", expects: "addresses or CIDR blocks separated by commas", fallback: "",
        doc: "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.", isSecret: false
    ) { TrustedProxies($0) != nil }
    package static let corsOrigins = Option(
        name: "TASKFLOW_CORS_ORIGINS", expects: "origins such as https://app.example.com separated by commas", fallback: "",
        doc: "Pages of other origins that may use the API.", isSecret: false
    ) {
        $0.list.allSatisfy {
            ($0.hasPrefix("https://") || $0.hasPrefix("http://")) && $0.split(separator: "/").count == 2 && !$0.hasSuffix("/")
        }
    }
    package static let logFormat = word("TASKFLOW_LOG_FORMAT", ["text", "json"], "How log lines look.")
    package static let logLevel = Option(
        name: "TASKFLOW_LOG_LEVEL", expects: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "), fallback: "info",
        doc: "The least important lines that are written; requests are info.", isSecret: false
    ) { Logger.Level(rawValue: $0) != nil }
    package static let adminEmail = text(
        "TASKFLOW_ADMIN_EMAIL", "an e-mail address", "", "With the password below: the admin to create when there is none.")
    package static let adminPassword = text("TASKFLOW_ADMIN_PASSWORD", "a password", "", "The password of that admin.", isSecret: true)
    package static let assets = text(
        "TASKFLOW_ASSETS", "a folder", "",
        "Holds `assets` (Swagger UI, the list of common passwords) and `WebApp` (the web interface). Without it they are looked for in `../share/taskflow` beside the program, beside the program itself, in the checkout in which it was built, and in `/usr/share/taskflow`."
    )

    package static let all = [
        host, port, healthPort, database, replicas, connections, workers, webhookAllow, smtp, mailFrom, publicURL, dataFolder, environment,
        signingKey, backupBeforeUpgrade, rateLimits, quotas, importLimit, trustedProxies, corsOrigins, logFormat, logLevel, adminEmail,
        adminPassword, assets,
    ]

    /// docs/configuration.md.
    package static var reference: String {
        let rows = all.map { option in
            let name = option.isSecret ? "`\(option.name)`, `\(option.name)_FILE`" : "`\(option.name)`"
            let fallback = option.fallback.isEmpty ? "–" : "`\(option.fallback)`"
            return "| \(name) | \(option.doc) Takes \(option.expects). | \(fallback) |"
        }
        return """
            # Configuration

            Generated from the options in `Sources/Composition/Options.swift` by `make docs`.

            Every option can be given as a flag (`--database-url …`), in the environment (`DATABASE_URL=…`) or in a file of `NAME=value`
            lines: `.env` in the working directory, or the file that `--config` names. A flag wins over the environment, the environment
            over the file. A secret can also be read from a file that `NAME_FILE` names; it must not be readable by others. An unknown
            option or a value that cannot be read stops the start with the exit status 64 and an error that says which and why.

            Every command takes the flags, before or after its own arguments. The file may also hold the variables of libpq, such as
            `PGPASSFILE`. Variables that Kubernetes sets for a service called `taskflow` (`TASKFLOW_PORT=tcp://…`,
            `TASKFLOW_SERVICE_HOST`) are ignored with a note.

            | Option | Meaning | Default |
            |---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }
}

extension String {
    /// The items of a list separated by commas.
    var list: [String] { split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty } }
}
