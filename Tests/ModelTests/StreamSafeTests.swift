// Runs of combining marks have an end, and no text costs more than its length.
import Foundation
import Model
import BoundedText
import TestKit
import Testing

@Suite struct StreamSafeTests {
    @Test("A run of 30 marks is taken and one of 31 is not, wherever it stands", arguments: ["", "a", "日本", "é"])
    func limit(before: String) {
        let run = String(repeating: "\u{301}", count: combiningMarkLimit)
        #expect((before + run + "b" + run).isStreamSafe)
        #expect(!(before + run + "\u{316}" + "b").isStreamSafe)
    }

    @Test("Every scalar that can lengthen a run when it is normalized is counted")
    func everyMark() {
        var missed: [String] = []
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value),
                let first = String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars.first,
                first.properties.canonicalCombiningClass != .notReordered
            else { continue }
            if String(repeating: String(scalar), count: combiningMarkLimit + 1).isStreamSafe { missed.append(String(value, radix: 16)) }
        }
        #expect(missed.isEmpty)
    }

    @Test("The stream-safe text of any text is stream-safe, keeps every mark, and is the text itself when that is safe")
    func process() {
        let safe = streamSafe(markRun(bytes: 4000))
        #expect(safe.isStreamSafe)
        #expect(safe.unicodeScalars.filter { $0 != "\u{34f}" } == Array(markRun(bytes: 4000).unicodeScalars))
        let ordinary = "Z\u{301}a\u{34f}lgo"
        #expect(Array(streamSafe(ordinary).utf8) == Array(ordinary.utf8))
    }

    @Test("Keys and search words of a text of marks take time that grows with its length")
    func folding() async {
        #expect(await ProcessorTime.isLinear(from: 8 << 10) { _ = caseFolded(markRun(bytes: $0)) })
        #expect(await ProcessorTime.isLinear(from: 8 << 10) { _ = SearchQuery.words(of: markRun(bytes: $0)) })
        let longest = "a" + String(repeating: "\u{316}\u{301}", count: 15)
        #expect(await ProcessorTime.isLinear(from: 200) { _ = SearchQuery.words(of: String(repeating: longest, count: $0)) })
    }
}
