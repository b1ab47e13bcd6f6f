// The readers of HTTP/1.1: however the bytes are cut they say the same, and what they take is within the rules.
import HTTPServer
import HTTPTypes
import NIOCore

private enum Head: Equatable {
    case more
    case refused(Refusal)
    case taken(String, rest: Int)
}

private func readHead(_ pieces: [[UInt8]]) -> (result: Head, head: RequestHead?) {
    var parser = HeadParser()
    var buffer = ByteBuffer()
    for (index, piece) in pieces.enumerated() {
        buffer.writeBytes(piece)
        do {
            guard case .complete(let head) = try parser.parse(&buffer) else { continue }
            let rest = buffer.readableBytes + pieces[(index + 1)...].reduce(0) { $0 + $1.count }
            return (.taken("\(head.method) \(head.target) \(head.isHTTP11) \(head.framing) \(head.fields)", rest: rest), head)
        } catch {
            return (.refused(error), nil)
        }
    }
    return (.more, nil)
}

/// The first byte says how the rest is cut.
func fuzzHead(_ input: ArraySlice<UInt8>) {
    guard let seed = input.first else { return }
    let bytes = input.dropFirst()
    let (whole, head) = readHead([Array(bytes)])
    let (cut, _) = readHead(pieces(bytes, seed: seed))
    require(whole == cut, "in one piece \(whole), in many \(cut)")
    guard let head else { return }
    require(head.target.hasPrefix("/") || head.target == "*", "the target is \(head.target)")
    require(head.target.utf8.count <= HeadLimits.target && head.fields.count <= HeadLimits.fields, "beyond the limits")
    func count(_ name: String) -> Int { head.fields.count { $0.name.lowercased() == name } }
    require(count("host") == 1 || (count("host") == 0 && !head.isHTTP11), "\(count("host")) hosts")
    require(count("content-length") + count("transfer-encoding") <= 1, "two ends of a body")
    for (name, value) in head.fields {
        require(HTTPField.Name(name) != nil, "\(name) is no name")
        require(!value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }, "\(name) has \(value)")
    }
}

private struct Body: Equatable {
    var bytes: [UInt8] = []
    var rest: Int?
    var refusal: Refusal?
}

private func readBody(_ pieces: [[UInt8]]) -> Body {
    var reader = ChunkedReader()
    var buffer = ByteBuffer()
    var body = Body()
    for (index, piece) in pieces.enumerated() {
        buffer.writeBytes(piece)
        do {
            while let piece = try reader.read(&buffer) {
                guard case .bytes(let bytes) = piece else {
                    body.rest = buffer.readableBytes + pieces[(index + 1)...].reduce(0) { $0 + $1.count }
                    return body
                }
                body.bytes += Array(bytes.readableBytesView)
            }
        } catch {
            body.refusal = error
            return body
        }
    }
    return body
}

/// The first byte says how the rest is cut.
func fuzzChunked(_ input: ArraySlice<UInt8>) {
    guard let seed = input.first else { return }
    let bytes = input.dropFirst()
    let whole = readBody([Array(bytes)])
    let cut = readBody(pieces(bytes, seed: seed))
    require(whole == cut, "in one piece \(whole), in many \(cut)")
    require(whole.bytes.count <= bytes.count, "more than was sent")
}
