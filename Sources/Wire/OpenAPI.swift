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

    package init(
        info: Info, tags: [(name: String, description: String)], securitySchemes: [(name: String, document: JSON)],
        headers: [(name: String, document: JSON)], operations: [Operation]
    ) {
        self.info = info
        self.tags = tags
        self.securitySchemes = securitySchemes
        self.headers = headers
        self.operations = operations
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
            "components": [
                "schemas": components,
                "securitySchemes": .object(securitySchemes.map { .init($0.name, $0.document) }),
                "headers": .object(headers.map { .init($0.name, $0.document) }),
            ],
        ]
    }

    private var paths: JSON {
        var order: [String] = []
        var items: [String: [JSON.Member]] = [:]
        for operation in operations {
            if items[operation.path] == nil { order.append(operation.path) }
            items[operation.path, default: []].append(.init(operation.method.rawValue.lowercased(), document(operation)))
        }
        return .object(order.map { .init($0, .object(items[$0] ?? [])) })
    }

    private var components: JSON {
        var seen: [String: JSON] = [:]
        for operation in operations {
            for (name, document) in operation.components + (operation.body.map { $0.components + [($0.name, $0.document)] } ?? []) {
                precondition(seen[name] == nil || seen[name] == document, "two schemas are called \(name)")
                seen[name] = document
            }
        }
        return .object(seen.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
    }

    private func document(_ operation: Operation) -> JSON {
        var document: JSON = [
            "operationId": .string(operation.id), "tags": [.string(operation.tag)], "summary": .string(operation.summary),
        ]
        if !operation.description.isEmpty { document = document.with("description", .string(operation.description)) }
        document = document.with("security", .array(operation.security.map { $0.isEmpty ? [:] : .object([.init($0, [])]) }))
        if !operation.parameters.isEmpty { document = document.with("parameters", .array(operation.parameters.map(parameter))) }
        if let body = operation.body {
            let schema: JSON = ["schema": ["$ref": .string("#/components/schemas/\(body.name)")]]
            let content = operation.jsonTypes.map { JSON.Member($0, schema) }
            document = document.with("requestBody", ["required": .bool(operation.bodyIsRequired), "content": .object(content)])
        }
        if !operation.content.isEmpty {
            let content = operation.content.map { JSON.Member($0.mediaType, ["schema": $0.document]) }
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
        let content = response.content.map { JSON.Member($0.mediaType, $0.document.map { ["schema": $0] } ?? [:]) }
        return document.with("content", .object(content))
    }
}
