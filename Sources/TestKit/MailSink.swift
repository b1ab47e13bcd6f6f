// A real SMTP server (aiosmtpd in a Python of its own) with certificates that are made for it.
import Foundation
import Testing

package struct MailSink: Sendable {
    package enum Mode: String, Sendable { case plain, starttls, tls }

    package struct Received: Decodable, Sendable {
        package let from: String
        package let to: [String]
        package let tls: Bool
        package let authenticated: Bool
        package let data: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let python = root.appending(path: ".build/mail-tools/bin/python").path

    /// `scripts/setup tests` does that.
    package static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }

    package let port: Int
    /// The certificate to trust.
    package let authorities: String
    private let log: String

    /// What has come in.
    package var received: [Received] {
        let lines = ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").dropFirst()
        return lines.compactMap { try? JSONDecoder().decode(Received.self, from: Data($0.utf8)) }
    }

    /// - Parameter address: of this machine; it is in the certificate.
    package static func run(
        _ mode: Mode, on address: String = "127.0.0.1", _ body: @escaping @Sendable (MailSink) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let (certificate, key, log) = ("\(folder)/sink.pem", "\(folder)/sink.key", "\(folder)/sink.log")
            let openssl = BuiltBinary(in: folder)
            _ = try await openssl.run(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=sink",
                "-addext", "subjectAltName=IP:\(address)", "-keyout", key, "-out", certificate, executable: "/usr/bin/openssl")
            _ = FileManager.default.createFile(atPath: log, contents: nil)
            let process = Process()
            process.executableURL = URL(filePath: python)
            process.arguments = [root.appending(path: "scripts/smtp_sink.py").path, address, mode.rawValue, certificate, key]
            process.standardOutput = FileHandle(forWritingAtPath: log)
            // It has much to say of clients that break off.
            process.standardError = FileHandle.nullDevice
            let input = Pipe()
            process.standardInput = input
            let ended = try process.start()
            var port: Int?
            await eventually {
                port = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").first.flatMap { Int($0) }
                return port != nil
            }
            let sink = MailSink(port: port ?? 0, authorities: certificate, log: log)
            let result = await Task { try await body(sink) }.result
            try input.fileHandleForWriting.close()
            _ = await ended.value
            try result.get()
        }
    }
}
