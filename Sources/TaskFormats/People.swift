// The persons whom a record names.
import Model

struct People {
    /// The kinds of names of each person, by place in their lists.
    private var addresses: [String] = []
    private var usernames: [String] = []
    private var names: [String] = []

    /// Bytes of the longest name that is looked for: no e-mail address is longer (RFC 5321).
    static let longest = 254

    /// `#92`: on another installation that is somebody else.
    static func isForeignID(_ text: String) -> Bool {
        text.utf8.first == UInt8(ascii: "#") && text.utf8.count > 1 && text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    mutating func add(_ text: String, _ meaning: Meaning) {
        switch meaning {
        case .personAddress: addresses.append(text)
        case .personUsername: usernames.append(text)
        default:
            // “Ada Example <ada@example.com>”, “Ada Example (1001)”
            if text.utf8.last == UInt8(ascii: ">"), let start = text.lastIndex(of: "<") {
                addresses.append(String(text[text.index(after: start)...].dropLast()))
                let name = String(text[..<start]).trimmed
                if !name.isEmpty { names.append(name) }
            } else if text.utf8.last == UInt8(ascii: ")"), let start = text.lastIndex(of: "("),
                text[start...].dropFirst().dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }), start != text.startIndex
            {
                names.append(String(text[..<start]).trimmed)
            } else {
                names.append(text)
            }
        }
    }

    /// The names of the first person, the surest first.
    var first: [String] {
        var first: [String] = []
        for name in [addresses.first, usernames.first, names.first] {
            if let name, !first.contains(name) { first.append(name) }
        }
        return first
    }

    var others: [String] {
        let lists = [names, usernames, addresses]
        let longest = lists.max { $0.count < $1.count } ?? []
        var seen: Set<String> = Set(first)
        return longest.dropFirst().filter { seen.insert($0).inserted }
    }
}
