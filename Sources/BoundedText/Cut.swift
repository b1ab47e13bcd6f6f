// Texts shortened by bytes: a single Character can be a megabyte long.

extension StringProtocol {
    /// So many bytes of the text at most, and no half of a character (Unicode scalar).
    package func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return String(self) }
        let bytes = Array(utf8.prefix(limit + 1))
        let end = bytes.lastIndex { $0 & 0xc0 != 0x80 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
