// Hands mails to a mail server, or puts them into a folder, and says what is certain about it afterwards.
import CCurl
import Foundation
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `smtp://user:password@host:587` or `smtps://host`.
package struct MailServer: Sendable {
    let url: String
    let user: Secret?
    let password: Secret?
    /// TLS from the first byte.
    let isSecure: Bool
    /// What does not leave the machine needs no encryption; everything else is never sent without.
    let isLocal: Bool

    /// `nil` when it is not such a URL.
    package init?(_ text: String) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard isPlain, curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK, let scheme = urlPart(CURLUPART_SCHEME, of: handle),
            ["smtp", "smtps"].contains(scheme), let host = urlPart(CURLUPART_HOST, of: handle), !host.isEmpty,
            ["", "/"].contains(urlPart(CURLUPART_PATH, of: handle) ?? ""), urlPart(CURLUPART_QUERY, of: handle) == nil,
            urlPart(CURLUPART_FRAGMENT, of: handle) == nil
        else { return nil }
        let port = urlPart(CURLUPART_PORT, of: handle).map { ":\($0)" } ?? ""
        url = "\(scheme)://\(host)\(port)"
        user = urlPart(CURLUPART_USER, of: handle, decoded: true).map { Secret($0) }
        password = urlPart(CURLUPART_PASSWORD, of: handle, decoded: true).map { Secret($0) }
        isSecure = scheme == "smtps"
        isLocal = ["localhost", "127.0.0.1", "[::1]"].contains(host)
    }
}

extension MailServer {
    fileprivate func configure(_ transfer: CurlTransfer, connect: Int, whole: Int, _ authorities: String?) throws {
        try transfer.set(CURLOPT_URL, url)
        try transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        try transfer.set(CURLOPT_CONNECTTIMEOUT, connect)
        try transfer.set(CURLOPT_TIMEOUT, whole)
        if !isSecure { try transfer.set(CURLOPT_USE_SSL, isLocal ? Int(CURLUSESSL_NONE.rawValue) : Int(CURLUSESSL_ALL.rawValue)) }
        try transfer.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authorities { try transfer.set(CURLOPT_CAINFO, authorities) }
        if let user { try transfer.set(CURLOPT_USERNAME, user.value) }
        if let password { try transfer.set(CURLOPT_PASSWORD, password.value) }
    }
}

/// How an attempt ended.
package enum MailOutcome: Sendable, Equatable {
    case sent
    /// Certainly not taken. When it is final, another attempt would end the same way.
    case refused(String, isFinal: Bool)
    /// The connection broke after the whole mail had gone out and before the answer came.
    case uncertain(String)
}

package enum MailPost: Sendable {
    /// - Parameter authorities: a file with the certificates to trust instead of the system's.
    case server(MailServer, authorities: String? = nil)
    case folder(String)

    /// Seconds until the other side has taken the connection, and until all is over.
    private static let patience = (connect: 15, whole: 90)

    package func send(_ message: MailMessage) async -> MailOutcome {
        switch self {
        case .server(let server, let authorities): await Self.send(message, to: server, authorities)
        case .folder(let path): Self.write(message, into: path)
        }
    }

    /// Connects, encrypts where that is asked for, logs in, and sends nothing. It takes 4 seconds at most, since somebody waits for it.
    /// - Returns: what is wrong, in words; `nil` when a mail could be sent.
    package func fault() async -> String? {
        guard case .server(let server, let authorities) = self else { return nil }
        do {
            return try await CurlTransfer.run { transfer in
                try server.configure(transfer, connect: 4, whole: 4, authorities)
                try transfer.set(CURLOPT_CUSTOMREQUEST, "NOOP")
                let answer = transfer.upload()
                guard let error = answer.error else { return nil }
                return answer.isLoginDenied ? "refuses the log-in: \(error)" : "does not answer as it should: \(error)"
            }
        } catch {
            return (error as? TransferError)?.reason ?? "cannot be reached"
        }
    }

    // MARK: Server

    private static func send(_ message: MailMessage, to server: MailServer, _ authorities: String?) async -> MailOutcome {
        do {
            return try await CurlTransfer.run { transfer in
                try configure(transfer, for: message, server, authorities)
                return outcome(of: transfer.upload())
            }
        } catch {
            return .refused("\((error as? TransferError)?.reason ?? "It could not be sent")", isFinal: false)
        }
    }

    private static func configure(
        _ transfer: CurlTransfer, for message: MailMessage, _ server: MailServer, _ authorities: String?
    ) throws {
        try server.configure(transfer, connect: patience.connect, whole: patience.whole, authorities)
        try transfer.set(CURLOPT_MAIL_FROM, "<\(message.from.address)>")
        try transfer.set(CURLOPT_MAIL_RCPT, ["<\(message.to.address)>"])
        try transfer.prepareUpload(message.bytes)
    }

    /// A server takes a mail when it answers to its end, and the end is sent after all of it was read: before that nothing is taken.
    private static func outcome(of upload: CurlTransfer.Upload) -> MailOutcome {
        if upload.error == nil || (upload.isWhole && (200..<300).contains(upload.status)) { return .sent }
        let reason =
            (300..<600).contains(upload.status) ? "The mail server answered with \(upload.status)" : "The mail server did not answer"
        let words = "\(reason): \(upload.error ?? "")."
        if upload.isWhole, !(400..<600).contains(upload.status) { return .uncertain(words) }
        // A wrong password is put right by the operator, so that what waits can still go.
        return .refused(words, isFinal: (500..<600).contains(upload.status) && !upload.isLoginDenied)
    }

    // MARK: Folder

    private static func write(_ message: MailMessage, into folder: String) -> MailOutcome {
        let file = "\(folder)/\(message.name).eml"
        let unfinished = "\(file).unfinished"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            return .refused("\(folder) cannot be made.", isFinal: false)
        }
        unlink(unfinished)
        // It never exists with another mode: a mail may hold the key to an account.
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return .refused("\(file) cannot be written: \(String(cString: strerror(errno))).", isFinal: false) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(message.bytes))
            try handle.synchronize()
        } catch {
            return .refused("\(file) cannot be written.", isFinal: false)
        }
        return rename(unfinished, file) == 0 ? .sent : .refused("\(file) cannot be written.", isFinal: false)
    }
}
