// Commands about the server and its schema.
import ArgumentParser
import Composition
import Foundation
import Logging
import Metrics
import NIOCore
import NIOPosix
import StoreCore
import Wire

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Migrates the database and serves until SIGTERM or Ctrl-C.")

    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        // Requests are then answered on the threads that read them: to hand each of them over and back cost more than most of them.
        NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
        try await process(try arguments.settings(signs: true)).run()
    }
}

struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Does the work that is queued until SIGTERM or Ctrl-C, without serving requests.",
        discussion: "Any number of them may run, on any machine that reaches the PostgreSQL database.")

    @OptionGroup var arguments: SettingsArguments

    func run() async throws { try await process(try arguments.settings(signs: true)).work() }
}

private func process(_ settings: Settings) -> ServerProcess {
    LoggingSystem.bootstrap { _ in LogOutput(level: settings.logLevel, asJSON: settings.logAsJSON) }
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)
    return ServerProcess(settings, metrics: metrics, logger: Logger(label: "taskflow"))
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Brings the database to the schema of this program.")

    @Flag(help: "Only say what would be done.") var plan = false
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        let settings = try arguments.settings(signs: false)
        printNotes(of: settings)
        for line in try await SchemaUpgrade.run(settings, planOnly: plan) { print(line) }
    }
}

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Checks the installation and says what is wrong with it.")

    @Flag(help: "Print a JSON array of objects with check, finding and ok.") var json = false
    @OptionGroup var arguments: SettingsArguments

    func run() async throws {
        // Nothing is signed, but the key is compared with what it signed, where it can be read.
        let withKey = try? arguments.settings(signs: true)
        let settings = withKey?.hasSigningKey == true ? withKey : nil
        let reply = try await reply(to: .doctor, try settings ?? arguments.settings(signs: false))
        let findings = reply.findings ?? []
        if json {
            let objects = findings.map {
                JSON.object([.init("check", .string($0.check)), .init("finding", .string($0.finding)), .init("ok", .bool($0.isHealthy))])
            }
            print(JSON.array(objects).text)
        } else {
            for finding in findings { print(finding.line) }
        }
        if let error = reply.error { throw SettingsError(error) }
    }
}

struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fills an installation with data to try things with.")

    @Flag(help: "Two accounts with known passwords and 200 tasks; refused in production.") var demo = false
    @OptionGroup var arguments: SettingsArguments

    func validate() throws { if !demo { throw ValidationError("there is only demo data: say --demo") } }
    func run() async throws { try await taskflow.run(.seedDemo, arguments) }
}

struct OpenAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "openapi", abstract: "Prints the OpenAPI document.")

    func run() async throws { print(try await openAPIDocument()) }
}
