// The generated documents are the ones in the repository, so that a change of the contract is seen in its diff.
import API
import Composition
import Foundation
import HTTPTypes
import TestKit
import Testing
import Wire

@Suite struct GoldenTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Compares, or writes anew for `make docs`.
    private func hold(_ text: String, against path: String) throws {
        let file = Self.root.appending(path: path)
        if ProcessInfo.processInfo.environment["TASKFLOW_TEST_UPDATE_GOLDEN"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(golden == text, "\(path) is out of date: run make docs and look at the difference")
    }

    @Test("docs/openapi.json is what the server serves")
    func openAPI() async throws {
        try await World.run { world in
            let served = try await world.send(.get, "/api/v1/openapi.json")
            #expect(served.status == 200)
            let object = try JSONSerialization.jsonObject(with: Data(served.body))
            let pretty = try JSONSerialization.data(
                withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            try hold(String(decoding: pretty, as: UTF8.self) + "\n", against: "docs/openapi.json")
        }
    }

    /// What the document says of each operation, by its name.
    private func operations(_ body: @escaping @Sendable (String, JSON, Contract) throws -> Void) async throws {
        try await World.run { world in
            let bytes = world.server.document
            let document = try JSON(parsing: bytes, limits: .init(depth: 64))
            let contract = try Contract(document: bytes)
            for endpoint in world.server.endpoints {
                let method = endpoint.operation.method.rawValue.lowercased()
                guard let operation = document["paths"]?[endpoint.operation.path]?[method] else {
                    Issue.record("\(endpoint.id) is not in the document")
                    continue
                }
                try body(endpoint.id.rawValue, operation, contract)
            }
        }
    }

    private func members(_ json: JSON?) -> [JSON.Member] { if case .object(let members) = json { members } else { [] } }
    private func elements(_ json: JSON?) -> [JSON] { if case .array(let elements) = json { elements } else { [] } }

    @Test("every operation is described, and has an example: of its body, of its answer, or of a parameter")
    func descriptions() async throws {
        try await operations { id, operation, _ in
            let description = if case .string(let text)? = operation["description"] { text } else { "" }
            #expect(description.hasSuffix("."), "\(id) has no description: see OperationDescriptions.swift")
            let bodies = members(operation["requestBody"]?["content"])
            let answers = members(operation["responses"]).flatMap { members($0.value["content"]) }
            let parameters = elements(operation["parameters"])
            let hasExample =
                (bodies + answers).contains { $0.value["example"] != nil } || parameters.contains { $0["schema"]?["examples"] != nil }
            #expect(hasExample, "\(id) has no example")
        }
    }

    @Test("every JSON body and every answer that went well has an example, and it is valid")
    func examples() async throws {
        try await operations { id, operation, contract in
            let bodies = members(operation["requestBody"]?["content"])
            let answers = members(operation["responses"]).filter { $0.name.hasPrefix("2") }.flatMap { members($0.value["content"]) }
            for media in bodies + answers where media.name == "application/json" {
                guard let example = media.value["example"], let schema = media.value["schema"] else {
                    Issue.record("\(id): a required field of its schema has no example")
                    continue
                }
                #expect(contract.faults(of: example, by: schema) == [], "\(id)")
            }
        }
    }

    @Test("every code of a problem is listed, and explained in the introduction")
    func codes() async throws {
        try await World.run { world in
            let document = try JSON(parsing: world.server.document, limits: .init(depth: 64))
            let codes = Problem.Code.allCases.map(\.rawValue)
            #expect(document["components"]?["schemas"]?["Problem"]?["properties"]?["code"]?["enum"] == .array(codes.map { .string($0) }))
            guard case .string(let introduction)? = document["info"]?["description"] else {
                Issue.record("no introduction")
                return
            }
            for code in Problem.Code.allCases { #expect(introduction.contains("| \(code.status) | `\(code.rawValue)` |")) }
        }
    }

    @Test("every event that a webhook can ask for leads to the message and its signature headers")
    func messages() async throws {
        try await World.run { world in
            let document = try JSON(parsing: world.server.document, limits: .init(depth: 64))
            let events = document["components"]?["schemas"]?["NewWebhook"]?["properties"]?["events"]?["items"]?["enum"]
            #expect(elements(events) == members(document["webhooks"]).map { .string($0.name) })
            let message = document["components"]?["pathItems"]?["taskMessage"]?["post"]
            let headers = elements(message?["parameters"])
            #expect(headers.compactMap { $0["name"] } == ["webhook-id", "webhook-timestamp", "webhook-signature"])
            #expect(headers.allSatisfy { $0["in"] == "header" && $0["required"] == true })
            #expect(
                message?["requestBody"]?["content"]?["application/json"]?["schema"] == ["$ref": "#/components/schemas/WebhookMessage"])
        }
    }

    @Test("docs/configuration.md lists the options as they are")
    func configuration() throws { try hold(Option.reference, against: "docs/configuration.md") }

    @Test(".env.example names every option")
    func example() throws {
        let text = try String(contentsOf: Self.root.appending(path: ".env.example"), encoding: .utf8)
        for option in Option.all { #expect(text.contains("\(option.name)="), "\(option.name)") }
    }

    @Test("every operation has one endpoint and one place in the document, with a summary, success and errors")
    func inventory() async throws {
        try await World.run { world in
            let ids = world.server.endpoints.map(\.id)
            #expect(Set(ids) == Set(OperationID.allCases))
            #expect(ids.count == OperationID.allCases.count)
            let document = try JSON(parsing: world.server.document, limits: .init(depth: 64))
            for endpoint in world.server.endpoints {
                let operation = document["paths"]?[endpoint.operation.path]?[endpoint.operation.method.rawValue.lowercased()]
                #expect(operation?["operationId"] == .string(endpoint.id.rawValue))
                #expect(operation?["responses"]?["400"] != nil, "\(endpoint.id)")
                let isOpen = operation?["security"] == []
                #expect(isOpen == (operation?["responses"]?["401"] == nil) || isOpen, "\(endpoint.id)")
            }
        }
    }
}
