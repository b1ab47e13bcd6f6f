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

        Every error is a problem (RFC 9457, `\(Problem.mediaType)`). `code` is a stable word for programs, `detail` tells this case in words,
        `errors` names each place of the request that is wrong, and `instance` is the request id to quote when you ask for help.

        | Status | Code | Meaning |
        |---|---|---|
        \(Problem.Code.allCases.map { "| \($0.status) | `\($0.rawValue)` | \($0.meaning) |" }.joined(separator: "\n"))

        ## Limits

        A user may send \(limits.general.words), and \(limits.imports.words) with files to import. Whoever is not logged in is counted
        by address. Log-in, registration and other requests that guess are limited to \(limits.credentials.words) for each address and each
        account. Every answer that is counted has the headers `RateLimit-Policy` (`"default";q=100;w=60`: the name of the limit, requests, and
        seconds) and `RateLimit` (`"default";r=99;t=42`: how many are left, and seconds until they are new). Beyond the limit the answer is 429
        with `Retry-After` in seconds.

        A body has at most 1 MiB, and \(EndpointRunner.strangersBody >> 10) KiB of whoever is not logged in. A file to import has at most 100 MiB
        and \(TaskImport.rowLimit) rows. A page has at most \(PageRequest.sizes.upperBound) rows, \(PageRequest.defaultSize) when nothing is said.
        What one user may have at most is told by `GET /api/v1/users/me/usage`; beyond it the answer is 409 with the code `quota_exceeded`.

        ## Safe to repeat

        A POST with the header `Idempotency-Key` is done once, however often it is sent. For 24 hours the same key gives the first answer again, with
        `Idempotency-Replayed: true`. The same key with other content is 422.

        ## Changes that do not overwrite each other

        Answers with one thing have its version as `ETag`. Send it as `If-Match` with a change: when somebody else was faster, the answer is 412
        and nothing is changed. Send it as `If-None-Match` with a GET: when nothing is new, the answer is 304, which no limit counts.

        ## Lists

        With `limit` and `cursor` a list is read from one page to the next by `meta.next_cursor`, or by the header `Link`. Rows that come or go
        meanwhile shift nothing. With `page` and `per_page` one jumps to a page among the first \(PageRequest.depth) rows.
        """

    private static let limits = RateLimits()

    private static let headers: [(String, String)] = [
        ("Cache-Control", "no-store: nobody on the way keeps it."),
        ("Content-Disposition", "The name to keep the file under."),
        (
            "ETag",
            "The version, as an entity tag: for If-Match and If-None-Match. Of a compressed answer it ends with -gzip and means the same."
        ),
        ("Idempotency-Replayed", "true: the first answer to this Idempotency-Key, again. Absent otherwise."),
        ("Link", "The next page, rel=\"next\" (RFC 8288); absent on the last."),
        ("Location", "Where the new thing is."),
        ("RateLimit", "Requests that are left (r), and seconds until all are new (t), as in \"default\";r=99;t=42."),
        ("RateLimit-Policy", "The limit that counts the request: so many (q) in so many seconds (w), as in \"default\";q=100;w=60."),
        ("Retry-After", "Seconds to wait."),
        ("Set-Cookie", "The refresh token, with transport cookie."),
        ("WWW-Authenticate", "How to authenticate (RFC 6750)."),
        ("X-Accel-Buffering", "no: proxies pass each event on at once."),
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
