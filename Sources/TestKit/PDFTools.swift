// What the tools of poppler read out of a PDF: an outside judge of what we draw.
import Foundation

package enum PDFTools {
    private struct Failed: Error {
        let tool: String
        let status: Int32
    }

    /// The text of all pages, as it stands on them; pages end with a form feed.
    package static func text(of pdf: some Sequence<UInt8>) async throws -> String { try await run("pdftotext", ["-layout"], pdf, ["-"]) }

    /// The same without any white space: where letters that belong together stand apart, tools guess a blank.
    package static func letters(of pdf: some Sequence<UInt8>) async throws -> String {
        String(String.UnicodeScalarView(try await run("pdftotext", [], pdf, ["-"]).unicodeScalars.filter { !$0.properties.isWhitespace }))
    }

    package struct Word: Sendable {
        package var page: Int
        package var text: String
        package var left: Double
        package var right: Double
        package var top: Double
        package var bottom: Double
    }

    /// Where every word stands, in points from the upper left corner of its page.
    package static func words(of pdf: some Sequence<UInt8>) async throws -> [Word] {
        let number = #/<word xMin="([0-9.-]+)" yMin="([0-9.-]+)" xMax="([0-9.-]+)" yMax="([0-9.-]+)">(.*)</word>/#
        var (words, page) = ([Word](), 0)
        for line in try await run("pdftotext", ["-bbox"], pdf, ["-"]).split(separator: "\n") {
            if line.contains("<page ") { page += 1 }
            guard let match = line.firstMatch(of: number), let left = Double(match.1), let top = Double(match.2),
                let right = Double(match.3), let bottom = Double(match.4)
            else { continue }
            words.append(Word(page: page, text: String(match.5), left: left, right: right, top: top, bottom: bottom))
        }
        return words
    }

    /// `Title`, `Creator`, `Pages`, `Page size` and so on.
    package static func info(of pdf: some Sequence<UInt8>) async throws -> [String: String] {
        let lines = try await run("pdfinfo", [], pdf, []).split(separator: "\n")
        return Dictionary(
            lines.compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return parts.count == 2 ? (String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces)) : nil
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func run(_ tool: String, _ options: [String], _ pdf: some Sequence<UInt8>, _ rest: [String]) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pdf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "in.pdf"), folder.appending(path: "out"))
        try Data(pdf).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [tool] + options + [input.path] + rest
        let out = try FileHandle(forWritingTo: output)
        process.standardOutput = out
        let status = try await process.start().value
        try out.close()
        guard status == 0 else { throw Failed(tool: tool, status: status) }
        return String(decoding: try Data(contentsOf: output), as: UTF8.self)
    }
}
