// What the reader of multipart/form-data takes, refuses and survives.
import TestKit
import Testing
import Wire

private func read(_ bytes: [UInt8], pieces size: Int = .max, type: String = "multipart/form-data; boundary=xyz") throws -> [String] {
    guard var reader = MultipartReader(contentType: type) else { throw CancellationError() }
    var parts: [(name: String, bytes: [UInt8])] = []
    for start in stride(from: 0, to: bytes.count, by: min(size, max(1, bytes.count))) {
        try reader.read(Array(bytes[start..<min(bytes.count, start + min(size, bytes.count))])) { event in
            switch event {
            case .part(let name, let fileName): parts.append((name + (fileName.map { " \($0)" } ?? ""), []))
            case .bytes(let bytes): parts[parts.count - 1].bytes += bytes
            }
        }
    }
    try reader.finish()
    return parts.map { "\($0.name): \(String(decoding: $0.bytes, as: UTF8.self))" }
}

private func read(_ text: String) throws -> [String] { try read(Array(text.utf8)) }

private let head = "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv"

@Suite struct MultipartTests {
    @Test("parts are read, whatever stands before and behind them, and whatever looks like a boundary in them")
    func parts() throws {
        #expect(try read("--xyz\r\n\(head)\r\n\r\na,b\r\nc\r\n--xyz--\r\n") == ["file a.csv: a,b\r\nc"])
        #expect(try read("before\r\n--xyz \t\r\n\(head)\r\n\r\n\r\n--xy\r\n-xyz\r\n--xyz--behind") == ["file a.csv: \r\n--xy\r\n-xyz"])
        #expect(
            try read("--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--xyz\r\n\(head)\r\n\r\n--xyz--") == [
                "a: 1", "file a.csv: ",
            ])
        #expect(
            try read("--xyz\r\ncontent-disposition: FORM-DATA; Name=\"q\\\"uo;te\"\r\n\r\n\r\n--xyz--") == ["q\"uo;te: "])
    }

    @Test(
        "what is broken is refused",
        arguments: [
            "", "--xyz", "--xyz\r\n\(head)\r\n\r\nabc", "--xyz\r\n\(head)\r\n\r\nabc\r\n--xyz", "--xyzz\r\n\(head)\r\n\r\nabc\r\n--xy--x--",
            "--xyz\r\nContent-Disposition: form-data\r\n\r\n\r\n--xyz--", "--xyz\r\n\r\nabc\r\n--xyz--",
            "--xyz\r\nnonsense\r\n\r\n\r\n--xyz--", "--xyz\r\nContent-Transfer-Encoding: base64\r\n\(head)\r\n\r\n\r\n--xyz--",
            "--xyz\r\nX: \(String(repeating: "x", count: 9000))\r\n\(head)\r\n\r\n\r\n--xyz--",
            String(repeating: "--xyz\r\n\(head)\r\n\r\n\r\n", count: 40) + "--xyz--", "\n--xyz\n\(head)\n\nabc\n--xyz--",
        ])
    func broken(text: String) {
        #expect(throws: MultipartReader.Fault.self) { _ = try read(text) }
    }

    @Test(
        "only multipart/form-data with a boundary is read",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=xyz", "text/csv",
            "multipart/form-data; boundary=\(String(repeating: "x", count: 71))", "multipart/form-data; boundary=\"a \"",
        ])
    func types(type: String) { #expect(MultipartReader(contentType: type) == nil) }

    @Test("a boundary may be quoted")
    func quotedBoundary() throws {
        let text = "--a b\r\n\(head)\r\n\r\nabc\r\n--a b--"
        #expect(try read(Array(text.utf8), type: "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"") == ["file a.csv: abc"])
    }

    @Test("hostile bytes never crash it, always end, and mean the same however they are cut", arguments: 0..<20)
    func hostile(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let alphabet = Array("-xyz\r\n:;\"\\ =".utf8) + [0, 0xff, 0xc3]
        for _ in 0..<100 {
            var bytes = Array("--xyz\r\n\(head)\r\n\r\na\r\n-b\r\n--xyz\r\nContent-Disposition: form-data; name=z\r\n\r\n--xyz--".utf8)
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = alphabet.randomElement(using: &random) ?? 0
                case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
                default: bytes.remove(at: place)
                }
            }
            let whole = "\(Result { try read(bytes) })"
            for size in [1, 2, 3, 7, 11] {
                let cut = "\(Result { try read(bytes, pieces: size) })"
                #expect(cut == whole, "\(String(decoding: bytes, as: UTF8.self)) in pieces of \(size)")
            }
        }
    }

    @Test("what is held does not grow with the body")
    func memory() throws {
        var reader = try #require(MultipartReader(contentType: "multipart/form-data; boundary=xyz"))
        var (given, longest) = (0, 0)
        try reader.read(Array("--xyz\r\n\(head)\r\n\r\n".utf8)) { _ in }
        let piece = [UInt8](repeating: 0x0d, count: 64 << 10)
        for _ in 0..<100 {
            try reader.read(piece) { event in
                guard case .bytes(let bytes) = event else { return }
                given += bytes.count
                longest = max(longest, bytes.count)
            }
        }
        #expect(given > 99 * piece.count && longest < 2 * piece.count)
    }
}
