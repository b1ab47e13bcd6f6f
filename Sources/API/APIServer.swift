// Builds the HTTP face: the endpoints, the pipeline around them, the document, and the server.
package import ChangeLedger
package import Credentials
import Foundation
package import HTTPServer
package import Live
package import Logging
package import Model
import NIOPosix
package import ServiceLifecycle
package import Services
import Wire

package struct APIConfiguration: Sendable {
    package var host: String
    package var port: Int
    package var limits: RateLimits?
    package var proxies: TrustedProxies
    package var allowedOrigins: Set<String>
    package var isProduction: Bool
    /// Bytes of a request body.
    package var bodyLimit = 1 << 20
    /// Bytes of a file that is imported.
    package var fileLimit = 100 << 20
    package var deadlines = ConnectionDeadlines()

    package init(
        host: String, port: Int, limits: RateLimits?, proxies: TrustedProxies, allowedOrigins: Set<String>, isProduction: Bool
    ) {
        self.host = host
        self.port = port
        self.limits = limits
        self.proxies = proxies
        self.allowedOrigins = allowedOrigins
        self.isProduction = isProduction
    }
}

/// Everything the endpoints call.
package struct ServiceRooms: Sendable {
    package var ledger: Ledger
    package var authenticator: Authenticator
    package var auth: AuthService
    package var recovery: AccountRecovery
    package var notifications: NotificationService
    package var setup: SetupService
    package var users: UserService
    package var tasks: TaskService
    package var taskLogs: TaskLogService
    package var jobs: JobService
    package var webhooks: WebhookService
    package var imports: ImportService
    package var reports: ReportService
    package var admin: AdminService
    package var audit: AuditService
    package var feed: ChangeFeed
    package var hub: ChangeHub
    package var keys: SigningKeys
    package var devices: KnownDevices
    package var clock: WallClock
    package var random: RandomSource

    package init(
        ledger: Ledger, authenticator: Authenticator, auth: AuthService, recovery: AccountRecovery, notifications: NotificationService,
        setup: SetupService, users: UserService, tasks: TaskService, taskLogs: TaskLogService, jobs: JobService, imports: ImportService,
        reports: ReportService, webhooks: WebhookService, admin: AdminService,
        audit: AuditService, feed: ChangeFeed, hub: ChangeHub, keys: SigningKeys, devices: KnownDevices, clock: WallClock,
        random: RandomSource
    ) {
        self.ledger = ledger
        self.authenticator = authenticator
        self.auth = auth
        self.recovery = recovery
        self.notifications = notifications
        self.setup = setup
        self.users = users
        self.tasks = tasks
        self.taskLogs = taskLogs
        self.jobs = jobs
        self.webhooks = webhooks
        self.imports = imports
        self.reports = reports
        self.admin = admin
        self.audit = audit
        self.feed = feed
        self.hub = hub
        self.keys = keys
        self.devices = devices
        self.clock = clock
        self.random = random
    }
}

