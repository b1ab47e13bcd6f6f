// Writes CSV (RFC 4180) that no spreadsheet takes for a formula.

package struct CSVWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Appends a row. Each field is made harmless, which `withoutGuard` takes back.
    package mutating func row(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(.comma) }
            append(Array(field.utf8), isAlone: fields.count == 1)
        }
        bytes += [.carriageReturn, .lineFeed]
    }

    /// - Parameter isAlone: an empty field that is the whole row would look like no row.
    private mutating func append(_ field: [UInt8], isAlone: Bool) {
        let field = guarded(field) ?? field
        guard field.contains(where: mustBeQuoted) || isAlone && field.isEmpty else {
            bytes += field
            return
        }
        bytes.append(.quote)
        for byte in field {
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
    /// What a spreadsheet takes for “this is text”.
    fileprivate static let guardMark = UInt8(ascii: "'")
}

/// What ends a field for some reader, and the signs of a guarded formula. Our own reader needs no more than comma, quote and line ends quoted.
private func mustBeQuoted(_ byte: UInt8) -> Bool {
    byte == .comma || byte == .quote || byte == .guardMark || isForeignSeparator(byte)
}

// MARK: Formulas

// A spreadsheet takes a field that begins like a formula for one, and runs it. Sources: OWASP, “CSV Injection”; ASVS 1.2.10.
// One that splits at semicolons, as many do outside of English, sees a field behind each semicolon, and a row behind each line end: to it
// the quotes of a field in the middle of a row are no quotes. So a quote mark stands before whatever looks like a formula there, too.

private let formulaSigns = Set("=+-@".utf8)
/// Signs, before the next one begins a formula.
private let leadingControls = Set("\t\r\n\0".utf8)
/// U+FF1D, U+FF0B, U+FF0D, U+FF20: the full-width forms of the signs, which some spreadsheets read as them.
private let wideFormulaSigns: [[UInt8]] = ["＝", "＋", "－", "＠"].map { Array($0.utf8) }

private func isForeignSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ";") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "\t") || byte == .lineFeed || byte == .carriageReturn
}

/// Whether a formula begins at `index`, behind quotes and blanks. What looks guarded already counts, so that every guard can be taken back.
private func beginsFormula(_ bytes: [UInt8], at index: Int, isFirst: Bool) -> Bool {
    var index = index
    while index < bytes.count, bytes[index] == .guardMark || bytes[index] == .quote || bytes[index] == .blank { index += 1 }
    guard index < bytes.count else { return false }
    if formulaSigns.contains(bytes[index]) || isFirst && leadingControls.contains(bytes[index]) { return true }
    return bytes[index] == 0xef && wideFormulaSigns.contains { bytes[index...].starts(with: $0) }
}

/// The places where some reader sees the beginning of a field: the first byte, and behind each foreign separator.
private func isFieldStart(_ bytes: [UInt8], _ index: Int) -> Bool { index == 0 || isForeignSeparator(bytes[index - 1]) }

/// A quote mark before each text that would be taken for a formula; `nil` when there is none.
func guarded(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8]?
    for (index, byte) in bytes.enumerated() {
        if isFieldStart(bytes, index), beginsFormula(bytes, at: index, isFirst: index == 0) {
            result = result ?? Array(bytes[..<index])
            result?.append(.guardMark)
        }
        result?.append(byte)
    }
    return result
}

/// The text as it was before it was guarded.
package func withoutGuard(_ text: String) -> String {
    guard text.utf8.contains(.guardMark) else { return text }
    let bytes = Array(text.utf8)
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
        let isGuard = byte == .guardMark && isFieldStart(bytes, index) && beginsFormula(bytes, at: index + 1, isFirst: index == 0)
        if !isGuard { plain.append(byte) }
    }
    return String(decoding: plain, as: UTF8.self)
}
