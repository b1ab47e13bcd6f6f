// Reads the options and hands them on as typed values, or says what is wrong with them.
package import API
import Configuration
import Foundation
package import Logging
package import Model
package import Outbound
package import Web

/// What is wrong with the configuration; the text says what to change.
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

    /// - Parameters:
    ///   - arguments: flags and their values, as they stood after the command.
    ///   - environment: of the process.
    /// - Throws: `SettingsError`.
    package init(arguments: [String], environment: [String: String]) throws {
        var flags = try Self.flags(arguments)
        let fileName = flags.removeValue(forKey: "CONFIG")
        let file = try Self.file(fileName)
        let known = Set(Option.all.flatMap { $0.isSecret ? [$0.name, $0.name + "_FILE"] : [$0.name] })
        let ours = environment.filter { $0.key.hasPrefix("TASKFLOW_") && !$0.key.hasPrefix("TASKFLOW_TEST_") }
        for (source, names) in [("flag", flags.keys), ("environment variable", ours.keys), ("option in the file", file.keys)] {
            for name in names.sorted() where !known.contains(name) {
                throw SettingsError("unknown \(source) \(name): `taskflow serve --help` lists them all")
            }
        }
        let reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: flags), EnvironmentVariablesProvider(environmentVariables: environment),
            EnvironmentVariablesProvider(environmentVariables: file),
        ])
        let credentials = environment["CREDENTIALS_DIRECTORY"]?.nonEmpty
        let value = { (option: Option) in try Self.value(of: option, reader, credentials) }

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
            throw SettingsError("DATABASE_REPLICA_URLS: only PostgreSQL has replicas, and DATABASE_URL names a SQLite file")
        }
        isProduction = try value(.environment) == "production"
        if isProduction { try Self.requirePrivate(fileName ?? ".env", holding: file) }
        signingKey = try value(.signingKey).nonEmpty.map { Secret($0) }
        let limits = try value(.rateLimits)
        self.limits = limits == "off" ? nil : RateLimits(limits)
        quotas = Quotas(try value(.quotas)) ?? Quotas()
        importLimit = Int(try value(.importLimit)) ?? 100 << 20
        proxies = TrustedProxies(try value(.trustedProxies)) ?? .none
        corsOrigins = Set(try value(.corsOrigins).list)
        logAsJSON = try value(.logFormat) == "json"
        logLevel = Logger.Level(rawValue: try value(.logLevel)) ?? .info
        adminEmail = try value(.adminEmail).nonEmpty
        adminPassword = try value(.adminPassword).nonEmpty.map { Secret($0) }
        assets = try value(.assets).nonEmpty.map { AssetFolder($0) } ?? AssetFolder()
    }

    private static func mail(
        _ value: (Option) throws -> String, host: String, port: Int
    ) throws -> (MailServer?, MailAddress, publicURL: String) {
        let server = MailServer(try value(.smtp))
        guard let from = MailAddress(try value(.mailFrom)), server == nil || from.domain != "localhost" else {
            throw SettingsError("TASKFLOW_MAIL_FROM is needed with SMTP_URL: the address that mails are from")
        }
        let isEverywhere = ["0.0.0.0", "::"].contains(host)
        let name = isEverywhere ? "localhost" : host.contains(":") ? "[\(host)]" : host
        return (server, from, try value(.publicURL).nonEmpty ?? "http://\(name):\(port)")
    }

    private static func flags(_ arguments: [String]) throws -> [String: String] {
        var flags: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else { throw SettingsError("unexpected argument “\(argument)”") }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].uppercased().replacing("-", with: "_")
            if parts.count == 2 {
                flags[name] = String(parts[1])
            } else if let value = rest.popFirst() {
                flags[name] = value
            } else {
                throw SettingsError("\(argument) needs a value")
            }
        }
        return flags
    }

    private static func file(_ named: String?) throws -> [String: String] {
        let path = named ?? ".env"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            if let named { throw SettingsError("the configuration file \(named) cannot be read") }
            return [:]
        }
        var values: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw SettingsError("\(path), line \(index + 1): expected NAME=value") }
            values[parts[0].trimmingCharacters(in: .whitespaces)] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return values
    }

    private static func value(of option: Option, _ reader: ConfigReader, _ credentials: String?) throws -> String {
        func read(_ name: String) -> String? {
            reader.string(forKey: ConfigKey(name.lowercased().split(separator: "_").map(String.init)), isSecret: option.isSecret)
        }
        if option.isSecret, let path = read(option.name + "_FILE")?.nonEmpty {
            guard read(option.name)?.nonEmpty == nil else {
                throw SettingsError("\(option.name) and \(option.name)_FILE are both set: keep one")
            }
            return try secret(in: path, for: option.name + "_FILE", credentials: credentials)
        }
        guard let value = read(option.name)?.nonEmpty else { return option.fallback }
        guard option.isValid(value) else {
            let shown = option.isSecret ? "its value" : "“\(value)”"
            throw SettingsError("\(option.name): \(shown) is not valid; it takes \(option.expects)")
        }
        return value
    }

    /// In production others must not read the secrets of a configuration file.
    private static func requirePrivate(_ path: String, holding values: [String: String]) throws {
        let secrets = Option.all.filter { $0.isSecret && values[$0.name]?.nonEmpty != nil }.map(\.name)
        let mode = (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) ?? 0
        guard let secret = secrets.first, mode & 0o007 != 0 else { return }
        throw SettingsError("\(path) holds \(secret) and can be read by others; run chmod 600 on it")
    }

    /// systemd shows credentials with a mode of its own in a folder that only the service can enter.
    private static func secret(in path: String, for name: String, credentials: String?) throws -> String {
        let isCredential = credentials.map { path.hasPrefix($0 + "/") } ?? false
        let mode = (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) ?? 0
        guard mode & (isCredential ? 0o027 : 0o077) == 0 else {
            throw SettingsError("\(name): \(path) can be read by others; run chmod 600 on it")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SettingsError("\(name): \(path) cannot be read")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
