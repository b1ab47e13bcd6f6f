// The options of the server as flags of a command. What each is for, takes and stands for is in Composition/Options.swift.
import ArgumentParser
import Composition
import Foundation

/// A flag and its value, as they were typed.
struct TypedFlag: Sendable, Decodable {
    var flag: String
    var value: String
}

extension ArgumentParser.Option where Value == TypedFlag? {
    init(_ option: Composition.Option) { self.init(flag: option.flag, "value", option.help) }

    /// The flag that names a file with the value of a secret.
    init(fileOf option: Composition.Option) {
        self.init(flag: option.flag + "-file", "path", "A file that holds what \(option.flag) takes. Environment: \(option.fileName).")
    }

    fileprivate init(flag: String, _ valueName: String, _ help: String) {
        self.init(
            name: .customLong(String(flag.dropFirst(2))), help: ArgumentHelp("\(help)", valueName: valueName),
            completion: valueName == "path" ? .file() : nil
        ) { TypedFlag(flag: flag, value: $0) }
    }
}

/// The file that every command reads its options from.
struct ConfigArguments: ParsableArguments {
    @ArgumentParser.Option(flag: "--config", "path", "The file with options, a NAME=value a line. Default: .env, where there is one.")
    var config: TypedFlag?
}

/// The server's options, which every command on an installation takes.
struct SettingsArguments: ParsableArguments {
    @OptionGroup var file: ConfigArguments
    @ArgumentParser.Option(.host) var host: TypedFlag?
    @ArgumentParser.Option(.port) var port: TypedFlag?
    @ArgumentParser.Option(.healthPort) var healthPort: TypedFlag?
    @ArgumentParser.Option(.database) var database: TypedFlag?
    @ArgumentParser.Option(fileOf: .database) var databaseFile: TypedFlag?
    @ArgumentParser.Option(.replicas) var replicas: TypedFlag?
    @ArgumentParser.Option(fileOf: .replicas) var replicasFile: TypedFlag?
    @ArgumentParser.Option(.connections) var connections: TypedFlag?
    @ArgumentParser.Option(.workers) var workers: TypedFlag?
    @ArgumentParser.Option(.webhookAllow) var webhookAllow: TypedFlag?
    @ArgumentParser.Option(.smtp) var smtp: TypedFlag?
    @ArgumentParser.Option(fileOf: .smtp) var smtpFile: TypedFlag?
    @ArgumentParser.Option(.mailFrom) var mailFrom: TypedFlag?
    @ArgumentParser.Option(.publicURL) var publicURL: TypedFlag?
    @ArgumentParser.Option(.dataFolder) var dataFolder: TypedFlag?
    @ArgumentParser.Option(.environment) var environment: TypedFlag?
    @ArgumentParser.Option(.signingKey) var signingKey: TypedFlag?
    @ArgumentParser.Option(fileOf: .signingKey) var signingKeyFile: TypedFlag?
    @ArgumentParser.Option(.backupBeforeUpgrade) var backupBeforeUpgrade: TypedFlag?
    @ArgumentParser.Option(.rateLimits) var rateLimits: TypedFlag?
    @ArgumentParser.Option(.quotas) var quotas: TypedFlag?
    @ArgumentParser.Option(.importLimit) var importLimit: TypedFlag?
    @ArgumentParser.Option(.trustedProxies) var trustedProxies: TypedFlag?
    @ArgumentParser.Option(.corsOrigins) var corsOrigins: TypedFlag?
    @ArgumentParser.Option(.logFormat) var logFormat: TypedFlag?
    @ArgumentParser.Option(.logLevel) var logLevel: TypedFlag?
    @ArgumentParser.Option(.adminEmail) var adminEmail: TypedFlag?
    @ArgumentParser.Option(.adminPassword) var adminPassword: TypedFlag?
    @ArgumentParser.Option(fileOf: .adminPassword) var adminPasswordFile: TypedFlag?
    @ArgumentParser.Option(.assets) var assets: TypedFlag?

    /// - Parameter signs: whether the command signs or seals anything, and so needs the signing key.
    /// - Throws: `OptionError`, `SettingsError`.
    func settings(signs: Bool) throws -> Settings {
        // Read off the properties, so that an option is listed here once.
        let typed = Mirror(reflecting: self).children.compactMap { ($0.value as? ArgumentParser.Option<TypedFlag?>)?.wrappedValue }
        let settings = try Settings(
            arguments: ([file.config] + typed).compactMap(\.self).flatMap { [$0.flag, $0.value] },
            environment: ProcessInfo.processInfo.environment, signs: signs)
        settings.giveToLibpq()
        return settings
    }
}

/// Notes of a command that keeps no log.
func printNotes(of settings: Settings) {
    for note in settings.notes { FileHandle.standardError.write(Data("taskflow: note: \(note)\n".utf8)) }
}
