// The entity tags of If-Match and If-None-Match (RFC 9110, 8.8.3 and 13.1). Ours are versions.
import Model
import Wire

package enum EntityTags: Equatable {
    /// `*`: whatever there is.
    case any
    /// What stands between the quotation marks.
    case tags([String])

    static let fault = #"must be * or entity tags such as "3", separated by commas"#

    static let document: JSON = [
        "type": "string", "pattern": #"^(\*|(W/)?"[0-9]{1,18}(-gzip)?"( *, *(W/)?"[0-9]{1,18}(-gzip)?")*)$"#, "examples": ["\"3\""],
    ]

    /// What we append to the tag of a compressed answer, and Apache httpd.
    private static let codings = ["-gzip", "-br", "-zstd"]

    /// - Parameter lines: the values of all fields of that name.
    /// - Returns: `nil` when they are malformed or have no tag.
    package init?(_ lines: [String]) {
        let text = lines.joined(separator: ",")
        if text.trimmed == "*" {
            self = .any
            return
        }
        var tags: [String] = []
        var rest = text.utf8[...]
        while true {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
            if rest.isEmpty { break }
            // Whoever compresses an answer makes its tag weak, or appends how it was done. The version is the same.
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.popFirst() == UInt8(ascii: "\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")),
                rest[..<end].allSatisfy({ $0 == 0x21 || (0x23...0x7e).contains($0) || $0 >= 0x80 })
            else { return nil }
            let tag = Substring(rest[..<end])
            let coding = Self.codings.first { tag.hasSuffix($0) }
            tags.append(String(tag.dropLast(coding?.count ?? 0)))
            rest = rest[rest.index(after: end)...].drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
        guard !tags.isEmpty else { return nil }
        self = .tags(tags)
    }

    /// The versions that are named; `nil` when any will do. A tag that is not one of ours names none.
    var versions: [Int64]? {
        guard case .tags(let tags) = self else { return nil }
        return tags.compactMap { tag in Int64(tag).flatMap { "\($0)" == tag ? $0 : nil } }
    }

    /// - Parameter tag: an entity tag of this server, with its quotation marks.
    package func matches(_ tag: String) -> Bool {
        guard case .tags(let tags) = self else { return true }
        return tags.contains { "\"\($0)\"" == tag }
    }
}
