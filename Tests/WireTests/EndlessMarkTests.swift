// Texts that Unicode would let grow without end are refused by every reader, in time that grows with their length.
import TestKit
import Testing
import Wire

@Suite struct EndlessMarkTests {
    @Test("JSON: a name, a value, an element, written as they are or escaped")
    func json() async {
        let escaped = { (bytes: Int) in "a" + String(repeating: #"\u0316\u0301"#, count: bytes / 12) }
        for (name, document) in [
            ("name", { (size: Int) in #"{"\#(markRun(bytes: size))":1}"# }), ("value", { #"{"a":"\#(markRun(bytes: $0))"}"# }),
            ("element", { #"["\#(markRun(bytes: $0))"]"# }), ("escaped", { #"["\#(escaped($0))"]"# }),
        ] {
            let error = #expect(throws: JSONSyntaxError.self, "\(name)") { try JSON(parsing: document(1000).utf8) }
            #expect(error?.detail == "more than 30 combining marks in a row", "\(name)")
            #expect(await ProcessorTime.isLinear(from: 32 << 10) { _ = try? JSON(parsing: document($0).utf8) }, "\(name)")
        }
    }

    @Test("JSON: many names with as many marks as are allowed")
    func manyNames() async {
        let run = String(repeating: "\u{316}\u{301}", count: 15)
        let document = { (count: Int) in "{" + (0..<count).map { "\"\($0)\(run)\":0" }.joined(separator: ",") + "}" }
        #expect(throws: Never.self) { try JSON(parsing: document(100).utf8) }
        #expect(await ProcessorTime.isLinear(from: 500) { _ = try? JSON(parsing: document($0).utf8) })
    }

    @Test("Names that are the same to Unicode and different bytes are different names, as the RFC has it")
    func bytes() throws {
        let json = try JSON(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}".utf8)
        guard case .object(let members) = json else { return #expect(Bool(false), "\(json)") }
        #expect(members.count == 2)
    }

    @Test("Queries: names, values, and many names")
    func queries() async {
        func encoded(_ text: String) -> String { percentEncoded(text) }
        for query in ["\(encoded(markRun(bytes: 1000)))=1", "a=\(encoded(markRun(bytes: 1000)))"] {
            #expect(throws: Faults.self) { try parseQuery(query[...]) }
        }
        #expect(await ProcessorTime.isLinear(from: 8 << 10) { _ = try? parseQuery("a=\(encoded(markRun(bytes: $0)))"[...]) })
        #expect(
            await ProcessorTime.isLinear(from: 1000) { count in
                _ = try? parseQuery((0..<count).map { "n\($0)" }.joined(separator: "&")[...])
            })
    }

    @Test("A word of a closed set is compared only with texts that can be one")
    func words() async {
        let shape = Shape<Int>.word([("low", 1), ("high", 2)])
        let read = { (text: String) in
            var faults: [Fault] = []
            _ = shape.read(.string(text), &faults)
            return faults.count
        }
        #expect(read("HIGH") == 0)
        #expect(read("highest") == 1)
        #expect(await ProcessorTime.isLinear(from: 8 << 10) { _ = read(markRun(bytes: $0)) })
    }

    @Test("Heads of the parts of a form, and file names in them")
    func forms() throws {
        var reader = try #require(MultipartReader(contentType: "multipart/form-data; boundary=b"))
        let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(markRun(bytes: 4000))\"\r\n\r\nx\r\n--b--\r\n"
        let fault = #expect(throws: MultipartReader.Fault.self) { try reader.read(Array(body.utf8)) { _ in } }
        #expect(fault?.detail == "the head of a part has more than 30 combining marks in a row")
    }
}
