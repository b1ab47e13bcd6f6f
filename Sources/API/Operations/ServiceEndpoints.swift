// Health, metrics and the API description.
import Services
import Wire

/// What the process tells of itself; given by whoever composes the rooms.
package struct ServiceStatus: Sendable {
    package var version: String
    package var engine: String
    /// The first reason not to send requests here, or nil.
    package var unreadiness: @Sendable () async -> String?
    /// Prometheus text format.
    package var metrics: @Sendable () -> String

    package init(
        version: String, engine: String, unreadiness: @escaping @Sendable () async -> String?, metrics: @escaping @Sendable () -> String
    ) {
        self.version = version
        self.engine = engine
        self.unreadiness = unreadiness
        self.metrics = metrics
    }
}

struct ServiceEndpoints {
    let status: ServiceStatus
    /// The document, rendered once.
    let document: @Sendable () -> [UInt8]

    private static let health = OutputSchema<ServiceStatus>("Health") {
        field("status", .word([("ok", "ok")])) { _ in "ok" }
        field("version", .text(1...64), example: "0.1.0") { $0.version }
        field("engine", .text(1...64), example: "SQLite 3.40.1") { $0.engine }
    }

    private static let readiness = OutputSchema<ServiceStatus>("Readiness") {
        field("status", .word([("ready", "ready")])) { _ in "ready" }
    }

    var healthz: Endpoint {
        .read(
            .getHealth, "/healthz", "Is the process alive", tag: .service, for: .anyone, gives: .ok(Self.health, "It is.")
        ) { _ in status }
    }

    var readyz: Endpoint {
        .read(
            .getReadiness, "/readyz", "May requests be sent here", tag: .service, for: .anyone, gives: .ok(Self.readiness, "They may.")
        ) { _ in
            if let reason = await status.unreadiness() { throw RefusedRequest(problem: .notReady(reason)) }
            return status
        }
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
            ) { Array($0.utf8) }
        ) { _ in status.metrics() }
    }

    var openAPI: Endpoint {
        .read(
            .getOpenAPI, "/api/v1/openapi.json", "This document", tag: .service, for: .anyone,
            gives: .text(
                "application/json", "OpenAPI 3.1.",
                document: ["type": "object", "additionalProperties": true, "examples": [["openapi": "3.1.0"]]]
            ) { $0 }
        ) { _ in document() }
    }
}

extension Problem {
    fileprivate static func notReady(_ reason: String) -> Problem {
        Problem(.notReady, reason, headers: [.init("Retry-After", "5")])
    }
}
