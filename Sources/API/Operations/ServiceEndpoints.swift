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
    package var unreadiness: @Sendable () async -> String?
    /// Prometheus text format.
    package var metrics: @Sendable () -> String

    package init(
        version: String, engine: String, sendsMail: Bool, unreadiness: @escaping @Sendable () async -> String?,
        metrics: @escaping @Sendable () -> String
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
        limit("title", "Characters of a title.", TaskItem.titleLength.upperBound)
        limit("description", "Characters of a description.", TaskItem.descriptionLength.upperBound)
        limit("labels", "Labels of a task.", TaskItem.labelCount.upperBound)
        limit("label", "Characters of a label.", TaskItem.labelLength.upperBound)
        limit("batch", "Tasks of a batch.", Batch.size.upperBound)
        field("import_bytes", .integer(1...Int64.max), "Bytes of a file that is imported.", example: 104_857_600) { Int64($0.importLimit) }
        limit("password_min", "Characters that a password has at least.", PasswordPolicy.length.lowerBound)
        limit("password_max", "Characters that a password has at most.", PasswordPolicy.length.upperBound)
    }

    private static let instance = OutputSchema<Instance>("Instance", uses: [limits]) {
        field("version", .text(1...64), "Of the program.", example: "0.1.0") { $0.status.version }
        field("needs_setup", .flag, "There is no admin yet: the link that the server printed at its start makes one.", example: false) {
            $0.needsSetup
        }
        field("registration_open", .flag, "Everybody may create an account.", example: true) { _ in true }
        field("sends_mail", .flag, "Mails reach people, so that a lost password can be replaced by mail.", example: true) {
            $0.status.sendsMail
        }
        field("limits", limits.shape) { $0 }
    }

    private static let readiness = OutputSchema<ServiceStatus>("Readiness") {
        field("status", .word([("ready", "ready")])) { _ in "ready" }
    }

    var healthz: Endpoint {
        .read(
            .getHealth, "/healthz", "Is the process alive", tag: .service, for: .anyone, gives: .ok(Self.health, "It is."),
            isUnlimited: true
        ) { _ in status }
        .probe
    }

    var readyz: Endpoint {
        .read(
            .getReadiness, "/readyz", "May requests be sent here", tag: .service, for: .anyone, gives: .ok(Self.readiness, "They may."),
            isUnlimited: true
        ) { _ in
            if let reason = await status.unreadiness() { throw RefusedRequest(problem: .notReady(reason)) }
            return status
        }
        .probe
    }

    var metrics: Endpoint {
        .read(
            .getMetrics, "/metrics", "Figures of the process for Prometheus", tag: .service, for: .anyone,
            gives: .text(
                "text/plain; version=0.0.4; charset=utf-8", "Prometheus text format.",
                document: [
                    "type": "string",
                    "examples": ["taskflow_http_request_duration_seconds_count{operation=\"getTask\",status=\"200\"} 17\n"],
                ]
            ) { Array($0.utf8) }, isUnlimited: true
        ) { _ in status.metrics() }
        .probe
    }

    var instance: Endpoint {
        .read(
            .getInstance, "/api/v1/instance", "What the installation is like", tag: .service, for: .anyone,
            gives: .ok(Self.instance, "For the forms of a client.")
        ) { _ in Instance(status: status, needsSetup: try await setup.isNeeded(), importLimit: importLimit) }
    }

    var openAPI: Endpoint {
        .read(
            .getOpenAPI, "/api/v1/openapi.json", "This document", tag: .service, for: .anyone,
            gives: .text(
                "application/json", "OpenAPI 3.1.",
                document: ["type": "object", "additionalProperties": true, "examples": [["openapi": "3.1.0"]]]
            ) { $0 }, isUnlimited: true
        ) { _ in document() }
    }
}

extension Problem {
    fileprivate static func notReady(_ reason: String) -> Problem {
        Problem(.notReady, reason, headers: [.init("Retry-After", "5")])
    }
}
