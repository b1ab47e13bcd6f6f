// Bodies made to hurt: too deep, too many, too long.
import TestKit
import Testing
import Wire

@Suite struct JSONLimitTests {
    private func nested(_ depth: Int, _ open: String = "[", _ close: String = "]") -> String {
        String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }

    @Test("Values may nest as deep as the limit and no deeper", arguments: [1, 2, 32, 100])
    func depth(_ limit: Int) {
        let limits = JSONLimits(depth: limit)
        #expect(throws: Never.self) { try JSON(parsing: nested(limit).utf8, limits: limits) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: nested(limit + 1).utf8, limits: limits) }
        let objects = String(repeating: #"{"a":"#, count: limit + 1) + "1" + String(repeating: "}", count: limit + 1)
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: objects.utf8, limits: limits) }
    }

    @Test("Siblings do not add up to depth")
    func siblings() {
        let text = "[" + Array(repeating: nested(31), count: 200).joined(separator: ",") + "]"
        #expect(throws: Never.self) { try JSON(parsing: text.utf8) }
    }

    @Test("A text nested 50 000 deep is refused and the stack survives", arguments: ["[", "{\"a\":", "[{\"a\":"])
    func veryDeep(_ open: String) throws {
        let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: String(repeating: open, count: 50_000).utf8) }
        #expect(try #require(error).detail == "nested deeper than 32 levels")
    }

    @Test("A text holds as many values as the limit and no more, names not counted")
    func values() {
        let limits = JSONLimits(values: 10)
        #expect(throws: Never.self) { try JSON(parsing: "[1,2,3,4,5,6,7,8,9]".utf8, limits: limits) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: "[1,2,3,4,5,6,7,8,9,0]".utf8, limits: limits) }
        #expect(throws: Never.self) { try JSON(parsing: #"{"a":[1,2,3],"b":[1,2,3]}"#.utf8, limits: limits) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: #"{"a":[1,2,3],"b":[1,2,3],"c":0,"d":0}"#.utf8, limits: limits) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: ("[" + String(repeating: "0,", count: 100_000) + "0]").utf8) }
    }

    // None of these may take time that grows faster than the text; the limit is far beyond what they need.
    @Test(
        "A megabyte of anything is read in passing",
        .timeLimit(.minutes(1)),
        arguments: [#"\n"#, #"\u0041"#, #"\ud83d\ude00"#, #"\\"#, "a", "é", "e\u{301}", "😀"])
    func longStrings(_ unit: String) throws {
        let count = 1_000_000 / unit.utf8.count
        let value = try JSON(parsing: ("\"" + String(repeating: unit, count: count) + "\"").utf8)
        let one = try JSON(parsing: "\"\(unit)\"".utf8)
        guard case .string(let text) = value, case .string(let part) = one else {
            Issue.record("not a string")
            return
        }
        #expect(text.utf8.count == part.utf8.count * count)
    }

    @Test("A megabyte of digits, blanks or names is answered in passing", .timeLimit(.minutes(1)))
    func longOthers() throws {
        let digits = String(repeating: "7", count: 1_000_000)
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: digits.utf8) }
        #expect(try JSON(parsing: "0.\(digits)".utf8) == .double(0.7777777777777778))
        #expect(try JSON(parsing: "1e-\(digits)".utf8) == .double(0))
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: "1e\(digits)".utf8) }
        let blanks = String(repeating: " ", count: 1_000_000)
        #expect(try JSON(parsing: (blanks + "1" + blanks).utf8) == 1)
        let members = (0..<50_000).map { "\"name \($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSON(parsing: "{\(members)}".utf8)["name 49999"] == 49_999)
        let name = String(repeating: "n", count: 500_000)
        let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: #"{"\#(name)":1,"\#(name)":2}"#.utf8) }
        #expect(try #require(error).detail.utf8.count < 200)
    }

    @Test("Random bytes and broken texts are refused or read, never more")
    func noise() throws {
        var random = SplitMix(seed: 41)
        let alphabet = Array("{}[]\",:\\u0123456789abcdefntr.-+eE \n\u{e9}".utf8) + [0, 0xff, 0xc0, 0xed, 0xf0]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] }
            guard let value = try? JSON(parsing: bytes) else { continue }
            #expect(try JSON(parsing: value.text.utf8) == value)
        }
        let good = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00 é😀",true,false,null,{}],"b":{"c":[[]]}}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0...Int.random(in: 0...2, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = alphabet[Int.random(in: alphabet.indices, using: &random)]
            }
            guard let value = try? JSON(parsing: bytes) else { continue }
            #expect(try JSON(parsing: value.text.utf8) == value)
        }
    }
}
