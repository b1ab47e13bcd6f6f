// A file on its way in: the body of a request as it arrives, out of its multipart/form-data when it came in one.
import BoundedText
import Crypto
import HTTPServer
import HTTPTypes
import NIOCore
import TaskFormats
import Wire

package struct FileContent: Sendable {
    /// What a multipart body may have beside the file.
    private static let wrapping = 64 << 10
    /// The field of a form that has the file.
    static let field = "file"

    private let body: RequestBody
    /// Bytes of the file.
    private let limit: Int
    private let multipart: MultipartReader?
    /// The encoding that the request names. Many clients say UTF-8 of whatever they send, so that only the bytes show it.
    let charset: Charset?

    static let mediaTypes = [
        "text/csv", "text/tab-separated-values", "text/plain", "text/calendar", "application/json", "application/octet-stream",
    ]

    private static let charsets: [String: Charset] = [
        "utf-8": .utf8, "utf8": .utf8, "us-ascii": .utf8, "utf-16": .utf16, "utf-16le": .utf16, "utf-16be": .utf16,
        "windows-1252": .windows1252, "iso-8859-1": .windows1252, "macintosh": .macintosh,
    ]

    /// - Throws: `RefusedRequest`, before anything is read.
    init(_ request: Request, limit: Int) throws(RefusedRequest) {
        let contentType = request[.contentType] ?? ""
        let parameters = HeaderParameters(contentType)
        multipart = MultipartReader(contentType: contentType)
        let named = parameters["charset"].map { $0.lowercased() }
        let isFile = Self.mediaTypes.contains(parameters.value.lowercased()) && named.map { Self.charsets[$0] != nil } ?? true
        guard multipart != nil || isFile else {
            throw RefusedRequest(
                problem: Problem(
                    .unsupportedMediaType,
                    "Send the file as one of \(Self.mediaTypes.joined(separator: ", ")), or as the field “\(Self.field)” of "
                        + "multipart/form-data. A charset is one of \(Self.charsets.keys.sorted().joined(separator: ", "))."))
        }
        let encoding = multipart == nil ? named.flatMap { Self.charsets[$0] } : nil
        charset = encoding == .utf8 ? nil : encoding
        body = request.body
        self.limit = limit
        if let announced = request.head.contentLength, announced > limit + Self.wrapping { throw RefusedRequest.tooLarge(limit) }
    }

    /// Hands on the bytes of the file, in pieces.
    /// - Throws: `RefusedRequest`, `Faults`, and what `take` throws.
    func read(_ take: ([UInt8]) async throws -> Void) async throws {
        var (received, size) = (0, 0)
        var form = multipart.map { FormReader($0) }
        var pieces = body.makeAsyncIterator()
        while let bytes = try await Self.next(&pieces) {
            received += bytes.count
            guard received <= limit + Self.wrapping else { throw RefusedRequest.tooLarge(limit) }
            for piece in try form?.read(bytes) ?? [bytes] {
                size += piece.count
                guard size <= limit else { throw RefusedRequest.tooLarge(limit) }
                try await take(piece)
            }
        }
        try form?.finish()
    }

    private static func next(_ pieces: inout RequestBody.AsyncIterator) async throws(RefusedRequest) -> [UInt8]? {
        do {
            return try await pieces.next().map { Array($0.readableBytesView) }
        } catch {
            throw .cutOff
        }
    }
}

extension FileContent {
    /// The file of a form that has nothing else.
    private struct FormReader {
        private var reader: MultipartReader
        private var hasFile = false

        init(_ reader: MultipartReader) { self.reader = reader }

        /// - Throws: `Faults`.
        mutating func read(_ bytes: [UInt8]) throws -> [[UInt8]] {
            var (found, hasFile) = ([[UInt8]](), hasFile)
            do {
                try reader.read(bytes) { event in
                    switch event {
                    case .part(let name, _):
                        guard name == FileContent.field else { throw Faults([Fault("/\(name.cut(toBytes: 200))", "is not a known field")]) }
                        guard !hasFile else { throw Faults([Fault("/\(name)", "is given more than once")]) }
                        hasFile = true
                    case .bytes(let bytes): found.append(bytes)
                    }
                }
            } catch let fault as MultipartReader.Fault {
                throw Faults([Fault("", "is not multipart/form-data: \(fault.detail)")])
            }
            self.hasFile = hasFile
            return found
        }

        func finish() throws {
            do { try reader.finish() } catch { throw Faults([Fault("", "is not multipart/form-data: \(error.detail)")]) }
            guard hasFile else { throw Faults([Fault("/\(FileContent.field)", "is required")]) }
        }
    }
}
