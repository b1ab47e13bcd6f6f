// Health, metrics, the API description, and what an installation tells everybody of itself.
import Credentials
import Model
import Services
import Wire

/// What the process tells of itself; given by whoever composes the rooms.
package struct ServiceStatus: Sendable {
    package var version: String
    package var engine: String
    /// Mails are sent; without a mail server they are written into a folder.
    package var sendsMail: Bool
    /// The first reason not to send requests here, or nil.
    package var unreadiness: @Sendable () async -> Unreadiness?
    /// Prometheus text format.
    package var metrics: @Sendable () async -> String

    package init(
        version: String, engine: String, sendsMail: Bool, unreadiness: @escaping @Sendable () async -> Unreadiness?,
        metrics: @escaping @Sendable () async -> String
    ) {
        self.version = version
        self.engine = engine
        self.sendsMail = sendsMail
        self.unreadiness = unreadiness
        self.metrics = metrics
    }
}

struct ServiceEndpoints {
    let status: ServiceStatus
    let setup: SetupService
    /// Bytes of a file that is imported.
    let importLimit: Int
    /// The document, rendered once.
    let document: @Sendable () -> [UInt8]

    private static let health = OutputSchema<ServiceStatus>("Health") {
        field("status", .word([("ok", "ok")])) { _ in "ok" }
        field("version", .text(1...64), example: "0.1.0") { $0.version }
        field("engine", .text(1...64), example: "SQLite 3.40.1") { $0.engine }
    }

    private struct Instance: Sendable {
        let status: ServiceStatus
        let needsSetup: Bool
        let importLimit: Int
    }

    private static func limit(_ name: String, _ doc: String, _ value: Int) -> OutputField<Instance> {
        field(name, .integer(1...Int64.max), doc, example: .int(Int64(value))) { _ in Int64(value) }
    }

    private static let limits = OutputSchema<Instance>("InstanceLimits") {
        limit("title", "Maximum characters of a title.", TaskItem.titleLength.upperBound)
        limit("description", "Maximum characters of a description.", TaskItem.descriptionLength.upperBound)
        limit("labels", "Maximum labels of a task.", TaskItem.labelCount.upperBound)
        limit("label", "Maximum characters of a label.", TaskItem.labelLength.upperBound)
        limit("batch", "Maximum tasks of a batch.", Batch.size.upperBound)
        field(
            "import_bytes", .integer(1...Int64.max),
            "The maximum size of an import file, in bytes.", example: 104_857_600
        ) { Int64($0.importLimit) }
        limit("password_min", "Minimum characters of a password.", PasswordPolicy.length.lowerBound)
        limit("password_max", "Maximum characters of a password.", PasswordPolicy.length.upperBound)
    }

    private static let instance = OutputSchema<Instance>("Instance", uses: [limits]) {
        field("version", .text(1...64), "The version of TaskFlow.", example: "0.1.0") { $0.status.version }
        field(
            "needs_setup", .flag,
            "Whether there is no admin yet. The server prints a link at its start that creates the first admin.", example: false
        ) {
            $0.needsSetup
        }
        field("registration_open", .flag, "Whether everybody may create an account.", example: true) { _ in true }
        field("sends_mail", .flag, "Whether the server sends mails, so that users can reset a lost password.", example: true) {
            $0.status.sendsMail
        }
        field("limits", limits.shape) { $0 }
    }

    private static let readiness = OutputSchema<ServiceStatus>("Readiness") {
        field("status", .word([("ready", "ready")])) { _ in "ready" }
    }

    var healthz: Endpoint {
        .read(
            .getHealth, "/healthz",
            "Check whether the process is alive", tag: .service, for: .anyone, gives: .ok(Self.health, "The process is alive."),
            isUnlimited: true
        ) { _ in status }
        .probe
    }

    var readyz: Endpoint {
        .read(
            .getReadiness, "/readyz", "Check whether the server is ready", tag: .service, for: .anyone,
            gives: .ok(
                Self.readiness,
                "The server is ready."),
            isUnlimited: true
        ) { _ in
            if let cause = await status.unreadiness() { throw RefusedRequest(problem: .notReady(cause)) }
            return status
        }
        .probe
    }

    var metrics: Endpoint {
        .read(
            .getMetrics, "/metrics", "Get metrics for Prometheus", tag: .service, for: .anyone,
            gives: .text(
                "text/plain; version=0.0.4; charset=utf-8", "Prometheus text format.",
                document: [
                    "type": "string",
                    "examples": ["taskflow_http_request_duration_seconds_count{operation=\"getTask\",status=\"200\"} 17\n"],
                ]
            ) { Array($0.utf8) }, isUnlimited: true
        ) { _ in await status.metrics() }
        .probe
    }

    var instance: Endpoint {
        .read(
            .getInstance, "/api/v1/instance", "Get information about the installation", tag: .service, for: .anyone,
            gives: .ok(Self.instance, "The features and limits of the installation.")
        ) { _ in Instance(status: status, needsSetup: try await setup.isNeeded(), importLimit: importLimit) }
    }

    var openAPI: Endpoint {
        .read(
            .getOpenAPI, "/api/v1/openapi.json", "Get this document", tag: .service, for: .anyone,
            gives: .text(
                "application/json", "OpenAPI 3.1.",
                document: ["type": "object", "additionalProperties": true, "examples": [["openapi": "3.1.0"]]]
            ) { $0 }, isUnlimited: true
        ) { _ in document() }
    }
}

extension Problem {
    fileprivate static func notReady(_ cause: Unreadiness) -> Problem {
        var problem = Problem(.notReady, cause.words, headers: [.init("Retry-After", "5")])
        problem.cause = cause
        return problem
    }
}

/// Why a server takes no requests.
package enum Unreadiness: String, CaseIterable, Sendable {
    case disk, database

    var words: String {
        switch self {
        case .disk: "The disk is full."
        case .database: "The database does not answer."
        }
    }
}
