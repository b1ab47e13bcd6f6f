// What is written is read back as the same value, by this reader and by any other.
import Foundation
import TestKit
import Testing
import Wire

@Suite struct JSONWriterTests {
    @Test("Any value that is written is read back as the same value")
    func roundTrip() throws {
        var random = SplitMix(seed: 1)
        for _ in 0..<1500 {
            let value = randomValue(depth: 4, &random)
            let text = value.text
            let read = try JSON(parsing: text.utf8)
            #expect(read == value)
            #expect(Array(read.text.utf8) == Array(text.utf8))
        }
    }

    @Test("Other programs read the same texts and numbers out of what is written")
    func otherReader() throws {
        var random = SplitMix(seed: 2)
        for _ in 0..<300 {
            let texts = (0..<5).map { _ in randomText(&random) }
            let data = Data(JSON.array(texts.map(JSON.string)).text.utf8)
            #expect(try JSONDecoder().decode([String].self, from: data).map { Array($0.utf8) } == texts.map { Array($0.utf8) })
        }
        let numbers: [Int64] = [.min, .min + 1, -1, 0, 1, 9, 10, 99, 100, .max - 1, .max]
        let data = Data(JSON.array(numbers.map(JSON.int)).text.utf8)
        #expect(try JSONDecoder().decode([Int64].self, from: data) == numbers)
    }

    @Test("Each ASCII character is escaped where it must be, wherever it stands, and only there")
    func escapes() {
        let named: [UInt8: String] = [0x22: "\\\"", 0x5c: "\\\\", 0x0a: "\\n", 0x0d: "\\r", 0x09: "\\t"]
        for byte in 0 as UInt8..<0x80 {
            let control = "\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            let written = named[byte] ?? (byte < 0x20 || byte == 0x7f ? control : String(UnicodeScalar(byte)))
            for before in 0..<18 {
                let (head, tail) = (String(repeating: "ä~ ", count: before), String(repeating: "!", count: before % 9))
                #expect(JSON.string(head + String(UnicodeScalar(byte)) + tail).text == "\"" + head + written + tail + "\"")
            }
        }
    }

    @Test("Whole numbers are written digit by digit as Swift prints them")
    func integers() {
        var random = SplitMix(seed: 3)
        let edges: [Int64] = [.min, .max, 0, -1, 1, 1_000_000_000_000_000_000, -1_000_000_000_000_000_000]
        let powers = (0..<63).flatMap { [Int64(1) << $0, -(Int64(1) << $0), (Int64(1) << $0) - 1] }
        for value in edges + powers + (0..<500).map({ _ in Int64.random(in: .min ... .max, using: &random) }) {
            #expect(JSON.int(value).text == "\(value)")
        }
    }

    @Test(
        "Numbers with a fraction keep every bit",
        arguments: [
            0.0, -0.0, 0.1, 1.0, 1e15, 1e16, 1e20, 1e21, 1e-7, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .pi,
        ])
    func doubles(_ value: Double) throws {
        for value in [value, -value] {
            guard case .double(let read) = try JSON(parsing: JSON.double(value).text.utf8) else {
                Issue.record("\(JSON.double(value).text) is not read as a fraction")
                return
            }
            #expect(read.bitPattern == value.bitPattern)
        }
    }

    @Test("What JSON has no number for is written as null", arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
    func notANumber(_ value: Double) {
        #expect(JSON.double(value).text == "null")
    }

    @Test("Every character below 128 is read back, and the dangerous ones are escaped")
    func characters() throws {
        for byte in UInt8(0)...0x7f {
            let character = String(Unicode.Scalar(byte))
            let text = JSON.string("a\(character)b").text
            #expect(try JSON(parsing: text.utf8) == .string("a\(character)b"))
            #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f })
        }
        #expect(JSON.string("\"\\\n\r\t\u{0}\u{1f}\u{7f}/").text == #""\"\\\n\r\t\u0000\u001f\u007f/""#)
        #expect(JSON.string("é€😀").text == "\"é€😀\"")
    }

    @Test("Text is compact and keeps the order of members")
    func layout() {
        let value: JSON = ["b": 1, "a": [.null, true, false, "x"], "c": [:], "d": []]
        #expect(value.text == #"{"b":1,"a":[null,true,false,"x"],"c":{},"d":[]}"#)
        #expect(JSON.object([.init("quo\"te", 1)]).text == #"{"quo\"te":1}"#)
    }

    @Test("A member is replaced in its place or added at the end")
    func with() {
        let value: JSON = ["a": 1, "b": 2]
        #expect(value.with("a", 3) == ["a": 3, "b": 2])
        #expect(value.with("c", 3) == ["a": 1, "b": 2, "c": 3])
        #expect(JSON.null.with("a", 1) == ["a": 1])
        #expect(value["b"] == 2)
        #expect(value["z"] == nil)
        #expect(JSON.array([])["a"] == nil)
    }

    private func randomText(_ random: inout SplitMix) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let bound: UInt32 = [0x20, 0x80, 0x800, 0x1_0000, 0x11_0000][Int.random(in: 0...4, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<bound, using: &random)) { scalars.append(scalar) }
        }
        return String(scalars)
    }

    private func randomValue(depth: Int, _ random: inout SplitMix) -> JSON {
        switch Int.random(in: 0...(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .int(Int64.random(in: .min ... .max, using: &random))
        case 3: return .int(Int64.random(in: -1000...1000, using: &random))
        case 4:
            let value = Double(bitPattern: random.next())
            return .double(value.isFinite ? value : 0.5)
        case 5: return .string(randomText(&random))
        case 6: return .array((0..<Int.random(in: 0...5, using: &random)).map { _ in randomValue(depth: depth - 1, &random) })
        default:
            let count = Int.random(in: 0...5, using: &random)
            return .object((0..<count).map { .init("\($0)" + randomText(&random), randomValue(depth: depth - 1, &random)) })
        }
    }
}
