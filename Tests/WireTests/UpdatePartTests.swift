// What a request may repeat of a thing that it changes.
import HTTPTypes
import TestKit
import Testing
import Wire

@Suite struct UpdatePartTests {
    private struct Thing: Sendable {
        var id: Int64 = 7
        var name = "one"
        var note: String?
        var secret: String?
        var load: Int64 = 3
    }

    private static let thing = OutputSchema<Thing>("Thing") {
        field("id", .integer(1...9)) { $0.id }
        field("name", .text(1...5)) { $0.name }
        nullable("note", .text(0...5)) { $0.note }
        sometimes("secret", .text(0...5)) { $0.secret }
        unversioned(field("load", .integer(0...9)) { $0.load })
    }

    private static let changes = InputSchema<String?>("ThingChanges", { $0 }) { filter("name", .text(1...5)) }

    private func faults(_ body: JSON, against thing: Thing = Thing()) -> [String] {
        var faults: [Fault] = []
        let update = UpdatePart(changes: Self.changes, thing: Self.thing).read(RequestInput(body: body), &faults)
        return (update?.repetition.faults(against: thing) ?? faults).map(\.pointer)
    }

    @Test(
        "What is as it was read is taken, however a number is written",
        arguments: [
            [:], ["name": "two"], ["id": 7], ["id": .double(7)], ["note": .null, "name": "two"], ["load": 9],
            ["id": 7, "name": "one", "note": .null, "load": 3],
        ] as [JSON])
    func same(body: JSON) { #expect(faults(body).isEmpty) }

    @Test(
        "What is otherwise is named, each field",
        arguments: [
            (["id": 8], ["/id"]), (["id": "7"], ["/id"]), (["id": .null], ["/id"]), (["note": ""], ["/note"]),
            (["secret": "x"], ["/secret"]),
            (["secret": .null], ["/secret"]), (["id": 1, "note": "x", "name": "two"], ["/id", "/note"]), (["colour": "red"], ["/colour"]),
            (["id": 8, "name": ""], ["/name"]), ([], [""]),
        ] as [(JSON, [String])])
    func other(_ body: JSON, _ pointers: [String]) { #expect(faults(body) == pointers) }

    @Test("The document has the fields that may be repeated, and says that they cannot be changed")
    func document() throws {
        var operation = Operation(id: "x", method: .put, path: "/x", tag: "x", summary: "x")
        UpdatePart(changes: Self.changes, thing: Self.thing).describe(into: &operation)
        let properties = try #require(operation.body?.document["properties"])
        #expect(properties["name"]?["readOnly"] == nil)
        for name in ["id", "note", "secret", "load"] { #expect(properties[name]?["readOnly"] == true, "\(name)") }
        #expect(operation.body?.document["required"] == nil)
    }
}
