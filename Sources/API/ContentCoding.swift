// Which codings of a body a client takes.
import Model

package enum ContentCoding: String {
    case gzip
    /// Brotli (RFC 7932).
    case brotli = "br"

    /// Whether the client takes the coding, and likes it no less than the plain text (RFC 9110, 12.5.3).
    /// - Parameter lines: the values of all fields `Accept-Encoding`. Without any, nothing but the plain text is sent: a client that
    ///   unpacks a coding says so.
    package func isAccepted(_ lines: [String]) -> Bool {
        var weights: [String: Double] = [:]
        for item in lines.joined(separator: ",").split(separator: ",") {
            let parts = item.split(separator: ";", omittingEmptySubsequences: false).map { String($0).trimmed.lowercased() }
            guard let coding = parts.first, parts.count <= 2, let weight = parts.count == 1 ? 1 : Self.weight(parts[1]) else { continue }
            weights[coding == "x-gzip" ? "gzip" : coding] = weight
        }
        let weight = weights[rawValue] ?? weights["*"] ?? 0
        return weight > 0 && weight >= weights["identity"] ?? 0
    }

    /// `q=0.5` (RFC 9110, 12.4.2).
    private static func weight(_ text: String) -> Double? {
        guard text.hasPrefix("q=") else { return nil }
        let number = text.dropFirst(2)
        guard (1...5).contains(number.utf8.count), number.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }) else {
            return nil
        }
        return Double(number).flatMap { (0...1).contains($0) ? $0 : nil }
    }
}
