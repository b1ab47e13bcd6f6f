// An answer as it can be sent again: status, headers, body.
import Foundation
package import Services

package struct Answer: Sendable {
    package struct Header: Sendable, Codable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var status: Int
    package var headers: [Header]
    package var body: [UInt8]
    /// Makes the body while it is sent, instead of `body`. Such an answer is not stored.
    package var stream: BodyStream?

    package init(status: Int, headers: [Header] = [], body: [UInt8], stream: BodyStream? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.stream = stream
    }
}

/// As it is stored for an `Idempotency-Key`.
extension Answer: Codable {
    private enum Key: String, CodingKey { case status, headers, body }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(
            status: try fields.decode(Int.self, forKey: .status), headers: try fields.decode([Header].self, forKey: .headers),
            body: Array(try fields.decode(Data.self, forKey: .body)))
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(status, forKey: .status)
        try fields.encode(headers, forKey: .headers)
        try fields.encode(Data(body), forKey: .body)
    }
}
