// Where the data is, as DATABASE_URL names it, and how it is opened.
import Foundation
package import Model

package enum DatabaseLocation: Sendable {
    case sqlite(path: String)
    /// A libpq connection URI, with a password perhaps.
    case postgres(Secret)

    package init?(_ text: String) {
        if text.hasPrefix("sqlite:"), text.count > 7 {
            self = .sqlite(path: String(text.dropFirst(7)))
        } else if Self.isPostgres(text) {
            self = .postgres(Secret(text))
        } else {
            return nil
        }
    }

    /// A connection URI that has one meaning only. What libpq says of others repeats parts of them, and so of passwords.
    static func isPostgres(_ text: String) -> Bool {
        guard let scheme = ["postgres://", "postgresql://"].first(where: { text.hasPrefix($0) }) else { return false }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let signs = rest.count { $0 == UInt8(ascii: "@") }
        guard signs == authority.count(where: { $0 == UInt8(ascii: "@") }), signs <= 1,
            rest.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") })
        else { return false }
        let hosts = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? authority
        guard hosts.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).allSatisfy(isHost) else { return false }
        let bytes = Array(rest)
        guard !String(decoding: bytes, as: UTF8.self).contains("%00") else { return false }
        return bytes.indices.allSatisfy { index in
            bytes[index] != UInt8(ascii: "%") || bytes[index...].dropFirst().prefix(2).count { $0.isHexDigit } == 2
        }
    }

    /// A host name, an address in brackets or a percent-encoded folder of a socket, with a port perhaps.
    private static func isHost(_ text: some Collection<UInt8>) -> Bool {
        var rest = text[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = rest[..<end].dropFirst()
            guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else {
                return false
            }
            rest = rest[end...].dropFirst()
        } else {
            rest = rest.drop { $0.isASCIIAlphanumeric || "._%-".utf8.contains($0) }
        }
        let port = rest.dropFirst()
        return rest.isEmpty || rest.first == UInt8(ascii: ":") && port.count <= 5 && port.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The folder of the files that belong to the data, unless another one is configured.
    var folder: String {
        switch self {
        case .sqlite(let path): path.folderAbove
        case .postgres: "data"
        }
    }

    /// The folder of the SQLite file.
    package var fileFolder: String? { isExclusive ? folder : nil }

    /// A SQLite file belongs to one process.
    package var isExclusive: Bool {
        if case .sqlite = self { true } else { false }
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool { (0x30...0x39).contains(self) || (0x41...0x46).contains(self) || (0x61...0x66).contains(self) }
}
