// Texts compared by people: keys that are the same on every engine.
import Foundation
import BoundedText

/// A key that is equal for texts that differ only in case or in Unicode composition. SQL's `lower()` knows only ASCII on SQLite.
package func caseFolded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return withoutCase(streamSafe(text)).precomposedStringWithCanonicalMapping
}

/// Café → cafe: canonical decomposition without its combining marks, and compatibility forms as the letters they stand for.
package func searchFolded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    // Case once before, since an iota subscript is a mark in small letters only, and once after: № and ℂ stand for capitals.
    let decomposed = withoutCase(streamSafe(text)).decomposedStringWithCompatibilityMapping.unicodeScalars
    return withoutCase(String(String.UnicodeScalarView(decomposed.filter { $0.properties.generalCategory != .nonspacingMark })))
}

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
