// The order of titles: the Unicode collation, as keys that every engine compares byte by byte.
import BoundedText
import _FoundationICU

/// The most bytes of a key in UTF-8: an index of PostgreSQL takes 2,700. Texts that are alike that far are in no order among themselves.
private let collationKeyLength = 1000

/// A key whose UTF-8 bytes sort like the texts in the root collation of CLDR (UTS #10), without case: ä stands beside a and before b. Texts that
/// differ only in case, composition or width have one key. At most 1,000 bytes.
package func collationKey(_ text: String) -> String {
    var key: [UInt8] = []
    // The bytes are 1 to 255. As characters from U+0021 on they keep their order in UTF-8, with no control among the first, which JSON would
    // write with six bytes each in cursors.
    for byte in sortKey(Array(streamSafe(text).utf16)) {
        let value = UInt16(byte) + 0x20
        if value >= 0x80 { key.append(UInt8(0xc0 | value >> 6)) }
        key.append(UInt8(value < 0x80 ? value : 0x80 | value & 0x3f))
    }
    return String(decoding: key, as: UTF8.self).cut(toBytes: collationKeyLength)
}

/// ICU's key without the zero that ends it.
private func sortKey(_ units: [UInt16]) -> [UInt8] {
    // Room for most texts; ICU says how much any other one needs.
    var room = 3 * units.count + 16
    while true {
        var needed = 0
        let key = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            needed = Int(swift_ucol_getSortKey(collator, units, Int32(units.count), buffer.baseAddress, Int32(room)))
            count = max(min(needed, room) - 1, 0)
        }
        if needed <= room { return key }
        room = needed
    }
}

/// ICU reads a collator from many threads at once; nobody changes this one.
private nonisolated(unsafe) let collator: OpaquePointer = {
    var status = U_ZERO_ERROR
    guard let collator = swift_ucol_open("root", &status) else { preconditionFailure("Foundation has no root collation") }
    swift_ucol_setAttribute(collator, UCOL_STRENGTH, UCOL_SECONDARY, &status)
    swift_ucol_setAttribute(collator, UCOL_NORMALIZATION_MODE, UCOL_ON, &status)
    precondition(status.rawValue <= U_ZERO_ERROR.rawValue, "Foundation cannot collate without case")
    return collator
}()
