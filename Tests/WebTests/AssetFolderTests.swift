// Where the program looks for the files that are not part of it.
import Foundation
import TestKit
import Testing
import Web

@Suite struct AssetFolderTests {
    /// A program in `bin` of a new folder, and an empty folder for the system's files.
    private func withProgram(_ test: (_ folder: URL, _ find: () -> String) throws -> Void) async throws {
        try await withTemporaryFolder { path in
            let folder = URL(filePath: path).resolvingSymlinksInPath()
            let system = folder.appending(path: "usr/share/taskflow").path
            let program = folder.appending(path: "opt/.build/debug/taskflow")
            try test(folder) { AssetFolder(besides: program, orIn: system).path }
        }
    }

    @Test("The files are found beside the program, in the package that it was built in, and in the system's folder; the nearest wins")
    func places() async throws {
        try await withProgram { folder, find in
            for place in ["usr/share/taskflow", "opt", "opt/.build/debug", "opt/.build/share/taskflow"] {
                let root = folder.appending(path: place)
                if place == "opt" { try SampleAssets.write("// A package.\n", to: "Package.swift", in: root) }
                try SampleAssets.write("<p>", to: "WebApp/index.html", in: root)
                #expect(find() == root.path)
            }
        }
    }

    @Test("A folder with one of the two is the place: what is missing is then missed there")
    func half() async throws {
        try await withProgram { folder, find in
            try SampleAssets.write("password1\n", to: "assets/common-passwords.txt", in: folder.appending(path: "usr/share/taskflow"))
            #expect(find() == folder.appending(path: "usr/share/taskflow").path)
        }
    }

    @Test("Without any files the place to put them is beside the program")
    func nowhere() async throws {
        try await withProgram { folder, find in #expect(find() == folder.appending(path: "opt/.build/share/taskflow").path) }
    }

    @Test("A link to the program leads to where it really is")
    func program() {
        #expect(AssetFolder.program.path.contains("/.build/"))
        #expect(FileManager.default.fileExists(atPath: AssetFolder.program.path))
    }
}
