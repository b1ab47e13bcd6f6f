// Addresses and networks of the Internet Protocol.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An IPv4 or IPv6 address as 16 bytes, IPv4 mapped into IPv6 (RFC 4291, 2.5.5.2).
package struct IPAddress: Hashable, Sendable {
    package let bytes: [UInt8]

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

    /// Four bytes, or sixteen.
    package init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = Array(repeating: 0, count: 10) + [0xff, 0xff] + bytes
        case 16: self.bytes = bytes
        default: return nil
        }
    }

    package var isIPv4: Bool { bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff }

    /// The network that a household, a company or a mobile provider hands out addresses from: /24, or /48.
    package var siteKey: [UInt8] { Array(bytes.prefix(isIPv4 ? 15 : 6)) }

    /// The networks around the address as limits count them, the smallest first: for IPv6 the /64 that a site hands to each of its hosts, /56,
    /// /48 and /32; for IPv4 the address itself and its /24.
    package var networks: [[UInt8]] {
        isIPv4 ? [Array(bytes.suffix(4)), Array(bytes[12..<15])] : [8, 7, 6, 4].map { Array(bytes.prefix($0)) + [UInt8($0)] }
    }

    /// The most that `networks` has.
    package static let networkSizes = 4
}

/// A block of addresses (RFC 4632).
package struct IPNetwork: Sendable {
    private let prefix: [UInt8]
    private let bits: Int

    /// An address, or an address and the length of the prefix: `10.0.0.0/8`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)), parts.count <= 2 else { return nil }
        let size = address.isIPv4 ? 32 : 128
        guard let bits = parts.count == 2 ? Int(parts[1]) : size, (0...size).contains(bits) else { return nil }
        prefix = address.bytes
        self.bits = bits + 128 - size
    }

    /// Networks separated by commas; `nil` when one is malformed.
    package static func list(_ text: String) -> [IPNetwork]? {
        var networks: [IPNetwork] = []
        for item in text.split(separator: ",") {
            guard let network = IPNetwork(String(item).trimmed) else { return nil }
            networks.append(network)
        }
        return networks
    }

    package func contains(_ address: IPAddress) -> Bool {
        (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return address.bytes[bit / 8] & mask == prefix[bit / 8] & mask
        }
    }
}
