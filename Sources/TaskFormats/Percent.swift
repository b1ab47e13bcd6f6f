// Percentages, which spreadsheets write as fractions and others write as numbers up to 100.
import Model

struct Percent {
    /// From 0 to 100, as it is written.
    let value: Double
    let hasSign: Bool

    init?(_ text: String) {
        hasSign = text.utf8.last == UInt8(ascii: "%")
        let digits = hasSign ? String(Substring(text.utf8.dropLast())).trimmed : text
        guard digits.utf8.count <= 10, let value = Double(digits.replacing(",", with: ".")), (0...100).contains(value) else { return nil }
        self.value = value
    }

    /// Whether 1 stands for one of a hundred in its column: in one of fractions it is all of it.
    var isOfHundred: Bool { hasSign || value > 1 }
}
