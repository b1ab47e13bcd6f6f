// Rows as people read them on a terminal: columns under each other, and no line longer than the terminal is wide.
import Foundation

package struct TextTable {
    private static let gap = 2
    /// Columns that a cell keeps when it is cut.
    private static let narrowest = 4

    private let titles: [String]
    private let rows: [[String]]

    package init(_ titles: [String], _ rows: [[String]]) {
        self.titles = titles
        self.rows = rows.map { $0.map(Self.harmless) }
    }

    /// - Parameter width: columns of the terminal; `nil` cuts nothing.
    package func lines(width: Int?) -> [String] {
        let all = [titles] + rows
        var widths = titles.indices.map { column in all.map { Self.width($0[column]) }.max() ?? 0 }
        if let width { Self.shrink(&widths, to: width - Self.gap * (widths.count - 1)) }
        return all.map { row in
            let cells = zip(row, widths).map { cell, width in
                let text = Self.cut(cell, to: width)
                return text + String(repeating: " ", count: width - Self.width(text) + Self.gap)
            }
            return String(cells.joined().reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The widest columns give way first.
    private static func shrink(_ widths: inout [Int], to room: Int) {
        while widths.reduce(0, +) > room, let widest = widths.max(), widest > narrowest, let column = widths.firstIndex(of: widest) {
            widths[column] -= 1
        }
    }

    private static func cut(_ text: String, to width: Int) -> String {
        guard self.width(text) > width else { return text }
        var (kept, room) = ("", width - 1)
        for character in text {
            room -= self.width(String(character))
            if room < 0 { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// Columns of a terminal: most letters take one, those of East Asia and pictures two.
    private static func width(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            guard let scalar = character.unicodeScalars.first else { return sum }
            let isWide =
                wide.contains { $0.contains(scalar.value) } || character.unicodeScalars.contains { $0.value == 0xfe0f }
                || scalar.properties.isEmojiPresentation
            return sum + (isWide ? 2 : 1)
        }
    }

    /// Source: Unicode Standard Annex #11, the blocks that are wide as a whole.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe4f, 0xff00...0xff60,
        0xffe0...0xffe6, 0x20000...0x3fffd,
    ]

    /// A terminal obeys control characters, and other people write titles: nothing of that kind reaches it.
    package static func harmless(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{fffd}" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Marks that turn the direction of what follows.
        case .format: (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }
}
