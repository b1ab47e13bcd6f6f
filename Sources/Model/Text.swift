// Texts compared by people: keys that are the same on every engine.
import Foundation

/// A key that is equal for texts that differ only in case or in Unicode composition. SQL's `lower()` knows only ASCII on SQLite.
package func caseFolded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    // Upper case first: it unites letters with several lower-case forms (σ and ς, s and ſ).
    return text.uppercased().lowercased().precomposedStringWithCanonicalMapping
}

/// Café → cafe: canonical decomposition without its combining marks, and compatibility forms as the letters they stand for.
func withoutDiacritics(_ text: String) -> String {
    let decomposed = text.decomposedStringWithCompatibilityMapping.unicodeScalars
    return String(String.UnicodeScalarView(decomposed.filter { $0.properties.generalCategory != .nonspacingMark }))
}
