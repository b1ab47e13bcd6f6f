// Holds every answer against the OpenAPI document: a status, a header or a body that it does not describe is a fault.
package import API
package import HTTPTypes
import Synchronization
package import Wire

package struct Contract: Sendable {
    private let document: JSON

    /// To write and to read the document takes long in a debug build. Servers differ in it by their limit for files alone.
    private static let known = Mutex<[Int: Contract]>([:])

    package static func of(_ server: APIServer, fileLimit: Int) throws -> Contract {
        try known.withLock { known in
            if let contract = known[fileLimit] { return contract }
            let contract = try Contract(document: server.document)
            known[fileLimit] = contract
            return contract
        }
    }

    package init(document bytes: [UInt8]) throws { document = try JSON(parsing: bytes, limits: .init(depth: 64)) }

    /// Headers that an answer has only sometimes; those of rate limits only where there are limits.
    private static let optionalHeaders = [
        "ETag", "Idempotency-Replayed", "Link", "RateLimit", "RateLimit-Policy", "Retry-After", "Set-Cookie",
    ]

    /// What is wrong with a value of the schema.
    package func faults(of value: JSON, by schema: JSON) -> [String] {
        var faults: [String] = []
        validate(value, schema, at: "", &faults)
        return faults
    }

    /// What is wrong with an answer; nothing when the path is not one of the API's.
    package func faults(of reply: Reply, to method: HTTPRequest.Method, _ target: String) -> [String] {
        let path = String(target.prefix { $0 != "?" })
        guard let item = item(for: path), let operation = item[method == .head ? "get" : method.rawValue.lowercased()] else { return [] }
        guard let response = operation["responses"]?["\(reply.status)"] else {
            return ["status \(reply.status) is not documented: \(reply.text.prefix(300))"]
        }
        var faults: [String] = []
        for header in members(response["headers"])
        where !Self.optionalHeaders.contains(header.name) {
            if reply[header.name] == nil { faults.append("the header \(header.name) is missing") }
        }
        let content = members(response["content"])
        guard method != .head, let media = content.first(where: { $0.name == reply["Content-Type"] }) ?? content.first else {
            if !reply.body.isEmpty { faults.append("a body of \(reply.body.count) bytes is not documented") }
            return faults
        }
        if reply["Content-Type"] != media.name {
            faults.append("the media type is \(reply["Content-Type"] ?? "missing"), not \(media.name)")
        }
        if media.name.contains("json"), let schema = media.value["schema"] { validate(reply.json, schema, at: "", &faults) }
        return faults
    }

    /// The most literal template that matches.
    private func item(for path: String) -> JSON? {
        let segments = path.split(separator: "/")
        let matching = members(document["paths"]).filter { member in
            let template = member.name.split(separator: "/")
            return template.count == segments.count && zip(template, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return matching.min { $0.name.count { $0 == "{" } < $1.name.count { $0 == "{" } }?.value
    }

    private func members(_ json: JSON?) -> [JSON.Member] { if case .object(let members) = json { members } else { [] } }

    private func strings(_ json: JSON?) -> [String] {
        switch json {
        case .string(let one): [one]
        case .array(let many): many.compactMap { if case .string(let text) = $0 { text } else { nil } }
        default: []
        }
    }

    // MARK: JSON Schema, as far as our documents use it

    private func validate(_ value: JSON, _ schema: JSON, at pointer: String, _ faults: inout [String]) {
        if case .string(let reference) = schema["$ref"] {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = document["components"]?["schemas"]?[name] else { return faults.append("\(pointer): no schema \(name)") }
            return validate(value, target, at: pointer, &faults)
        }
        if case .array(let options) = schema["anyOf"] {
            let fits = options.contains { option in
                var found: [String] = []
                validate(value, option, at: pointer, &found)
                return found.isEmpty
            }
            if !fits { faults.append("\(pointer): fits none of anyOf") }
            return
        }
        let types = strings(schema["type"])
        if !types.isEmpty, !types.contains(where: { isA(value, $0) }) {
            return faults.append("\(pointer): \(value.text.prefix(80)) is not \(types.joined(separator: " or "))")
        }
        if case .array(let words) = schema["enum"], !words.contains(value) { faults.append("\(pointer): \(value.text) is not in the enum") }
        switch value {
        case .object(let members): validate(members, schema, at: pointer, &faults)
        case .array(let elements):
            check(Int64(elements.count), schema["minItems"], schema["maxItems"], "\(pointer): number of elements", &faults)
            if let items = schema["items"] {
                for (index, element) in elements.enumerated() { validate(element, items, at: "\(pointer)/\(index)", &faults) }
            }
        case .string(let text):
            check(Int64(text.unicodeScalars.count), schema["minLength"], schema["maxLength"], "\(pointer): length", &faults)
        case .int(let number): check(number, schema["minimum"], schema["maximum"], pointer, &faults)
        default: break
        }
    }

    private func validate(_ members: [JSON.Member], _ schema: JSON, at pointer: String, _ faults: inout [String]) {
        guard let properties = schema["properties"] else { return }
        for name in strings(schema["required"]) where !members.contains(where: { $0.name == name }) {
            faults.append("\(pointer)/\(name) is missing")
        }
        for member in members {
            if let property = properties[member.name] {
                validate(member.value, property, at: "\(pointer)/\(member.name)", &faults)
            } else if schema["additionalProperties"] == false {
                faults.append("\(pointer)/\(member.name) is not documented")
            }
        }
    }

    private func check(_ number: Int64, _ low: JSON?, _ high: JSON?, _ what: String, _ faults: inout [String]) {
        if case .int(let low) = low, number < low { faults.append("\(what) \(number) is below \(low)") }
        if case .int(let high) = high, number > high { faults.append("\(what) \(number) is above \(high)") }
    }

    private func isA(_ value: JSON, _ type: String) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.bool, "boolean"), (.int, "integer"), (.int, "number"), (.double, "number"), (.string, "string"),
            (.array, "array"), (.object, "object"):
            true
        default: false
        }
    }
}
