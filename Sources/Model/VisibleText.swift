// Which texts show something: the one rule for titles, labels and names, and the pattern that documents it.

private enum Unseen {
    /// White space, controls, and letters that are drawn as nothing: they leave room where they stand, or not even that.
    static let blanks: [ClosedRange<UInt32>] = [
        0x0000...0x0020, 0x007f...0x00a0, 0x115f...0x1160, 0x1680...0x1680, 0x2000...0x200b, 0x2028...0x2029, 0x202f...0x202f,
        0x205f...0x2060, 0x2800...0x2800, 0x3000...0x3000, 0x3164...0x3164, 0xfeff...0xfeff, 0xffa0...0xffa0,
    ]

    /// Joiners, marks of direction, variation selectors: seen only by what they do to others, so that they may end a word or an emoji.
    static let modifiers: [ClosedRange<UInt32>] = [
        0x00ad...0x00ad, 0x034f...0x034f, 0x061c...0x061c, 0x17b4...0x17b5, 0x180b...0x180f, 0x200c...0x200f, 0x202a...0x202e,
        0x2061...0x206f, 0xfe00...0xfe0f, 0xfff0...0xfffb,
    ]

    /// The same beyond the Basic Multilingual Plane, which a pattern cannot name in a way that all dialects read.
    static let highModifiers: [ClosedRange<UInt32>] = [0x1bca0...0x1bca3, 0x1d173...0x1d17a, 0xe0000...0xe0fff]

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { blanks.contains { $0.contains(scalar.value) } }

    static func contains(_ scalar: Unicode.Scalar) -> Bool {
        // Most characters are none of these.
        if (0x21...0x7e).contains(scalar.value) { return false }
        let isInside = { (range: ClosedRange<UInt32>) in range.contains(scalar.value) }
        return blanks.contains(where: isInside) || modifiers.contains(where: isInside) || highModifiers.contains(where: isInside)
    }

    /// One character that can be seen, as a regular expression.
    static let visible = "[^\(characters(blanks + modifiers))]"

    /// The ranges inside the brackets of a regular expression (ECMA-262).
    static func characters(_ ranges: [ClosedRange<UInt32>]) -> String {
        func escaped(_ value: UInt32) -> String {
            let digits = String(value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return ranges.map { $0.count == 1 ? escaped($0.lowerBound) : "\(escaped($0.lowerBound))-\(escaped($0.upperBound))" }.joined()
    }
}

extension String {
    /// Whether nothing of the text can be seen: it is empty, or has white space, controls and characters without width alone.
    package var isBlank: Bool { unicodeScalars.allSatisfy(Unseen.contains) }

    /// Whether the text begins with something that can be seen and does not end with a blank. An empty text does not.
    package var isTrimmed: Bool {
        guard let first = unicodeScalars.first, let last = unicodeScalars.last else { return false }
        return !Unseen.contains(first) && !Unseen.isBlank(last)
    }

    /// Documents texts that are not blank.
    package static let visiblePattern = "^[^\\u0000]*\(Unseen.visible)[^\\u0000]*$"

    /// Documents texts that are trimmed.
    package static let trimmedPattern = "^\(Unseen.visible)([^\\u0000]*[^\(Unseen.characters(Unseen.blanks))])?$"
}
