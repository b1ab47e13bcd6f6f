// Query strings and percent-encoding.
import TestKit
import Testing
import Wire

@Suite struct QueryStringTests {
    private func parsed(_ query: String) throws -> [String] {
        try parseQuery(query[...]).map { "\($0.name)=\($0.texts.joined(separator: "|"))" }
    }

    @Test(
        "A query is read into names and texts",
        arguments: [
            ("", []), ("&", []), ("a=1", ["a=1"]), ("a=1&b=2", ["a=1", "b=2"]), ("&a=1&&b=2&", ["a=1", "b=2"]), ("a", ["a="]),
            ("a=", ["a="]),
            ("=1", ["=1"]), ("a=1&b=2&a=3", ["a=1|3", "b=2"]), ("a=b=c", ["a=b=c"]), ("a=x+y%20z%2Bw", ["a=x y z+w"]),
            ("a%5B%5D=1", ["a[]=1"]),
            ("a=%26%3D%25", ["a=&=%"]), ("q=caf%C3%A9", ["q=café"]), ("q=%f0%9f%98%80", ["q=😀"]), ("q=é", ["q=é"]), ("a;b=1", ["a;b=1"]),
            ("a=1#x", ["a=1#x"]), ("a=%0D%0A", ["a=\r\n"]), ("%61=1&a=2", ["a=1|2"]),
        ] as [(String, [String])])
    func good(_ query: String, _ items: [String]) throws {
        #expect(try parsed(query) == items)
    }

    @Test(
        "A query that is not percent-encoded UTF-8 is refused",
        arguments: [
            "a=%", "a=%4", "a=%zz", "a=%+1", "a=%-1", "%=1", "a=%00", "%00=1", "a=%80", "a=%C3", "a=%C0%AF", "a=%ED%A0%80",
            "a=%F4%90%80%80",
            "a=%c3%28", "a=%%41",
        ])
    func bad(_ query: String) {
        #expect(throws: Faults.self) { try parsed(query) }
        #expect(throws: Faults.self) { try parsed("ok=1&\(query)&fine=2") }
    }

    @Test("All malformed items are reported at once")
    func allFaults() throws {
        let error = #expect(throws: Faults.self) { try parsed("a=%&b=1&c=%zz") }
        #expect(try #require(error).all.count == 2)
    }

    @Test("Any text without NUL survives encoding and decoding, as a name and as a value")
    func roundTrip() throws {
        var random = SplitMix(seed: 8)
        for _ in 0..<2000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let bound: UInt32 = [0x80, 0x800, 0x11_0000][Int.random(in: 0...2, using: &random)]
                if let scalar = Unicode.Scalar(UInt32.random(in: 1..<bound, using: &random)) { scalars.append(scalar) }
            }
            let text = String(scalars)
            let encoded = percentEncoded(text)
            #expect(encoded.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x26 && $0 != 0x3d && $0 != 0x2b && $0 != 0x23 })
            #expect(percentDecoded(encoded[...]).map { Array($0.utf8) } == Array(text.utf8))
            let items = try parseQuery("\(encoded)=\(encoded)")
            #expect(items.count == 1)
            #expect(items.first.map { Array($0.name.utf8) } == Array(text.utf8))
            #expect(items.first?.texts.first.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test("A plus is a space in a query and a plus in a path")
    func plus() {
        #expect(percentDecoded("a+b", plusIsSpace: true) == "a b")
        #expect(percentDecoded("a+b") == "a+b")
        #expect(percentEncoded("a+b c/ü") == "a%2Bb%20c%2F%C3%BC")
        #expect(percentEncoded("AZaz09-._~") == "AZaz09-._~")
        #expect(percentEncoded("\t") == "%09")
    }

    @Test("Raw combining marks next to a separator do not hide it")
    func combining() throws {
        #expect(try parsed("a=1&\u{301}b=2").count == 2)
        #expect(try parsed("a=\u{301}1") == ["a=\u{301}1"])
    }

    @Test("Random bytes of a query are read or refused, never more")
    func noise() {
        var random = SplitMix(seed: 9)
        let alphabet = Array("ab=&%+;#0123456789abcdefABCDEF[]é")
        for _ in 0..<20_000 {
            let query = String(
                (0..<Int.random(in: 0...20, using: &random)).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] })
            if let items = try? parseQuery(query[...]) { #expect(items.allSatisfy { !$0.texts.isEmpty }) }
        }
    }
}
