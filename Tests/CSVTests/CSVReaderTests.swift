// What the reader of CSV takes, refuses and survives.
import CSV
import TestKit
import Testing

private func rows(_ bytes: [UInt8], pieces size: Int = .max, limits: CSVLimits = CSVLimits()) throws -> [CSVRow] {
    var reader = CSVReader(limits: limits)
    var rows: [CSVRow] = []
    for start in stride(from: 0, to: bytes.count, by: min(size, max(1, bytes.count))) {
        try reader.read(Array(bytes[start..<min(bytes.count, start + min(size, bytes.count))])) { rows.append($0) }
    }
    try reader.finish { rows.append($0) }
    return rows
}

private func fields(_ text: String) throws -> [[String]] { try rows(Array(text.utf8)).map(\.fields) }

private func fault(_ bytes: [UInt8], limits: CSVLimits = CSVLimits()) -> CSVFault? {
    do {
        _ = try rows(bytes, limits: limits)
        return nil
    } catch {
        return error as? CSVFault
    }
}

private func fault(_ text: String) -> CSVFault? { fault(Array(text.utf8)) }

@Suite struct CSVReaderTests {
    @Test(
        "rows end with CRLF, LF or CR, and the last one with the file",
        arguments: ["a,b\r\nc,d\r\n", "a,b\nc,d\n", "a,b\rc,d\r", "a,b\r\nc,d", "a,b\nc,d", "\u{feff}a,b\nc,d"])
    func lineEnds(text: String) throws {
        #expect(try fields(text) == [["a", "b"], ["c", "d"]])
    }

    @Test(
        "quotes hold commas, line ends and quotes",
        arguments: [
            ("\"a,b\",c", [["a,b", "c"]]), ("\"a\r\nb\"\n", [["a\r\nb"]]), ("\"say \"\"hi\"\"\",x", [["say \"hi\"", "x"]]),
            ("\"\",\"\"", [["", ""]]), ("\"\"\"\"", [["\""]]), ("a\"b,c", [["a\"b", "c"]]), (",,", [["", "", ""]]), ("a,\n", [["a", ""]]),
            ("", []), ("\u{feff}", []), ("\"\"", [[""]]), ("x", [["x"]]), ("Zoë,日本,😀", [["Zoë", "日本", "😀"]]),
        ])
    func quotes(text: String, expected: [[String]]) throws {
        #expect(try fields(text) == expected)
    }

    @Test("empty lines are left out, and counted as a spreadsheet counts them")
    func emptyLines() throws {
        let read = try rows(Array("h\n\n\r\nx\n".utf8))
        #expect(read.map(\.number) == [1, 4])
        #expect(read.map(\.fields) == [["h"], ["x"]])
    }

    @Test(
        "what is no table is refused with row, column and reason",
        arguments: [
            ("a,b\n1,\"x\ny,z\n", 2, 2, "never closed"), ("a\n\"x\" ,y", 2, 1, "after a closing quote"),
            ("a\nb,c\u{0}d", 2, 2, "NUL"), ("\"", 1, 1, "never closed"),
        ])
    func refused(text: String, row: Int64, column: Int, words: String) throws {
        let found = try #require(fault(text))
        #expect((found.row, found.column) == (row, column))
        #expect(found.detail.contains(words), "\(found.detail)")
    }

    @Test("an encoding that is not UTF-8 is named where it is seen")
    func encodings() throws {
        let latin = try #require(fault(Array("a,b\nx,".utf8) + [0xe4]))
        #expect((latin.row, latin.column) == (2, 2))
        #expect(latin.detail.contains("UTF-8"))
        // A character that two fields share is in neither.
        #expect(fault([0x61, 0xc3, 0x2c, 0xa4]) != nil)
    }

