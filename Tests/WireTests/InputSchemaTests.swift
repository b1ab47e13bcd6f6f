// Objects that requests carry: every fault at once, with the place of each.
import HTTPTypes
import Testing
import Wire

@Suite struct InputSchemaTests {
    struct Item: Equatable, Sendable {
        var name: String
        var count: Int64
    }

    struct Order: Equatable, Sendable {
        var title: String
        var note: String?
        var size: Int64
        var urgent: Bool?
        var due: Int64??
        var items: [Item]
    }

    private static let item = InputSchema("Item", Item.init) {
        required("name", .text(1...5))
        defaulted("count", .integer(1...9), to: 1)
    }

    private static let order = InputSchema("Order", uses: [item], Order.init) {
        required("title", .text(1...10), "What it is called.", example: "Books")
        optional("note", .text(0...10))
        defaulted("size", .integer(1...3), to: 2)
        filter("urgent", .flag)
        clearable("due", .integer(0...100))
        defaulted("items", .list(item.shape, 0...3), to: [])
    }

    private func read(_ json: JSON) -> (value: Order?, faults: [Fault]) {
        var faults: [Fault] = []
        return (Self.order.read(json, &faults), faults)
    }

    @Test("An object with all fields is read whole")
    func everything() {
        let json: JSON = [
            "title": "a", "note": "b", "size": .double(3), "urgent": true, "due": 9, "items": [["name": "x", "count": 4], ["name": "y"]],
        ]
        #expect(
            read(json).value
                == Order(
                    title: "a", note: "b", size: 3, urgent: true, due: 9, items: [.init(name: "x", count: 4), .init(name: "y", count: 1)]))
    }

    @Test("Fields that may be absent have their values then")
    func absent() {
        #expect(read(["title": "a"]).value == Order(title: "a", note: nil, size: 2, urgent: nil, due: nil, items: []))
    }

    @Test("Null clears what can be cleared, empties what is optional, and is refused elsewhere")
    func null() {
        #expect(
            read(["title": "a", "note": .null, "due": .null]).value
                == Order(title: "a", note: nil, size: 2, urgent: nil, due: .some(nil), items: []))
        let faults = read(["title": .null, "size": .null, "urgent": .null, "items": .null]).faults
        #expect(
            faults == [
                .init("/title", "must be a string"), .init("/size", "must be an integer from 1 to 3"),
                .init("/urgent", "must be true or false"), .init("/items", "must be an array"),
            ])
    }

    @Test("Every fault of a body is reported at once, unknown fields included")
    func allFaults() {
        let faults = read([
            "titel": "a", "size": 4, "urgent": "yes", "due": -1, "note": 5, "a/b~c": 1,
            "items": [["name": ""], 3, ["count": 0, "colour": "red"]],
        ]).faults
        #expect(
            Set(faults.map { "\($0.pointer) \($0.detail)" }) == [
                "/titel is not a known field", "/a~1b~0c is not a known field", "/title is required",
                "/size must be an integer from 1 to 3",
                "/urgent must be true or false", "/due must be an integer from 0 to 100", "/note must be a string",
                "/items/0/name must have 1 to 5 characters, has 0", "/items/1 must be an object", "/items/2/name is required",
                "/items/2/count must be an integer from 1 to 9", "/items/2/colour is not a known field",
            ])
        #expect(faults.count == 12)
    }

    @Test("A body that is no object is refused as a whole", arguments: [.null, 1, "x", [], [["title": "a"]], true] as [JSON])
    func notAnObject(_ json: JSON) {
        #expect(read(json).faults == [.init("", "must be an object")])
    }

    @Test("Names of fields are told apart by case", arguments: ["Title", "TITLE", "title ", "", "__proto__"])
    func names(_ name: String) {
        #expect(read(.object([.init("title", "a"), .init(name, 1)])).faults == [.init("/\(name)", "is not a known field")])
    }

    @Test("Faults that only all fields together show keep their place, also inside a list")
    func together() {
        let range = InputSchema("Range") { (from: Int64, to: Int64) throws -> ClosedRange<Int64> in
            guard from <= to else { throw Faults([.init("/to", "must not be before from")]) }
            return from...to
        } _: {
            required("from", .integer(0...9))
            required("to", .integer(0...9))
        }
        var faults: [Fault] = []
        #expect(range.read(["from": 1, "to": 2], &faults) == 1...2)
        #expect(faults.isEmpty)
        #expect(Shape<[ClosedRange<Int64>]>.list(range.shape, 0...3).read([["from": 1, "to": 2], ["from": 3, "to": 2]], &faults) == nil)
        #expect(faults == [.init("/1/to", "must not be before from")])
    }

    @Test("The document lists the fields, which are required, and takes no others")
    func document() {
        let document = Self.order.document
        #expect(document["type"] == "object")
        #expect(document["additionalProperties"] == false)
        #expect(document["required"] == ["title"])
        let properties = document["properties"]
        #expect(properties?["title"]?["description"] == "What it is called.")
        #expect(properties?["title"]?["examples"] == ["Books"])
        #expect(properties?["note"]?["type"] == ["string", "null"])
        #expect(properties?["size"]?["default"] == 2)
        #expect(properties?["urgent"]?["type"] == "boolean")
        #expect(properties?["due"]?["type"] == ["integer", "null"])
        #expect(properties?["items"]?["items"] == ["$ref": "#/components/schemas/Item"])
        #expect(Self.order.components.map(\.name) == ["Item"])
    }
}

