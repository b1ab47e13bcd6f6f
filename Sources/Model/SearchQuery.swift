// The words of a text and of a search: what is indexed, and what is looked up.

/// The words to search for, folded; the last one may be a beginning. A text without letters, digits and symbols finds nothing.
package struct SearchQuery: Hashable, Sendable {
    /// All of them must be there.
    package let terms: [Term]

    package struct Term: Hashable, Sendable {
        package let word: String
        /// Whether words that begin like this are found, too.
        package let isBeginning: Bool

        package init(_ word: String, isBeginning: Bool) {
            self.word = word
            self.isBeginning = isBeginning
        }
    }

    /// The longest text searched for, and the most words taken from it. A run of a script without blanks counts as one.
    package static let textLength: ClosedRange<Int> = 1...200
    package static let wordLimit = 10

    package init(_ text: String) {
        let text = CutText(text)
        let pieces = text.pieces.prefix(Self.wordLimit)
        terms = pieces.indices.flatMap { text.terms(of: pieces[$0], isLast: $0 == pieces.index(before: pieces.endIndex)) }
    }

    /// Whether a text is found that has these words.
    package func matches(_ words: [String]) -> Bool {
        terms.allSatisfy { term in
            words.contains { term.isBeginning ? $0.utf8.starts(with: term.word.utf8) : $0.utf8.elementsEqual(term.word.utf8) }
        }
    }

    /// The words under which a text is found: letters and digits, without case and diacritics; signs that belong to them, as in C++ and #42,
    /// in words of their own; symbols; and of a run in a script without blanks each pair of neighbours. No blank, quotation mark or backslash is in one.
    package static func words(of text: String) -> [String] {
        let text = CutText(text)
        var words: [String] = []
        words.reserveCapacity(text.pieces.count)
        for piece in text.pieces { text.appendWords(of: piece, to: &words) }
        return words
    }
}

/// A folded text, cut into pieces. As bytes of UTF-8, since walking through a `String` takes longer than everything else here.
private struct CutText {
    struct Piece {
        var kind: Kind
        var range: Range<Int>
    }

    enum Kind {
        /// Letters and digits of scripts that set blanks between words.
        case word
        /// Letters of scripts that set none.
        case run
        case symbol
    }

    private let bytes: [UInt8]
    private(set) var pieces: [Piece] = []

    init(_ text: String) {
        bytes = Array(searchFolded(text).utf8)
        var place = 0
        while place < bytes.count {
            let kind = kind(at: place)
            var end = next(place)
            switch kind {
            case .word, .run: while end < bytes.count, self.kind(at: end) == kind { end = next(end) }
            // A flag is two of them.
            case .symbol where isRegional(place) && end < bytes.count && isRegional(end): end = next(end)
            case .symbol, nil: break
            }
            if let kind { pieces.append(Piece(kind: kind, range: place..<end)) }
            place = end
        }
    }

    // MARK: What is indexed

    func appendWords(of piece: Piece, to words: inout [String]) {
        switch piece.kind {
        case .symbol: words.append(word(piece.range))
        case .run:
            words += pairs(piece.range)
            // The last letter alone: so each letter begins a word.
            words.append(word(previous(piece.range.upperBound)..<piece.range.upperBound))
        case .word:
            words.append(word(piece.range))
            if let start = signBefore(piece.range.lowerBound) { words.append(word(start..<piece.range.upperBound)) }
            let end = endOfSigns(after: piece.range.upperBound)
            if end > piece.range.upperBound { words.append(word(piece.range.lowerBound..<end)) }
        }
    }

    // MARK: What is looked up

    func terms(of piece: Piece, isLast: Bool) -> [SearchQuery.Term] {
        switch piece.kind {
        case .symbol: return [.init(word(piece.range), isBeginning: isLast)]
        case .run:
            let pairs = pairs(piece.range)
            return pairs.isEmpty ? [.init(word(piece.range), isBeginning: true)] : pairs.map { .init($0, isBeginning: false) }
        case .word:
            // A sign between two words may stand for a blank: here it counts only at the edge.
            var words: [String] = []
            if let start = signBefore(piece.range.lowerBound), start == 0 || !isLetter(previous(start)) {
                words.append(word(start..<piece.range.upperBound))
            }
            let end = endOfSigns(after: piece.range.upperBound)
            if end > piece.range.upperBound, end == bytes.count || !isLetter(end) { words.append(word(piece.range.lowerBound..<end)) }
            if words.isEmpty { words = [word(piece.range)] }
            return words.map { .init($0, isBeginning: isLast) }
        }
    }