    @Test("a row of too many fields and a field of too many bytes are refused before they fill the memory")
    func limits() throws {
        let commas = try #require(fault(String(repeating: ",", count: 64)))
        #expect(commas.detail.contains("64 columns"))
        #expect(try fields(String(repeating: ",", count: 63))[0].count == 64)
        var reader = CSVReader()
        var fed = 0
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 32 << 10)
        #expect(throws: CSVFault.self) {
            while fed < 100 << 20 {
                try reader.read(piece) { _ in }
                fed += piece.count
            }
        }
        #expect(fed == 64 << 10)
        #expect(fault(Array("\"".utf8) + [UInt8](repeating: 0x22, count: 1 << 20))?.detail.contains("longer") == true)
        #expect(try rows([UInt8](repeating: UInt8(ascii: "\n"), count: 1_000_000)).isEmpty)
    }

    @Test("the sign between fields and the encoding can be others, and a row has an end, too")
    func otherTables() throws {
        var reader = CSVReader(limits: CSVLimits(row: 20), delimiter: UInt8(ascii: ";")) {
            String(decoding: $0.map { UInt16($0) }, as: UTF16.self)
        }
        var read: [[String]] = []
        try reader.read(Array("a,b;\"c;d\"\n".utf8) + [0xe4, 0x3b, 0x78, 0x0a]) { read.append($0.fields) }
        #expect(read == [["a,b", "c;d"], ["ä", "x"]])
        #expect(throws: CSVFault.self) { try reader.read(Array("0123456789;0123456789;0\n".utf8)) { _ in } }
    }

    @Test("of two faults in a field the first is named, however it is cut")
    func faultsBehindTheLimit() {
        let (limits, bytes) = (CSVLimits(columns: 5, field: 12), [UInt8](repeating: 0x61, count: 30) + [0])
        let whole = outcome(bytes, limits)
        #expect(whole.contains("longer than 12 bytes"))
        for size in [1, 5, 13, 29] { #expect(outcome(bytes, pieces: size, limits) == whole, "in pieces of \(size)") }
    }

    @Test("hostile bytes never crash it, always end, and mean the same however they are cut", arguments: 0..<20)
    func hostile(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let alphabet: [UInt8] = [0x22, 0x2c, 0x0a, 0x0d, 0x61, 0x00, 0xc3, 0xa4, 0xef, 0xbb, 0xbf, 0xff, 0x27, 0x3d]
        let limits = CSVLimits(columns: 5, field: 12)
        for _ in 0..<200 {
            var bytes = Array("a,b\r\n\"x, \"\"y\"\"\",ä\n\n,\n".utf8)
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = alphabet.randomElement(using: &random) ?? 0
                case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            let whole = outcome(bytes, limits)
            for size in [1, 2, 3, 5, 7] {
                #expect(outcome(bytes, pieces: size, limits) == whole, "\(bytes) in pieces of \(size)")
            }
        }
    }

    private func outcome(_ bytes: [UInt8], pieces: Int = .max, _ limits: CSVLimits) -> String {
        "\(Result { try rows(bytes, pieces: pieces, limits: limits) })"
    }
}

@Suite struct CSVWriterTests {
    @Test("what is written is read again as it was, formulas and quotes included")
    func roundTrip() throws {
        let texts = [
            "", "a", "a,b", "say \"hi\"", "two\nlines", "two\r\nlines", "=1+1", "+1", "-1", "@SUM(A1)", "\ttab", "\rreturn", "'", "'=1",
            "''=1",
            "'plain", "=", "Zoë", "  blanks  ", "a\"b", "\"",
        ]
        var writer = CSVWriter()
        writer.row(["h", "i"])
        for text in texts { writer.row([text, "x"]) }
        writer.row([""])
        let read = try rows(writer.bytes).map(\.fields)
        #expect(read.dropFirst().dropLast().map { withoutGuard($0[0]) } == texts)
        #expect(read.last == [""])
    }

    @Test("no field begins like a formula", arguments: ["=1", "+1", "-1", "@a", "\ta", "\ra", "\u{0}a"])
    func formulas(text: String) {
        var writer = CSVWriter()
        writer.row(["x", text])
        let line = String(decoding: writer.bytes, as: UTF8.self)
        #expect(line.hasPrefix("x,'") || line.hasPrefix("x,\"'"))
    }

    @Test(
        "a list in a field is a row of its own",
        arguments: [[], ["a"], ["a", "b c"], ["a,b", "c"], ["say \"hi\"", "x"], ["two\nlines"]])
    func lists(list: [String]) {
        #expect(texts(ofCSVList: csvList(list)) == list)
    }

    @Test("lists that people write have blanks and gaps")
    func writtenLists() {
        #expect(texts(ofCSVList: " ops , urgent,, ") == ["ops", "urgent"])
        #expect(texts(ofCSVList: "ops, \"a, b\" ,c") == ["ops", "a, b", "c"])
        for list in ["\"a", "\"a\"b", "x,\""] { #expect(texts(ofCSVList: list) == nil, "\(list)") }
    }
}
