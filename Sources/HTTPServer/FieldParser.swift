// The fields of a head, or behind a chunked body, read where they lie (RFC 9112, 5).

/// Where the name and the value of a field are, counted from the first byte of the head.
struct FieldSpan {
    var nameStart: UInt16
    var nameCount: UInt16
    var valueStart: UInt16
    var valueCount: UInt16

    var name: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameCount) }
    var value: Range<Int> { Int(valueStart)..<Int(valueStart) + Int(valueCount) }
}

/// Goes over each byte once, however they arrive: it remembers where it was. What it says depends on the bytes alone, not on how they are cut.
struct FieldParser {
    private enum Step { case name, blanks, value, lineEnd, lastLineEnd }

    private var step = Step.name
    /// The next byte to look at.
    private(set) var position: Int
    /// Of the line.
    private var start: Int
    private var nameEnd = 0
    private var valueStart = 0
    private var valueEnd = 0
    private(set) var spans: [FieldSpan] = []
    /// Some value has bytes that combining marks begin with.
    private(set) var mayHaveMarks = false

    init(at position: Int) {
        self.position = position
        start = position
    }

    /// - Parameter bytes: from the first byte of the head on, those that were there before included.
    /// - Returns: whether the empty line behind the fields is there; `position` is behind it.
    mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        while true {
            switch step {
            case .name: guard try name(bytes) else { return false }
            case .blanks:
                while position < bytes.count, bytes[position].isBlank { position += 1 }
                guard try isThere(bytes) else { return false }
                (valueStart, step) = (position, .value)
            case .value: guard try value(bytes) else { return false }
            case .lineEnd:
                guard try lineFeed(bytes) else { return false }
                // No larger than a head, so that they fit.
                spans.append(
                    FieldSpan(
                        nameStart: UInt16(start), nameCount: UInt16(nameEnd - start), valueStart: UInt16(valueStart),
                        valueCount: UInt16(valueEnd - valueStart)))
                (start, step) = (position, .name)
            case .lastLineEnd: return try lineFeed(bytes)
            }
        }
    }

    private mutating func name(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        while position < bytes.count, bytes[position].isToken { position += 1 }
        guard position - start <= HeadLimits.field else { throw .headTooLarge }
        guard try isThere(bytes) else { return false }
        if position == start, bytes[position] == .carriageReturn {
            position += 1
            step = .lastLineEnd
            return true
        }
        // A blank before the colon, and a line that goes on in the next one, end here, too.
        guard position > start, bytes[position] == .colon else { throw .syntax }
        guard spans.count < HeadLimits.fields else { throw .headTooLarge }
        nameEnd = position
        position += 1
        step = .blanks
        return true
    }

    private mutating func value(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        while true {
            position = endOfVisible(bytes, from: position)
            guard position < bytes.count, bytes[position] >= 0x80 || bytes[position] == .tab else { break }
            if bytes[position] >= 0xcc { mayHaveMarks = true }
            position += 1
        }
        guard position - valueStart <= HeadLimits.field else { throw .headTooLarge }
        guard try isThere(bytes) else { return false }
        guard bytes[position] == .carriageReturn else { throw .syntax }
        valueEnd = position
        while valueEnd > valueStart, bytes[valueEnd - 1].isBlank { valueEnd -= 1 }
        position += 1
        step = .lineEnd
        return true
    }

    private mutating func lineFeed(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        guard try isThere(bytes) else { return false }
        guard bytes[position] == .lineFeed else { throw .syntax }
        position += 1
        return true
    }

    /// Whether there is a byte to look at.
    private func isThere(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Bool {
        guard position < HeadLimits.head else { throw .headTooLarge }
        return position < bytes.count
    }
}

/// The first place from `start` on without a visible ASCII character or a space. Takes eight at a time.
private func endOfVisible(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    var position = start
    while position + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        // In each byte the high bit tells: not below a space; DEL or above; above ASCII. Neither sum reaches into the next byte, since the
        // first begins with the high bit set, and the second is only asked where the third says no.
        let fromSpace = (word | highBits) &- 0x2020_2020_2020_2020
        let fromDelete = (word & ~highBits) &+ 0x0101_0101_0101_0101
        guard fromSpace & ~fromDelete & ~word & highBits == highBits else { break }
        position += 8
    }
    while position < bytes.count, (0x20...0x7e).contains(bytes[position]) { position += 1 }
    return position
}

extension UInt8 {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0a
    static let carriageReturn: UInt8 = 0x0d
    static let space: UInt8 = 0x20
    static let colon: UInt8 = 0x3a

    var isBlank: Bool { self == .space || self == .tab }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7a).contains(self | 0x20) }

    /// `tchar` (RFC 9110, 5.6.2), as a map of 128 bits.
    var isToken: Bool {
        switch self {
        case 0..<64: (0x03ff_6cfa_0000_0000 as UInt64) >> UInt64(self) & 1 == 1
        case 64..<128: (0x57ff_ffff_c7ff_fffe as UInt64) >> UInt64(self &- 64) & 1 == 1
        default: false
        }
    }

    var lowercased: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }
}

extension UnsafeRawBufferPointer {
    /// Whether the ASCII text in the range is this one, in any case.
    /// - Parameter text: in lower case.
    func isText(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for (index, place) in range.enumerated() where self[place].lowercased != text.utf8Start[index] { return false }
        return true
    }
}
