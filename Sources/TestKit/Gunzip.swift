// Unpacks gzip, as the client of a test.
import CZlib

package struct NotGzip: Error {}

/// - Throws: `NotGzip` for anything but one whole gzip member and nothing behind it.
package func unpacked(_ gzip: [UInt8]) throws -> [UInt8] {
    var stream = z_stream()
    return try withUnsafeMutablePointer(to: &stream) { stream in
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw NotGzip() }
        defer { inflateEnd(stream) }
        return try gzip.withUnsafeBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(input.count)
            var (output, status): ([UInt8], Int32) = ([], Z_OK)
            while status == Z_OK {
                output += [UInt8](unsafeUninitializedCapacity: 64 << 10) { room, count in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(room.count)
                    status = inflate(stream, Z_NO_FLUSH)
                    count = room.count - Int(stream.pointee.avail_out)
                }
            }
            guard status == Z_STREAM_END, stream.pointee.avail_in == 0 else { throw NotGzip() }
            return output
        }
    }
}
