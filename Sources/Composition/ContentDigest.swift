// What a table holds, in one number: equal for equal rows, whichever engine keeps them.
import Crypto
import Repositories
import StoreCore

struct ContentDigest: Equatable, Sendable {
    private(set) var count: Int64 = 0
    private(set) var sha256: [UInt8] = []

    /// Of every row, in the order of the keys.
    /// - Parameter report: told how many rows are done.
    init(of table: Table, _ tx: Tx, report: (Int64) -> Void) throws {
        var hash = SHA256()
        var bytes: [UInt8] = []
        try table.rows(tx, after: nil, batchesOf: InstallationCopy.fetch) { rows in
            bytes.removeAll(keepingCapacity: true)
            for value in rows.joined() { Self.append(value, to: &bytes) }
            hash.update(data: bytes)
            count += Int64(rows.count)
            report(count)
        }
        sha256 = Array(hash.finalize())
    }

    /// Each value with its kind and its length: no two rows have the same bytes.
    private static func append(_ value: Bind, to bytes: inout [UInt8]) {
        func append(_ number: Int64) { withUnsafeBytes(of: number.bigEndian) { bytes += $0 } }
        switch value {
        case .null: bytes.append(0)
        case .int(let number):
            bytes.append(1)
            append(number)
        case .bool(let flag): bytes += [2, flag ? 1 : 0]
        case .text(let text):
            bytes.append(3)
            append(Int64(text.utf8.count))
            bytes += text.utf8
        case .blob(let blob):
            bytes.append(4)
            append(Int64(blob.count))
            bytes += blob
        }
    }
}
