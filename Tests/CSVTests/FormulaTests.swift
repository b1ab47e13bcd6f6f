// No spreadsheet, whichever separator and whichever quotes it knows, finds a formula in what is written, and every text comes back as it was.
import CSV
import Testing

@Suite struct FormulaTests {
    private static let texts = [
        "=1+1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a", " =1", "\"=1", "'=1", "''=1", "a;=1", "a;'=1", "a|=1", "a\t=1", "a\n=1",
        "a\r\n=1",
        "a; =1", "a;\"=1\"", "a;'\"'=1", "a\n- b\n- c", "a;＝1", "=1;=2;=3", ";;=1", "\t=1", "it's", "a;b", "a - b", "'", "''", "",
        "a;'b", "a,=1", "ﬀ=", "\u{ef}", "-\u{301}", "=\u{301}", "'\u{301}=1", "a;\u{301}=1",
    ]

    private func written(_ fields: [String]) -> [UInt8] {
        var writer = CSVWriter()
        writer.row(fields)
        return writer.bytes
    }

    @Test("Every text comes back as it was", arguments: texts)
    func roundTrip(text: String) throws {
        var reader = CSVReader()
        var rows: [[String]] = []
        try reader.read(written(["1", text, "x"])) { rows.append($0.fields) }
        try reader.finish { rows.append($0.fields) }
        #expect(rows.map { $0.map { Array(withoutGuard($0).utf8) } } == [["1", text, "x"].map { Array($0.utf8) }])
    }

    @Test("No reader of any separator finds a formula, whether it knows our quotes or not", arguments: texts, [";", "|", "\t"])
    func otherSeparators(text: String, separator: String) {
        let line = String(decoding: written(["1", text, "x"]), as: UTF8.self)
        let cells = line.unicodeScalars.split { $0 == separator.unicodeScalars.first || $0 == "\n" || $0 == "\r" }.dropFirst()
        for cell in cells {
            let first = cell.first { $0 != "\"" && $0 != " " }
            #expect(!"=+-@＝＋－＠".unicodeScalars.contains(first ?? "x"), "\(line.debugDescription)")
        }
    }

    @Test("A text that could be taken for a formula is quoted as well as guarded", arguments: ["=1", "-1", "＝1", "@a", " +1"])
    func quoted(text: String) {
        #expect(String(decoding: written(["1", text]), as: UTF8.self) == "1,\"'\(text)\"\r\n")
    }
}
