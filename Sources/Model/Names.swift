// The rules for the names of an account, each with the pattern that documents it.
import Foundation

extension User {
    /// An address that `emailPattern` describes: the dot-atom form of RFC 5322 with a domain name of two labels or more.
    package static func isEmail(_ text: String) -> Bool {
        guard emailLength.contains(text.utf8.count) else { return false }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let atoms = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        let special = Set("!#$%&'*+/=?^_`{|}~-".utf8)
        // No limit of its own for the part before the @: a pattern could not say it, and RFC 5321 asks only that 64 bytes fit.
        return labels.count >= 2
            && atoms.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0.isASCIIAlphanumeric || special.contains($0) } }
            && labels.allSatisfy(isDomainLabel)
            && labels[labels.count - 1].utf8.count >= 2 && labels[labels.count - 1].utf8.first?.isASCIILetter == true
    }

    private static func isDomainLabel(_ label: Substring) -> Bool {
        let bytes = label.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return first.isASCIIAlphanumeric && last.isASCIIAlphanumeric
            && bytes.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
    }

    /// 3 to 32 letters, digits, dots, underscores and hyphens; a letter or digit at each end, so never an e-mail address.
    package static func isUsername(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (3...32).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        let inner = Set("._-".utf8)
        return first.isASCIIAlphanumeric && last.isASCIIAlphanumeric
            && bytes.allSatisfy { $0.isASCIIAlphanumeric || inner.contains($0) }
    }

    /// IANA names only: abbreviations such as CET mean different things to different people.
    package static func isTimeZone(_ text: String) -> Bool { text == "UTC" || (text.contains("/") && TimeZone(identifier: text) != nil) }
}

extension UInt8 {
    package var isASCIILetter: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
    package var isASCIIAlphanumeric: Bool { isASCIILetter || (0x30...0x39).contains(self) }
}