    // MARK: Parts of pieces

    private func word(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func pairs(_ run: Range<Int>) -> [String] {
        var pairs: [String] = []
        var first = run.lowerBound
        var second = next(first)
        while second < run.upperBound {
            pairs.append(word(first..<next(second)))
            (first, second) = (second, next(second))
        }
        return pairs
    }

    /// The place of the sign in #42 and .NET; a dot after a dot is none.
    private func signBefore(_ place: Int) -> Int? {
        guard place > 0 else { return nil }
        switch bytes[place - 1] {
        case UInt8(ascii: "#"): return place - 1
        case UInt8(ascii: "."): return place > 1 && bytes[place - 2] == UInt8(ascii: ".") ? nil : place - 1
        default: return nil
        }
    }

    /// The end of the signs in C++ and F#.
    private func endOfSigns(after place: Int) -> Int {
        bytes[place...].firstIndex { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "#") } ?? bytes.count
    }

    // MARK: Characters

    private func next(_ place: Int) -> Int {
        switch bytes[place] {
        case ..<0x80: place + 1
        case ..<0xe0: place + 2
        case ..<0xf0: place + 3
        default: place + 4
        }
    }

    private func previous(_ place: Int) -> Int {
        var place = place - 1
        while bytes[place] & 0xc0 == 0x80 { place -= 1 }
        return place
    }

    private func scalar(at place: Int) -> Unicode.Scalar {
        let first = UInt32(bytes[place])
        if first < 0x80 { return Unicode.Scalar(UInt8(first)) }
        let rest = bytes[(place + 1)..<next(place)]
        // The first byte of three has four bits of the character, for example.
        let beginning = first & (UInt32(0x7f) >> UInt32(rest.count + 1))
        return Unicode.Scalar(rest.reduce(beginning) { $0 << 6 | UInt32($1 & 0x3f) }) ?? "\u{fffd}"
    }

    private func isLetter(_ place: Int) -> Bool {
        let kind = kind(at: place)
        return kind == .word || kind == .run
    }

    private func isRegional(_ place: Int) -> Bool { ("\u{1f1e6}"..."\u{1f1ff}").contains(scalar(at: place)) }

    private func kind(at place: Int) -> Kind? {
        // The Unicode tables take longer than everything else that is done with a task.
        bytes[place] < 0x80 ? (bytes[place].isASCIIAlphanumeric ? .word : nil) : Self.kind(scalar(at: place))
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind? {
        let properties = scalar.properties
        if properties.isAlphabetic || properties.numericType != nil { return hasNoBlanks(scalar.value) ? .run : .word }
        switch properties.generalCategory {
        // The slash in ½, which is found by 1/2.
        case .mathSymbol: return scalar == "\u{2044}" ? nil : .symbol
        // Tones of skin are modifiers and so no words: 👍 finds 👍🏽.
        case .currencySymbol, .otherSymbol: return .symbol
        default: return nil
        }
    }

    /// Whether the script sets no blanks between words.
    private static func hasNoBlanks(_ value: UInt32) -> Bool {
        switch value {
        // Thai, Lao; Myanmar; Khmer; Tai Le to Tai Tham.
        case 0xe00...0xeff, 0x1000...0x109f, 0x1780...0x17ff, 0x1950...0x1aaf,
            // Radicals, Hiragana, Katakana, Bopomofo; Han and Yi.
            0x2e80...0x312f, 0x31a0...0x31ff, 0x3400...0xa4cf,
            // Javanese and Myanmar; Myanmar and Tai Viet; Han.
            0xa980...0xa9ff, 0xaa60...0xaadf, 0xf900...0xfaff,
            // Tangut, Khitan, Kana, Nüshu; Han.
            0x16fe0...0x1b2ff, 0x20000...0x3ffff:
            true
        default: false
        }
    }
}
