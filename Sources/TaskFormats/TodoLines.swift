// Reads todo.txt: a task is a line, with signs for what is known of it.
import BoundedText
import CSV
import Model

/// Source: the rules of todo.txt, github.com/todotxt/todo.txt.
struct TodoLines: Sendable {
    static let columns = [
        PlannedColumn(name: "text", meaning: .title), PlannedColumn(name: "x", meaning: .completed),
        PlannedColumn(name: "priority", meaning: .priority), PlannedColumn(name: "labels", meaning: .labels),
        PlannedColumn(name: "due", meaning: .due), PlannedColumn(name: "created", meaning: .createdAt),
        PlannedColumn(name: "completed", meaning: .completedAt), PlannedColumn(name: "rec", meaning: .detail),
        PlannedColumn(name: "t", meaning: .detail),
    ]

    private var lines: TextLines

    init(_ text: @escaping @Sendable ([UInt8]) -> String?) { lines = TextLines(text) }

    mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws {
        try lines.read(bytes) { try take(TaskRecord(number: $1, fields: Self.fields(of: $0))) }
    }

    mutating func finish(_ take: (TaskRecord) throws -> Void) throws {
        try lines.finish { try take(TaskRecord(number: $1, fields: Self.fields(of: $0))) }
    }

    private static func fields(of line: String) -> [String] {
        var words = line.split(separator: " ")[...]
        if words.isEmpty { return columns.map { _ in "" } }
        let isDone = words.first == "x"
        if isDone { words.removeFirst() }
        var priority = ""
        if let mark = words.first.flatMap(letter) {
            priority = word(mark)
            words.removeFirst()
        }
        var days: [String] = []
        while days.count < 2, let first = words.first, Day(String(first)) != nil {
            days.append(String(first))
            words.removeFirst()
        }
        // Of two days the first is that of the completion.
        let completed = isDone ? days.first ?? "" : ""
        let created = isDone ? days.count > 1 ? days[1] : "" : days.first ?? ""
        var (text, labels, named): ([Substring], [String], [String: String]) = ([], [], [:])
        for part in words {
            if isLabel(part) {
                labels.append(String(part.dropFirst()))
            } else if let colon = part.firstIndex(of: ":"), ["due", "rec", "t", "pri"].contains(part[..<colon]),
                part.index(after: colon) < part.endIndex, named[String(part[..<colon])] == nil,
                !part.hasPrefix("pri:") || priority.isEmpty && part.utf8.count == 5 && isLetter(part.utf8.last)
            {
                // What comes twice, or says what is said already, stays in the text.
                named[String(part[..<colon])] = String(part[part.index(after: colon)...])
            } else {
                text.append(part)
            }
        }
        // A completed task keeps its priority there.
        if priority.isEmpty, let mark = named["pri"]?.utf8.first { priority = word(mark) }
        let title = text.isEmpty ? labels.joined(separator: " ") : text.joined(separator: " ")
        return [
            title, isDone ? "true" : "", priority, csvList(labels), named["due"] ?? "", created, completed, named["rec"] ?? "",
            named["t"] ?? "",
        ]
    }

    /// `+project` and `@context`; `+49` is of a telephone number.
    private static func isLabel(_ word: Substring) -> Bool {
        switch word.utf8.first {
        case UInt8(ascii: "+"): !word.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
        case UInt8(ascii: "@"): word.utf8.count > 1
        default: false
        }
    }

    private static func isLetter(_ byte: UInt8?) -> Bool { byte.map { (0x41...0x5a).contains($0 & 0xdf) } ?? false }

    /// `(A)`
    private static func letter(_ word: Substring) -> UInt8? {
        let bytes = Array(word.utf8)
        guard bytes.count == 3, bytes[0] == UInt8(ascii: "("), bytes[2] == UInt8(ascii: ")"), (0x41...0x5a).contains(bytes[1]) else {
            return nil
        }
        return bytes[1]
    }

    private static func word(_ letter: UInt8) -> String {
        switch letter & 0xdf {
        case UInt8(ascii: "A"): "critical"
        case UInt8(ascii: "B"): "high"
        case UInt8(ascii: "C"): "medium"
        default: "low"
        }
    }

    /// Whether most of the first lines have a sign that only todo.txt has.
    static func isLikely(_ text: ArraySlice<UInt8>) -> Bool {
        let lines = text.split { $0 == 0x0a || $0 == 0x0d }.prefix(50).map { String(decoding: $0, as: UTF8.self) }
        let signed = lines.filter { line in
            let words = line.split(separator: " ")
            guard let first = words.first else { return false }
            if letter(first) != nil || Day(String(first)) != nil { return true }
            if first == "x", words.count > 1, Day(String(words[1])) != nil { return true }
            return words.contains { word in
                word.utf8.count > 1 && (word.utf8.first == UInt8(ascii: "+") || word.utf8.first == UInt8(ascii: "@"))
                    || word.hasPrefix("due:")
            }
        }
        return !signed.isEmpty && signed.count * 2 >= lines.count
    }
}

/// Bytes as lines, numbered from 1.
struct TextLines: Sendable {
    private let text: @Sendable ([UInt8]) -> String?
    /// Whether a line that begins with a blank goes on with the one before (RFC 5545, 3.1). The bytes are joined before they are read as
    /// characters: the cut may be within one.
    private let isFolded: Bool
    /// Bytes of the longest line.
    private let limit: Int
    private var line: [UInt8] = []
    private var number: Int64 = 1
    /// Ends of lines since this one began.
    private var ends: Int64 = 0
    /// Whether the line is over unless the next byte folds it.
    private var isAtEnd = false
    private var isAfterReturn = false

    init(_ text: @escaping @Sendable ([UInt8]) -> String?, limit: Int = 512 << 10, isFolded: Bool = false) {
        self.text = text
        self.limit = limit
        self.isFolded = isFolded
    }

    mutating func read(_ bytes: [UInt8], _ take: (String, Int64) throws -> Void) throws {
        for byte in bytes {
            let isSecond = isAfterReturn && byte == 0x0a
            isAfterReturn = byte == 0x0d
            if isSecond { continue }
            if isAtEnd {
                isAtEnd = false
                if byte == 0x20 || byte == 0x09 { continue }
                try end(take)
            }
            if byte == 0x0a || byte == 0x0d {
                ends += 1
                if isFolded { isAtEnd = true } else { try end(take) }
            } else {
                guard line.count < limit else { throw TaskFileFault("", "line \(number) is longer than \(limit) bytes") }
                line.append(byte)
            }
        }
    }

    mutating func finish(_ take: (String, Int64) throws -> Void) throws { if !line.isEmpty { try end(take) } }

    private mutating func end(_ take: (String, Int64) throws -> Void) throws {
        guard let text = text(line) else { throw TaskFileFault("", "line \(number) is not UTF-8. Save the file in UTF-8") }
        line.removeAll(keepingCapacity: true)
        defer {
            number += ends
            ends = 0
        }
        try take(text, number)
    }
}
