// The pages: Swagger UI over our own document, the forms that links with a token lead to, and the old addresses of the documentation.
package import API
import Foundation
import HTTPTypes
package import Hummingbird

package struct WebPages: Sendable {
    /// The folder with `swagger-ui/`; it is filled at set-up and not part of the program.
    private let assets: String

    package init(assets: String) { self.assets = assets }

    private static let redirects = ["/", "/api", "/api-docs", "/api/docs"]
    private static let swaggerFiles = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"]

    package static var paths: [String] {
        redirects + ["/api/docs/"] + pages.map(\.path) + swaggerFiles.map { "/docs/\($0)" }
    }

    private struct Page: Sendable {
        let path: String
        let type: String
        let text: String
    }

    private static let pages = [
        Page(path: "/docs", type: "text/html; charset=utf-8", text: DocsPage.html),
        Page(path: "/docs/docs.js", type: "text/javascript; charset=utf-8", text: DocsPage.script),
        Page(path: "/setup", type: "text/html; charset=utf-8", text: TokenPages.setup),
        Page(path: "/reset", type: "text/html; charset=utf-8", text: TokenPages.reset),
        Page(path: "/verify", type: "text/html; charset=utf-8", text: TokenPages.verify),
        Page(path: "/revert", type: "text/html; charset=utf-8", text: TokenPages.revert),
        Page(path: "/unsubscribe", type: "text/html; charset=utf-8", text: TokenPages.unsubscribe),
        Page(path: "/form.js", type: "text/javascript; charset=utf-8", text: TokenPages.script),
        Page(path: "/form.css", type: "text/css; charset=utf-8", text: TokenPages.style),
    ]

    package func add(to router: Router<TaskFlowContext>) {
        for path in Self.redirects {
            get(router, path) { _ in Response(status: .seeOther, headers: [.location: "/docs"]) }
        }
        for page in Self.pages {
            get(router, page.path) { _ in
                Response(
                    status: .ok, headers: Self.headers(type: page.type, path: page.path),
                    body: ResponseBody(byteBuffer: ByteBuffer(string: page.text)))
            }
        }
        for file in Self.swaggerFiles {
            get(router, "/docs/\(file)") { context in
                let body = try await FileIO().loadFile(path: "\(assets)/swagger-ui/\(file)", context: context)
                return Response(status: .ok, headers: Self.headers(type: Self.type(of: file), path: file), body: body)
            }
        }
    }

    private func get(
        _ router: Router<TaskFlowContext>, _ path: String, _ handler: @escaping @Sendable (TaskFlowContext) async throws -> Response
    ) {
        router.on(RouterPath(path), method: .get) { _, context in try await handler(context) }
        router.on(RouterPath(path), method: .head) { _, context in try await handler(context) }
    }

    private static func type(of file: String) -> String {
        file.hasSuffix(".css") ? "text/css; charset=utf-8" : file.hasSuffix(".png") ? "image/png" : "text/javascript; charset=utf-8"
    }

    /// Swagger UI sets styles on its elements and draws its icons from data: addresses; scripts come from here only.
    private static func headers(type: String, path: String) -> HTTPFields {
        var fields: HTTPFields = [.contentType: type]
        let styles = path.hasPrefix("/docs") ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'"
        fields[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; \(styles); img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'"
        fields[.cacheControl] = "no-cache"
        return fields
    }
}
