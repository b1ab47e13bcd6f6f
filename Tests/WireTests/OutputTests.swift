// Objects that the server writes, and the document that tells of operations.
import HTTPTypes
import Testing
import Wire

@Suite struct OutputSchemaTests {
    struct Thing: Sendable {
        var name: String
        var size: Int64?
        var note: String?
        var parts: [Thing] = []
    }

    private static let part = OutputSchema<Thing>("Part") { field("name", .text(0...9)) { $0.name } }

    private static let thing = OutputSchema<Thing>("Thing", uses: [part]) {
        sometimes("note", .text(0...9), "Only now and then.") { $0.note }
        field("name", .text(0...9), example: "bolt") { $0.name }
        nullable("size", .integer(0...9)) { $0.size }
        field("parts", .list(part.shape, 0...9)) { $0.parts }
    }

    private func written(_ thing: Thing) -> String {
        var writer = JSONWriter()
        Self.thing.write(thing, &writer)
        return writer.text
    }

    @Test("A field without a value is null or left out, as declared")
    func fields() {
        #expect(written(Thing(name: "a")) == #"{"name":"a","size":null,"parts":[]}"#)
        #expect(
            written(Thing(name: "\"", size: 3, note: "n", parts: [Thing(name: "x"), Thing(name: "y")]))
                == #"{"note":"n","name":"\"","size":3,"parts":[{"name":"x"},{"name":"y"}]}"#)
    }

