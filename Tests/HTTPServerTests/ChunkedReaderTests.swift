// Bodies in chunks: what they hold, what is refused, and that it does not matter how the bytes arrive.
import HTTPServer
import NIOCore
import TestKit
import Testing

private struct Outcome: Equatable {
    var body = ""
    var hasEnded = false
    var rest = 0
    var refusal: Refusal?
}

private func read(_ bytes: [UInt8], cutAt cuts: [Int] = []) -> Outcome {
    var reader = ChunkedReader()
    var buffer = ByteBuffer()
    var outcome = Outcome()
    do {
        for (start, end) in zip([0] + cuts, cuts + [bytes.count]) {
            buffer.writeBytes(bytes[start..<end])
            while let piece = try reader.read(&buffer) {
                switch piece {
                case .bytes(let bytes): outcome.body += String(buffer: bytes)
                case .end:
                    outcome.hasEnded = true
                    outcome.rest = buffer.readableBytes + bytes.count - end
                    return outcome
                }
            }
        }
    } catch {
        outcome.refusal = error
    }
    return outcome
}

private func read(_ text: String) -> Outcome { read(Array(text.utf8)) }

@Suite struct ChunkedReaderTests {
    @Test(
        "chunks are put together; extensions and trailers mean nothing",
        arguments: [
            ("0\r\n\r\n", ""), ("2\r\nab\r\n0\r\n\r\n", "ab"), ("00002\r\nab\r\n1\r\nc\r\n00\r\n\r\n", "abc"),
            ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
            ("2;a=b;c=\"d \\\" e\";f\r\nab\r\n0;x\r\n\r\n", "ab"), ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
            ("1\r\na\r\n0\r\nX: a\r\nContent-Length: 5\r\n\r\n", "a"),
        ])
    func whole(text: String, body: String) {
        #expect(read(text + "GET") == Outcome(body: body, hasEnded: true, rest: 3))
        checkCuts(Array(text.utf8))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "\r\n", ";\r\n", " 2\r\nab", "2 \r\nab", "2\nab", "2\r\rab", "0x2\r\nab", "-2\r\nab", "g\r\n", "fffffffffffffffff\r\n",
            "8000000000000000\r\n",
            "2\r\nabc", "2\r\nab\n", "2\r\nab\r\r", "2;a\u{1}\r\n", "2; a\r\n", "2;a=\"b\r\n", "2;a=\"b\"c\r\n", "2;\u{e9}\r\n",
            "0\r\nX a\r\n\r\n", "0\r\n X: a\r\n\r\n", "0\r\n\n", "\(String(repeating: "0", count: 300))\r\n",
            "1;\(String(repeating: "a", count: 300))\r\n",
        ])
    func refused(text: String) {
        #expect(read(text).refusal == .syntax)
        checkCuts(Array(text.utf8))
    }

    @Test("trailers are as many and as large as fields of a head")
    func trailers() {
        func trailers(_ count: Int) -> String { "0\r\n" + (0..<count).map { "X\($0): a\r\n" }.joined() + "\r\n" }
        #expect(read(trailers(HeadLimits.fields)).hasEnded)
        #expect(read(trailers(HeadLimits.fields + 1)).refusal == .headTooLarge)
    }

    @Test("what is not there yet is waited for")
    func more() {
        for text in ["", "2", "2\r", "2\r\n", "2\r\na", "2\r\nab", "2\r\nab\r\n", "2\r\nab\r\n0\r\n", "2\r\nab\r\n0\r\nX: a\r\n"] {
            #expect(!read(text).hasEnded && read(text).refusal == nil)
        }
    }

    private func checkCuts(_ bytes: [UInt8]) {
        let whole = read(bytes)
        #expect(read(bytes, cutAt: Array(stride(from: 1, to: bytes.count, by: 1))) == whole)
        for cut in 0...bytes.count {
            #expect(read(bytes, cutAt: [cut]) == whole, "cut at \(cut)")
            let part = read(Array(bytes[..<cut]))
            #expect(whole.body.utf8.starts(with: part.body.utf8))
            if part.refusal != nil { #expect(part.refusal == whole.refusal) }
            if part.hasEnded { #expect(whole.hasEnded && part.body == whole.body) }
        }
    }

    @Test("every prefix and every cut of whatever comes gives the same", arguments: 0..<40)
    func random(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let pieces = ["0", "1", "2", "a", "f", "\r\n", "\r", "\n", ";", "=", "\"", "\\", "x", "X: a\r\n", " ", "ab\r\n", "0\r\n\r\n"]
        for _ in 0..<40 {
            let count = Int.random(in: 0...16, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            checkCuts(Array((Bool.random(using: &random) ? "2\r\nab\r\n" + text : text).utf8))
        }
    }

    @Test("a body is what was sent, however it was put into chunks", arguments: 0..<20)
    func roundTrip(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let body = String((0..<200).map { _ in "abc\r\n0;".randomElement(using: &random) ?? "a" })
        var (sent, rest) = ("", Substring(body))
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 1...40, using: &random))
            sent += "\(String(chunk.utf8.count, radix: 16))\r\n\(chunk)\r\n"
            rest = rest.dropFirst(chunk.count)
        }
        #expect(read(sent + "0\r\n\r\n") == Outcome(body: body, hasEnded: true))
    }
}
