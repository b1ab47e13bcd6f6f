// What a browser relies on when it gets the web interface and the documentation.
import Foundation
import HTTPTypes
import Synchronization
import TestKit
import Testing
import Wire

@Suite struct WebPagesTests {
    private static let views = [
        "/", "/board", "/calendar", "/dashboard", "/trash", "/jobs", "/import", "/reports", "/labels", "/views", "/settings",
        "/settings/sessions", "/settings/webhooks/1", "/admin", "/admin/users", "/admin/users/1", "/login", "/register", "/setup", "/reset",
        "/verify", "/revert", "/unsubscribe",
    ]

    /// A server with the sample, changed before it starts.
    private func run(
        _ change: (URL) throws -> Void = { _ in }, arguments: [String] = [],
        _ test: @escaping @Sendable (World, URL) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { path in
            let folder = URL(filePath: path)
            try SampleAssets.write(to: folder)
            try change(folder)
            var options = World.Options()
            options.arguments = ["--taskflow-assets", path] + arguments
            try await World.run(options) { try await test($0, folder) }
        }
    }

    /// `/web/<version>`, as the page says it.
    private func root(_ world: World) async throws -> String {
        let page = try await world.send(.get, "/")
        return try #require(page.text.firstMatch(of: #/src="(/web/[0-9a-f]{20})/app/main\.js"/#).map { String($0.1) }, "\(page.text)")
    }

    @Test("Every address of the web interface gives its page, which is asked for anew each time and obeys the policy")
    func views() async throws {
        try await run { world, _ in
            let first = try await world.send(.get, "/")
            for path in Self.views + ["/board?task=42", "/admin/audit?q=x"] {
                let page = try await world.send(.get, path)
                #expect(page.status == 200, "\(path)")
                #expect(page.body == first.body)
                #expect(page["Content-Type"] == "text/html; charset=utf-8")
                #expect(page["Cache-Control"] == "no-cache")
                let policy = try #require(page["Content-Security-Policy"])
                for rule in [
                    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
                    "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'self'",
                    "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types vue taskflow",
                ] {
                    #expect(policy.components(separatedBy: "; ").contains(rule), "\(path): \(rule)")
                }
                #expect(!policy.contains("unsafe"))
            }
            #expect(!first.text.contains("{{"))
            for path in ["/nothing", "/boards", "/settings/a/b/c", "/form.js", "/index.html", "/web", "/app/main.js"] {
                #expect(try await world.send(.get, path).status == 404, "\(path)")
            }
            #expect(try await world.send(.post, "/board")["Allow"] == "GET, HEAD, OPTIONS")
        }
    }

