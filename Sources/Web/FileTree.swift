// Files as they are served: read once, each with its type, its tag, and compressed where that is worth it.
import API
import Crypto
import Foundation
import HTTPServer
import HTTPTypes
import Model
import NIOCore

struct ServedFile: Sendable {
    let type: String
    /// A strong entity tag without its quotation marks.
    private let tag: String
    fileprivate let bytes: ByteBuffer
    /// The shortest first.
    private let compressed: [(coding: ContentCoding, bytes: ByteBuffer)]

    /// - Parameter brotli: the same bytes, compressed at set-up.
    init(_ bytes: [UInt8], _ type: FileType, brotli: [UInt8]? = nil) {
        self.type = type.mediaType
        self.bytes = ByteBuffer(bytes: bytes)
        tag = hex(Array(SHA256.hash(data: bytes).prefix(10)))
        let gzip = type.isText ? try? Gzip.compressed(bytes) : nil
        compressed = [(ContentCoding.brotli, brotli), (.gzip, gzip)].compactMap { coding, shorter in
            guard let shorter, shorter.count < bytes.count else { return nil }
            return (coding, ByteBuffer(bytes: shorter))
        }
    }

    init(_ text: String, _ type: FileType) { self.init(Array(text.utf8), type) }

    /// 200 or 304, with these headers.
    func response(to request: Request, _ fields: ResponseFields) -> Response {
        var fields = fields
        var (tag, body) = (tag, bytes)
        if !compressed.isEmpty {
            fields["Vary"] = "Accept-Encoding"
            let accepted = request.head.values(of: .acceptEncoding)
            if let (coding, bytes) = compressed.first(where: { $0.coding.isAccepted(accepted) }) {
                fields["Content-Encoding"] = coding.rawValue
                (tag, body) = ("\(tag)-\(coding.rawValue)", bytes)
            }
        }
        fields["ETag"] = "\"\(tag)\""
        if EntityTags(request.head.values(of: .ifNoneMatch))?.matches("\"\(self.tag)\"") == true {
            fields["Content-Encoding"] = nil
            return Response(status: 304, fields: fields)
        }
        fields["Content-Type"] = type
        return Response(status: 200, fields: fields, body: .buffer(body))
    }
}

/// What kinds of files are served. Browsers are told to believe the type, and no other.
enum FileType: String {
    case html, js, css, svg, webmanifest, json, txt, png, ico, woff2

    var mediaType: String {
        switch self {
        case .html: "text/html; charset=utf-8"
        case .js: "text/javascript; charset=utf-8"
        case .css: "text/css; charset=utf-8"
        case .svg: "image/svg+xml"
        case .webmanifest: "application/manifest+json"
        case .json: "application/json"
        case .txt: "text/plain; charset=utf-8"
        case .png: "image/png"
        case .ico: "image/vnd.microsoft.icon"
        case .woff2: "font/woff2"
        }
    }

    var isText: Bool {
        switch self {
        case .html, .js, .css, .svg, .webmanifest, .json, .txt: true
        case .png, .ico, .woff2: false
        }
    }

    /// - Parameter path: of a file in a tree. Hidden files and tests are not served.
    init?(of path: String) {
        let parts = path.split(separator: "/")
        guard !parts.contains(where: { $0.hasPrefix(".") || $0 == "tests" }), let name = parts.last,
            let dot = name.lastIndex(of: ".")
        else { return nil }
        self.init(rawValue: String(name[name.index(after: dot)...]))
    }
}

/// All files below a folder that are served, as they were when it was read.
struct FileTree: Sendable {
    /// By path within the folder.
    private let files: [String: ServedFile]
    /// A hash of the paths and bytes of all files that are served.
    let version: String

    /// A folder that is not there, and a file that cannot be read, have nothing to serve.
    /// - Parameter prepared: the same files made small at set-up (`scripts/prepare_web.py`). They are taken as long as they were made from
    ///   those that are in the folder.
    init(_ folder: URL, prepared: URL? = nil) {
        let sources = Self.contents(of: folder)
        let small = prepared.flatMap { folder in
            Self.contents(of: folder, from: Self.version(of: sources)).map { (contents: $0, folder: folder) }
        }
        let contents = small?.contents ?? sources
        version = Self.version(of: contents)
        files = contents.reduce(into: [:]) { files, file in
            let brotli = small.flatMap { try? Data(contentsOf: $0.folder.appending(path: "\(file.key).br")) }
            files[file.key] = FileType(of: file.key).map { ServedFile(file.value, $0, brotli: brotli.map { Array($0) }) }
        }
    }

    private static func contents(of folder: URL) -> [String: [UInt8]] {
        paths(in: folder).reduce(into: [:]) { contents, path in
            contents[path] = (try? Data(contentsOf: folder.appending(path: path))).map { Array($0) }
        }
    }

    /// What was prepared from the files of that version; `nil` when it was prepared from others.
    private static func contents(of folder: URL, from version: String) -> [String: [UInt8]]? {
        let madeFrom = try? String(contentsOf: folder.appending(path: preparedFrom), encoding: .utf8)
        guard madeFrom?.trimmed == version else { return nil }
        var contents = contents(of: folder)
        contents[preparedFrom] = nil
        return contents
    }

    private static let preparedFrom = "source.txt"

    private static func version(of contents: [String: [UInt8]]) -> String {
        var hash = SHA256()
        for (path, bytes) in contents.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array("\(path.utf8.count) \(path) \(bytes.count) ".utf8))
            hash.update(data: bytes)
        }
        return hex(Array(hash.finalize().prefix(10)))
    }

    subscript(path: String) -> ServedFile? { files[path] }

    /// The file with `root` in the places of `{{root}}`.
    func document(_ path: String, root: String) -> ServedFile? {
        guard let file = files[path], let type = FileType(of: path) else { return nil }
        return ServedFile(String(buffer: file.bytes).replacing("{{root}}", with: root), type)
    }

    /// Another list when a file has come, gone or been written.
    static func state(of folder: URL) -> [String] {
        paths(in: folder).map { path in
            let facts = try? FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
            let time = (facts?[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate ?? 0
            return "\(path) \(facts?[.size] as? Int ?? 0) \(time)"
        }
    }

    private static func paths(in folder: URL) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []).filter { FileType(of: $0) != nil }.sorted()
    }
}
