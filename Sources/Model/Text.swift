// Texts compared by people: keys that are the same on every engine.
import Foundation

/// A key that is equal for texts that differ only in case or in Unicode composition. SQL's `lower()` knows only ASCII on SQLite.
package func caseFolded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return withoutCase(text).precomposedStringWithCanonicalMapping
}

/// Café → cafe: canonical decomposition without its combining marks, and compatibility forms as the letters they stand for.
func searchFolded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    // Case once before, since an iota subscript is a mark in small letters only, and once after: № and ℂ stand for capitals.
    let decomposed = withoutCase(text).decomposedStringWithCompatibilityMapping.unicodeScalars
    return withoutCase(String(String.UnicodeScalarView(decomposed.filter { $0.properties.generalCategory != .nonspacingMark })))
}

/// Upper case unites letters with several lower-case forms (σ and ς, s and ſ); lower case before it, ẞ with ß and so with ss.
private func withoutCase(_ text: String) -> String { text.lowercased().uppercased().lowercased() }

extension String {
    /// Without the blanks and tabs around it (RFC 9110, 5.6.3: OWS).
    package var trimmed: String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) }) else { return "" }
        return first == startIndex && utf8.index(after: last) == endIndex ? self : String(self[first...last])
    }
}
