// Encodings, delimiters and files that are none of tasks.
import Model
import TaskFormats
import Testing

/// The bytes of the letters that the tests use.
private func encoded(_ text: String, _ bytes: [UInt8]) -> [UInt8] {
    let letters = Array("öüäßéâèñ’àëç–ê".unicodeScalars)
    return text.unicodeScalars.map { scalar in letters.firstIndex(of: scalar).map { bytes[$0] } ?? UInt8(truncatingIfNeeded: scalar.value) }
}

private func windows1252(_ text: String) -> [UInt8] {
    encoded(text, [0xf6, 0xfc, 0xe4, 0xdf, 0xe9, 0xe2, 0xe8, 0xf1, 0x92, 0xe0, 0xeb, 0xe7, 0x96, 0xea])
}
private func macRoman(_ text: String) -> [UInt8] {
    encoded(text, [0x9a, 0x9f, 0x8a, 0xa7, 0x8e, 0x89, 0x8f, 0x96, 0xd5, 0x88, 0x91, 0x8d, 0xd0, 0x90])
}

@Suite struct EncodingTests {
    private let text =
        "Titel;Beschreibung;Priorität;Fällig\r\nFenster öffnen;großes Fenster;hoch;31.01.2030\r\nBüro räumen;über Mittag;mittel;\r\n"

