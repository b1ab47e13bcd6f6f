// The first line of a quick add in tokens, and what is description.

/// Works on UTF-16 units: every sign of the grammar is one, and the places of chips are counted in them.
struct QuickAddLine {
    struct Token {
        var start: Int
        var end: Int
        /// Without the backslash that made it literal.
        var text: String
        var isLiteral: Bool
    }

    private let units: [UInt16]
    private(set) var tokens: [Token] = []
    private(set) var ranges: [QuickAdd.Range] = []
    private(set) var description: String?
    /// The title of a line that is quoted as a whole.
    private(set) var quotedTitle: String?

    init(_ text: String) {
        units = Array(text.utf16)
        let all = trimmed(0..<units.count)
        let first = all.first { Self.isLineBreak(units[$0]) } ?? all.upperBound
        let rest = trimmed(first..<all.upperBound)
        let line = trimmed(all.lowerBound..<first)

        var remark = line.upperBound
        if let title = wholeQuote(line) {
            quotedTitle = title
            ranges.append(range(line, .quoted))
        } else {
            remark = read(line)
        }
        var parts: [String] = []
        if remark < line.upperBound { parts.append(slice(trimmed(remark + 2..<line.upperBound))) }
        if !rest.isEmpty { parts.append(slice(rest)) }
        if !parts.isEmpty {
            description = parts.joined(separator: "\n")
            ranges.append(range((remark < line.upperBound ? remark : rest.lowerBound)..<all.upperBound, .description))
        }
    }

    func gap(before token: Token) -> String {
        var start = token.start
        while start > 0, isGap(start - 1) { start -= 1 }
        return slice(start..<token.start)
    }

    func range(_ place: Range<Int>, _ kind: QuickAdd.Kind) -> QuickAdd.Range {
        QuickAdd.Range(start: place.lowerBound, end: place.upperBound, kind: kind, text: slice(place))
    }

    /// The tokens that begin there; those that stand beside each other are one range.
    func ranges(of kind: QuickAdd.Kind, _ starts: Set<Int>) -> [QuickAdd.Range] {
        tokens.split { !starts.contains($0.start) }.compactMap { run in
            guard let first = run.first, let last = run.last else { return nil }
            return range(first.start..<last.end, kind)
        }
    }

    // MARK: Reading

    private func wholeQuote(_ line: Range<Int>) -> String? {
        guard line.count > 2, units[line.lowerBound] == Self.quote,
            units[(line.lowerBound + 1)...].firstIndex(of: Self.quote) == line.upperBound - 1
        else { return nil }
        let title = slice(trimmed(line.lowerBound + 1..<line.upperBound - 1))
        return title.isEmpty ? nil : title
    }

    /// - Returns: where the description begins, or the end.
    private mutating func read(_ line: Range<Int>) -> Int {
        var position = line.lowerBound
        while position < line.upperBound {
            if isGap(position) {
                position += 1
                continue
            }
            let start = position
            if start > line.lowerBound, start + 2 < line.upperBound, units[start] == Self.slash, units[start + 1] == Self.slash,
                isGap(start + 2)
            {
                return start
            }
            let isEscaped = units[start] == Self.backslash && start + 1 < line.upperBound && !isGap(start + 1)
            let quote = quote(at: start, in: line)
            if let quote { position = quote.upperBound }
            while position < line.upperBound, !isGap(position) { position += 1 }
            let isQuote = quote?.lowerBound == start
            if let quote, isQuote { ranges.append(range(quote, .quoted)) }
            let text = slice((isEscaped ? start + 1 : start)..<position)
            tokens.append(Token(start: start, end: position, text: text, isLiteral: isEscaped || isQuote))
        }
        return line.upperBound
    }

    /// The quotes with which a token begins, or which follow its sigil and end it.
    private func quote(at start: Int, in line: Range<Int>) -> Range<Int>? {
        let hasSigil = (units[start] == Self.hash || units[start] == Self.at) && start + 1 < line.upperBound
        let open = hasSigil ? start + 1 : start
        guard units[open] == Self.quote, let close = units[(open + 1)..<line.upperBound].firstIndex(of: Self.quote), close > open + 1,
            !hasSigil || close + 1 == line.upperBound || isGap(close + 1)
        else { return nil }
        return open..<close + 1
    }

    private func slice(_ place: Range<Int>) -> String { String(decoding: units[place], as: UTF16.self) }

    private func trimmed(_ place: Range<Int>) -> Range<Int> {
        var (start, end) = (place.lowerBound, place.upperBound)
        while start < end, isGap(start) { start += 1 }
        while end > start, isGap(end - 1) { end -= 1 }
        return start..<end
    }

    // MARK: Units

    private static let (quote, slash, backslash, hash, at) = (UInt16(0x22), UInt16(0x2f), UInt16(0x5c), UInt16(0x23), UInt16(0x40))

    private func isGap(_ position: Int) -> Bool { Self.isGap(units[position]) }

    /// Blanks and line breaks.
    static func isGap(_ unit: UInt16) -> Bool {
        switch unit {
        case 0x09, 0x20, 0xa0, 0x1680, 0x2000...0x200a, 0x202f, 0x205f, 0x3000: true
        default: isLineBreak(unit)
        }
    }

    private static func isLineBreak(_ unit: UInt16) -> Bool { [0x0a, 0x0d, 0x2028, 0x2029].contains(unit) }
}