@Suite struct RequestPartTests {
    struct Filter: Equatable, Sendable {
        var page: Int64
        var tags: [String]
        var done: Bool?
    }

    private static let filter = InputSchema("Filter", Filter.init) {
        defaulted("page", .integer(1...9), to: 1)
        defaulted("tag", .list(.text(1...5), 1...3), to: [])
        Wire.filter("done", .flag)
    }

    private static let rename = InputSchema("Rename", { (name: String) in name }) { required("name", .text(1...5)) }
    private static let id = PathPart<Int64>.path("id", .integer(1...99))
    private static let query = QueryPart<Filter>.query(filter)

    private func operation(_ parts: any Part...) -> Wire.Operation {
        var operation = Wire.Operation(id: "x", method: .patch, path: "/things/{id}", tag: "Things", summary: "X")
        for part in parts { part.describe(into: &operation) }
        return operation
    }

    @Test("A request is read from its path, query and body")
    func good() throws {
        let body = BodyPart<String>.body(Self.rename)
        let input = RequestInput(
            path: ["id": "7"], query: [("tag", ["a", "b"]), ("done", ["true"])], body: ["name": "n"])
        let operation = operation(Self.id, Self.query, body)
        let (id, filter, name) = try read(Self.id, Self.query, body, from: input, for: operation)
        #expect(id == 7)
        #expect(filter == Filter(page: 1, tags: ["a", "b"], done: true))
        #expect(name == "n")
        #expect(operation.parameters.map(\.name) == ["id", "page", "tag", "done"])
        #expect(operation.parameters.map(\.isRequired) == [true, false, false, false])
    }

    @Test("What is wrong in path, query and body is reported together")
    func faults() throws {
        let body = BodyPart<String>.body(Self.rename)
        let input = RequestInput(
            path: ["id": "0"], query: [("page", ["1", "2"]), ("tag", ["ok", ""]), ("done", ["maybe"]), ("colour", ["red"])],
            body: ["name": "", "nick": 1])
        let operation = operation(Self.id, Self.query, body)
        let error = #expect(throws: Faults.self) { _ = try read(Self.id, Self.query, body, from: input, for: operation) }
        #expect(
            Set(try #require(error).all.map(\.pointer)) == [
                "query:colour", "path:id", "query:page", "query:tag/1", "query:done", "/nick", "/name",
            ])
    }

    @Test("A body that is asked for must be there, an optional one need not")
    func missingBody() throws {
        let body = BodyPart<String>.body(Self.rename)
        let error = #expect(throws: Faults.self) { _ = try read(body, from: RequestInput(), for: operation(body)) }
        #expect(try #require(error).all == [.init("", "a JSON body is required")])
        let options = InputSchema("Options", { (force: Bool) in force }) { defaulted("force", .flag, to: false) }
        let optional = BodyPart<Bool>.optionalBody(options)
        #expect(try read(optional, from: RequestInput(), for: operation(optional)) == false)
        #expect(try read(optional, from: RequestInput(body: ["force": true]), for: operation(optional)) == true)
    }
}
