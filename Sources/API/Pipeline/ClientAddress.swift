// Who is at the other end: the peer, or, behind proxies that are trusted, whom they name.
import Model

/// The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; none unless configured.
package struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    package static let none = TrustedProxies(networks: [])

    private init(networks: [IPNetwork]) { self.networks = networks }

    /// Addresses and CIDR blocks, separated by commas; `nil` when one is malformed.
    package init?(_ text: String) {
        guard let networks = IPNetwork.list(text) else { return nil }
        self.networks = networks
    }

    func contains(_ address: String) -> Bool {
        guard !networks.isEmpty, let address = IPAddress(address) else { return false }
        return networks.contains { $0.contains(address) }
    }

    /// The right-most address that is not a trusted proxy. What stands left of it anybody may have written.
    func client(peer: String?, forwardedFor: [String]) -> String? {
        guard let peer, contains(peer) else { return peer }
        var client = peer
        for hop in forwardedFor.flatMap({ $0.split(separator: ",") }).reversed() {
            guard let address = Self.address(of: String(hop).trimmed) else { return client }
            client = address
            if !contains(address) { return client }
        }
        return client
    }

    /// The address alone: some proxies write it in brackets, or with the port that the client has used.
    private static func address(of hop: String) -> String? {
        if IPAddress(hop) != nil { return hop }
        let host: Substring
        let rest: Substring
        if hop.hasPrefix("["), let end = hop.firstIndex(of: "]") {
            host = hop[hop.index(after: hop.startIndex)..<end]
            rest = hop[hop.index(after: end)...]
            guard host.contains(":") else { return nil }
        } else {
            let end = hop.firstIndex(of: ":") ?? hop.endIndex
            (host, rest) = (hop[..<end], hop[end...])
        }
        let isPort = rest.first == ":" && UInt16(rest.dropFirst()).map { "\($0)" == rest.dropFirst() } == true
        guard rest.isEmpty || isPort, IPAddress(String(host)) != nil else { return nil }
        return String(host)
    }
}
