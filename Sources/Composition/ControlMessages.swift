// What travels over the control socket: lines of JSON, and frames with the bytes of files.
import Foundation
import NIOCore

/// A frame is four bytes with its length, the highest first, and the bytes; an empty one ends a file. Its first byte is 0, which no line
/// begins with, so that an answer can come where a frame could.
enum ControlFrame {
    /// Bytes of one frame at most, on both sides.
    static let limit = 1 << 20

    /// Waits until the other side has room.
    static func write(_ bytes: [UInt8], to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        for start in stride(from: 0, to: bytes.count, by: limit) {
            let piece = bytes[start..<min(start + limit, bytes.count)]
            var frame = ByteBuffer(integer: UInt32(piece.count))
            frame.writeBytes(piece)
            try await outbound.write(frame)
        }
    }

    static func writeEnd(to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        try await outbound.write(ByteBuffer(integer: UInt32(0)))
    }
}

/// Reads lines and frames as they come. Used by one task at a time.
final class ControlReader {
    enum Message {
        case line(Data)
        /// An empty one is the end of the file.
        case frame([UInt8])
    }

    /// A command holds a password at most; a reply the list of all users.
    private static let lineLimit = 64 << 20

    private var parts: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received = ByteBuffer()
    /// Bytes that are no end of a line.
    private var searched = 0

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) { parts = inbound.makeAsyncIterator() }

    /// `nil` when the other side has closed the connection.
    func next() async throws -> Message? {
        while true {
            if let message = try message() { return message }
            guard let part = try await parts.next() else { return nil }
            received.discardReadBytes()
            received.writeImmutableBuffer(part)
        }
    }

    private func message() throws -> Message? {
        let bytes = received.readableBytesView
        guard let first = bytes.first else { return nil }
        if first == 0 { return try frame() }
        guard let end = bytes.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count < Self.lineLimit else { throw SettingsError("a control message is too long") }
            searched = bytes.count
            return nil
        }
        let line = Data(bytes[..<end])
        received.moveReaderIndex(forwardBy: line.count + 1)
        searched = 0
        return .line(line)
    }

    private func frame() throws -> Message? {
        guard let length = received.getInteger(at: received.readerIndex, as: UInt32.self).map({ Int($0) }) else { return nil }
        guard length <= ControlFrame.limit else { throw SettingsError("a control message is too long") }
        guard received.readableBytes >= 4 + length else { return nil }
        received.moveReaderIndex(forwardBy: 4)
        return .frame(received.readBytes(length: length) ?? [])
    }
}