    @Test("A page that is the same is not sent again, and HEAD tells of it what GET does", arguments: ["/", "/service-worker.js", "/docs"])
    func conditional(path: String) async throws {
        try await run { world, _ in
            let page = try await world.send(.get, path)
            let tag = try #require(page["ETag"])
            for known in [tag, "\"other\", \(tag)", "W/\(tag)", "*"] {
                let again = try await world.send(.get, path, headers: [("If-None-Match", known)])
                #expect(again.status == 304, "\(known)")
                #expect(again.body.isEmpty)
                #expect(again["ETag"] == tag)
                #expect(again["Cache-Control"] == "no-cache")
                #expect(again["Content-Security-Policy"] == page["Content-Security-Policy"])
            }
            for unknown in ["\"other\"", "nonsense", ""] {
                #expect(try await world.send(.get, path, headers: [("If-None-Match", unknown)]).status == 200, "\(unknown)")
            }
            let head = try await world.send(.head, path)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            for name in ["Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary"] { #expect(head[name] == page[name], "\(name)") }
        }
    }

    @Test("Scripts, styles and pictures are kept for good under the version of all, with types that browsers believe")
    func files() async throws {
        try await run { world, _ in
            let root = try await root(world)
            let types = [
                "app/main.js": "text/javascript; charset=utf-8", "styles/main.css": "text/css; charset=utf-8",
                "vendor/vue.js": "text/javascript; charset=utf-8", "vendor/icons.js": "text/javascript; charset=utf-8",
                "icon.svg": "image/svg+xml",
            ]
            for (path, type) in types {
                let file = try await world.send(.get, "\(root)/\(path)")
                #expect(file.status == 200, "\(path)")
                #expect(file["Content-Type"] == type)
                #expect(file["Cache-Control"] == "public, max-age=31536000, immutable")
                #expect(file["X-Content-Type-Options"] == "nosniff")
                #expect(file["Content-Length"] == "\(file.body.count)")
                let tag = try #require(file["ETag"])
                #expect(try await world.send(.get, "\(root)/\(path)", headers: [("If-None-Match", tag)]).status == 304)
                #expect(try await world.send(.head, "\(root)/\(path)")["ETag"] == tag)
            }
            #expect(try await world.send(.get, "\(root)/app/main.js").text == SampleAssets.script)
        }
    }

    @Test("Nothing but the files of the interface is given: no other version, no hidden file, no test, nothing outside of the folder")
    func others() async throws {
        try await run { world, _ in
            let root = try await root(world)
            for path in [
                "\(root)/app/none.js", "\(root)/app", "\(root)", "\(root)/.hidden.js", "\(root)/tests/main.js", "\(root)/deno.lock",
                "\(root)/../assets/common-passwords.txt", "\(root)/%2e%2e/assets/common-passwords.txt",
                "\(root)/..%2fassets/common-passwords.txt", "\(root)//app/main.js", "/web/00000000000000000000/app/main.js",
                "/web/app/main.js",
            ] {
                let reply = try await world.send(.get, path)
                #expect([400, 404].contains(reply.status), "\(path)")
                #expect(reply["Cache-Control"] == "no-store")
            }
        }
    }

    @Test("Any other byte or name in the folder makes another version; the same files have the same one everywhere")
    func version() async throws {
        func version(_ change: (URL) throws -> Void = { _ in }) async throws -> String {
            let version = Mutex("")
            try await run(change) { world, _ in
                let root = try await root(world)
                version.withLock { $0 = root }
            }
            return version.withLock { $0 }
        }
        let first = try await version()
        #expect(try await version() == first)
        #expect(try await version { try SampleAssets.write("// Other.\n", to: "WebApp/app/main.js", in: $0) } != first)
        #expect(try await version { try SampleAssets.write("\n", to: "WebApp/app/new.js", in: $0) } != first)
        #expect(try await version { try SampleAssets.write("// Other.\n", to: "WebApp/tests/main.js", in: $0) } == first)
    }

    @Test("The service worker may control every page and knows the version; manifest and icon are where browsers look for them")
    func fixedAddresses() async throws {
        try await run { world, _ in
            let root = try await root(world)
            let worker = try await world.send(.get, "/service-worker.js")
            #expect(worker["Content-Type"] == "text/javascript; charset=utf-8")
            #expect(worker["Cache-Control"] == "no-cache")
            #expect(worker["Content-Security-Policy"]?.contains("connect-src 'self'") == true)
            #expect(worker.text == "const root = \"\(root)\";\n")
            let manifest = try await world.send(.get, "/manifest.webmanifest")
            #expect(manifest["Content-Type"] == "application/manifest+json")
            #expect(manifest.text.contains("\"\(root)/icon.svg\""))
            for path in ["/favicon.ico", "/icon.svg"] {
                let icon = try await world.send(.get, path)
                #expect(icon.status == 200)
                #expect(icon["Content-Type"] == "image/svg+xml")
            }
        }
    }

    @Test("Long files are sent compressed to whoever takes that, under a tag of their own", arguments: ["/docs/swagger-ui-bundle.js", ""])
    func compressed(path: String) async throws {
        try await run { world, _ in
            let path = path.isEmpty ? try await root(world) + "/app/main.js" : path
            let plain = try await world.send(.get, path)
            #expect(plain["Content-Encoding"] == nil)
            let packed = try await world.send(.get, path, headers: [("Accept-Encoding", "gzip, deflate, br")])
            #expect(packed["Content-Encoding"] == "gzip")
            #expect(try unpacked(packed.body) == plain.body)
            #expect(packed["Content-Type"] == plain["Content-Type"])
            #expect(packed["ETag"] != plain["ETag"])
            for reply in [plain, packed] {
                #expect(reply["Vary"] == "Accept-Encoding")
                for accepted in ["gzip", "identity"] {
                    let again = try await world.send(
                        .get, path, headers: [("If-None-Match", reply["ETag"] ?? ""), ("Accept-Encoding", accepted)])
                    #expect(again.status == 304)
                    #expect(again["Vary"] == "Accept-Encoding")
                }
            }
        }
    }

    @Test("Files that were made small at set-up are sent as long as they were made from those that are there")
    func prepared() async throws {
        let version = Mutex("")
        try await run { world, _ in
            let root = try await root(world)
            version.withLock { $0 = String(root.dropFirst("/web/".count)) }
        }
        func prepare(_ folder: URL, from version: String) throws {
            for (path, text) in ["app/main.js": "export{}", "app/main.js.br": "br", "index.html": "<script src=\"{{root}}/app/main.js\">"] {
                try SampleAssets.write(text, to: "assets/web/\(path)", in: folder)
            }
            for file in ["vue.js", "sortable.js", "icons.js"] {
                try SampleAssets.write("small", to: "assets/web/vendor/\(file)", in: folder)
            }
            try SampleAssets.write(version, to: "assets/web/source.txt", in: folder)
        }
        let current = version.withLock { $0 }
        try await run({ try prepare($0, from: current) }) { world, _ in
            let root = try await root(world)
            // Other bytes, another address.
            #expect(root != "/web/\(current)")
            let path = "\(root)/app/main.js"
            let small = try await world.send(.get, path, headers: [("Accept-Encoding", "gzip, br")])
            #expect(small["Content-Encoding"] == "br")
            #expect(small.text == "br")
            #expect(try await world.send(.get, path).text == "export{}")
            #expect(try await world.send(.get, "\(root)/source.txt").status == 404)
        }
        try await run({ try prepare($0, from: "of others") }) { world, _ in
            let whole = try await world.send(.get, try await root(world) + "/app/main.js", headers: [("Accept-Encoding", "gzip, br")])
            #expect(whole["Content-Encoding"] == "gzip")
            #expect(try unpacked(whole.body) == Array(SampleAssets.script.utf8))
        }
    }

    @Test("In a checkout a page is made of the files as they are now, in production of those that were there at the start")
    func watching() async throws {
        func isSeen(arguments: [String]) async throws -> Bool {
            let isSeen = Mutex(false)
            try await run({ try SampleAssets.write("// A package.\n", to: "Package.swift", in: $0) }, arguments: arguments) {
                world, folder in
                let before = try await root(world)
                try SampleAssets.write("export const changed = 1;\n", to: "WebApp/app/main.js", in: folder)
                let after = try await root(world)
                if after != before {
                    #expect(try await world.send(.get, "\(after)/app/main.js").text == "export const changed = 1;\n")
                    #expect(try await world.send(.get, "\(before)/app/main.js").status == 404)
                }
                isSeen.withLock { $0 = after != before }
            }
            return isSeen.withLock { $0 }
        }
        #expect(try await isSeen(arguments: []))
        let production = ["--taskflow-env", "production", "--taskflow-signing-key", "3FQ3Yq8wM4v0mJb6rKJt2sXq9pZ1uVhN7aLcDeFgHiQ="]
        #expect(try await !isSeen(arguments: production))
    }

    @Test(
        "Where files are missing the page says how to get them, and nothing keeps that answer", arguments: ["index.html", "vendor/vue.js"])
    func incomplete(missing: String) async throws {
        try await run({ try FileManager.default.removeItem(at: $0.appending(path: "WebApp/\(missing)")) }) { world, _ in
            for path in ["/", "/settings/sessions", "/service-worker.js"] {
                let page = try await world.send(.get, path)
                #expect(page.status == 503, "\(path)")
                #expect(page["Content-Type"] == "text/html; charset=utf-8")
                #expect(page["Cache-Control"] == "no-store")
                #expect(page.text.contains("make setup"))
                #expect(page.text.contains("TASKFLOW_ASSETS"))
            }
            #expect(try await world.send(.get, "/healthz").status == 200)
            #expect(try await world.send(.get, "/docs/swagger-ui-bundle.js").status == 200)
        }
    }

    @Test("The documentation is a page of its own policy, and its old addresses lead to it")
    func documentation() async throws {
        try await run { world, _ in
            let page = try await world.send(.get, "/docs")
            #expect(page.status == 200)
            #expect(page["Content-Security-Policy"]?.contains("style-src 'self' 'unsafe-inline'") == true)
            for (path, type) in [
                ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"), ("swagger-ui.css", "text/css; charset=utf-8"),
                ("favicon-32x32.png", "image/png"), ("docs.js", "text/javascript; charset=utf-8"),
            ] {
                let file = try await world.send(.get, "/docs/\(path)")
                #expect(file.status == 200)
                #expect(file["Content-Type"] == type)
                #expect(page.text.contains("/docs/\(path)"))
            }
            for path in ["/api-docs", "/api/docs/", "/api/docs", "/api"] {
                let reply = try await world.send(.get, path)
                #expect(reply.status == 303)
                #expect(reply["Location"] == "/docs")
            }
        }
    }
}
