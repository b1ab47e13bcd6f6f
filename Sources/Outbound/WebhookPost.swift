// Sends one message to a subscriber's URL, and to no place that its user could not reach by themselves.
import CCurl
import Foundation

/// Where webhooks may go.
package struct WebhookURL: Sendable {
    package let text: String
    package let isSecure: Bool

    /// `nil` when it is not an absolute http or https URL with a host and without credentials.
    package init?(_ text: String) {
        // One parser decides and connects: what libcurl reads here is what it will use.
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        let isPlain = text.utf8.count <= 2000 && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard isPlain, curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK, let scheme = urlPart(CURLUPART_SCHEME, of: handle),
            ["http", "https"].contains(scheme), !text.dropFirst(scheme.count + 3).hasPrefix("/"),
            urlPart(CURLUPART_HOST, of: handle)?.isEmpty == false,
            urlPart(CURLUPART_USER, of: handle) == nil, urlPart(CURLUPART_PASSWORD, of: handle) == nil
        else { return nil }
        self.text = text
        isSecure = scheme == "https"
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
