// Mails as their reader finds them: taken apart as a mail program does it.
import BackgroundWork
import Composition
import Foundation
import Live

package struct ReceivedMail: Sendable {
    /// Names in lower case; unfolded and decoded.
    package let headers: [String: String]
    package let text: String
    package let html: String
    /// As it came.
    package let source: String

    package init(_ source: String) {
        self.source = source
        let (head, body) = Self.split(source)
        headers = Self.headers(head)
        let boundary = headers["content-type"]?.firstMatch(of: #/boundary="([^"]+)"/#).map { String($0.1) } ?? ""
        let parts = body.components(separatedBy: "--\(boundary)").dropFirst().prefix(2).map { Self.part(String($0.dropFirst(2))) }
        text = parts.first ?? ""
        html = parts.last ?? ""
    }

    package var to: String { headers["to"] ?? "" }
    package var subject: String { headers["subject"] ?? "" }
    /// The secret of its link.
    package var token: String? { text.firstMatch(of: /#token=([A-Za-z0-9._-]+)/).map { String($0.1) } }

    private static func split(_ text: String) -> (head: String, body: String) {
        guard let range = text.range(of: "\r\n\r\n") else { return (text, "") }
        return (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
    }

    private static func headers(_ head: String) -> [String: String] {
        let lines = head.replacing("\r\n ", with: " ").components(separatedBy: "\r\n")
        return lines.reduce(into: [:]) { headers, line in
            guard let colon = line.firstIndex(of: ":") else { return }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = decoded(value)
        }
    }

    /// RFC 2047: words that follow each other belong together.
    private static func decoded(_ value: String) -> String {
        value.replacing("?= =?UTF-8?B?", with: "?==?UTF-8?B?").replacing(#/=\?UTF-8\?B\?([A-Za-z0-9+\/=]*)\?=/#) { match in
            String(decoding: Data(base64Encoded: String(match.1)) ?? Data(), as: UTF8.self)
        }
    }

    private static func part(_ source: String) -> String {
        let (head, body) = split(source)
        guard headers(head)["content-transfer-encoding"] == "quoted-printable" else { return body }
        var bytes: [UInt8] = []
        var rest = Array(body.replacing("=\r\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension World {
    /// What was written into the folder for mails, the oldest first.
    package func mails() throws -> [ReceivedMail] {
        let folder = installation.folder.mail
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let ids = names.filter { $0.hasSuffix(".eml") }.map { (Int($0.split(separator: "-")[1]) ?? 0, $0) }.sorted { $0.0 < $1.0 }
        return try ids.map { ReceivedMail(try String(contentsOfFile: "\(folder)/\($0.1)", encoding: .utf8)) }
    }

    /// The mails to somebody, once everything that was recorded is sealed and what follows from it is done.
    package func mails(to address: String) async throws -> [ReceivedMail] {
        try await installation.sealer.sealAll()
        try await work()
        return try mails().filter { $0.to == address }
    }
}