package struct APIServer: Sendable {
    package let endpoints: [Endpoint]
    private let rooms: ServiceRooms
    private let configuration: APIConfiguration
    private let limiter: RateLimiter
    private let openAPI: LateDocument
    /// Where requests work that would keep an event loop busy.
    private let threads: PatientThreads
    private let logger: Logger

    package init(_ rooms: ServiceRooms, _ status: ServiceStatus, _ configuration: APIConfiguration, logger: Logger) {
        self.rooms = rooms
        self.configuration = configuration
        self.logger = logger
        limiter = RateLimiter(clock: rooms.clock)
        let openAPI = LateDocument(version: status.version)
        self.openAPI = openAPI
        let credentialLimiter = CredentialLimiter(limiter: limiter, limit: configuration.limits?.credentials)
        threads = PatientThreads("requests", count: max(1, ProcessInfo.processInfo.activeProcessorCount / 2), niceness: 0)
        let (store, exports, jobs) = (rooms.ledger.store, ExportEndpoints(tasks: rooms.tasks), JobEndpoints(jobs: rooms.jobs))
        let table = Endpoints(
            auth: AuthEndpoints(
                auth: rooms.auth, recovery: rooms.recovery, setup: rooms.setup, limiter: credentialLimiter, keys: rooms.keys,
                clock: rooms.clock),
            users: UserEndpoints(
                users: rooms.users, usage: UsageService(store: store, clock: rooms.clock, tasks: rooms.tasks),
                limiter: credentialLimiter),
            notifications: NotificationEndpoints(notifications: rooms.notifications),
            preferences: PreferencesEndpoints(preferences: PreferencesService(store: store)),
            views: ViewEndpoints(views: ViewService(store: store)), tasks: TaskEndpoints(tasks: rooms.tasks),
            labels: LabelEndpoints(tasks: rooms.tasks), quickAdd: QuickAddEndpoints(tasks: rooms.tasks), exports: exports,
            downloads: DownloadEndpoints(
                downloads: DownloadService(store: store, clock: rooms.clock, random: rooms.random), ledger: rooms.ledger,
                threads: threads, files: [exports.export, jobs.result]), imports: ImportEndpoints(imports: rooms.imports),
            reports: ReportEndpoints(reports: rooms.reports),
            taskLogs: TaskLogEndpoints(taskLogs: rooms.taskLogs), jobs: jobs,
            webhooks: WebhookEndpoints(webhooks: rooms.webhooks), changes: ChangeEndpoints(feed: rooms.feed, hub: rooms.hub),
            admin: AdminEndpoints(admin: rooms.admin, auditor: rooms.audit),
            service: ServiceEndpoints(
                status: status, setup: rooms.setup, importLimit: configuration.fileLimit, document: { openAPI.bytes }))
        endpoints = table.all
        openAPI.describe(endpoints)
    }

    /// The OpenAPI document as it is served.
    package var document: [UInt8] { openAPI.bytes }

    /// The server as a service: it serves until it is told to stop, and then lets every request in flight end.
    /// - Parameter onRunning: called with the port when connections are taken.
    package func service(pages: [WebPage] = [], onRunning: @escaping @Sendable (_ port: Int) async -> Void) -> some Service {
        Server(
            host: configuration.host, port: configuration.port, deadlines: configuration.deadlines, handler: handler(endpoints, pages),
            onRunning: onRunning)
    }

    /// The probes on a port and on threads of their own, which no request of a user can keep busy.
    package func probeServer(port: Int, onRunning: @escaping @Sendable (_ port: Int) async -> Void) -> some Service {
        Server(
            host: configuration.host, port: port, on: MultiThreadedEventLoopGroup(numberOfThreads: 1),
            executor: PatientThreads("probes", count: 1, niceness: 0), deadlines: configuration.deadlines,
            handler: handler(endpoints.filter(\.isProbe), []), onRunning: onRunning)
    }

    private func handler(_ endpoints: [Endpoint], _ pages: [WebPage]) -> RequestHandler {
        let runner = EndpointRunner(
            authenticator: rooms.authenticator, ledger: rooms.ledger, limiter: limiter, limits: configuration.limits,
            proxies: configuration.proxies, allowedOrigins: configuration.allowedOrigins, bodyLimit: configuration.bodyLimit,
            fileLimit: configuration.fileLimit, devices: rooms.devices, clock: rooms.clock,
            threads: threads)
        let pipeline = Pipeline(
            endpoints.map { EndpointHandler(endpoint: $0, runner: runner) }, pages,
            log: RequestLog(logger: logger, random: rooms.random, proxies: configuration.proxies),
            crossOrigin: CrossOrigin(allowed: configuration.allowedOrigins), limiter: limiter, limit: configuration.limits?.general,
            isProduction: configuration.isProduction)
        return pipeline.handler
    }
}
