// Texts compared by people: keys that are the same on every engine.
import Foundation
import BoundedText

/// A key that is equal for texts that differ only in case or in Unicode composition. SQL's `lower()` knows only ASCII on SQLite.
package func caseFolded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return withoutCase(streamSafe(text)).precomposedStringWithCanonicalMapping
}

/// Café → cafe, Łódź → lodz: canonical decomposition without its combining marks, compatibility forms as the letters they stand for, and
/// Latin letters that do not decompose as people type them without a keyboard for them.
package func searchFolded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    // Case once before, since an iota subscript is a mark in small letters only, and once after: № and ℂ stand for capitals.
    let decomposed = withoutCase(streamSafe(text)).decomposedStringWithCompatibilityMapping.unicodeScalars
    let letters = withoutCase(String(String.UnicodeScalarView(decomposed.filter { $0.properties.generalCategory != .nonspacingMark })))
    var folded = String.UnicodeScalarView()
    for scalar in letters.unicodeScalars {
        if scalar.value >= 0x80, let plain = plainLatin[scalar] { folded.append(contentsOf: plain) } else { folded.append(scalar) }
    }
    return String(folded)
}

/// What a Latin letter without a decomposition is typed as. Its name says it: LATIN SMALL LETTER L WITH STROKE is an l, LATIN SMALL LETTER AE
/// is ae, LATIN SMALL LETTER OPEN E is an e.
private let plainLatin: [Unicode.Scalar: String.UnicodeScalarView] = {
    let blocks: [ClosedRange<UInt32>] = [0xdf...0x2af, 0x1d00...0x1dbf, 0x1e00...0x1eff, 0x2c60...0x2c7f, 0xa720...0xa7ff, 0xab30...0xab6f]
    let named = ["THORN": "th", "ETH": "d", "ENG": "n", "SCHWA": "e", "KRA": "k"]
    var plain: [Unicode.Scalar: String.UnicodeScalarView] = [:]
    for scalar in blocks.joined().compactMap(Unicode.Scalar.init) {
        let words = (scalar.properties.name ?? "").split(separator: " ")
        guard words.starts(with: ["LATIN", "SMALL", "LETTER"]) || words.starts(with: ["LATIN", "SMALL", "LIGATURE"]),
            let letter = words.dropFirst(3).prefix(while: { $0 != "WITH" }).last
        else { continue }
        if let letters = named[String(letter)] ?? (letter.utf8.count <= 2 ? letter.lowercased() : nil) {
            plain[scalar] = letters.unicodeScalars
        }
    }
    return plain
}()

/// Upper case unites letters with several lower-case forms (σ and ς, s and ſ); lower case before it, ẞ with ß and so with ss.
private func withoutCase(_ text: String) -> String { text.lowercased().uppercased().lowercased() }

extension String {
    /// The text on one line, with nothing in it that does something unseen: line breaks, controls and marks of writing direction are shown as
    /// signs. For texts of users among words of ours.
    package var visible: String {
        if utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return self }
        var shown = ""
        var isAfterReturn = false
        for scalar in unicodeScalars {
            defer { isAfterReturn = scalar == "\r" }
            switch (scalar, scalar.properties.generalCategory) {
            case ("\n", _) where isAfterReturn: continue
            case ("\n", _), ("\r", _), (_, .lineSeparator), (_, .paragraphSeparator): shown += "⏎"
            case ("\t", _): shown += " "
            // Joiners make one sign of several, such as a family.
            case ("\u{200c}", _), ("\u{200d}", _): shown.unicodeScalars.append(scalar)
            case (_, .control), (_, .format): shown += "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// Without the blanks and tabs around it (RFC 9110, 5.6.3: OWS).
    package var trimmed: String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) }) else { return "" }
        return first == startIndex && utf8.index(after: last) == endIndex ? self : String(self[first...last])
    }
}
