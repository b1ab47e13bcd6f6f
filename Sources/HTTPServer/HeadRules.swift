// What must hold for the fields of a head that say what the request is, and where it ends (RFC 9112, 3.2 and 6; RFC 9110, 7.2 and 10.1.1).
import BoundedText
import HTTPTypes

struct HeadRules {
    private let isHTTP11: Bool
    private var hosts = 0
    private var host = 0..<0
    private var length: Int?
    private var isChunked = false
    private var expectsSomething = false
    private var says = (close: false, keepAlive: false)

    init(isHTTP11: Bool) { self.isHTTP11 = isHTTP11 }

    mutating func read(_ span: FieldSpan, _ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        switch span.nameCount {
        case 4 where bytes.isText(span.name, "host"):
            hosts += 1
            host = span.value
        case 6 where bytes.isText(span.name, "expect"): try readExpectation(bytes, span.value)
        case 10 where bytes.isText(span.name, "connection"):
            for word in Self.words(bytes, span.value) {
                if bytes.isText(word, "close") { says.close = true }
                if bytes.isText(word, "keep-alive") { says.keepAlive = true }
            }
        case 14 where bytes.isText(span.name, "content-length"): try readLength(bytes, span.value)
        case 17 where bytes.isText(span.name, "transfer-encoding"):
            guard isHTTP11, !isChunked, bytes.isText(span.value, "chunked") else { throw .transferCoding }
            isChunked = true
        default: break
        }
    }

    // MARK: Where the body ends

    /// Two lengths are one too many, even of the same value: whoever forwards requests may have believed either.
    private mutating func readLength(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) throws(Refusal) {
        guard length == nil, !value.isEmpty else { throw .length }
        var total = 0
        for place in value {
            guard bytes[place].isDigit else { throw .length }
            let (product, isTooLarge) = total.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = product.addingReportingOverflow(Int(bytes[place] - 0x30))
            guard !isTooLarge, !isStillTooLarge else { throw .length }
            total = sum
        }
        length = total
    }

    func framing() throws(Refusal) -> RequestHead.Framing {
        guard !isChunked || length == nil else { throw .length }
        if isChunked { return .chunked }
        guard let length, length > 0 else { return .none }
        return .length(length)
    }

    // MARK: Connection and Expect

    var wantsClose: Bool { says.close || (!isHTTP11 && !says.keepAlive) }

    private mutating func readExpectation(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) throws(Refusal) {
        for word in Self.words(bytes, value) {
            guard bytes.isText(word, "100-continue") else { throw .expectation }
            expectsSomething = true
        }
    }

    /// A client of HTTP/1.0 would take the interim answer for the final one.
    var expectsContinue: Bool { expectsSomething && isHTTP11 }

    /// What stands between the commas, without blanks around it; nothing where there is nothing.
    private static func words(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start = value.lowerBound
        while start < value.upperBound {
            let comma = (start..<value.upperBound).first { bytes[$0] == UInt8(ascii: ",") } ?? value.upperBound
            let isFilled = { (place: Int) in !bytes[place].isBlank }
            if let first = (start..<comma).first(where: isFilled), let last = (start..<comma).last(where: isFilled) {
                words.append(first..<last + 1)
            }
            start = comma + 1
        }
        return words
    }

    // MARK: Target and Host

    /// - Throws: a refusal when a value has more combining marks in a row than a text may have; asked before anything is compared.
    func requireStreamSafe(_ bytes: UnsafeRawBufferPointer, _ spans: [FieldSpan]) throws(Refusal) {
        for span in spans where !String(decoding: bytes[span.value], as: UTF8.self).isStreamSafe { throw .marks }
    }

    /// The target as a path. An absolute one names the host again: only that of `Host` is taken (RFC 9112, 3.2.2).
    func path(_ bytes: UnsafeRawBufferPointer, _ target: Range<Int>, _ method: HTTPRequest.Method) throws(Refusal) -> String {
        guard hosts == 1 || (hosts == 0 && !isHTTP11) else { throw .hostCount }
        if hosts == 1, !Self.isHost(bytes[host]) { throw .host }
        var place = target
        if bytes[target.lowerBound] != UInt8(ascii: "/") {
            let scheme = target.prefix("http://".utf8.count)
            let authority = target.dropFirst(scheme.count).prefix(host.count)
            if bytes.isText(scheme, "http://"), hosts == 1, bytes[authority].elementsEqual(bytes[host]) {
                place = authority.upperBound..<target.upperBound
            }
        }
        if place.first.map({ bytes[$0] == UInt8(ascii: "/") }) == true { return String(decoding: bytes[place], as: UTF8.self) }
        guard method == .options, target.count == 1, bytes[target.lowerBound] == UInt8(ascii: "*") else { throw .target }
        return "*"
    }

    /// `uri-host [ ":" port ]` (RFC 9110, 7.2).
    private static func isHost(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard !text.isEmpty, text.count <= 255, text.allSatisfy({ $0.isHostCharacter }) else { return false }
        var rest = text
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            rest = rest[(end + 1)...]
            guard rest.isEmpty || rest.first == .colon else { return false }
        }
        guard let colon = rest.firstIndex(of: .colon) else { return true }
        let port = rest[(colon + 1)...]
        return port.allSatisfy(\.isDigit) && (port.isEmpty || UInt16(String(decoding: port, as: UTF8.self)) != nil)
    }
}

extension UInt8 {
    fileprivate var isHostCharacter: Bool {
        if isLetter || isDigit { return true }
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "$"),
            UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "%"), UInt8(ascii: "["),
            UInt8(ascii: "]"):
            return true
        default: return false
        }
    }
}
