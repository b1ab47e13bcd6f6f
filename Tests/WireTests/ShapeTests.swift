// How single values of a request are read: what is taken, and what is said of the rest.
import Testing
import Wire

/// The value of `json`, or what is wrong with it as “pointer detail”.
func outcome<Value>(_ shape: Shape<Value>, _ json: JSON) -> (value: Value?, faults: [Fault]) {
    var faults: [Fault] = []
    let value = shape.read(json, &faults)
    #expect((value == nil) == !faults.isEmpty, "a value or a fault, never both or neither")
    return (value, faults)
}

@Suite struct ShapeTests {
    enum Colour: Sendable { case red, green }

    private let colour = Shape<Colour>.word([("red", .red), ("green", .green)])

    @Test("A text has as many characters as the limits allow, counted as Unicode scalars")
    func text() {
        let shape = Shape<String>.text(2...4)
        for good in ["ab", "abcd", "éé", "😀😀😀😀", "e\u{301}", "  "] { #expect(outcome(shape, .string(good)).value == good) }
        for bad in ["", "a", "abcde", "😀", "😀😀😀😀😀", "e\u{301}e\u{301}e"] {
            let fault = Fault("", "must have 2 to 4 characters, has \(bad.unicodeScalars.count)")
            #expect(outcome(shape, .string(bad)).faults == [fault])
        }
        #expect(outcome(Shape<String>.text(0...3), "").value == "")
        #expect(outcome(Shape<String>.text(1...3), "").faults == [.init("", "must have 1 to 3 characters, has 0")])
        #expect(outcome(Shape<String>.text(1...3), "😀😀😀").value == "😀😀😀")
        #expect(outcome(Shape<String>.text(1...3), "😀😀😀😀").faults.count == 1)
    }

    @Test("A text without NUL is kept as it came, one with NUL is refused")
    func textBytes() throws {
        let text = "\u{1}\u{7f}\u{2028}e\u{301} \r\n"
        #expect(Array(try #require(outcome(.text(0...100), .string(text)).value).utf8) == Array(text.utf8))
        #expect(outcome(Shape<String>.text(0...100), "a\u{0}b").faults == [.init("", "must not contain NUL")])
    }

    @Test("Only a text is a text", arguments: [.null, true, 1, .double(1.5), [], [:], ["a"]] as [JSON])
    func notText(_ json: JSON) {
        #expect(outcome(Shape<String>.text(0...10), json).faults == [.init("", "must be a string")])
    }

    @Test("An integer is one however it is written")
    func integer() {
        let shape = Shape<Int64>.integer(-5...5)
        for (json, value) in [(5, 5), (-5, -5), (.double(1.0), 1), (.double(-0.0), 0), (.double(3e0), 3)] as [(JSON, Int64)] {
            #expect(outcome(shape, json).value == value)
        }
        let bad: [JSON] = [6, -6, .double(1.5), .double(1e300), .double(.nan), .double(.infinity), "1", true, .null, [1], [:]]
        for json in bad { #expect(outcome(shape, json).faults == [.init("", "must be an integer from -5 to 5")]) }
        let all = Shape<Int64>.integer(.min ... .max)
        #expect(outcome(all, .int(.max)).value == .max)
        #expect(outcome(all, .int(.min)).value == .min)
        #expect(outcome(all, .double(9_223_372_036_854_775_808)).value == nil)
    }

    @Test("A flag is true or false and nothing that looks like it")
    func flag() {
        #expect(outcome(Shape<Bool>.flag, true).value == true)
        #expect(outcome(Shape<Bool>.flag, false).value == false)
        for json in [0, 1, "true", "false", .null, []] as [JSON] {
            #expect(outcome(Shape<Bool>.flag, json).faults == [.init("", "must be true or false")])
        }
    }

    @Test("A word is read in any case and written in small letters")
    func word() {
        #expect(outcome(colour, "red").value == .red)
        #expect(outcome(colour, "GREEN").value == .green)
        #expect(outcome(colour, "Green").value == .green)
        for json in ["", "blue", " red", "red ", .null, 1, ["red"]] as [JSON] {
            #expect(outcome(colour, json).faults == [.init("", "must be one of red, green")])
        }
        var writer = JSONWriter()
        colour.write(.green, &writer)
        #expect(writer.text == "\"green\"")
        #expect(colour.document["enum"] == ["red", "green"])
    }

    @Test("All faults of a list are reported, each with its place")
    func list() {
        let shape = Shape<[[Int64]]>.list(.list(.integer(0...9), 0...3), 1...4)
        #expect(outcome(shape, [[1, 2], [], [3]]).value == [[1, 2], [], [3]])
        #expect(
            outcome(shape, [[1, 10, "x"], 7, [1, 2, 3, 4], [.null]]).faults == [
                .init("/0/1", "must be an integer from 0 to 9"), .init("/0/2", "must be an integer from 0 to 9"),
                .init("/1", "must be an array"), .init("/2", "must have 0 to 3 elements, has 4"),
                .init("/3/0", "must be an integer from 0 to 9"),
            ])
        #expect(outcome(shape, []).faults == [.init("", "must have 1 to 4 elements, has 0")])
        #expect(outcome(shape, [:]).faults == [.init("", "must be an array")])
    }

    @Test("A nullable value is null or the value")
    func nullable() {
        let shape = Shape<Int64?>.nullable(.integer(0...9))
        #expect(outcome(shape, .null).value == .some(nil))
        #expect(outcome(shape, 3).value == .some(3))
        #expect(outcome(shape, 10).faults.count == 1)
        #expect(shape.document["type"] == ["integer", "null"])
        #expect(Shape<Colour?>.nullable(colour).document["enum"] == ["red", "green", .null])
        var writer = JSONWriter()
        shape.write(nil, &writer)
        #expect(writer.text == "null")
    }

    @Test("A converted value is refused with the words of its rule")
    func map() {
        let even = Shape<Int64>.integer(0...100).map(fault: "must be even", into: { $0 % 2 == 0 ? Int($0) : nil }, from: { Int64($0) })
        #expect(outcome(even, 4).value == 4)
        #expect(outcome(even, 5).faults == [.init("", "must be even")])
        #expect(outcome(even, "4").faults == [.init("", "must be an integer from 0 to 100")])
        #expect(even.document["maximum"] == 100)
        #expect(even.documented(("multipleOf", 2), ("maximum", 99)).document["maximum"] == 99)
    }

    @Test("The texts of a query are read as the type that is asked for")
    func texts() {
        func read<Value>(_ shape: Shape<Value>, _ texts: [String]) -> (value: Value?, faults: [Fault]) {
            var faults: [Fault] = []
            return (shape.read(texts: texts, &faults), faults)
        }
        #expect(read(.integer(0...9), ["7"]).value == 7)
        for text in ["", "x", "1.0", "10", " 7", "7 ", "0x7", "99999999999999999999"] {
            #expect(read(.integer(0...9), [text]).faults == [.init("", "must be an integer from 0 to 9")])
        }
        #expect(read(.integer(0...9), ["1", "2"]).faults == [.init("", "is given more than once")])
        #expect(read(.flag, ["true"]).value == true)
        #expect(read(.flag, ["false"]).value == false)
        for text in ["", "1", "yes", "True", "null"] { #expect(read(.flag, [text]).faults == [.init("", "must be true or false")]) }
        #expect(read(.text(0...9), ["5"]).value == "5")
        #expect(read(.text(0...9), ["null"]).value == "null")
        #expect(read(Shape<[Int64]>.list(.integer(0...9), 1...3), ["1", "2"]).value == [1, 2])
        #expect(read(Shape<[Int64]>.list(.integer(0...9), 1...3), ["1", "x"]).faults == [.init("/1", "must be an integer from 0 to 9")])
        #expect(read(Shape<[Colour]>.list(colour, 1...3), ["RED"]).value == [.red])
        let doubled = Shape<Int64>.integer(0...9).map(fault: "", into: { $0 * 2 }, from: { $0 / 2 })
        #expect(read(doubled, ["4"]).value == 8)
    }

    @Test("The document of a shape says what the reader enforces")
    func documents() {
        #expect(
            Shape<String>.text(1...5).document == ["type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[^\\u0000]*$"])
        #expect(Shape<Int64>.integer(1...5).document == ["type": "integer", "format": "int64", "minimum": 1, "maximum": 5])
        #expect(Shape<Bool>.flag.document == ["type": "boolean"])
        #expect(
            Shape<[Bool]>.list(.flag, 0...2).document == ["type": "array", "items": ["type": "boolean"], "minItems": 0, "maxItems": 2])
    }
}