    private func check(_ bytes: [UInt8], _ charset: Charset, _ hints: ImportHints = ImportHints()) throws {
        let file = try ReadFile(bytes, hints)
        #expect(file.faults.isEmpty, "\(file.faults)")
        #expect(file.tasks.map(\.task.title) == ["Fenster öffnen", "Büro räumen"])
        #expect(file.tasks[0].task.description == "großes Fenster" && file.tasks[0].task.priority == .high)
        #expect(try file.tasks[0].task.due == day("2030-01-31"))
        #expect(file.plan.summary.charset == charset && file.plan.summary.delimiter == .semicolon)
        #expect(file.rows.map(\.number) == [2, 3])
        for size in [1, 7, 64] { #expect(try ReadFile(bytes, hints, pieces: size).tasks.map(\.task.title) == file.tasks.map(\.task.title)) }
    }

    @Test("UTF-8, UTF-16 with and without a mark, Windows-1252 and Mac OS Roman are told from the bytes")
    func recognised() throws {
        let utf16 = Array(text.utf16)
        let little = utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        let big = utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        try check(Array(text.utf8), .utf8)
        try check([0xef, 0xbb, 0xbf] + text.utf8, .utf8)
        try check(little, .utf16)
        try check([0xff, 0xfe] + little, .utf16)
        try check(big, .utf16)
        try check([0xfe, 0xff] + big, .utf16)
        let (windows, mac) = (windows1252(text), macRoman(text))
        try check(windows, .windows1252)
        try check(mac, .macintosh)
        try check(windows, .windows1252, ImportHints(charset: .windows1252))
        let named = try ReadFile(mac, ImportHints(charset: .windows1252))
        #expect(named.plan.summary.charset == .windows1252 && named.tasks[0].task.title == "Fenster \u{161}ffnen")
    }

    @Test("letters of French and Spanish tell Windows-1252 from Mac OS Roman, and so do letters far behind the beginning")
    func evidence() throws {
        for words in ["créer la tâche près du café", "mañana a las ocho y niño", "l’été à Noël – ça va"] {
            let text = "title,description\nx,\(words)\n"
            for (bytes, charset) in [(windows1252(text), Charset.windows1252), (macRoman(text), .macintosh)] {
                let file = try ReadFile(bytes)
                #expect(file.plan.summary.charset == charset, "\(words)")
                #expect(file.tasks.first?.task.description == words)
                let late =
                    Array("title,description\n".utf8) + Array(repeating: Array("plain,text\n".utf8), count: 10_000).joined()
                    + bytes.dropFirst(18)
                #expect(try ReadFile(late).tasks.last?.task.description == words)
            }
        }
    }

    @Test("the letters and signs of both encodings are those of their tables")
    func tables() throws {
        let signs = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûüßæøœ£§©®°«»…–—“”‘’¿¡"
        let windows: [UInt8] = [
            0xc4, 0xc5, 0xc7, 0xc9, 0xd1, 0xd6, 0xdc, 0xe1, 0xe0, 0xe2, 0xe4, 0xe3, 0xe5, 0xe7, 0xe9, 0xe8, 0xea, 0xeb, 0xed, 0xec, 0xee,
            0xef, 0xf1, 0xf3, 0xf2, 0xf4, 0xf6, 0xf5, 0xfa, 0xf9, 0xfb, 0xfc, 0xdf, 0xe6, 0xf8, 0x9c, 0xa3, 0xa7, 0xa9, 0xae, 0xb0, 0xab,
            0xbb, 0x85, 0x96, 0x97, 0x93, 0x94, 0x91, 0x92, 0xbf, 0xa1,
        ]
        let mac: [UInt8] = [
            0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94,
            0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa7, 0xbe, 0xbf, 0xcf, 0xa3, 0xa4, 0xa9, 0xa8, 0xa1, 0xc7,
            0xc8, 0xc9, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xc0, 0xc1,
        ]
        for (bytes, charset) in [(windows, Charset.windows1252), (mac, .macintosh)] {
            let file = try ReadFile(Array("title,description\nA,".utf8) + bytes + [0x0a], ImportHints(charset: charset))
            #expect(file.tasks.first?.task.description == signs)
        }
    }

    @Test("a file that is UTF-8 but for some bytes is refused with the line, unless its encoding is named")
    func mixed() throws {
        let bytes = Array("title,description\nA,größer\nB,gr".utf8) + [0xf6, 0xdf] + Array("er\n".utf8)
        #expect(refusal(bytes)?.detail.contains("line 3") == true)
        #expect(try ReadFile(bytes, ImportHints(charset: .windows1252)).tasks.count == 2)
        #expect(refusal(Array("title\n".utf8) + [0xff, 0x0a], ImportHints(charset: .utf8))?.detail.contains("line 2") == true)
    }

    @Test("comma, semicolon, tab and pipe are recognised, a sep= line is no row, and a delimiter can be named")
    func delimiters() throws {
        for (sign, delimiter) in [(",", Delimiter.comma), (";", .semicolon), ("\t", .tab), ("|", .pipe)] {
            let rows = ["title\(sign)status\(sign)priority", "A\(sign)done\(sign)high", "\"a\(sign)b\"\(sign)open\(sign)low"]
            for end in ["\n", "\r\n", "\r"] {
                for first in ["", "sep=\(sign)\(end)", "\u{feff}sep=\(sign)\(end)"] {
                    let file = try ReadFile(first + rows.map { $0 + end }.joined())
                    #expect(file.plan.summary.delimiter == delimiter)
                    #expect(file.tasks.map(\.task.title) == ["A", "a\(sign)b"] && file.rows.map(\.number) == [2, 3], "\(first)")
                    #expect(file.tasks.map(\.task.status) == [.completed, .pending])
                }
            }
        }
        let named = try ReadFile("title;x,status\nA;y,done\n", ImportHints(delimiter: .comma, columns: ["title;x": "title"]))
        #expect(named.tasks.first?.task.title == "A;y")
    }

    @Test(
        "files that are no table are called by their name",
        arguments: [
            (Array("PK\u{3}\u{4}......[Content_Types].xml".utf8), "XLSX"), (Array("PK\u{3}\u{4}......notes.txt".utf8), "ZIP"),
            ([0x1f, 0x8b, 8, 0], "gzip"), (Array("%PDF-1.7".utf8), "PDF"), (Array("<!DOCTYPE html><html>".utf8), "HTML"),
            (Array(" <html><body>".utf8), "HTML"), ([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], "XLS"),
            (Array("<?xml version=\"1.0\"?>".utf8), "XML"),
            ([], "empty"), (Array("\u{feff}  \n".utf8), "empty"),
        ])
    func foreign(bytes: [UInt8], name: String) {
        #expect(refusal(bytes)?.detail.contains(name) == true, "\(String(describing: refusal(bytes)))")
    }
}
