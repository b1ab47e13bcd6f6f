// The web interface: one tree of files under one version, and the few documents at fixed addresses that lead to it.
import Foundation
import HTTPServer
import Synchronization

final class WebApp: Sendable {
    /// Without one of them it would not start.
    private static let needed = ["index.html", "vendor/vue.js", "vendor/sortable.js", "vendor/icons.js"]
    private static let documents = ["index.html", "service-worker.js", "manifest.webmanifest", "icon.svg"]

    /// The tree and its documents as they were read together.
    private struct Edition: Sendable {
        let tree: FileTree
        let documents: [String: ServedFile]
        let missing: [String]

        init(_ folder: URL, prepared: URL) {
            let tree = FileTree(folder, prepared: prepared)
            self.tree = tree
            missing = WebApp.needed.filter { tree[$0] == nil }
            documents = WebApp.documents.reduce(into: [:]) { documents, path in
                documents[path] = tree.document(path, root: "\(WebApp.prefix)/\(tree.version)")
            }
        }
    }

    static let prefix = "/web"

    private let folder: URL
    private let prepared: URL
    /// Whether a page is made of what the files have become meanwhile.
    private let isWatching: Bool
    private let current: Mutex<(edition: Edition, state: [String])>

    init(_ folder: URL, prepared: URL, isWatching: Bool) {
        self.folder = folder
        self.prepared = prepared
        self.isWatching = isWatching
        current = Mutex((Edition(folder, prepared: prepared), isWatching ? FileTree.state(of: folder) : []))
    }

    /// Files that `make setup` or a package of TaskFlow puts into the folder and that are not there.
    var missing: [String] { edition.missing.map { "\(folder.path)/\($0)" } }

    private var edition: Edition { current.withLock { $0.edition } }

    private func refresh() {
        guard isWatching else { return }
        current.withLock { current in
            let state = FileTree.state(of: folder)
            if state != current.state { current = (Edition(folder, prepared: prepared), state) }
        }
    }

    /// A file at a fixed address: browsers ask each time whether it is still the same. `nil` when there is none.
    func document(_ path: String, for request: Request) -> Response? {
        refresh()
        let edition = edition
        guard edition.missing.isEmpty else { return Self.incomplete }
        return edition.documents[path]?.response(to: request, Self.headers("no-cache"))
    }

    /// A file of the tree, for good: other files have another version. Those of an older one are gone, and nothing of another one is given
    /// for them.
    func file(_ path: String, of version: Substring, for request: Request) -> Response? {
        let tree = edition.tree
        guard version == tree.version, let file = tree[path] else { return nil }
        return file.response(to: request, Self.headers("public, max-age=31536000, immutable"))
    }

    /// Scripts, styles and data come from here only, and a text never becomes HTML or a script except by Vue, which makes its own nodes so, and
    /// by the one place that names the service worker.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types vue taskflow"

    /// The policy is that of scripts, too: a worker obeys the one that comes with its script.
    private static func headers(_ cacheControl: String) -> ResponseFields {
        ["Cache-Control": cacheControl, "Content-Security-Policy": policy]
    }

    private static let incomplete: Response = {
        let text = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>TaskFlow</title>
            </head>
            <body>
            <h1>The web interface is not installed completely</h1>
            <p>Your tasks are safe, and the API works. Whoever runs this server can mend it: run <code>make setup</code>, or set
            <code>TASKFLOW_ASSETS</code> to the folder that holds <code>WebApp</code>, and start the server again. Its log names the files that
            are missing.</p>
            </body>
            </html>

            """
        return Response(
            status: 503, fields: ["Content-Type": FileType.html.mediaType], body: .bytes(Array(text.utf8)))
    }()
}
