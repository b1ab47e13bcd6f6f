// Builds every room once, from the configuration, around one open database.
package import API
import BackgroundWork
import ChangeLedger
package import Credentials
import Crypto
import Foundation
package import JobRunner
package import Live
package import Logging
package import Model
import Outbound
import Repositories
import Services
package import StoreCore
import Web

package struct Installation: Sendable {
    package let settings: Settings
    package let folder: DataFolder
    package let store: any Store
    package let rooms: ServiceRooms
    private let deliverer: WebhookDeliverer
    private let mails: MailDeliverer
    let seal: EventSeal
    package let sealer: Sealer
    package let policy: PasswordPolicy
    package let hasher: PasswordHasher
    /// The engine and its version.
    package let engine: String

    /// Opens the data folder and the database, brings the schema up to date unless told not to, and builds the services.
    /// - Parameter creating: whether an installation is made where there is none.
    /// - Throws: `DataFolder.Problem`, `SettingsError`, `StoreError`.
    package init(_ settings: Settings, migrating: Bool = true, creating: Bool) async throws {
        if !creating { try settings.database.requireFile() }
        let folder = try DataFolder(
            settings.dataFolder, isExclusive: settings.database.isExclusive, database: settings.database.fileFolder, creating: creating)
        try await self.init(settings, folder, clock: .system, random: .system, migrating: migrating, creating: creating)
    }

    package init(
        _ settings: Settings, _ folder: DataFolder, clock: WallClock, random: RandomSource, migrating: Bool, creating: Bool = true,
        hashing parameters: PasswordHasher.Parameters = .recommended, following: ChangeHub.Limits = .init(),
        observing observed: (any Store) -> any Store = { $0 }
    ) async throws {
        self.settings = settings
        self.folder = folder
        // A server without a key does not wait for its database; a command looks first whether there is anything to sign.
        let findKeys = { try Self.signingKeys(settings, folder, random, creating: creating) }
        let early = creating ? try findKeys() : nil
        let store = observed(try await settings.database.open(connections: settings.connections, replicas: settings.replicas))
        engine = try await store.version()
        if !creating { try await settings.database.requireSchema(store) }
        let keys = try early ?? findKeys()
        if migrating { try await SchemaUpgrade.make(store, settings, at: clock.now()) }
        self.store = store
        policy = PasswordPolicy(commonPasswords: settings.assets.commonPasswords)
        hasher = try PasswordHasher(parameters: parameters, random: random)
        let signer = AccessTokenSigner(keys)
        let authenticator = Authenticator(store: store, signer: signer, clock: clock)
        let devices = KnownDevices(keys, random: random)
        let access = AccessRevocation(authenticator: authenticator)
        let auth = AuthService(
            store: store, hasher: hasher, policy: policy, issuer: SessionIssuer(signer: signer, devices: devices, random: random),
            access: access, authenticator: authenticator, random: random)
        seal = EventSeal(keys)
        let sealer = Sealer(store: store, seal: seal, clock: clock, logger: Logger(label: "taskflow"))
        self.sealer = sealer
        let webhookSecrets = WebhookSecrets(keys)
        deliverer = WebhookDeliverer(
            post: WebhookPost(settings.webhookAddresses), secrets: webhookSecrets, logger: Logger(label: "taskflow"))
        let links = UnsubscribeLinks(keys)
        mails = try MailDeliverer(
            post: settings.mailServer.map { .server($0) } ?? .folder(folder.mail),
            composer: MailComposer(base: settings.publicURL, links: links, random: random), from: settings.mailFrom)
        let feed = ChangeFeed(store: store, clock: clock)
        let quotas = settings.quotas
        let ledger = Ledger(store: store, clock: clock, secrets: keys.answerSecrets, quotas: quotas, recorded: { sealer.wake() })
        let tasks = TaskService(store: store, clock: clock, meter: ledger.meter)
        rooms = ServiceRooms(
            ledger: ledger, authenticator: authenticator, auth: auth,
            recovery: AccountRecovery(store: store, hasher: hasher, policy: policy, access: access, clock: clock),
            notifications: NotificationService(store: store, links: links),
            setup: SetupService(store: store, auth: auth, clock: clock, random: random),
            users: UserService(store: store, auth: auth, access: access, authenticator: authenticator), tasks: tasks,
            taskLogs: TaskLogService(store: store), jobs: JobService(store: store, clock: clock),
            imports: ImportService(store: store, clock: clock, quotas: quotas), reports: ReportService(),
            webhooks: WebhookService(store: store, secrets: webhookSecrets, reachable: settings.webhookAddresses, random: random),
            admin: AdminService(store: store, clock: clock), audit: AuditService(store: store, clock: clock, keys: keys), feed: feed,
            hub: ChangeHub(store: store, feed: feed, clock: clock, limits: following), keys: keys, devices: devices, clock: clock,
            random: random)
    }

    private static func signingKeys(
        _ settings: Settings, _ folder: DataFolder, _ random: RandomSource, creating: Bool
    ) throws -> SigningKeys {
        let advice =
            "set TASKFLOW_SIGNING_KEY or TASKFLOW_SIGNING_KEY_FILE to 32 random bytes in base64, for example from `openssl rand -base64 32`"
        let text: String
        if !settings.signs {
            // The services want keys. Nothing is signed or sealed with these, and they end with the command.
            text = SigningKeys.generate(random)
        } else if let configured = settings.signingKey {
            text = configured.value
        } else if settings.isProduction {
            throw SettingsError("there is no signing key: \(advice)")
        } else if let stored = folder.read(folder.signingKey) {
            text = stored
        } else if !creating, !settings.database.isExclusive {
            // The server that has the key may run elsewhere.
            throw SettingsError(
                "there is no signing key at \(folder.signingKey.wholePath), where the first start of the server puts one: \(advice)")
        } else {
            text = SigningKeys.generate(random)
            try folder.write(text, to: folder.signingKey)
        }
        do {
            return try SigningKeys(text)
        } catch {
            let reason =
                switch error {
                case .empty: "is empty"
                case .malformed: "is not 32 bytes in base64"
                case .weak: "does not look random"
                }
            throw SettingsError("the signing key \(reason): \(advice)")
        }
    }

    /// What is wrong when the list of common passwords is not there.
    package var missingPasswordList: String? {
        policy.hasList
            ? nil
            : "There is no list of common passwords at \(settings.assets.commonPasswords.path), so only \(policy.commonCount) passwords are "
                + "refused. Run `make setup`, or set TASKFLOW_ASSETS to the folder that holds `assets`."
    }

    /// What does the work that is queued, so much at a time.
    package func workers(places: Int, logger: Logger) -> Workers {
        let table = JobTable(webhooks: deliverer, mails: mails)
        // Jobs read files and fold texts: no event loop waits for that.
        let threads = PatientThreads("jobs", count: max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
        return Workers(
            places: places, ledger: rooms.ledger, random: rooms.random, logger: logger,
            handler: { run in try await withTaskExecutorPreference(threads) { try await table.run(run) } })
    }

    package func scheduler(logger: Logger) -> Scheduler {
        Scheduler(jobs: ScheduledJobs(store: store, clock: rooms.clock), clock: rooms.clock, logger: logger)
    }

    /// Ends all connections of the database.
    package func close() async throws { try await store.close() }

    /// The HTTP face over these rooms.
    package func server(_ configuration: APIConfiguration, metrics: PrometheusMetrics? = nil, logger: Logger) -> APIServer {
        let readiness = Readiness(store, folder: settings.database.isExclusive ? folder : nil)
        let status = ServiceStatus(
            version: programVersion, engine: engine, sendsMail: settings.mailServer != nil,
            unreadiness: { await readiness.reason() },
            metrics: { [self] in await metrics?.text(with: readings(isReady: readiness.reason() == nil)) ?? "" })
        return APIServer(rooms, status, configuration, logger: logger)
    }

    private func readings(isReady: Bool) -> [PrometheusMetrics.Reading] {
        [
            .init("taskflow_build_info", 1, [("version", programVersion), ("engine", engine)]),
            .init("taskflow_ready", isReady ? 1 : 0),
            .init("taskflow_last_backup_timestamp_seconds", Double(folder.lastBackup?.seconds ?? 0)),
        ] + (folder.freeBytes.map { [.init("taskflow_disk_free_bytes", Double($0))] } ?? [])
    }

    package var apiConfiguration: APIConfiguration {
        var configuration = APIConfiguration(
            host: settings.host, port: settings.port, limits: settings.limits, proxies: settings.proxies,
            allowedOrigins: settings.corsOrigins, isProduction: settings.isProduction)
        configuration.fileLimit = settings.importLimit
        return configuration
    }

    /// The admin of the configuration, when there is none yet.
    /// - Returns: whether an admin is still missing.
    package func bootstrapAdmin() async throws -> Bool {
        guard try await rooms.setup.isNeeded() else { return false }
        guard let email = settings.adminEmail, let password = settings.adminPassword else { return true }
        guard User.isEmail(email) else { throw SettingsError("TASKFLOW_ADMIN_EMAIL: “\(email)” is not an e-mail address") }
        let registration = Registration(user: NewUser(email: email, role: .admin), password: password.value)
        do {
            _ = try await rooms.ledger.perform(try await rooms.users.create(registration, by: .system(.server, "start")))
        } catch Failure.invalid(let violations) {
            throw SettingsError("TASKFLOW_ADMIN_PASSWORD " + violations.map(\.detail).joined(separator: "; "))
        } catch Failure.conflict {
            throw SettingsError("TASKFLOW_ADMIN_EMAIL: \(email) has an account that is no active admin; use `taskflow user set-role`")
        }
        return false
    }
}

/// Whether the database takes reads and writes. Asked at most once a second, however many probes there are.
private actor Readiness {
    private let store: any Store
    /// Where the store's file is, if it has one.
    private let folder: DataFolder?
    private var answered: (at: ContinuousClock.Instant, reason: Unreadiness?)?

    init(_ store: any Store, folder: DataFolder?) {
        self.store = store
        self.folder = folder
    }

    func reason() async -> Unreadiness? {
        if let answered, ContinuousClock.now - answered.at < .seconds(1) { return answered.reason }
        let reason = await ask()
        answered = (ContinuousClock.now, reason)
        return reason
    }

    private func ask() async -> Unreadiness? {
        if let free = folder?.freeBytes, free < DataFolder.smallestFreeSpace { return .disk }
        do {
            _ = try await store.read { try $0.value("SELECT count(*) FROM schema_migrations", as: Int64.self) }
            // There and back: SQLite does not write what does not change.
            try await store.write { tx in
                try tx.run("UPDATE schema_migrations SET applied_at = applied_at + 1 WHERE version = 1")
                try tx.run("UPDATE schema_migrations SET applied_at = applied_at - 1 WHERE version = 1")
            }
            return nil
        } catch StoreError.full {
            return .disk
        } catch {
            return .database
        }
    }
}

/// The OpenAPI document, made without an installation.
package func openAPIDocument() async throws -> String {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "taskflow-openapi-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let settings = try Settings(arguments: ["--database-url", "sqlite:\(scratch.path)/db.sqlite"], environment: [:])
    let installation = try await Installation(settings, creating: true)
    let server = installation.server(installation.apiConfiguration, logger: Logger(label: "openapi"))
    let document = server.document
    try await installation.close()
    return String(decoding: document, as: UTF8.self)
}
