// Where the files are that the program serves and reads, and that are not part of it: `assets/` and `WebApp/` in one folder.
package import Foundation

package struct AssetFolder: Sendable {
    /// The folder that holds both.
    package let path: String

    package init(_ path: String) { self.path = path }

    /// The first of the usual places that holds one of them. Where none does it is the first, so that it is named where the files are missed.
    /// - Parameter program: the file that runs.
    package init(besides program: URL = Self.program, orIn system: String = "/usr/share/taskflow") {
        let folder = program.deletingLastPathComponent()
        let shared = folder.deletingLastPathComponent().appending(path: "share/taskflow")
        let places = [shared, folder] + Self.package(around: folder) + [URL(filePath: system)]
        let found = places.first { place in ["assets", "WebApp"].contains { Self.exists(place.appending(path: $0)) } }
        self.init((found ?? shared).path)
    }

    /// Symbolic links are followed: a link in `/usr/local/bin` may lead to a package elsewhere.
    package static var program: URL {
        (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])).resolvingSymlinksInPath()
    }

    /// The checkout in which the program was built.
    private static func package(around folder: URL) -> [URL] {
        var folder = folder
        while folder.path != "/" {
            if exists(folder.appending(path: manifest)) { return [folder] }
            folder = folder.deletingLastPathComponent()
        }
        return []
    }

    private static let manifest = "Package.swift"

    private static func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }

    private var url: URL { URL(filePath: path) }
    /// One a line.
    package var commonPasswords: URL { url.appending(path: "assets/common-passwords.txt") }
    var swaggerUI: URL { url.appending(path: "assets/swagger-ui") }
    var webApp: URL { url.appending(path: "WebApp") }
    /// The same files, made small at set-up.
    var preparedWebApp: URL { url.appending(path: "assets/web") }
    /// Somebody may be working on the files.
    var isCheckout: Bool { Self.exists(url.appending(path: Self.manifest)) }
}
