// The server: everything that lives as long as the process, in one group that starts in order and drains in reverse.
import API
import Foundation
import HTTPServer
package import Logging
import ServiceLifecycle
import Services
import UnixSignals
import Web

package struct ServerProcess: Sendable {
    private let settings: Settings
    private let metrics: PrometheusMetrics
    private let logger: Logger

    package init(_ settings: Settings, metrics: PrometheusMetrics, logger: Logger) {
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT; then no new connections are taken and every request in flight is answered.
    /// - Throws: `DataFolder.Problem`, `SettingsError`, `StoreError`.
    package func run() async throws {
        for note in settings.notes { logger.notice("\(note)") }
        let installation = try await Installation(settings, creating: true)
        if let missing = installation.missingPasswordList {
            if settings.isProduction { throw SettingsError(missing) }
            logger.warning("\(missing)")
        }
        let pages = WebPages(settings.assets, isProduction: settings.isProduction)
        if let advice = pages.advice { logger.warning("\(advice)") }
        let needsSetup = try await installation.bootstrapAdmin()
        if !needsSetup { installation.folder.remove(installation.folder.setupToken) }
        let server = installation.server(installation.apiConfiguration, metrics: metrics, logger: logger)
        // Whoever reads that the server is ready may use the command line at once.
        let (listening, commands) = AsyncStream<Never>.makeStream()
        let service = server.service(pages: pages.all) { port in
            for await _ in listening {}
            do {
                try announce(port, installation, needsSetup)
            } catch {
                logger.error("the set-up link could not be made", metadata: ["error": "\(error)"])
            }
        }
        // They end in the reverse order: first the streams, which would hold up the requests; last the sealer, which seals the last changes.
        var services: [any Service] = [installation.sealer] + work(of: installation) + [service, installation.rooms.hub]
        if let port = settings.healthPort {
            let probes = server.probeServer(port: port) { port in
                logger.info("probes are answered", metadata: ["port": "\(port)"])
            }
            services.insert(probes, at: 0)
        }
        // Where one process owns the data, the command line asks that process.
        if settings.database.isExclusive {
            let path = DataFolder.controlSocket(in: installation.folder.path)
            let socket = ControlSocketServer(path: path, console: AdminConsole(installation), logger: logger) { commands.finish() }
            services.insert(socket, at: 0)
        } else {
            commands.finish()
        }
        try await run(services, of: installation)
    }

    /// Does the work that is queued, and nothing else, until SIGTERM or SIGINT.
    /// - Throws: `DataFolder.Problem`, `SettingsError`, `StoreError`.
    package func work() async throws {
        for note in settings.notes { logger.notice("\(note)") }
        guard settings.workers > 0 else { throw SettingsError("WORKERS is 0: there is nothing to do for this process") }
        let installation: Installation
        do {
            installation = try await Installation(settings, creating: false)
        } catch DataFolder.Problem.held(let path) {
            throw SettingsError(
                "a server is running on \(path.wholePath) and does the work itself: with SQLite one process owns the file. "
                    + "More workers, on any machine, need PostgreSQL.")
        }
        let mails = settings.mailServer == nil ? "written into \(installation.folder.mail)" : "sent by SMTP"
        logger.info("working", metadata: ["places": "\(settings.workers)", "mails": "\(mails)"])
        try await run([installation.sealer] + work(of: installation), of: installation)
    }

    private func work(of installation: Installation) -> [any Service] {
        guard settings.workers > 0 else { return [] }
        return [installation.workers(places: settings.workers, logger: logger), installation.scheduler(logger: logger)]
    }

    private func run(_ services: [any Service], of installation: Installation) async throws {
        var configuration = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        // A client that takes an export a byte at a time must not keep the process from ending.
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        let group = ServiceGroup(configuration: configuration)
        do { try await group.run() } catch let failure as ListenFailure { throw SettingsError(words(for: failure)) }
        try await installation.close()
        logger.info("stopped")
    }

    private func words(for failure: ListenFailure) -> String {
        let option = failure.port == settings.port ? "PORT" : "TASKFLOW_HEALTH_PORT"
        let port = "port \(failure.port) of \(failure.host)"
        return switch failure.code {
        case nil: "this machine knows no address for the host “\(failure.host)”: set HOST to one of its own, 0.0.0.0 for all of them"
        case EADDRINUSE:
            "\(port) is taken by another program: stop that one (`ss -ltnp 'sport = :\(failure.port)'` names it), or set \(option) to another port"
        case EADDRNOTAVAIL: "\(failure.host) is not an address of this machine: set HOST to one that is, 0.0.0.0 for all of them"
        case EACCES, EPERM:
            "the user \(NSUserName()) may not listen on \(port): set \(option) to a port from 1024 on and put a proxy in front"
        case let code?: "no connection can be taken at \(port): \(SystemReason(code))"
        }
    }

    private func announce(_ port: Int, _ installation: Installation, _ needsSetup: Bool) throws {
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        let address = "http://\(host):\(port)"
        var lines = ["TaskFlow \(programVersion) is ready at \(address) and explains itself at \(address)/docs"]
        if settings.mailServer == nil {
            lines.append("There is no SMTP_URL: mails are written into \(installation.folder.mail)")
        }
        if needsSetup {
            let token = installation.rooms.setup.invite()
            try installation.folder.write(token, to: installation.folder.setupToken)
            lines.append("There is no admin yet. Within 30 minutes, create one at \(address)/setup#token=\(token)")
        }
        try FileHandle.standardOutput.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}
