// Which addresses this server connects to in the name of its users: public ones, and those that the operator names.
import CCurl
package import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What users may make this server reach. Without it a webhook would be a way into the network that the server stands in (SSRF).
package struct ReachableAddresses: Sendable {
    /// Special-purpose addresses (the IANA registries of RFC 6890), multicast, and the ways of writing IPv4 addresses as IPv6 ones.
    private static let closed =
        IPNetwork.list(
            """
            0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,192.0.0.0/24,192.0.2.0/24,192.88.99.0/24,\
            192.168.0.0/16,198.18.0.0/15,198.51.100.0/24,203.0.113.0/24,224.0.0.0/4,240.0.0.0/4,::/96,::ffff:0:0:0/96,64:ff9b::/96,\
            64:ff9b:1::/48,100::/64,100:0:0:1::/64,2001::/23,2001:db8::/32,2002::/16,3fff::/20,5f00::/16,fc00::/7,fe80::/10,fec0::/10,\
            ff00::/8
            """) ?? []

    private let open: [IPNetwork]

    /// - Parameter open: networks that may be reached although they are not public.
    package init(open: [IPNetwork]) { self.open = open }

    package var hasOpenNetworks: Bool { !open.isEmpty }

    package func contains(_ address: IPAddress) -> Bool {
        isOpened(address) || !Self.closed.contains { $0.contains(address) }
    }

    /// Whether messages to the URL can arrive, as far as its text alone tells: what a name stands for is seen when it is used.
    package func mayContain(_ url: WebhookURL) -> Bool {
        let addresses = url.literalAddresses
        return addresses.isEmpty || addresses.contains { url.isSecure ? contains($0) : isOpened($0) }
    }

    /// The operator has named it.
    package func isOpened(_ address: IPAddress) -> Bool { open.contains { $0.contains(address) } }
}

/// Asked for every socket of one transfer, by the thread that performs it.
final class AddressGuard {
    private let reachable: ReachableAddresses
    /// Whether what is sent is encrypted: without that it goes to opened addresses only.
    private let isSecure: Bool
    private(set) var hasRefused = false

    init(_ reachable: ReachableAddresses, isSecure: Bool) {
        self.reachable = reachable
        self.isSecure = isSecure
    }

    func permits(_ address: UnsafePointer<curl_sockaddr>) -> Bool {
        guard let ip = Self.address(address), isSecure ? reachable.contains(ip) : reachable.isOpened(ip) else {
            hasRefused = true
            return false
        }
        return true
    }

    /// The socket address stands at the end of the structure and is longer than its type says.
    private static func address(_ address: UnsafePointer<curl_sockaddr>) -> IPAddress? {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: UnsafeRawPointer(address).advanced(by: offset), count: Int(address.pointee.addrlen))
        switch address.pointee.family {
        case AF_INET where bytes.count >= MemoryLayout<sockaddr_in>.size:
            return IPAddress(bytes: withUnsafeBytes(of: bytes.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) })
        case AF_INET6 where bytes.count >= MemoryLayout<sockaddr_in6>.size:
            return IPAddress(bytes: withUnsafeBytes(of: bytes.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) })
        default: return nil
        }
    }
}
