// Sends one message to a subscriber's URL, and to no place that its user could not reach by themselves.
import CCurl
import Foundation
package import Model

/// Where webhooks may go.
package struct WebhookURL: Sendable {
    /// In ASCII: a host of other letters is written as IDNA does it, a path with percent signs.
    package let text: String
    package let isSecure: Bool
    /// A name, or an address without brackets.
    package let host: String

    /// Bytes of a URL, as it is given.
    private static let limit = 2000

    /// `nil` when it is not an absolute http or https URL with a host and without credentials, or has more than 2000 bytes.
    package init?(_ given: String) {
        guard given.utf8.count <= Self.limit, given.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }), let text = Self.ascii(given),
            // One parser decides and connects: what libcurl reads here is what it will use.
            let handle = curl_url()
        else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK, let scheme = urlPart(CURLUPART_SCHEME, of: handle),
            ["http", "https"].contains(scheme), !text.dropFirst(scheme.count + 3).hasPrefix("/"),
            let host = urlPart(CURLUPART_HOST, of: handle), !host.isEmpty,
            urlPart(CURLUPART_USER, of: handle) == nil, urlPart(CURLUPART_PASSWORD, of: handle) == nil
        else { return nil }
        self.text = text
        isSecure = scheme == "https"
        let name = host.hasPrefix("[") ? host.dropFirst().dropLast() : host[...]
        self.host = (name.hasSuffix(".") ? name.dropLast() : name).lowercased()
    }

    /// libcurl itself reads other letters by the locale of the process.
    private static func ascii(_ text: String) -> String? {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : URL(string: text)?.absoluteString
    }

    /// The addresses that the host stands for without any resolver: those of a literal, and of `localhost` (RFC 6761, 6.3).
    package var literalAddresses: [IPAddress] {
        if host == "localhost" || host.hasSuffix(".localhost") { return ["127.0.0.1", "::1"].compactMap { IPAddress($0) } }
        return IPAddress(host).map { [$0] } ?? []
    }
}

/// A part of a URL as libcurl reads it; `nil` when it is not there.
func urlPart(_ part: CURLUPart, of handle: OpaquePointer, decoded: Bool = false) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, decoded ? UInt32(CURLU_URLDECODE) : 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
}

package struct WebhookAnswer: Sendable {
    package let status: Int
    /// The beginning of the body.
    package let body: String
    package let duration: Duration
}

package struct WebhookPost: Sendable {
    /// Seconds until the other side has taken the connection, and until it has answered.
    private static let patience = (connect: 5, answer: 10)
    /// Bytes of an answer that are kept.
    private static let kept = 2048

    private let reachable: ReachableAddresses

    package init(_ reachable: ReachableAddresses) { self.reachable = reachable }

    /// - Parameter fields: names and values of the header.
    /// - Throws: `TransferError`.
    package func send(_ body: [UInt8], _ fields: KeyValuePairs<String, String>, to url: WebhookURL) async throws -> WebhookAnswer {
        let lines = fields.map { "\($0.key): \($0.value)" } + ["Content-Type: application/json", "Expect:"]
        let began = ContinuousClock.now
        return try await CurlTransfer.run { [reachable] transfer in
            try transfer.set(CURLOPT_URL, url.text)
            try transfer.set(CURLOPT_PROTOCOLS_STR, "http,https")
            try transfer.set(CURLOPT_CONNECTTIMEOUT, Self.patience.connect)
            try transfer.set(CURLOPT_TIMEOUT, Self.patience.answer)
            try transfer.set(CURLOPT_USERAGENT, "TaskFlow-Webhooks")
            try transfer.restrict(by: AddressGuard(reachable, isSecure: url.isSecure))
            try transfer.set(CURLOPT_HTTPHEADER, lines)
            try transfer.post(body)
            let status = try transfer.perform()
            let body = String(decoding: transfer.received.prefix(Self.kept), as: UTF8.self)
            return WebhookAnswer(status: status, body: body, duration: ContinuousClock.now - began)
        }
    }
}
