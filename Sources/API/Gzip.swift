// gzip (RFC 1952) by zlib.
import CZlib
import Model

/// Compresses one body. For one task at a time.
package final class Gzip {
    package struct OutOfMemory: Error {}

    /// What zlib recommends: a third of a list of tasks remains, at some 40 MB/s. Higher levels take twice as long for a hundredth less.
    private static let level: Int32 = 6
    /// 32 KiB of window, and a header of gzip.
    private static let windowBits: Int32 = 15 + 16
    private static let memoryLevel: Int32 = 8
    /// Bytes that are made at a time.
    private static let pieceSize = 4 << 10...64 << 10

    /// zlib notes the address of its stream, so that it must stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Takes some 260 KiB until it goes.
    /// - Throws: `OutOfMemory`.
    package init() throws(OutOfMemory) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, Self.level, Z_DEFLATED, Self.windowBits, Self.memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw OutOfMemory() }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// - Returns: what can be sent already; zlib keeps the rest until it knows more.
    package func add(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, Z_NO_FLUSH) }

    /// - Returns: all that has not been sent, with the check sum. Nothing can be added afterwards.
    package func finish(with bytes: [UInt8] = []) -> [UInt8] { deflate(bytes, Z_FINISH) }

    /// The whole of a text.
    /// - Throws: `OutOfMemory`.
    package static func compressed(_ bytes: [UInt8]) throws(OutOfMemory) -> [UInt8] { try Gzip().finish(with: bytes) }

    /// zlib cannot fail here: the stream is valid, and all room that it asks for is given.
    private func deflate(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        let size = min(max(bound, Self.pieceSize.lowerBound), Self.pieceSize.upperBound)
        var output: [UInt8] = []
        bytes.withUnsafeBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                output += [UInt8](unsafeUninitializedCapacity: size) { room, count in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(size)
                    _ = CZlib.deflate(stream, flush)
                    count = size - Int(stream.pointee.avail_out)
                }
            } while stream.pointee.avail_out == 0
        }
        return output
    }
}
