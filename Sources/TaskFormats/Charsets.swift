// How the characters of a file are encoded: what its bytes give as evidence, and the tables.

extension Charset {
    /// Reads a text in this encoding; `nil` when it is not. UTF-16 is UTF-8 already where this is asked.
    var text: @Sendable ([UInt8]) -> String? {
        switch self {
        case .utf8, .utf16: { String(validating: $0, as: UTF8.self) }
        case .windows1252: { Self.text(of: $0, Self.upperWindows) }
        case .macintosh: { Self.text(of: $0, Self.upperMac) }
        }
    }

    private static func text(of bytes: [UInt8], _ upper: [Unicode.Scalar]) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(byte < 0x80 ? Unicode.Scalar(byte) : upper[Int(byte) - 0x80]) }
        return String(text)
    }

    /// Windows-1252 from 0x80; five bytes that it leaves open are the controls of Latin-1, as browsers read them.
    private static let upperWindows: [Unicode.Scalar] =
        Array("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ".unicodeScalars) + (0xa0...0xff).map { Unicode.Scalar(UInt8($0)) }

    /// Mac OS Roman from 0x80.
    private static let upperMac: [Unicode.Scalar] = Array(
        ("ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}"
            + "ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ").unicodeScalars)
}

/// What the bytes beyond ASCII say of the encoding, gathered as they come.
struct CharsetEvidence: Sendable {
    var isUTF8: Bool { others == 0 }
    /// Places that are not UTF-8.
    private var others: Int64 = 0
    /// Where it ceased to be UTF-8, as a line from 1.
    private(set) var firstOtherLine: Int64 = 0
    /// Characters beyond ASCII that were well-formed UTF-8.
    private var multibyte: Int64 = 0
    private var windows: Int64 = 0
    private var mac: Int64 = 0
    private var line: Int64 = 1
    /// Bytes that the character still needs, and what the next one must be.
    private var missing = 0
    private var next: ClosedRange<UInt8> = 0x80...0xbf
    private var previous: UInt8 = 0

    mutating func take(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            if missing == 0, previous < 0x80, bytes.allSatisfy({ $0 < 0x80 }) {
                line += bytes.reduce(into: Int64(0)) { if $1 == 0x0a { $0 += 1 } }
                previous = bytes.last ?? previous
                return
            }
            for byte in bytes { take(byte) }
        }
    }

    mutating func finish() { if missing > 0 { refuse() } }

    private mutating func refuse() {
        if others == 0 { firstOtherLine = line }
        others += 1
        missing = 0
    }

    private mutating func take(_ byte: UInt8) {
        validate(byte)
        if previous >= 0x80 || byte >= 0x80 { weigh(byte) }
        if byte == 0x0a { line += 1 }
        previous = byte
    }

    /// Unicode, table 3-7.
    private mutating func validate(_ byte: UInt8) {
        if missing > 0 {
            guard next.contains(byte) else {
                refuse()
                return validate(byte)
            }
            missing -= 1
            next = 0x80...0xbf
            if missing == 0 { multibyte += 1 }
            return
        }
        switch byte {
        case 0..<0x80: break
        case 0xc2...0xdf: missing = 1
        case 0xe0: (missing, next) = (2, 0xa0...0xbf)
        case 0xed: (missing, next) = (2, 0x80...0x9f)
        case 0xe1...0xef: missing = 2
        case 0xf0: (missing, next) = (3, 0x90...0xbf)
        case 0xf1...0xf3: missing = 3
        case 0xf4: (missing, next) = (3, 0x80...0x8f)
        default: refuse()
        }
    }

    /// Which letter a byte is shows beside other letters: between them stands a letter, not a dash or a currency.
    private mutating func weigh(_ byte: UInt8) {
        let isAfterLetter = Self.isLetter(previous)
        if byte >= 0x80 {
            // Windows-1252 does not use them; Mac OS Roman has Å, ç, è, ê and ù there.
            if [0x81, 0x8d, 0x8f, 0x90, 0x9d].contains(byte) { mac += 4 }
            if isAfterLetter { weigh(letter: byte) }
        } else if previous >= 0x80, Self.isLetter(byte) {
            weigh(letter: previous)
        }
    }

    private mutating func weigh(letter byte: UInt8) {
        switch byte {
        // In Mac OS Roman the letters of Western Europe; in Windows-1252 dashes, quotes and rare capitals.
        case 0x80...0x91, 0x93...0x9f, 0xa7: mac += 1
        // The other way round, but for the curly quotes of Mac OS Roman.
        case 0xc0...0xc8, 0xca...0xcf, 0xd6...0xff: windows += 1
        default: break
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }

    /// The encoding that the bytes speak for. What is UTF-8 in most places is damaged UTF-8.
    var charset: Charset { multibyte >= others ? .utf8 : mac > windows ? .macintosh : .windows1252 }
}

/// UTF-16 as UTF-8, in pieces that are cut anywhere.
struct UTF16Decoder: Sendable {
    private let isBigEndian: Bool
    private var half: UInt8?
    private var high: UInt16?

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    mutating func utf8(_ bytes: [UInt8]) throws(TaskFileFault) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
            try append(unit, to: &result)
        }
        return result
    }

    private mutating func append(_ unit: UInt16, to result: inout [UInt8]) throws(TaskFileFault) {
        var value = UInt32(unit)
        if let high {
            guard (0xdc00...0xdfff).contains(unit) else { throw Self.fault }
            value = 0x10000 + (UInt32(high) - 0xd800) << 10 + (value - 0xdc00)
            self.high = nil
        } else if (0xd800...0xdbff).contains(unit) {
            high = unit
            return
        }
        guard let scalar = Unicode.Scalar(value) else { throw Self.fault }
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    func finish() throws(TaskFileFault) {
        if half != nil || high != nil { throw Self.fault }
    }

    private static let fault = TaskFileFault("", "is not valid UTF-16: is it complete? Save it in UTF-8 and send it again")

    /// Whether the bytes at the beginning of a file are UTF-16, and in which order; `nil` when they are not.
    static func isBigEndian(_ opening: [UInt8]) -> Bool? {
        if opening.starts(with: [0xff, 0xfe]) { return false }
        if opening.starts(with: [0xfe, 0xff]) { return true }
        // Without a mark: of the Latin letters, digits and delimiters every other byte is 0.
        let pairs = min(opening.count, 512) / 2
        guard pairs > 0 else { return nil }
        var zeros = (first: 0, second: 0)
        for pair in 0..<pairs {
            if opening[2 * pair] == 0 { zeros.first += 1 }
            if opening[2 * pair + 1] == 0 { zeros.second += 1 }
        }
        if zeros.second * 3 >= pairs, zeros.first * 20 <= pairs { return false }
        if zeros.first * 3 >= pairs, zeros.second * 20 <= pairs { return true }
        return nil
    }
}
