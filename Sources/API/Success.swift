// What an endpoint answers when all went well: the status, the schema of the body, and the headers made of the result.
import Model
package import Services
package import Wire

package struct Success<Out: Sendable>: Sendable {
    let status: Int
    let description: String
    /// `nil` without a body, or when each answer has one of its own.
    let mediaType: String?
    let schema: (any NamedSchema)?
    /// What the document says of the body, when it has no named schema.
    var content: [Wire.Operation.Response.Content] = []
    let headerNames: [String]
    let body: @Sendable (Out) -> [UInt8]
    let headers: @Sendable (Out, Exchange) -> [Answer.Header]
    /// Whether a GET may be answered by 304: the result has an entity tag.
    private(set) var isConditional: Bool
    /// Whether the body is too long to be written on an event loop, where others wait.
    private(set) var isLong: @Sendable (Out) -> Bool = { _ in false }
    /// Whether the answer holds a secret that is shown once. Then it is repeated to the session that asked for it only.
    var holdsSecret = false

    /// 200 with a JSON body.
    package static func ok(_ schema: OutputSchema<Out>, _ description: String) -> Self { json(200, schema, description) }

    /// 201 with a JSON body and where the new thing is.
    package static func created(
        _ schema: OutputSchema<Out>, _ description: String, at location: @escaping @Sendable (Out) -> String
    ) -> Self {
        json(201, schema, description).adding(["Location"]) { out, _ in [.init("Location", location(out))] }
    }

    /// 202 with the job that does it, and where the job is.
    package static func accepted(
        _ schema: OutputSchema<Out>, _ description: String, at location: @escaping @Sendable (Out) -> String
    ) -> Self {
        json(202, schema, description).adding(["Location"]) { out, _ in [.init("Location", location(out))] }
    }

    private static func json(_ status: Int, _ schema: OutputSchema<Out>, _ description: String) -> Self {
        .init(
            status: status, description: description, mediaType: "application/json", schema: schema, headerNames: [],
            body: { out in
                var writer = JSONWriter(capacity: 4096)
                schema.write(out, &writer)
                return writer.bytes
            }, headers: { _, _ in [] }, isConditional: false)
    }

    /// A body that no named schema describes.
    package static func text(
        _ mediaType: String, _ description: String, document: JSON, _ body: @escaping @Sendable (Out) -> [UInt8]
    ) -> Self {
        .init(
            status: 200, description: description, mediaType: mediaType, schema: nil, content: [(mediaType, document)], headerNames: [],
            body: body, headers: { _, _ in [] }, isConditional: false)
    }

    /// The same with more headers.
    package func adding(
        _ names: [String], _ more: @escaping @Sendable (Out, Exchange) -> [Answer.Header]
    ) -> Self {
        .init(
            status: status, description: description, mediaType: mediaType, schema: schema, content: content,
            headerNames: headerNames + names, body: body,
            headers: { headers($0, $1) + more($0, $1) }, isConditional: isConditional || names.contains("ETag"), isLong: isLong,
            holdsSecret: holdsSecret)
    }

    /// The same with so many rows that the body may be long.
    package func counting(_ rows: @escaping @Sendable (Out) -> Int) -> Self {
        var success = self
        success.isLong = { rows($0) > Int(PageRequest.sizes.upperBound) }
        return success
    }

    /// The same, of a secret that is shown once.
    package func withSecret() -> Self {
        var success = self
        success.holdsSecret = true
        return success
    }

    /// The same with the strong entity tag of a version.
    package func tagged(_ version: @escaping @Sendable (Out) -> Int64) -> Self {
        adding(["ETag"]) { out, _ in [.init("ETag", "\"\(version(out))\"")] }
    }

    /// The same with the version as a tag for `If-Match` alone: parts of the answer change without a new version.
    package func tagged(forChanges version: @escaping @Sendable (Out) -> Int64) -> Self {
        var success = tagged(version)
        success.isConditional = false
        return success
    }

    func answer(_ out: Out, _ exchange: Exchange) -> Answer {
        var headers = headers(out, exchange)
        if let mediaType { headers.append(.init("Content-Type", mediaType)) }
        let stream = out as? BodyStream ?? (out as? StreamedFile)?.body
        return Answer(status: status, headers: headers, body: body(out), stream: stream)
    }
}

extension Success where Out == String {
    /// 303 to the place that the closure gives.
    package static func seeOther(_ description: String) -> Self {
        .init(
            status: 303, description: description, mediaType: nil, schema: nil, headerNames: ["Location"], body: { _ in [] },
            headers: { place, _ in [.init("Location", place)] }, isConditional: false)
    }
}

extension Success where Out == BodyStream {
    /// 200 with a body that is made while it is sent.
    package static func stream(_ mediaType: String, _ description: String, example: String) -> Self {
        let document: JSON = ["type": "string", "examples": [.string(example)]]
        return .init(
            status: 200, description: description, mediaType: mediaType, schema: nil, content: [(mediaType, document)], headerNames: [],
            body: { _ in [] }, headers: { _, _ in [] }, isConditional: false)
    }
}

/// A body that is made while it is sent, to be kept as a file.
package struct StreamedFile: Sendable {
    package var body: BodyStream
    package var mediaType: String
    /// Visible ASCII without quotes.
    package var name: String
}

extension Success where Out == StreamedFile {
    /// 200 with a file of one of these media types. Generated clients read every one as the first says: see docs/decisions/0034.
    /// - Parameter schema: the named schema that the content refers to.
    package static func file(
        _ content: [Wire.Operation.Response.Content], schema: (any NamedSchema)? = nil, _ description: String
    ) -> Self {
        .init(
            status: 200, description: description, mediaType: nil, schema: schema, content: content, headerNames: ["Content-Disposition"],
            body: { _ in [] },
            headers: { file, _ in
                [.init("Content-Type", file.mediaType), .init("Content-Disposition", "attachment; filename=\"\(file.name)\"")]
            }, isConditional: false)
    }
}

extension Success where Out == Void {
    /// 202: it is done behind, and the answer tells nothing of it.
    package static func taken(_ description: String) -> Self {
        .init(
            status: 202, description: description, mediaType: nil, schema: nil, headerNames: [], body: { [] }, headers: { _, _ in [] },
            isConditional: false)
    }

    package static func noContent(_ description: String) -> Self {
        .init(
            status: 204, description: description, mediaType: nil, schema: nil, headerNames: [], body: { [] }, headers: { _, _ in [] },
            isConditional: false)
    }
}
