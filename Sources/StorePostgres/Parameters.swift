// The values of a statement in the form that libpq takes, alive for as long as the call.
import StoreCore

struct Parameters {
    let count: Int32
    let values: UnsafePointer<UnsafePointer<CChar>?>?
    let lengths: UnsafePointer<Int32>?
    let formats: UnsafePointer<Int32>?

    /// The server infers the types from the statement, so numbers and texts go as text; byte strings go as they are.
    /// - Throws: `StoreError.constraint` for a text with a NUL, which PostgreSQL cannot hold.
    static func with<Value>(_ binds: [Bind], _ body: (Parameters) throws -> Value) throws -> Value {
        if binds.isEmpty { return try body(Parameters(count: 0, values: nil, lengths: nil, formats: nil)) }
        var bytes: [CChar] = []
        var offsets: [Int] = []
        var lengths: [Int32] = []
        var formats: [Int32] = []
        func add(_ text: some Sequence<UInt8>, format: Int32) {
            let start = bytes.count
            offsets.append(start)
            for byte in text { bytes.append(CChar(bitPattern: byte)) }
            lengths.append(Int32(bytes.count - start))
            formats.append(format)
            bytes.append(0)
        }
        for bind in binds {
            switch bind {
            case .null:
                offsets.append(-1)
                lengths.append(0)
                formats.append(0)
            case .int(let value): add(String(value).utf8, format: 0)
            case .bool(let value): add((value ? "t" : "f").utf8, format: 0)
            case .text(let value):
                guard !value.utf8.contains(0) else { throw StoreError.constraint("a text holds a NUL") }
                add(value.utf8, format: 0)
            case .blob(let value): add(value, format: 1)
            }
        }
        return try bytes.withUnsafeBufferPointer { bytes in
            let values = offsets.map { offset in offset < 0 ? nil : bytes.baseAddress.map { base in UnsafePointer(base + offset) } }
            return try values.withUnsafeBufferPointer { values in
                try lengths.withUnsafeBufferPointer { lengths in
                    try formats.withUnsafeBufferPointer { formats in
                        try body(
                            Parameters(
                                count: Int32(binds.count), values: values.baseAddress, lengths: lengths.baseAddress,
                                formats: formats.baseAddress))
                    }
                }
            }
        }
    }
}
