// The README's tour and its browser client, run as they stand.
import Foundation
import HTTPTypes
import TestKit
import Testing

@Suite struct TourTests {
    /// The code of that language in a section of the README.
    private func blocks(_ language: String, in section: String) throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let text = try #require(readme.components(separatedBy: "## \(section)").dropFirst().first?.components(separatedBy: "\n## ").first)
        return text.components(separatedBy: "```\(language)\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    }

    private func write(_ blocks: [String], to file: String) throws {
        try blocks.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    }

    @Test("every command of the README's tour works as written, in order, on a new server and on one where it was taken before")
    func tour() async throws {
        let blocks = try blocks("sh", in: "A two-minute tour")
        #expect(blocks.count >= 3)
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            binary.environment["TASKFLOW"] = server.url
            try write(["set -euo pipefail"] + blocks, to: "\(folder)/tour.sh")
            for _ in 0..<2 {
                let output = try await binary.run("\(folder)/tour.sh", executable: "/bin/bash")
                #expect(output.status == 0, "\(output.standardOutput)\n\(output.standardError)")
            }
            #expect(await server.stop() == 0)
        }
    }

    @Test("the tour ends at the first error in the shell that the README starts for it")
    func firstError() async throws {
        let blocks = try blocks("sh", in: "A two-minute tour")
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            binary.environment["TASKFLOW"] = "http://127.0.0.1:1"
            try write(blocks, to: "\(folder)/tour.sh")
            let output = try await binary.run("-eu", "\(folder)/tour.sh", executable: "/bin/bash")
            #expect(output.status != 0)
            #expect(output.standardOutput == "")
            #expect(output.standardError.split(separator: "\n").count == 1, "\(output.standardError)")
        }
    }

    @Test("the README's browser client logs in and reads a change off the stream")
    func browserClient() async throws {
        let blocks = try blocks("js", in: "A browser client")
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            let registered = try await server.client.send(
                .post, "/api/v1/auth/register", headers: [("Content-Type", "application/json")],
                body: Array(#"{"email": "ada@example.com", "password": "correct horse battery"}"#.utf8))
            #expect(registered.status == 201)
            try write(blocks.map { $0.replacing("http://127.0.0.1:8080", with: server.url) }, to: "\(folder)/client.mjs")
            let output = try await binary.run("node", "\(folder)/client.mjs", executable: "/usr/bin/env")
            #expect(output.status == 0, "\(output.standardError)")
            #expect(output.standardOutput.contains("event: task.created"), "\(output.standardOutput)")
            #expect(await server.stop() == 0)
        }
    }
}
