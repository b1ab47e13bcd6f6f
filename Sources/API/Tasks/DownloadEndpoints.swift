// Files by a link that works once: browsers send no credentials when they save what a link leads to.
import ChangeLedger
import Credentials
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct DownloadEndpoints {
    let downloads: DownloadService
    let ledger: Ledger
    let threads: PatientThreads
    /// What links may lead to.
    let files: [Endpoint]

    private static let path = "/api/v1/downloads"

    private struct Made: Sendable {
        var url: String
        var expiresAt: Instant
    }

    private static let made = OutputSchema<Made>("DownloadLink") {
        field(
            "url", .text(1...200),
            "The link. It works for one GET and is shown only now.", example: "/api/v1/downloads/dGhlIHNlY3JldCBvZiB0aGlzIGxpbms"
        ) {
            $0.url
        }
        field("expires_at", .instant, "The expiry, one minute after the link was created.") { $0.expiresAt }
    }

    private static let order = InputSchema<String>("NewDownload", { $0 }) {
        required(
            "path", .text(1...8000), "The path and query of an export or of the result of a job.",
            example: "/api/v1/tasks/export?format=csv&status=pending")
    }

    /// It is asked for once here, so that what the caller would be refused is refused now.
    var create: Endpoint {
        .change(
            .createDownload, .post, Self.path, "Create a link to a file", tag: .tasks, for: .tasksRead, .body(Self.order),
            gives: .created(Self.made, "The link.", at: \.url).withSecret(), fails: [404, 409]
        ) { actor, path in
            _ = try await answer(path, to: actor)
            return downloads.create(for: path, by: actor).map {
                Made(url: "\(Self.path)/\($0.secret)", expiresAt: $0.expiresAt)
            }
        }
    }

    private static let secret = Shape<String>.text(
        DownloadService.secretLength...DownloadService.secretLength, pattern: "^[A-Za-z0-9_-]+$", fault: "is not a link of this server",
        where: { $0.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") } })

    var use: Endpoint {
        .read(
            .useDownload, "\(Self.path)/{secret}", "Get the file of a link", tag: .tasks, for: .anyone, .path("secret", Self.secret),
            gives: .file(
                passedOn: ExportFormat.allCases.map { ($0.mediaType, $0.document) } + [JobEndpoints.pdf], schema: ExportedTask.schema,
                "The answer of the linked path, with the permissions of the user who created the link."), fails: [401, 403, 409]
        ) { visitor, secret in
            let (actor, path) = try await downloads.redeem(secret, from: visitor.origin)
            return try await answer(path, to: actor)
        }
        .logged(as: "\(Self.path)/…")
    }

    private func answer(_ path: String, to actor: Actor) async throws -> Answer {
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let (file, variables) = file(at: parts[0]) else {
            throw Faults([
                Fault(
                    "/path",
                    "must be the path of an export or of the result of a job, such as /api/v1/tasks/export?format=csv")
            ])
        }
        try file.requirement.check(actor)
        let visitor = Visitor(origin: actor.origin, bearer: nil, cookieToken: nil, isSecure: false, isSameSite: true, isBrowser: false)
        do {
            let input = RequestInput(path: variables, query: parts.count > 1 ? try parseQuery(parts[1]) : [])
            let exchange = Exchange(
                visitor: visitor, actor: actor, input: input, target: path, idempotencyKey: nil, ledger: ledger, threads: threads)
            return try await file.respond(exchange).answer
        } catch let faults as Faults {
            throw Faults(faults.all.map { Fault("/path", "\($0.pointer) \($0.detail)") })
        }
    }

    /// - Returns: the endpoint, and the variables of its path.
    private func file(at path: Substring) -> (Endpoint, [String: String])? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for file in files {
            let template = file.operation.path.split(separator: "/", omittingEmptySubsequences: false)
            guard template.count == segments.count else { continue }
            var variables: [String: String] = [:]
            let fits = zip(template, segments).allSatisfy { wanted, given in
                guard wanted.hasPrefix("{") else { return wanted == given }
                variables[String(wanted.dropFirst().dropLast())] = String(given)
                return true
            }
            if fits { return (file, variables) }
        }
        return nil
    }
}
