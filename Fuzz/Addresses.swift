// Where webhooks may go: no address of a special-purpose network is let through, and every other one is.
import CCurl
import Foundation
import Model

@testable import Outbound

/// Written from the registries another time, in other terms than the code: by the numbers at which networks begin and end.
private func isSpecial(_ ip: IPAddress) -> Bool {
    let high = ip.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let low = ip.bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if ip.isIPv4 {
        switch UInt32(truncatingIfNeeded: low) {
        case 0...0x00ff_ffff, 0x0a00_0000...0x0aff_ffff, 0x6440_0000...0x647f_ffff, 0x7f00_0000...0x7fff_ffff, 0xa9fe_0000...0xa9fe_ffff,
            0xac10_0000...0xac1f_ffff, 0xc000_0000...0xc000_00ff, 0xc000_0200...0xc000_02ff, 0xc058_6300...0xc058_63ff,
            0xc0a8_0000...0xc0a8_ffff, 0xc612_0000...0xc613_ffff, 0xc633_6400...0xc633_64ff, 0xcb00_7100...0xcb00_71ff, 0xe000_0000...:
            return true
        default: return false
        }
    }
    switch high {
    // IPv4-compatible; IPv4-translated (RFC 2765), by which a gateway reaches IPv4.
    case 0: return low >> 32 == 0 || low >> 32 == 0xffff_0000
    case 0x0064_ff9b_0000_0000: return low >> 32 == 0
    case 0x0064_ff9b_0001_0000...0x0064_ff9b_0001_ffff: return true
    // The second: RFC 9780.
    case 0x0100_0000_0000_0000, 0x0100_0000_0000_0001: return true
    case 0x2001_0000_0000_0000...0x2001_01ff_ffff_ffff, 0x2001_0db8_0000_0000...0x2001_0db8_ffff_ffff,
        0x2002_0000_0000_0000...0x2002_ffff_ffff_ffff, 0x3fff_0000_0000_0000...0x3fff_0fff_ffff_ffff,
        0x5f00_0000_0000_0000...0x5f00_ffff_ffff_ffff, 0xfc00_0000_0000_0000...0xfdff_ffff_ffff_ffff, 0xfe80_0000_0000_0000...:
        return true
    default: return false
    }
}

/// What libcurl asks before it opens a socket, asked as libcurl asks it.
private func isLetThrough(_ address: UnsafeRawBufferPointer, family: CInt) -> Bool {
    guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { fatalError("libcurl has another curl_sockaddr") }
    let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(MemoryLayout<curl_sockaddr>.size, offset + address.count), alignment: MemoryLayout<curl_sockaddr>.alignment)
    defer { memory.deallocate() }
    guard let start = memory.baseAddress else { fatalError("out of memory") }
    let asked = start.bindMemory(to: curl_sockaddr.self, capacity: 1)
    asked.initialize(to: curl_sockaddr())
    asked.pointee.family = family
    asked.pointee.addrlen = UInt32(address.count)
    UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyMemory(from: address)
    return AddressGuard(ReachableAddresses(open: []), isSecure: true).permits(asked)
}

/// The first sixteen bytes are an IPv6 address, of fewer the first four an IPv4 one.
func fuzzAddress(_ input: ArraySlice<UInt8>) {
    guard input.count >= 4 else { return }
    var bytes = Array(input.prefix(input.count < 16 ? 4 : 16))
    checkAddress(bytes)
    // And its neighbours, since no counter tells how much of a prefix agrees.
    for bit in 0..<bytes.count * 8 {
        bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        checkAddress(bytes)
        bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
    }
}

private func checkAddress(_ bytes: [UInt8]) {
    guard let ip = IPAddress(bytes: bytes) else { fatalError("\(bytes) is no address") }
    if bytes.count == 4 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
        check("\(bytes)", ip, withUnsafeBytes(of: &address) { isLetThrough($0, family: AF_INET) })
    } else {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
        check("\(bytes)", ip, withUnsafeBytes(of: &address) { isLetThrough($0, family: AF_INET6) })
    }
}

private func check(_ what: @autoclosure () -> String, _ ip: IPAddress, _ isLetThrough: Bool) {
    require(isLetThrough != isSpecial(ip), "\(what()), \(ip.bytes): \(isLetThrough ? "is let through" : "is refused")")
}

func fuzzWebhookURL(_ input: ArraySlice<UInt8>) {
    let text = String(decoding: input, as: UTF8.self)
    checkURL(text)
    // As a host, too: libcurl is not built with counters, so nothing leads through the rest of a URL.
    checkURL("https://\(text)/")
}

private func checkURL(_ text: String) {
    guard let url = WebhookURL(text), let handle = curl_url() else { return }
    defer { curl_url_cleanup(handle) }
    require(curl_url_set(handle, CURLUPART_URL, url.text, 0) == CURLUE_OK, "\(text) is no URL")
    guard var host = urlPart(CURLUPART_HOST, of: handle) else { fatalError("\(text) has no host") }
    require(urlPart(CURLUPART_USER, of: handle) == nil && urlPart(CURLUPART_PASSWORD, of: handle) == nil, "\(text) has credentials")
    if host.hasPrefix("[") { host = String(host.dropFirst().dropLast()) }
    // As libcurl does it before it asks the resolver.
    if host.hasSuffix(".") { host.removeLast() }
    // The resolver is asked about literal addresses only, in whichever spelling it takes: nothing leaves the machine.
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &found) == 0, let found else { return }
    defer { freeaddrinfo(found) }
    let address = UnsafeRawBufferPointer(start: found.pointee.ai_addr, count: Int(found.pointee.ai_addrlen))
    let bytes =
        found.pointee.ai_family == AF_INET
        ? withUnsafeBytes(of: address.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
        : withUnsafeBytes(of: address.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
    guard let ip = IPAddress(bytes: bytes) else { fatalError("\(host) has an address of \(bytes.count) bytes") }
    check(text, ip, isLetThrough(address, family: found.pointee.ai_family))
}
