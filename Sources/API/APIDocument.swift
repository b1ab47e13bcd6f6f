// The OpenAPI document of all endpoints, with what they share.
import Foundation
import Synchronization
import Wire

enum APIDocument {
    static func bytes(of endpoints: [Endpoint], version: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 1 << 17)
        writer.json(json(of: endpoints, version: version))
        return writer.bytes
    }

    private static func json(of endpoints: [Endpoint], version: String) -> JSON {
        var operations = endpoints.map(\.operation)
        for index in operations.indices { operations[index].components += Problem.components }
        return OpenAPIDocument(
            info: .init(
                title: "TaskFlow", version: version, summary: "Tasks for people and programs",
                description:
                    "Times are RFC 3339 in UTC, ids are 64-bit integers, unknown fields and parameters are errors. Errors are RFC 9457 problems."
            ),
            tags: Tag.allCases.map { ($0.rawValue, $0.description) },
            securitySchemes: [
                (
                    "bearer",
                    [
                        "type": "http", "scheme": "bearer",
                        "description": "An access token of a session (JWT), or a personal access token (tfp_…).",
                    ]
                )
            ],
            headers: headers.map { name, description in
                (name, ["description": .string(description), "schema": ["type": "string"]])
            }, operations: operations
        ).json
    }

    private static let headers: [(String, String)] = [
        ("Cache-Control", "no-store: nobody on the way keeps it."),
        ("Content-Disposition", "The name to keep the file under."),
        ("ETag", "The version, as an entity tag: for If-Match and If-None-Match."),
        ("Link", "The next page, rel=\"next\" (RFC 8288); absent on the last."),
        ("Location", "Where the new thing is."),
        ("Retry-After", "Seconds to wait."),
        ("Set-Cookie", "The refresh token, with transport cookie."),
        ("WWW-Authenticate", "How to authenticate (RFC 6750)."),
        ("X-Accel-Buffering", "no: proxies pass each event on at once."),
        ("X-Request-Id", "The id of this request in logs, events and problems."),
    ]
}

/// The document describes the endpoint that serves it, so it is there only after all endpoints are.
final class LateDocument: Sendable {
    private let stored = Mutex<[UInt8]>([])

    var bytes: [UInt8] { stored.withLock { $0 } }
    func set(_ bytes: [UInt8]) { stored.withLock { $0 = bytes } }
}
