// What the JSON reader takes and refuses. Strangers send these texts, so none may crash, hang or be read as something else.
import Testing
import Wire

@Suite struct JSONParserTests {
    private static let taken: [(String, JSON)] = [
        ("null", .null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("12", 12), ("-7", -7), (" 1 ", 1), ("\n\r\t 1\n\r\t ", 1),
        ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)),
        ("-9223372036854775809", .double(-9_223_372_036_854_775_808)), ("1.0", .double(1)), ("1.5", .double(1.5)), ("-0.0", .double(-0.0)),
        ("1e2", .double(100)), ("1E+2", .double(100)), ("25e-1", .double(2.5)), ("1.25E1", .double(12.5)), ("0e0", .double(0)),
        ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)), ("5e-324", .double(.leastNonzeroMagnitude)), ("1e-400", .double(0)),
        ("123456789012345678901234567890", .double(1.2345678901234568e29)),
        ("\"\"", ""), ("\"a\"", "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
        (#""\u0000""#, "\u{0}"), (#""\ud83d\ude00""#, "😀"), (#""\uD834\uDD1E""#, "𝄞"), (#""\uffff""#, "\u{ffff}"),
        ("\"é😀\u{7f}\"", "é😀\u{7f}"),
        ("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"), ("\"\u{feff}\"", "\u{feff}"), (#""\\u0041""#, "\\u0041"),
        ("[]", []), ("[ ]", []), ("[1,[2],[]]", [1, [2], []]), ("[ 1 , 2 ]", [1, 2]), ("[null]", [.null]),
        ("{}", [:]), ("{ }", [:]), (#"{"a":1,"b":{"a":2}}"#, ["a": 1, "b": ["a": 2]]), (#" { "" : [ ] } "#, ["": []]),
        (#"{"b":1,"a":2}"#, ["b": 1, "a": 2]), (#"{"a":1,"A":2}"#, ["a": 1, "A": 2]), (#"{"\u0061":1}"#, ["a": 1]),
    ]

    private static let refused = [
        "", " ", "\n", "nul", "nulll", "NULL", "True", "undefined", "NaN", "-NaN", "Infinity", "-Infinity", "None", "a", "'a'", "\u{a0}1",
        "01", "-01", "00", "1.", ".5", "-.5", "-", "+1", "--1", "1e", "1e+", "1E-", "1.e1", "1.5.5", "0x10", "1_000", "1,5", "1 2", "1e1.5",
        "1e400", "-1e400", "１", "\"", "\"a", "\"a\\", "\"\\", "\"\\\"", #""\x41""#, #""\a""#, #""\'""#, #""\U0041""#, #""\u""#, #""\u12""#,
        #""\u12g4""#, #""\u+123""#, #""\u 123""#, #""\ud800""#, #""\udc00""#, #""\ud800\n""#, #""\ud800\u0041""#, #""\ud800\ud800""#,
        #""\udc00\ud800""#, #""\ud83dx""#, #""\ud83d"#, #""\ud83d\u"#, "\"\n\"", "\"\t\"", "\"\r\"", "\"\u{0}\"", "\"\u{1f}\"",
        "\"a\" \"b\"",
        "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1}", "[1]]", "[1],", "[\"a\":1]", "[1;2]", "[1,\u{b}2]",
        "{", "}", "{]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}", "{\"a\"::1}", "{a:1}", "{1:1}",
        "{null:1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{\"a\":1}}", "{\"a\":1}{", "{'a':1}", "{[]:1}", "{\"a\":1;\"b\":2}",
        "// a\n1", "/* a */ 1", "1 // a", "# a\n1", "\u{0}", "1\u{0}", "\u{0}1", "\u{c}1", "\u{2028}1",
    ]

    @Test("What RFC 8259 calls JSON is read as what it says", arguments: taken)
    func takes(_ text: String, _ value: JSON) throws {
        let read = try JSON(parsing: text.utf8)
        #expect(read == value)
        #expect(Array(read.text.utf8) == Array(value.text.utf8))
    }

    @Test("What is not JSON is refused, not guessed at", arguments: refused)
    func refuses(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text.utf8) }
    }

    @Test("A beginning of a text is refused, wherever it is cut")
    func cut() {
        let whole = #"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00 é😀",true,false,null,{}],"b":{"c":[[]]}}"#.utf8
        #expect(throws: Never.self) { try JSON(parsing: whole) }
        for count in 0..<whole.count {
            #expect(throws: JSONSyntaxError.self, "first \(count) bytes") { try JSON(parsing: whole.prefix(count)) }
        }
    }

    @Test(
        "A name that comes twice is refused, however it is written",
        arguments: [#"{"a":1,"a":2}"#, #"{"a":1,"\u0061":1}"#, #"{"":1,"":1}"#, #"[{"x":{"a":1,"b":2,"a":3}}]"#])
    func duplicates(_ text: String) throws {
        let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text.utf8) }
        #expect(try #require(error).detail.hasPrefix("duplicate member"))
    }

    @Test("The same name in two objects is no duplicate")
    func sameNameElsewhere() throws {
        #expect(try JSON(parsing: #"[{"a":{"a":1}},{"a":2}]"#.utf8) == [["a": ["a": 1]], ["a": 2]])
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xbf], [0xff], [0xfe], [0xc3], [0xc3, 0x28], [0xe2, 0x82], [0xe2, 0x28, 0xa1], [0xf0, 0x9f, 0x98],
            [0xf0, 0x28, 0x8c, 0xbc],
            // Overlong forms of /, NUL and U+FFFF.
            [0xc0, 0xaf], [0xc0, 0x80], [0xe0, 0x80, 0xaf], [0xf0, 0x80, 0x80, 0xaf], [0xf0, 0x8f, 0xbf, 0xbf],
            // Surrogates, and beyond U+10FFFF.
            [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], [0xf4, 0x90, 0x80, 0x80],
            [0xf5, 0x80, 0x80, 0x80],
            [0xf8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        for wrapped in [[0x22] + bytes + [0x22], [0x7b, 0x22] + bytes + [0x22, 0x3a, 0x31, 0x7d], bytes, [0x31] + bytes] {
            #expect(throws: JSONSyntaxError.self) { try JSON(parsing: wrapped) }
        }
    }

    @Test("A byte order mark is refused, and so is text of another encoding")
    func byteOrderMark() {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0xef, 0xbb, 0xbf, 0x31]) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0xfe, 0xff, 0x00, 0x31]) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0xff, 0xfe, 0x31, 0x00]) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x31, 0x00]) }
    }

    @Test("Every control character must be escaped, every other character need not be")
    func controls() throws {
        for byte in UInt8(0)...0x7f where byte != 0x22 && byte != 0x5c {
            let bytes = [0x22, byte, 0x22]
            if byte < 0x20 {
                #expect(throws: JSONSyntaxError.self) { try JSON(parsing: bytes) }
            } else {
                #expect(try JSON(parsing: bytes) == .string(String(Unicode.Scalar(byte))))
            }
        }
    }

    @Test("The error says where it is")
    func offsets() throws {
        let cases: [(String, Int)] = [
            ("", 0), ("[1,]", 3), (#"{"a":1,"a":2}"#, 7), ("[1 2]", 3), ("\"abc", 0), ("[01]", 1), ("{\"é\":x}", 6), ("nul", 0),
        ]
        for (text, offset) in cases {
            let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text.utf8) }
            #expect(try #require(error).offset == offset, "\(text)")
        }
    }
}
