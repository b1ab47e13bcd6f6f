// The pages: the web interface, Swagger UI over our own document, and the old addresses of the documentation.
import Foundation
import HTTPTypes
package import Hummingbird
package import API

package struct WebPages: Sendable {
    private let app: WebApp
    private let documentation: [String: ServedFile]
    private let missingDocumentation: [String]

    /// Reads all files, some 2 MB, and compresses them.
    /// - Parameter isProduction: in a checkout changes of the web interface are seen without a restart, but not in production.
    package init(_ assets: AssetFolder, isProduction: Bool) {
        app = WebApp(assets.webApp, prepared: assets.preparedWebApp, isWatching: assets.isCheckout && !isProduction)
        let tree = FileTree(assets.swaggerUI)
        documentation = Self.swaggerFiles.reduce(into: Self.ownDocumentation) { $0["/docs/\($1)"] = tree[$1] }
        missingDocumentation = Self.swaggerFiles.filter { tree[$0] == nil }.map { "\(assets.swaggerUI.path)/\($0)" }
    }

    /// What is missing and what to do about it; `nil` when nothing is.
    package var advice: String? {
        let missing = app.missing + missingDocumentation
        guard !missing.isEmpty else { return nil }
        return
            "Files of the web interface or of /docs are missing: \(missing.joined(separator: ", ")). Run `make setup`, or set TASKFLOW_ASSETS to "
            + "the folder that holds `assets` and `WebApp`, and start again."
    }

    private static let redirects = ["/api", "/api-docs", "/api/docs"]
    private static let swaggerFiles = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"]
    private static let ownDocumentation = [
        "/docs": ServedFile(DocsPage.html, .html), "/docs/docs.js": ServedFile(DocsPage.script, .js),
    ]

    /// Addresses of the web interface: its script shows what belongs there.
    private static let views = [
        "/", "/board", "/calendar", "/dashboard", "/trash", "/jobs", "/import", "/reports", "/labels", "/views", "/settings",
        "/settings/{page}", "/settings/{page}/{id}", "/admin", "/admin/{page}", "/admin/{page}/{id}", "/login", "/register",
        // Links in mails and in the log lead to them. Their token is in the fragment, which browsers do not send.
        "/setup", "/reset", "/verify", "/revert", "/unsubscribe",
    ]
    /// Addresses that browsers ask for by themselves, or that must be outside of the tree: a service worker controls what is below its address.
    private static let documents = [
        "/service-worker.js": "service-worker.js", "/manifest.webmanifest": "manifest.webmanifest", "/icon.svg": "icon.svg",
        "/favicon.ico": "icon.svg",
    ]

    /// What `add(to:)` adds, but for the files of the web interface.
    package static var paths: [String] {
        redirects + ["/api/docs/"] + ownDocumentation.keys + swaggerFiles.map { "/docs/\($0)" } + views + documents.keys
    }

    package func add(to router: Router<TaskFlowContext>) {
        for path in Self.redirects {
            get(router, path) { _, _ in Response(status: .seeOther, headers: [.location: "/docs"]) }
        }
        for path in Self.ownDocumentation.keys + Self.swaggerFiles.map({ "/docs/\($0)" }) {
            get(router, path) { request, _ in
                guard let file = documentation[path] else { throw HTTPError(.notFound) }
                return file.response(to: request, [.cacheControl: "no-cache", .contentSecurityPolicy: Self.documentationPolicy])
            }
        }
        for path in Self.views { get(router, path) { request, _ in try app.document("index.html", for: request) } }
        for (path, file) in Self.documents { get(router, path) { request, _ in try app.document(file, for: request) } }
        get(router, "\(WebApp.prefix)/{version}/**") { request, context in
            let path = context.parameters.getCatchAll().joined(separator: "/")
            return try app.file(path, of: try context.parameters.require("version"), for: request)
        }
    }

    private func get(
        _ router: Router<TaskFlowContext>, _ path: String, _ handler: @escaping @Sendable (Request, TaskFlowContext) throws -> Response
    ) {
        router.on(RouterPath(path), method: .get) { try handler($0, $1) }
        router.on(RouterPath(path), method: .head) { try handler($0, $1) }
    }

    /// Swagger UI sets styles on its elements and draws its icons from data: addresses; scripts come from here only.
    private static let documentationPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
