// Who is at the other end: the peer, or, behind proxies that are trusted, whom they name.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An IPv4 or IPv6 address as 16 bytes, IPv4 mapped into IPv6 (RFC 4291, 2.5.5.2).
package struct IPAddress: Hashable, Sendable {
    let bytes: [UInt8]

    package init?(_ text: String) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = Array(repeating: 0, count: 10) + [0xff, 0xff] + withUnsafeBytes(of: &four) { Array($0) }
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        bytes = withUnsafeBytes(of: &six) { Array($0) }
    }

    var isIPv4: Bool { bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff }

    /// What a limit counts: the address, or the /64 that a site hands to each of its hosts.
    var limitKey: String { (isIPv4 ? bytes.suffix(4) : bytes.prefix(8)).map { String($0) }.joined(separator: ".") }
}

/// The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; none unless configured.
package struct TrustedProxies: Sendable {
    private struct Network {
        let prefix: [UInt8]
        let bits: Int

        func contains(_ address: IPAddress) -> Bool {
            (0..<bits).allSatisfy { bit in
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                return address.bytes[bit / 8] & mask == prefix[bit / 8] & mask
            }
        }
    }

    private let networks: [Network]

    package static let none = TrustedProxies(networks: [])

    private init(networks: [Network]) { self.networks = networks }

    /// Addresses and CIDR blocks, separated by commas; `nil` when one is malformed.
    package init?(_ text: String) {
        var networks: [Network] = []
        for item in text.split(separator: ",") {
            let parts = String(item).trimmed.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = parts.first, let address = IPAddress(String(first)), parts.count <= 2 else { return nil }
            let size = address.isIPv4 ? 32 : 128
            guard let bits = parts.count == 2 ? Int(parts[1]) : size, (0...size).contains(bits) else { return nil }
            networks.append(Network(prefix: address.bytes, bits: bits + 128 - size))
        }
        self.networks = networks
    }

    func contains(_ address: String) -> Bool {
        guard let address = IPAddress(address) else { return false }
        return networks.contains { $0.contains(address) }
    }

    /// The right-most address that is not a trusted proxy. What stands left of it anybody may have written.
    func client(peer: String?, forwardedFor: [String]) -> String? {
        guard let peer, contains(peer) else { return peer }
        var client = peer
        for hop in forwardedFor.flatMap({ $0.split(separator: ",") }).reversed() {
            let address = String(hop).trimmed
            guard IPAddress(address) != nil else { return client }
            client = address
            if !contains(address) { return client }
        }
        return client
    }
}
