// Reads CSV (RFC 4180) as it comes: bytes in, rows out, and never more than one row in memory.

/// How much a table may hold in one place.
package struct CSVLimits: Sendable {
    package var columns: Int
    /// Bytes of a field.
    package var field: Int
    /// Bytes of all fields of a row.
    package var row: Int

    package init(columns: Int = 64, field: Int = 64 << 10, row: Int = 4 << 20) {
        self.columns = columns
        self.field = field
        self.row = row
    }
}

package struct CSVRow: Equatable, Sendable {
    /// 1 is the first row of the file. Empty lines count, so that numbers are those of a spreadsheet.
    package let number: Int64
    package let fields: [String]
}

/// Why a text is not a table. What follows cannot be trusted, so reading ends here.
package struct CSVFault: Error, Equatable, Sendable {
    package let row: Int64
    /// From 1.
    package let column: Int
    package let detail: String

    package var description: String { "row \(row), column \(column): \(detail)" }
}

package struct CSVReader: Sendable {
    private enum State {
        case fieldStart
        case plain
        case quoted
        /// Behind a quote inside quotes: it ends the field, or is the first of two.
        case quote
    }

    private let limits: CSVLimits
    private let delimiter: UInt8
    private let text: @Sendable ([UInt8]) -> String?
    private var state = State.fieldStart
    private var fields: [String] = []
    private var field: [UInt8] = []
    /// All bytes of the field or-ed together.
    private var seen: UInt8 = 0
    private var number: Int64 = 1
    /// Bytes of the fields that have ended in this row.
    private var rowBytes = 0
    private var isAfterCarriageReturn = false
    /// The first bytes, until there are enough to tell what they begin.
    private var opening: [UInt8] = []
    private static let openingLength = 4

    /// - Parameters:
    ///   - delimiter: what stands between fields; an ASCII character, neither a quote nor a line end.
    ///   - text: reads a field that is not in ASCII, in an encoding in which ASCII is ASCII; `nil` refuses it.
    package init(
        limits: CSVLimits = CSVLimits(), delimiter: UInt8 = UInt8(ascii: ","),
        text: @escaping @Sendable ([UInt8]) -> String? = { String(validating: $0, as: UTF8.self) }
    ) {
        self.limits = limits
        self.delimiter = delimiter
        self.text = text
    }

    /// Takes the next bytes, cut anywhere, and hands on the rows that end in them. Empty lines are left out.
    /// - Throws: `CSVFault`, and what `take` throws; nothing may be read after that.
    package mutating func read(_ bytes: [UInt8], _ take: (CSVRow) throws -> Void) throws {
        var start = 0
        if opening.count < Self.openingLength {
            start = min(bytes.count, Self.openingLength - opening.count)
            opening += bytes[..<start]
            guard opening.count == Self.openingLength else { return }
            try scan(Self.withoutMark(opening), take)
        }
        try scan(bytes[start...], take)
    }

    /// Hands on the last row, when no line end follows it.
    /// - Throws: `CSVFault`, and what `take` throws.
    package mutating func finish(_ take: (CSVRow) throws -> Void) throws {
        if opening.count < Self.openingLength { try scan(Self.withoutMark(opening), take) }
        if state == .quoted { throw fault("a quote begins here and is never closed") }
        if state != .fieldStart || !fields.isEmpty { try endRow(take) }
    }

    /// The first bytes without the mark of UTF-8.
    private static func withoutMark(_ opening: [UInt8]) -> ArraySlice<UInt8> {
        opening.starts(with: [0xef, 0xbb, 0xbf]) ? opening[3...] : opening[...]
    }

    // MARK: Bytes

    private mutating func scan(_ bytes: ArraySlice<UInt8>, _ take: (CSVRow) throws -> Void) throws {
        try bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if isAfterCarriageReturn {
                    isAfterCarriageReturn = false
                    if byte == .lineFeed {
                        index += 1
                        continue
                    }
                }
                switch state {
                case .fieldStart where byte == .quote:
                    state = .quoted
                    index += 1
                case .fieldStart, .plain:
                    index = try readPlain(bytes, index)
                    if index < bytes.count { index = try end(with: bytes[index], index, take) }
                case .quoted:
                    index = try readRun(bytes, index) { $0 == .quote }
                    if index < bytes.count {
                        state = .quote
                        index += 1
                    }
                case .quote where byte == .quote:
                    try append(bytes, index..<index + 1)
                    state = .quoted
                    index += 1
                case .quote where byte == delimiter || byte == .carriageReturn || byte == .lineFeed:
                    index = try end(with: byte, index, take)
                case .quote: throw fault("there is text after a closing quote; write a quote inside quotes twice")
                }
            }
        }
    }

    private mutating func readPlain(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) throws(CSVFault) -> Int {
        let delimiter = delimiter
        let end = try readRun(bytes, start) { $0 == delimiter || $0 == .lineFeed || $0 == .carriageReturn }
        if end > start { state = .plain }
        return end
    }

    /// Takes bytes into the field up to one that ends the run.
    /// - Returns: where that one is.
    private mutating func readRun(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, until isEnd: (UInt8) -> Bool
    ) throws(CSVFault) -> Int {
        var index = start
        // Not behind the first byte too many: another fault there would hide this one, or not, as the bytes are cut.
        let limit = min(bytes.count, start + limits.field - field.count + 1)
        while index < limit, !isEnd(bytes[index]) {
            guard bytes[index] != 0 else { throw fault("has a NUL; is the file in UTF-16, or not a text file?") }
            seen |= bytes[index]
            index += 1
        }
        try append(bytes, start..<index)
        return index
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) throws(CSVFault) {
        guard field.count + range.count <= limits.field else {
            let hint = state == .quoted || state == .quote ? "; is a quote not closed?" : ""
            throw fault("is longer than \(limits.field) bytes\(hint)")
        }
        field.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
    }

    // MARK: Fields

    /// - Returns: where to go on.
    private mutating func end(with byte: UInt8, _ index: Int, _ take: (CSVRow) throws -> Void) throws -> Int {
        if byte == delimiter {
            try endField()
            guard fields.count < limits.columns else { throw fault("has more than \(limits.columns) columns") }
            // Behind a delimiter there is a field, be it empty.
            state = .fieldStart
        } else {
            isAfterCarriageReturn = byte == .carriageReturn
            try endRow(take)
        }
        return index + 1
    }

    private mutating func endField() throws(CSVFault) {
        rowBytes += field.count
        guard rowBytes <= limits.row else { throw fault("the row is longer than \(limits.row) bytes") }
        if seen < 0x80 {
            fields.append(String(decoding: field, as: UTF8.self))
        } else {
            guard let text = text(field) else { throw fault("is not UTF-8; save the file as CSV in UTF-8") }
            fields.append(text)
        }
        field.removeAll(keepingCapacity: true)
        seen = 0
    }

    private mutating func endRow(_ take: (CSVRow) throws -> Void) throws {
        let isEmptyLine = state == .fieldStart && fields.isEmpty
        if !isEmptyLine {
            try endField()
            try take(CSVRow(number: number, fields: fields))
            fields.removeAll(keepingCapacity: true)
            rowBytes = 0
        }
        state = .fieldStart
        number += 1
    }

    private func fault(_ detail: String) -> CSVFault { CSVFault(row: number, column: fields.count + 1, detail: detail) }
}

extension UInt8 {
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
}
