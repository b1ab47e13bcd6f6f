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
            let document = try JSON(parsing: world.server.document(version: programVersion), limits: .init(depth: 64))
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
