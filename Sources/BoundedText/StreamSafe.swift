// The stream-safe text format (UAX #15, section 13): runs of combining marks have an end.

// Swift compares, hashes and normalizes a text by sorting each run of combining marks, which takes quadratic time in the length of the
// run: 80 kB of marks keep a thread busy for 12 s. Every text that comes from outside is checked here before anything else is done with it.

/// The most combining marks in a row: Unicode's own limit. No language comes near it.
package let combiningMarkLimit = 30

extension StringProtocol {
    /// Whether no run of combining marks is longer than `combiningMarkLimit`. Takes linear time.
    package var isStreamSafe: Bool {
        // No combining mark has a UTF-8 byte sequence that begins below 0xCC.
        if utf8.withContiguousStorageIfAvailable({ $0.allSatisfy { $0 < 0xcc } }) ?? false { return true }
        var run = 0
        for scalar in unicodeScalars {
            let marks = scalar.combiningMarks
            run = marks == 0 ? 0 : run + marks
            if run > combiningMarkLimit { return false }
        }
        return true
    }
}

/// The text with a combining grapheme joiner (U+034F), which is not seen, wherever a run of marks would become too long: the Stream-Safe Text
/// Process of UAX #15. For texts that were stored before there was a check.
package func streamSafe(_ text: String) -> String {
    if text.isStreamSafe { return text }
    var safe = String.UnicodeScalarView()
    var run = 0
    for scalar in text.unicodeScalars {
        let marks = scalar.combiningMarks
        if run + marks > combiningMarkLimit {
            safe.append("\u{34f}")
            run = 0
        }
        run = marks == 0 ? 0 : run + marks
        safe.append(scalar)
    }
    return String(safe)
}

extension Unicode.Scalar {
    /// How many marks the scalar begins with when it is decomposed (NFKD); 0 for a base, which ends a run. The marks behind a base, three at
    /// most, are not counted.
    fileprivate var combiningMarks: Int {
        switch value {
        case 0..<0x300: 0
        // They are no marks themselves and decompose into marks: all there are in Unicode 14.
        case 0xf73, 0xf75, 0xf81: 2
        case 0xff9e, 0xff9f: 1
        default: properties.canonicalCombiningClass == .notReordered ? 0 : 1
        }
    }
}
