// The OpenAPI document of all endpoints, with what they share.
import Foundation
import Model
import Payloads
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
                description: introduction),
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
            }, operations: operations, message: .init(events: FeedChange.Kind.allCases.map(\.rawValue), request: WebhookMessage.operation)
        ).json
    }

    /// What holds for every operation. Numbers are those of an installation that sets none of its own.
    private static let introduction = """
        Times are RFC 3339 in UTC, ids are 64-bit integers. Unknown fields and parameters are errors.

        ## Errors

        Every error is a problem (RFC 9457, `\(Problem.mediaType)`). `code` is a stable code for programs, `detail` describes this case, `errors`
        lists each fault of the request, and `instance` is the request id. Quote the request id when you ask for help.

        | Status | Code | Meaning |
        |---|---|---|
        \(Problem.Code.allCases.map { "| \($0.status) | `\($0.rawValue)` | \($0.meaning) |" }.joined(separator: "\n"))

        ## Limits

        A user may send \(limits.general.words), and \(limits.imports.words) with files to import. Requests without a login are counted
        by network address. Login, registration and other requests that check credentials or names are limited to \(limits.credentials.words) for
        each address and each account. Every counted answer has the headers `RateLimit-Policy` (`"default";q=100;w=60`: the name of the limit,
        requests, and seconds) and `RateLimit` (`"default";r=99;t=42`: the remaining requests, and the seconds until the limit is reset). Beyond
        the limit the answer is 429 with `Retry-After` in seconds.

        A body has at most 1 MiB, and \(EndpointRunner.strangersBody >> 10) KiB without a login. A file to import has at most 100 MiB and
        \(TaskImport.rowLimit) rows. A page has at most \(PageRequest.sizes.upperBound) rows, and \(PageRequest.defaultSize) by default.
        `GET /api/v1/users/me/usage` shows your quotas; beyond a quota the answer is 409 with the code `quota_exceeded`.

        ## Repeated requests

        A POST with the header `Idempotency-Key` takes effect once, no matter how often you send it. For 24 hours the same key returns the first answer
        again, with `Idempotency-Replayed: true`. The same key with different content is answered with 422.

        ## Concurrent changes

        An answer with one object has its version as `ETag`. Send it as `If-Match` with a change: if somebody else has changed the object meanwhile,
        the answer is 412 and nothing is changed. Send it as `If-None-Match` with a GET: if the object is unchanged, the answer is 304, which no
        limit counts.

        ## Lists

        With `limit` and `cursor` you read a list page by page: follow `meta.next_cursor`, or the header `Link`. New or removed rows do not shift the
        pages. With `page` and `per_page` you go directly to a page among the first \(PageRequest.depth) rows.
        """

    private static let limits = RateLimits()

    private static let headers: [(String, String)] = [
        ("Cache-Control", "no-store: caches must not store the answer."),
        ("Content-Disposition", "The name of the file."),
        (
            "ETag",
            "The version, as an entity tag: for If-Match and If-None-Match. With a compressed answer it ends with -gzip and means the same version."
        ),
        ("Idempotency-Replayed", "true: this is the stored first answer to this Idempotency-Key. Absent otherwise."),
        ("Link", "The next page, rel=\"next\" (RFC 8288); absent on the last page."),
        ("Location", "The path of the new object."),
        ("RateLimit", "The remaining requests (r), and the seconds until the limit is reset (t), as in \"default\";r=99;t=42."),
        (
            "RateLimit-Policy",
            "The limit that counts the request: the number of requests (q) in a number of seconds (w), as in \"default\";q=100;w=60."
        ),
        ("Retry-After", "Seconds to wait."),
        ("Set-Cookie", "The refresh token, with transport cookie."),
        ("WWW-Authenticate", "How to authenticate (RFC 6750)."),
        ("X-Accel-Buffering", "no: proxies must pass on each event at once."),
        ("X-Request-Id", "The id of this request in logs, events and problems."),
    ]
}

/// The document describes the endpoint that serves it, so it is told of all endpoints after they are made. It is written when it is first read.
final class LateDocument: Sendable {
    private let made: Mutex<[UInt8]?> = Mutex(nil)
    private let endpoints = Mutex<[Endpoint]>([])
    private let version: String

    init(version: String) { self.version = version }

    func describe(_ endpoints: [Endpoint]) { self.endpoints.withLock { $0 = endpoints } }

    var bytes: [UInt8] {
        made.withLock { made in
            if let made { return made }
            let bytes = APIDocument.bytes(of: endpoints.withLock { $0 }, version: version)
            made = bytes
            return bytes
        }
    }
}
