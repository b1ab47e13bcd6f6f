// Texts as people compare and search them.
import Foundation
import Model
import TestKit
import Testing

@Suite struct FoldingTests {
    @Test(
        "Texts that differ only in case or composition have one key",
        arguments: [
            ("", ""), ("Ada", "aDA"), ("ÉMILE", "émile"), ("\u{c9}mile", "e\u{301}mile"), ("STRASSE", "straße"), ("STRAẞE", "straße"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("ſpät", "Spät"), ("ЁЖИК", "ёжик"), ("\u{212b}ngström", "ångström"), ("\u{212a}elvin", "kelvin"),
            ("ﬁn", "FIN"), ("ǅ", "ǆ"), ("Ꭰ", "ꭰ"), ("İstanbul", "i\u{307}stanbul"), ("ΐ", "\u{3b9}\u{308}\u{301}"),
        ])
    func equal(_ one: String, _ other: String) {
        #expect(Array(caseFolded(one).utf8) == Array(caseFolded(other).utf8))
    }

    @Test(
        "Texts that differ in more than case keep different keys", arguments: [("é", "e"), ("o", "ö"), ("a", "а"), ("1", "①"), ("a", "a ")])
    func different(_ one: String, _ other: String) {
        #expect(caseFolded(one) != caseFolded(other))
    }

    @Test("Whichever way a letter of any script is written, its key is the same bytes")
    func everyLetter() {
        var odd: [String] = []
        for value in UInt32(0)...0x1fbff {
            guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic || scalar.properties.isCased else { continue }
            let text = String(scalar)
            let properties = scalar.properties
            let spellings = [
                properties.uppercaseMapping, properties.lowercaseMapping, properties.titlecaseMapping,
                text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCanonicalMapping, caseFolded(text),
            ]
            let key = Array(caseFolded(text).utf8)
            if !spellings.allSatisfy({ Array(caseFolded($0).utf8) == key }) { odd.append("U+" + String(value, radix: 16)) }
        }
        #expect(odd.isEmpty)
    }
}

@Suite struct SearchWordTests {
    @Test(
        "A text is searched by its letters and digits, without case and diacritics",
        arguments: [
            ("", []), (" \t\n", []), ("!?… — «»", []), ("\"'*():^{}+-", []),
            ("Buy milk", ["buy", "milk"]), ("  Buy,milk;now! ", ["buy", "milk", "now"]),
            ("Café CRÈME", ["cafe", "creme"]), ("Cafe\u{301}", ["cafe"]), ("naïve façade", ["naive", "facade"]),
            ("Größe STRASSE Straße", ["grosse", "strasse", "strasse"]), ("ΣΊΣΥΦΟΣ", ["σισυφοσ"]), ("Сёгун", ["сегун"]),
            ("İstanbul", ["istanbul"]), ("IĞDIR", ["igdir"]), ("Đà Nẵng", ["đa", "nang"]),
            ("Q3/2026 v1.2", ["q3", "2026", "v1", "2"]), ("e-mail@example.com", ["e", "mail", "example", "com"]),
            ("snake_case", ["snake", "case"]), ("C++ & C#", ["c", "c"]), ("x² №5 ﬁn ＡＢＣ", ["x2", "no5", "fin", "abc"]),
            ("买牛奶", ["买牛奶"]), ("東京 タワー", ["東京", "タワー"]), ("٣ مهام", ["٣", "مهام"]), ("🎉party🎉", ["party"]), ("👩‍👩‍👧", []),
            ("nul\u{0}byte", ["nul", "byte"]), ("a\u{200b}b", ["a", "b"]),
        ] as [(String, [String])])
    func words(_ text: String, _ words: [String]) {
        #expect(SearchQuery.words(of: text) == words)
    }

    @Test("A word is found again by itself, in capitals, in small letters and decomposed")
    func stable() {
        var odd: [String] = []
        for value in UInt32(0)...0x2ffff {
            guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
                continue
            }
            let text = String(scalar)
            let words = SearchQuery.words(of: text)
            let others = [
                words.joined(separator: " "), scalar.properties.uppercaseMapping, scalar.properties.lowercaseMapping,
                text.decomposedStringWithCanonicalMapping,
            ]
            if !others.allSatisfy({ SearchQuery.words(of: $0) == words }) { odd.append("U+" + String(value, radix: 16)) }
        }
        #expect(odd.isEmpty)
    }

    @Test("Hangul is found however it is composed")
    func hangul() {
        #expect(SearchQuery.words(of: "할일") == SearchQuery.words(of: "할일".decomposedStringWithCanonicalMapping))
        #expect(SearchQuery.words(of: "할일").count == 1)
    }

    @Test("A search takes the first ten words and no more")
    func limit() {
        let text = (1...50).map { "w\($0)" }.joined(separator: " ")
        #expect(SearchQuery(text).words == (1...10).map { "w\($0)" })
        #expect(SearchQuery("...").words.isEmpty)
    }

    @Test("Neither quotes nor operators of a search language are in a word")
    func noSyntax() {
        var random = SplitMix(seed: 3)
        let alphabet = Array("\"'*()^:{}+-~<>%_!\\;,.[] \t\nANDORNOTnear")
        for _ in 0..<2000 {
            let text = String((0..<40).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] })
            for word in SearchQuery(text).words {
                #expect(!word.isEmpty && word.unicodeScalars.allSatisfy { ("a"..."z").contains($0) }, "\(word)")
            }
        }
    }
}
