// The OpenAPI 3.1 document, made of the same operations that serve the requests.
import HTTPTypes

package struct OpenAPIDocument: Sendable {
    package struct Info: Sendable {
        package let title: String
        package let version: String
        package let summary: String
        package let description: String

        package init(title: String, version: String, summary: String, description: String) {
            self.title = title
            self.version = version
            self.summary = summary
            self.description = description
        }
    }

    let info: Info
    let tags: [(name: String, description: String)]
    let securitySchemes: [(name: String, document: JSON)]
    /// Documents of the headers that responses name.
    let headers: [(name: String, document: JSON)]
    let operations: [Operation]
    let message: Message
    private let schemas: [String: JSON]

    /// What the server sends to others: one request that is the same for every event.
    package struct Message: Sendable {
        let events: [String]
        let request: Operation

        package init(events: [String], request: Operation) {
            self.events = events
            self.request = request
        }
    }

    package init(
        info: Info, tags: [(name: String, description: String)], securitySchemes: [(name: String, document: JSON)],
        headers: [(name: String, document: JSON)], operations: [Operation], message: Message
    ) {
        self.info = info
        self.tags = tags
        self.securitySchemes = securitySchemes
        self.headers = headers
        self.operations = operations
        self.message = message
        schemas = Self.schemas(of: operations + [message.request])
    }

    package var json: JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": .string(info.title), "version": .string(info.version), "summary": .string(info.summary),
                "description": .string(info.description), "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "servers": [["url": "/", "description": "This server"]],
            "tags": .array(tags.map { ["name": .string($0.name), "description": .string($0.description)] }),
            "paths": paths,
            "webhooks": .object(
                message.events.map { .init($0, ["$ref": .string("#/components/pathItems/\(message.request.id)")]) }),
            "components": [
                "schemas": .object(schemas.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }),
                "securitySchemes": .object(securitySchemes.map { .init($0.name, $0.document) }),
                "headers": .object(headers.map { .init($0.name, $0.document) }),
                "pathItems": .object([.init(message.request.id, .object([item(message.request)]))]),
            ],
        ]
    }

    private var paths: JSON {
        var order: [String] = []
        var items: [String: [JSON.Member]] = [:]
        for operation in operations {
            if items[operation.path] == nil { order.append(operation.path) }
            items[operation.path, default: []].append(item(operation))
        }
        return .object(order.map { .init($0, .object(items[$0] ?? [])) })
    }

    private func item(_ operation: Operation) -> JSON.Member {
        .init(operation.method.rawValue.lowercased(), document(operation))
    }

    private static func schemas(of operations: [Operation]) -> [String: JSON] {
        var seen: [String: JSON] = [:]
        for operation in operations {
            for (name, document) in operation.components + (operation.body.map { $0.components + [($0.name, $0.document)] } ?? []) {
                precondition(seen[name] == nil || seen[name] == document, "two schemas are called \(name)")
                seen[name] = document
            }
        }
        return seen
    }

    private func document(_ operation: Operation) -> JSON {
        var document: JSON = [
            "operationId": .string(operation.id), "tags": [.string(operation.tag)], "summary": .string(operation.summary),
        ]
        if !operation.description.isEmpty { document = document.with("description", .string(operation.description)) }
        document = document.with("security", .array(operation.security.map { $0.isEmpty ? [:] : .object([.init($0, [])]) }))
        if !operation.parameters.isEmpty { document = document.with("parameters", .array(operation.parameters.map(parameter))) }
        if let body = operation.body {
            let content = operation.jsonTypes.map { JSON.Member($0, media(body.reference)) }
            document = document.with("requestBody", ["required": .bool(operation.bodyIsRequired), "content": .object(content)])
        }
        if !operation.content.isEmpty {
            let content = operation.content.map { JSON.Member($0.mediaType, media($0.document)) }
            document = document.with("requestBody", ["required": true, "content": .object(content)])
        }
        return document.with(
            "responses", .object(operation.responses.sorted { $0.status < $1.status }.map { .init("\($0.status)", response($0)) }))
    }

    private func parameter(_ parameter: Operation.Parameter) -> JSON {
        var schema = parameter.document
        var document: JSON = [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue), "required": .bool(parameter.isRequired),
        ]
        if case .object(var members) = schema, let index = members.firstIndex(where: { $0.name == "description" }) {
            document = document.with("description", members.remove(at: index).value)
            schema = .object(members)
        }
        return document.with("schema", schema)
    }

    private func response(_ response: Operation.Response) -> JSON {
        var document: JSON = ["description": .string(response.description)]
        if !response.headers.isEmpty {
            let headers = response.headers.map { JSON.Member($0, ["$ref": .string("#/components/headers/\($0)")]) }
            document = document.with("headers", .object(headers))
        }
        if response.content.isEmpty { return document }
        let content = response.content.map {
            // One example cannot be true of every status that a problem has.
            JSON.Member($0.mediaType, response.status < 400 ? media($0.document) : ["schema": $0.document])
        }
        return document.with("content", .object(content))
    }

    private func media(_ schema: JSON) -> JSON {
        let document: JSON = ["schema": schema]
        return example(of: schema).map { document.with("example", $0) } ?? document
    }

    /// A value made of the examples that the schema and its parts name; `nil` for a text of which nobody has said what it looks like.
    private func example(of schema: JSON) -> JSON? {
        if case .string(let reference) = schema["$ref"] {
            return reference.split(separator: "/").last.flatMap { schemas[String($0)] }.flatMap(example)
        }
        if case .array(let examples) = schema["examples"], let first = examples.first { return first }
        if case .array(let words) = schema["enum"], let first = words.first { return first }
        if case .array(let choices) = schema["anyOf"], let first = choices.first { return example(of: first) }
        switch schema["type"] {
        case "object":
            guard case .object(let properties) = schema["properties"] else { return nil }
            let required = if case .array(let names) = schema["required"] { names } else { [JSON]() }
            var members: [JSON.Member] = []
            for property in properties {
                let isRequired = required.contains(.string(property.name))
                guard isRequired || property.value["examples"] != nil else { continue }
                guard let example = example(of: property.value) else { return nil }
                members.append(.init(property.name, example))
            }
            return .object(members)
        case "array": return schema["items"].flatMap(example).map { [$0] }
        case "integer": return schema["minimum"]
        case "boolean": return true
        // It may be null.
        case .array: return .null
        default: return nil
        }
    }
}
