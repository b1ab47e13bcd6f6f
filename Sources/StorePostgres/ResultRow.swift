// Rows of a libpq result, read in place in the binary format.
import CPostgres
import StoreCore

/// Type numbers of PostgreSQL's catalogue (pg_type.dat) that are not read by their length alone.
private enum TypeNumber {
    static let text: Set<Oid> = [25, 705, 1042, 1043]
}

final class ResultRow: RowSource {
    private let result: OpaquePointer
    private let count: Int32
    private var row: Int32 = -1

    init(_ result: OpaquePointer) {
        self.result = result
        count = PQntuples(result)
    }

    func advance() -> Bool {
        row += 1
        return row < count
    }

    func isNull(_ column: Int) -> Bool { PQgetisnull(result, row, Int32(column)) == 1 }

    func bool(_ column: Int) -> Bool {
        guard let value = PQgetvalue(result, row, Int32(column)) else { return false }
        return value.pointee == 1 || value.pointee == CChar(bitPattern: UInt8(ascii: "t"))
    }

    func int(_ column: Int) -> Int64 {
        guard let value = PQgetvalue(result, row, Int32(column)) else { return 0 }
        if TypeNumber.text.contains(PQftype(result, Int32(column))) { return Int64(text(column)) ?? 0 }
        let bytes = UnsafeRawPointer(value)
        switch PQgetlength(result, row, Int32(column)) {
        case 8: return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        case 4: return Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case 2: return Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        default: return Int64(value.pointee)
        }
    }

    func text(_ column: Int) -> String {
        String(decoding: bytes(column), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8] { Array(bytes(column)) }

    private func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, Int32(column)), count: Int(PQgetlength(result, row, Int32(column))))
    }
}