    @Test("An object of which every field is left out is empty")
    func empty() {
        let schema = OutputSchema<Thing>("Sparse") {
            sometimes("size", .integer(0...9)) { $0.size }
            sometimes("note", .text(0...9)) { $0.note }
        }
        for (thing, text) in [
            (Thing(name: ""), "{}"), (Thing(name: "", note: "n"), #"{"note":"n"}"#),
            (Thing(name: "", size: 1, note: "n"), #"{"size":1,"note":"n"}"#),
        ] {
            var writer = JSONWriter()
            schema.write(thing, &writer)
            #expect(writer.text == text)
        }
        #expect(schema.document["required"] == nil)
    }

    @Test("Of a part of an object only what is asked for is written, and what is always there")
    func part() {
        let schema = OutputSchema<(Thing, asked: Set<String>?)>(
            "Part", partOf: Self.thing, always: ["name"], { $0.0 }, asked: { $0.asked })
        func written(_ asked: Set<String>?) -> String {
            var writer = JSONWriter()
            schema.write((Thing(name: "a", note: "n"), asked), &writer)
            return writer.text
        }
        #expect(written(nil) == #"{"note":"n","name":"a","size":null,"parts":[]}"#)
        #expect(written(["size"]) == #"{"name":"a","size":null}"#)
        #expect(written([]) == #"{"name":"a"}"#)
        #expect(schema.document["required"] == ["name"])
        #expect(schema.document["properties"]?["size"]?["type"] == ["integer", "null"])
    }

    @Test("The document says which fields are always there and which may be null")
    func document() {
        let document = Self.thing.document
        #expect(document["required"] == ["name", "size", "parts"])
        #expect(document["additionalProperties"] == false)
        #expect(document["properties"]?["size"]?["type"] == ["integer", "null"])
        #expect(document["properties"]?["note"]?["type"] == "string")
        #expect(document["properties"]?["note"]?["description"] == "Only now and then.")
        #expect(document["properties"]?["name"]?["examples"] == ["bolt"])
        #expect(document["properties"]?["parts"]?["items"] == ["$ref": "#/components/schemas/Part"])
        #expect(Self.thing.components.map(\.name) == ["Part"])
    }
}

@Suite struct OpenAPIDocumentTests {
    private static let rename = InputSchema("Rename", { (name: String) in name }) { required("name", .text(1...5), example: "bolt") }
    private static let list = InputSchema("List", { (page: Int64) in page }) { defaulted("page", .integer(1...9), to: 1, "Which page.") }
    private static let thing = OutputSchema<String>("Thing") { field("name", .text(1...5)) { $0 } }

    private var document: JSON {
        var get = Operation(id: "things.get", method: .get, path: "/things/{id}", tag: "Things", summary: "One thing")
        PathPart<Int64>.path("id", .integer(1...9)).describe(into: &get)
        get.security = ["bearer", "cookie"]
        get.responses = [
            .init(404, "No such thing"),
            .init(200, "The thing", content: [("application/json", Self.thing.shape.document)], headers: ["ETag"]),
        ]
        get.components = [(Self.thing.name, Self.thing.document)]
        var patch = Operation(id: "things.rename", method: .patch, path: "/things/{id}", tag: "Things", summary: "Rename")
        PathPart<Int64>.path("id", .integer(1...9)).describe(into: &patch)
        BodyPart<String>.body(Self.rename).describe(into: &patch)
        patch.description = "In place."
        patch.responses = [.init(204, "Renamed")]
        patch.components = [(Self.thing.name, Self.thing.document)]
        var index = Operation(id: "things.list", method: .get, path: "/things", tag: "Things", summary: "All things")
        QueryPart<Int64>.query(Self.list).describe(into: &index)
        index.responses = [.init(200, "Things", content: [("application/json", ["type": "array"])])]
        var message = Operation(id: "thingMessage", method: .post, path: "", tag: "Things", summary: "A thing was made")
        message.body = Self.rename
        return OpenAPIDocument(
            info: .init(title: "T", version: "1", summary: "S", description: "D"), tags: [("Things", "All of them")],
            securitySchemes: [("bearer", ["type": "http", "scheme": "bearer"])], headers: [("ETag", ["schema": ["type": "string"]])],
            operations: [get, patch, index], message: .init(events: ["thing.made", "thing.gone"], request: message)
        ).json
    }

    @Test("The document names every operation once under its path and method")
    func paths() {
        guard case .object(let paths)? = document["paths"] else {
            Issue.record("no paths")
            return
        }
        #expect(paths.map(\.name) == ["/things/{id}", "/things"])
        guard case .object(let methods) = paths[0].value else {
            Issue.record("no methods")
            return
        }
        #expect(methods.map(\.name) == ["get", "patch"])
        #expect(methods[0].value["operationId"] == "things.get")
        #expect(methods[1].value["description"] == "In place.")
        #expect(methods[0].value["description"] == nil)
        #expect(document["openapi"] == "3.1.0")
        #expect(document["info"]?["version"] == "1")
    }

    @Test("Parameters, bodies, answers and security say what the operation does")
    func operations() {
        let get = document["paths"]?["/things/{id}"]?["get"]
        #expect(get?["parameters"] == [["name": "id", "in": "path", "required": true, "schema": Shape<Int64>.integer(1...9).document]])
        #expect(get?["security"] == [["bearer": []], ["cookie": []]])
        #expect(get?["requestBody"] == nil)
        guard case .object(let responses)? = get?["responses"] else {
            Issue.record("no responses")
            return
        }
        #expect(responses.map(\.name) == ["200", "404"])
        #expect(responses[0].value["content"] == ["application/json": ["schema": ["$ref": "#/components/schemas/Thing"]]])
        #expect(responses[0].value["headers"] == ["ETag": ["$ref": "#/components/headers/ETag"]])
        #expect(responses[1].value == ["description": "No such thing"])
        let body = document["paths"]?["/things/{id}"]?["patch"]?["requestBody"]
        let media: JSON = ["schema": ["$ref": "#/components/schemas/Rename"], "example": ["name": "bolt"]]
        #expect(body == ["required": true, "content": ["application/json": media, "application/merge-patch+json": media]])
        let page = document["paths"]?["/things"]?["get"]?["parameters"]
        let number = Shape<Int64>.integer(1...9).document.with("default", 1)
        #expect(page == [["name": "page", "in": "query", "required": false, "description": "Which page.", "schema": number]])
    }

    @Test("A message stands under each of its events, and is said once")
    func messages() {
        let reference: JSON = ["$ref": "#/components/pathItems/thingMessage"]
        #expect(document["webhooks"] == ["thing.made": reference, "thing.gone": reference])
        #expect(document["components"]?["pathItems"]?["thingMessage"]?["post"]?["operationId"] == "thingMessage")
    }

    @Test("Every reference of the document leads somewhere, and the document is JSON")
    func references() throws {
        let document = document
        #expect(try JSON(parsing: document.text.utf8) == document)
        var found = 0
        func check(_ json: JSON) {
            switch json {
            case .array(let elements): elements.forEach(check)
            case .object(let members):
                for member in members {
                    if member.name == "$ref", case .string(let reference) = member.value {
                        found += 1
                        let target = reference.split(separator: "/").dropFirst().reduce(Optional(document)) { $0?[String($1)] }
                        #expect(target != nil, "\(reference)")
                    }
                    check(member.value)
                }
            default: break
            }
        }
        check(document)
        #expect(found == 7)
        guard case .object(let schemas)? = document["components"]?["schemas"] else {
            Issue.record("no schemas")
            return
        }
        #expect(schemas.map(\.name) == ["Rename", "Thing"])
    }
}
