// The pages: the web interface, Swagger UI over our own document, and the old addresses of the documentation.
import Foundation
package import API
import HTTPServer

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

    /// Every page, and the files of the web interface.
    package var all: [WebPage] {
        let redirects = (Self.redirects + ["/api/docs/"]).map { path in
            WebPage(path) { _, _ in Response(status: 303, fields: ["Location": "/docs"]) }
        }
        let documents = (Self.ownDocumentation.keys + Self.swaggerFiles.map { "/docs/\($0)" }).map { path in
            WebPage(path) { request, _ in
                documentation[path]?.response(
                    to: request, ["Cache-Control": "no-cache", "Content-Security-Policy": Self.documentationPolicy])
            }
        }
        let views = Self.views.map { WebPage($0) { request, _ in app.document("index.html", for: request) } }
        let fixed = Self.documents.map { path, file in WebPage(path) { request, _ in app.document(file, for: request) } }
        let files = WebPage("\(WebApp.prefix)/{version}/**") { request, variables in
            app.file(String(variables[1].value), of: variables[0].value, for: request)
        }
        return redirects + documents + views + fixed + [files]
    }

    /// Swagger UI sets styles on its elements and draws its icons from data: addresses; scripts come from here only.
    private static let documentationPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
