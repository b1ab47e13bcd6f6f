// A small web interface and documentation, for tests of how such files are served.
package import Foundation

package enum SampleAssets {
    /// Longer than a packet, so that it is worth compressing.
    package static let script = "export const words = [\n" + String(repeating: "  \"task\",\n", count: 300) + "];\n"

    private static let files = [
        "WebApp/index.html": "<!doctype html><script type=\"module\" src=\"{{root}}/app/main.js\"></script>\n",
        "WebApp/service-worker.js": "const root = \"{{root}}\";\n",
        "WebApp/manifest.webmanifest": "{\"icons\": [{\"src\": \"{{root}}/icon.svg\"}]}\n",
        "WebApp/icon.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
        "WebApp/app/main.js": script,
        "WebApp/styles/main.css": ":root { color: black; }\n",
        "WebApp/vendor/vue.js": "export {};\n",
        "WebApp/vendor/sortable.js": "export {};\n",
        "WebApp/vendor/icons.js": "export {};\n",
        "WebApp/tests/main.js": "// A test.\n",
        "WebApp/.hidden.js": "// Hidden.\n",
        "WebApp/deno.lock": "{}\n",
        "assets/swagger-ui/swagger-ui-bundle.js": script,
        "assets/swagger-ui/swagger-ui.css": "p { margin: 0; }\n",
        "assets/swagger-ui/favicon-32x32.png": "PNG\n",
        "assets/common-passwords.txt": "correct horse\n",
    ]

    /// Writes them below the folder; those of the web interface alone, when that is asked for.
    package static func write(to folder: URL, webAppOnly: Bool = false) throws {
        for (path, text) in files where !webAppOnly || path.hasPrefix("WebApp/") { try write(text, to: path, in: folder) }
    }

    package static func write(_ text: String, to path: String, in folder: URL) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}
