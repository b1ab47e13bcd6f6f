// The body of a request, taken out of what arrives (RFC 9112, 6 and 7.1).
package import NIOCore

package enum BodyPiece: Sendable {
    case bytes(ByteBuffer)
    case end
}

struct BodyReader {
    private enum State {
        /// So many bytes are still to come.
        case length(Int)
        case chunked(ChunkedReader)
        case ended
    }

    private var state: State

    init(_ framing: RequestHead.Framing) {
        state =
            switch framing {
            case .none: .length(0)
            case .length(let count): .length(count)
            case .chunked: .chunked(ChunkedReader())
            }
    }

    var hasEnded: Bool { if case .ended = state { true } else { false } }

    /// Takes the next piece out of the bytes; `nil` when more of them are needed. Behind the end nothing is taken.
    mutating func read(_ bytes: inout ByteBuffer) throws(Refusal) -> BodyPiece? {
        switch state {
        case .ended: return nil
        case .length(0):
            state = .ended
            return .end
        case .length(let count):
            guard bytes.readableBytes > 0, let piece = bytes.readSlice(length: min(count, bytes.readableBytes)) else { return nil }
            state = .length(count - piece.readableBytes)
            return .bytes(piece)
        case .chunked(var reader):
            let piece = try reader.read(&bytes)
            if case .end? = piece { state = .ended } else { state = .chunked(reader) }
            return piece
        }
    }
}

/// A body in chunks. What it says depends on the bytes alone, not on how they are cut.
package struct ChunkedReader: Sendable {
    /// Bytes of the line that begins a chunk: its size, and extensions, which mean nothing here.
    private static let lineLimit = 256

    private enum Step {
        case size, sizeEnd
        case extensionName, extensionValue, quoted, escaped, afterQuoted
        /// So many bytes of the chunk are still to come.
        case data(Int)
        case dataEnd, dataLineFeed
        case trailers(TrailerParser)
    }

    private var step = Step.size
    private var size = 0
    /// Bytes of the line so far.
    private var line = 0

    package init() {}

    /// Takes the next piece out of the bytes; `nil` when more of them are needed.
    package mutating func read(_ bytes: inout ByteBuffer) throws(Refusal) -> BodyPiece? {
        while true {
            switch step {
            case .data(let count):
                guard bytes.readableBytes > 0, let piece = bytes.readSlice(length: min(count, bytes.readableBytes)) else { return nil }
                step = piece.readableBytes == count ? .dataEnd : .data(count - piece.readableBytes)
                return .bytes(piece)
            case .trailers(var trailers):
                let hasEnded = try trailers.read(&bytes)
                step = .trailers(trailers)
                return hasEnded ? .end : nil
            default:
                guard let byte = bytes.readInteger(as: UInt8.self) else { return nil }
                try take(byte)
            }
        }
    }

    private mutating func take(_ byte: UInt8) throws(Refusal) {
        line += 1
        guard line <= Self.lineLimit else { throw .syntax }
        switch (step, byte) {
        case (.size, _) where byte.hexValue != nil:
            let (product, isTooLarge) = size.multipliedReportingOverflow(by: 16)
            guard !isTooLarge else { throw .syntax }
            size = product + (byte.hexValue ?? 0)
        case (.size, .carriageReturn) where line > 1, (.extensionName, .carriageReturn), (.extensionValue, .carriageReturn),
            (.afterQuoted, .carriageReturn):
            step = .sizeEnd
        case (.size, UInt8(ascii: ";")) where line > 1, (.extensionName, UInt8(ascii: ";")), (.extensionValue, UInt8(ascii: ";")),
            (.afterQuoted, UInt8(ascii: ";")):
            step = .extensionName
        case (.extensionName, UInt8(ascii: "=")): step = .extensionValue
        case (.extensionName, _) where byte.isToken, (.extensionValue, _) where byte.isToken: break
        case (.extensionValue, UInt8(ascii: "\"")),
            (.escaped, _) where byte == .tab || (0x20...0x7e).contains(byte):
            step = .quoted
        case (.quoted, UInt8(ascii: "\"")): step = .afterQuoted
        case (.quoted, UInt8(ascii: "\\")): step = .escaped
        case (.quoted, _) where byte == .tab || (0x20...0x7e).contains(byte): break
        case (.sizeEnd, .lineFeed):
            step = size == 0 ? .trailers(TrailerParser()) : .data(size)
            (size, line) = (0, 0)
        case (.dataEnd, .carriageReturn): step = .dataLineFeed
        case (.dataLineFeed, .lineFeed):
            step = .size
            line = 0
        default: throw .syntax
        }
    }
}

/// The fields behind a chunked body. They are checked, and mean nothing here.
private struct TrailerParser {
    private var fields = FieldParser(at: 0)

    /// - Returns: whether their end is there; then they are taken out of the bytes.
    mutating func read(_ bytes: inout ByteBuffer) throws(Refusal) -> Bool {
        let parsed = bytes.withUnsafeReadableBytes { bytes in Result { () throws(Refusal) in try fields.parse(bytes) } }
        guard try parsed.get() else { return false }
        bytes.moveReaderIndex(forwardBy: fields.position)
        return true
    }
}

extension UInt8 {
    fileprivate var hexValue: Int? {
        switch self {
        case 0x30...0x39: Int(self) - 0x30
        case 0x41...0x46: Int(self) - 0x41 + 10
        case 0x61...0x66: Int(self) - 0x61 + 10
        default: nil
        }
    }
}
