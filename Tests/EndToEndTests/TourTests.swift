// The README's tour, run as it stands.
import Foundation
import TestKit
import Testing

@Suite struct TourTests {
    @Test("every command of the README's tour works as written, in order, on a new server")
    func tour() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let section = try #require(
            readme.components(separatedBy: "## A two-minute tour").dropFirst().first?.components(separatedBy: "\n## ").first)
        let blocks = section.components(separatedBy: "```sh\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
        #expect(blocks.count >= 3)
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            binary.environment["TASKFLOW"] = server.url
            let script = "\(folder)/tour.sh"
            try ("set -euo pipefail\n" + blocks.joined(separator: "\n")).write(toFile: script, atomically: true, encoding: .utf8)
            let output = try await binary.run(script, executable: "/bin/bash")
            #expect(output.status == 0, "\(output.standardOutput)\n\(output.standardError)")
            #expect(await server.stop() == 0)
        }
    }
}
