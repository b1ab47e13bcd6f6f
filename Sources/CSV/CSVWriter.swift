// Writes CSV (RFC 4180) that no spreadsheet takes for a formula.

package struct CSVWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Appends a row. Each field is made harmless, which `withoutGuard` takes back.
    package mutating func row(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(.comma) }
            append(guarded(field), isAlone: fields.count == 1)
        }
        bytes += [.carriageReturn, .lineFeed]
    }

    /// - Parameter isAlone: an empty field that is the whole row would look like no row.
    private mutating func append(_ field: String, isAlone: Bool) {
        let special = field.utf8.contains { $0 == .comma || $0 == .quote || $0 == .carriageReturn || $0 == .lineFeed }
        guard special || isAlone && field.isEmpty else {
            bytes += field.utf8
            return
        }
        bytes.append(.quote)
        for byte in field.utf8 {
            if byte == .quote { bytes.append(.quote) }
            bytes.append(byte)
        }
        bytes.append(.quote)
    }
}

/// Several texts as one: a row of its own.
package func csvList(_ texts: [String]) -> String {
    texts.map { text in
        let isPlain = !text.utf8.contains { $0 == .comma || $0 == .quote || $0 == .carriageReturn || $0 == .lineFeed }
        return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
    }.joined(separator: ",")
}

/// The texts of such a list, without the blanks around them and without empty ones; `nil` when a quote is not closed or text follows one.
package func texts(ofCSVList list: String) -> [String]? {
    var texts: [String] = []
    var rest = list.utf8[...]
    while !rest.isEmpty {
        rest = rest.drop { $0 == .blank }
        if rest.first == .quote {
            guard let text = quoted(&rest) else { return nil }
            texts.append(text)
            rest = rest.drop { $0 == .blank }
            guard rest.isEmpty || rest.first == .comma else { return nil }
        } else {
            let text = rest.prefix { $0 != .comma }
            rest = rest[text.endIndex...]
            let end = text.lastIndex { $0 != .blank }
            if let end { texts.append(String(Substring(text[...end]))) }
        }
        rest = rest.dropFirst()
    }
    return texts.filter { !$0.isEmpty }
}

private func quoted(_ rest: inout Substring.UTF8View) -> String? {
    var text: [UInt8] = []
    rest = rest.dropFirst()
    while let end = rest.firstIndex(of: .quote) {
        text += rest[..<end]
        rest = rest[end...].dropFirst()
        if rest.first != .quote { return String(decoding: text, as: UTF8.self) }
        text.append(.quote)
        rest = rest.dropFirst()
    }
    return nil
}

extension UInt8 {
    fileprivate static let blank = UInt8(ascii: " ")
}

// MARK: Formulas

/// A spreadsheet takes a field that begins like this for a formula, and runs it. Source: OWASP, “CSV Injection”; ASVS 1.2.10.
private let formulaStarts = Set("=+-@\t\r\n\0".utf8)

/// A quote mark before a text that would be taken for a formula, and before one that looks as if it had been guarded already.
func guarded(_ text: String) -> String { isGuardable(text.utf8) ? "'" + text : text }

/// The text as it was before it was guarded.
package func withoutGuard(_ text: String) -> String {
    text.utf8.first == UInt8(ascii: "'") && isGuardable(text.utf8.dropFirst()) ? String(text.dropFirst()) : text
}

private func isGuardable(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.first { $0 != UInt8(ascii: "'") }.map(formulaStarts.contains) ?? false
}
