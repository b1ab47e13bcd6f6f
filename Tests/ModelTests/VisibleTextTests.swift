// Which titles, labels and names show something.
import Foundation
import Model
import TestKit
import Testing

@Suite struct VisibleTextTests {
    private static let blank = [
        "", " ", "\t\n\r", "\u{a0}", "\u{2003}\u{2009}", "\u{3000}", "\u{200b}", "\u{200d}\u{200c}", "\u{feff}", "\u{2060}", "\u{ad}",
        "\u{200e}\u{202e}", "\u{1}\u{7f}\u{85}", "\u{2028}", "\u{fe0f}", "\u{2800}", "\u{3164}", "\u{115f}\u{1160}", "\u{180e}",
        "\u{e0041}", "\u{2066}\u{2069}", " \u{200b} ",
    ]
    private static let visible = ["a", "0", ".", "ä", "日", "👩‍👩‍👧", "❤️", " a ", "\u{200f}שלום", "\u{200b}x", "می‌خواهم", "\u{301}", "𝒜"]

    @Test("A text of nothing but blanks, controls and characters without width is blank", arguments: blank)
    func blanks(text: String) { #expect(text.isBlank) }

    @Test("A text with one character that can be seen is not", arguments: visible)
    func seen(text: String) { #expect(!text.isBlank) }

    @Test(
        "A label neither begins nor ends with what cannot be seen; an emoji may end with its selector",
        arguments: [
            ("ops", true), ("a b", true), ("❤️", true), ("می‌خواهم", true), (" ops", false), ("ops\u{a0}", false), ("\u{3000}ops", false),
            ("ops\u{200b}", false), ("\u{200d}", false), ("ops\n", false), ("\u{feff}ops", false), ("", false),
        ])
    func trimmed(_ text: String, _ isTrimmed: Bool) { #expect(text.isTrimmed == isTrimmed) }

    @Test("The documented patterns say the same as the rules, wherever a pattern can")
    func patterns() throws {
        let visiblePattern = try NSRegularExpression(pattern: String.visiblePattern)
        let trimmedPattern = try NSRegularExpression(pattern: String.trimmedPattern)
        func matches(_ pattern: NSRegularExpression, _ text: String) -> Bool {
            let whole = NSRange(text.startIndex..., in: text)
            return pattern.firstMatch(in: text, range: whole)?.range == whole
        }
        var differing: [String] = []
        for value in UInt32(1)...0xffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            if matches(visiblePattern, text) == text.isBlank { differing.append("visible \(value)") }
            for text in [text, "a\(text)", "\(text)a"] where matches(trimmedPattern, text) != text.isTrimmed {
                differing.append("trimmed \(value) in a text of \(text.unicodeScalars.count)")
            }
        }
        #expect(differing.isEmpty, "\(differing.prefix(10))")
    }
}
