// Reads the options and hands them on as typed values, or says what is wrong with them.
package import API
import Foundation
package import Logging
package import Model
package import Outbound
package import Web

/// Why something cannot be done with this configuration; the text says what to change.
package struct SettingsError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

package struct Settings: Sendable {
    package var host: String
    package var port: Int
    /// `nil` when probes have no port of their own.
    package var healthPort: Int?
    package var database: DatabaseLocation
    package var replicas: [Secret]
    package var connections: Int
    /// Jobs at a time.
    package var workers: Int
    package var webhookAddresses: ReachableAddresses
    package var mailServer: MailServer?
    package var mailFrom: MailAddress
    /// The base of the links in mails.
    package var publicURL: String
    package var dataFolder: String
    package var isProduction: Bool
    package var signingKey: Secret?
    package var limits: RateLimits?
    package var quotas: Quotas
    /// Bytes of a file that is imported.
    package var importLimit: Int
    package var proxies: TrustedProxies
    package var corsOrigins: Set<String>
    package var logAsJSON: Bool
    package var logLevel: Logger.Level
    package var adminEmail: String?
    package var adminPassword: Secret?
    package var assets: AssetFolder

    /// Whether a SQLite database is copied before its schema is upgraded.
    package var backsUpBeforeUpgrade: Bool

    /// Whether there is a signing key, configured or in the data folder.
    package var hasSigningKey: Bool { signingKey != nil || FileManager.default.fileExists(atPath: "\(dataFolder)/signing-key") }

    /// Whether what is done with them signs anything: whatever does not needs no signing key.
    package let signs: Bool
    /// Variables of libpq in the file, such as PGPASSFILE.
    private let libpqEnvironment: [String: String]
    /// What was ignored, in words.
    package let notes: [String]

    /// - Parameters:
    ///   - arguments: flags and their values.
    ///   - environment: of the process.
    ///   - signs: whether the signing key is read.
    /// - Throws: `OptionError`, `SettingsError`.
    package init(arguments: [String], environment: [String: String], signs: Bool = true) throws {
        let sources = try OptionSources(arguments, environment)
        let value = { (option: Option) in try sources.text(of: option) }
        self.signs = signs
        libpqEnvironment = sources.libpq
        notes = sources.notes

        host = try value(.host)
        port = Int(try value(.port)) ?? 0
        healthPort = Int(try value(.healthPort))
        database = DatabaseLocation(try value(.database)) ?? .sqlite(path: "")
        replicas = try value(.replicas).split(separator: " ").map { Secret(String($0)) }
        connections = Int(try value(.connections)) ?? 10
        workers = Int(try value(.workers)) ?? 16
        webhookAddresses = ReachableAddresses(open: IPNetwork.list(try value(.webhookAllow)) ?? [])
        (mailServer, mailFrom, publicURL) = try Self.mail(value, host: host, port: port)
        dataFolder = try value(.dataFolder).nonEmpty ?? database.folder
        if !replicas.isEmpty, database.isExclusive {
            throw OptionError("DATABASE_REPLICA_URLS: only PostgreSQL has replicas, and DATABASE_URL names a SQLite file")
        }
        isProduction = try value(.environment) == "production"
        if isProduction { try sources.requirePrivateFile() }
        signingKey = signs ? try value(.signingKey).nonEmpty.map { Secret($0) } : nil
        let limits = try value(.rateLimits)
        self.limits = limits == "off" ? nil : RateLimits(limits)
        quotas = Quotas(try value(.quotas)) ?? Quotas()
        importLimit = Int(try value(.importLimit)) ?? 100 << 20
        proxies = TrustedProxies(try value(.trustedProxies)) ?? .none
        corsOrigins = Set(try value(.corsOrigins).list)
        logAsJSON = try value(.logFormat) == "json"
        logLevel = Logger.Level(rawValue: try value(.logLevel)) ?? .info
        backsUpBeforeUpgrade = try value(.backupBeforeUpgrade) == "on"
        adminEmail = try value(.adminEmail).nonEmpty
        adminPassword = try value(.adminPassword).nonEmpty.map { Secret($0) }
        assets = try value(.assets).nonEmpty.map { AssetFolder($0) } ?? AssetFolder()
    }

    /// Sets libpq's variables of the file where the environment of the process has none of the same name. Before anything else runs: the
    /// environment belongs to the whole process.
    package func giveToLibpq() { for (name, value) in libpqEnvironment { setenv(name, value, 0) } }

    private static func mail(
        _ value: (Option) throws -> String, host: String, port: Int
    ) throws -> (MailServer?, MailAddress, publicURL: String) {
        let server = MailServer(try value(.smtp))
        guard let from = MailAddress(try value(.mailFrom)), server == nil || from.domain != "localhost" else {
            throw OptionError("TASKFLOW_MAIL_FROM is needed with SMTP_URL: the address that mails are from")
        }
        let isEverywhere = ["0.0.0.0", "::"].contains(host)
        let name = isEverywhere ? "localhost" : host.contains(":") ? "[\(host)]" : host
        return (server, from, try value(.publicURL).nonEmpty ?? "http://\(name):\(port)")
    }
}
