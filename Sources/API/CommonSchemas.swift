// Shapes that several payloads share: identifiers, times, pages, preconditions.
import Foundation
import HTTPTypes
package import Model
import Services
package import Wire

extension Shape {
    package static func id<Entity>(_ entity: Entity.Type = Entity.self) -> Self where Value == ID<Entity> {
        Shape<Int64>.integer(1...Int64.max).map(fault: "must be an id", into: { ID($0) }, from: { $0.value })
            .documented(("examples", [42]))
    }
}

extension Shape where Value == ID<User>? {
    /// An account, or `none` for nobody.
    static var idOrNone: Self {
        // A text for clients that are generated: they make little of a choice of two types.
        .init(.integer, document: ["type": "string", "pattern": "^([1-9][0-9]*|none)$", "examples": ["42"]]) { json, faults in
            switch json {
            case .int(let id) where id > 0: return .some(ID(id))
            case .string(let word) where word.utf8.count == 4 && word.lowercased() == "none": return .some(nil)
            default:
                faults.append(.init("", "must be an id or none"))
                return nil
            }
        } write: {
            $1.string($0.map { "\($0)" } ?? "none")
        }
    }
}

extension Shape where Value == Instant {
    /// RFC 3339.
    package static var instant: Self {
        Shape<String>.time.map(
            fault: "must be an RFC 3339 time such as 2026-11-20T09:30:00Z", into: { Instant($0) }, from: { $0.description }
        ).replacingDocument(["type": "string", "format": "date-time", "examples": ["2026-11-20T09:30:00.000Z"]])
    }
}

extension Shape where Value == Day {
    package static var day: Self {
        Shape<String>.text(10...10).map(
            fault: "must be a day such as 2026-11-20", into: { Day($0) }, from: { $0.description }
        ).replacingDocument(["type": "string", "format": "date", "examples": ["2026-11-20"]])
    }
}

extension Shape {
    func replacingDocument(_ document: JSON) -> Self { .init(textKind, document: document, read: read, write: write) }

    /// A text that a rule of the model accepts; `pattern` documents the rule.
    static func text(_ length: ClosedRange<Int>, pattern: String, fault: String, where isValid: @escaping @Sendable (String) -> Bool)
        -> Self
    where Value == String {
        Shape<String>.text(length).map(fault: fault, into: { isValid($0) ? $0 : nil }, from: { $0 })
            .documented(("pattern", .string(pattern)))
    }

    /// A title or a name: something of it can be seen.
    static func visible(_ length: ClosedRange<Int>) -> Self where Value == String {
        text(length, pattern: String.visiblePattern, fault: "must not be blank", where: { !$0.isBlank })
    }
}

// MARK: Cursors

extension Shape where Value == Cursor {
    /// Base64url of a JSON array: opaque to clients, checked when it comes back.
    package static var cursor: Self {
        Shape<String>.text(1...4000).map(fault: "is not a cursor of this server", into: Cursor.init(opaque:), from: \.opaque)
            .replacingDocument(["type": "string", "maxLength": 4000, "description": "The meta.next_cursor of the page before."])
    }
}

extension Cursor {
    package var opaque: String {
        let key: JSON =
            switch key {
            case .int(let value): .int(value)
            case .text(let value): .string(value)
            }
        let text = JSON.array([.string(order), key, .int(id)]).text
        return base64URL(Data(text.utf8))
    }

    init?(opaque: String) {
        guard let data = bytes(fromBase64URL: opaque), case .array(let parts)? = try? JSON(parsing: data), parts.count == 3,
            case .string(let order) = parts[0],
            case .int(let id) = parts[2]
        else { return nil }
        switch parts[1] {
        case .int(let value): self.init(order: order, key: .int(value), id: id)
        case .string(let value): self.init(order: order, key: .text(value), id: id)
        default: return nil
        }
    }
}

// MARK: Pages

/// The five query fields of every list.
enum PageFields {
    static let limit = limit(PageRequest.sizes, "Cursor mode: rows a page.")
    static let cursor = filter("cursor", .cursor, "Cursor mode: the page after meta.next_cursor.")
    static let count = filter("count", .flag, "Cursor mode: also give meta.total.")
    static let page = filter(
        "page", .integer(1...PageRequest.depth), "Page mode: which page, from 1; at most 10 000 rows deep.", example: 1)
    static let perPage = filter("per_page", .integer(PageRequest.sizes), "Page mode: rows a page.", example: 20)

    static let request = request("PageQuery", limit)

    /// Of tasks: more at a time.
    static let taskRequest = request(
        "TaskPageQuery",
        limit(
            PageRequest.taskSizes,
            "Cursor mode: rows a page. One of more than \(PageRequest.sizes.upperBound) ends early when its tasks have long texts."))

    private static func limit(_ sizes: ClosedRange<Int64>, _ doc: String) -> Field<Int64?> {
        filter("limit", .integer(sizes), doc, example: 20)
    }

    private static func request(_ name: String, _ limit: Field<Int64?>) -> InputSchema<PageRequest> {
        InputSchema(name, PageRequest.init(limit:cursor:count:page:perPage:)) {
            limit
            cursor
            count
            page
            perPage
        }
    }
}

extension PageRequest {
    @Sendable
    init(limit: Int64?, cursor: Cursor?, count: Bool?, page: Int64?, perPage: Int64?) throws {
        guard page != nil || perPage != nil else {
            self = .cursor(after: cursor, limit: limit ?? Self.defaultSize, count: count ?? false)
            return
        }
        let foreign = [("limit", limit != nil), ("cursor", cursor != nil), ("count", count != nil)].filter(\.1)
        guard foreign.isEmpty else {
            throw Faults(foreign.map { Fault("query:\($0.0)", "belongs to cursor mode, but page or per_page asks for page mode") })
        }
        self = .page(page ?? 1, perPage: perPage ?? Self.defaultSize)
    }
}

private let pageMeta = OutputSchema<PageMeta>("PageMeta") {
    sometimes("next_cursor", .nullable(.text(1...4000)), "Cursor mode: where the next page starts; null at the end.") { $0.nextCursor }
    sometimes("total", .count, "All rows that match; in cursor mode only with count=true.", example: 42) { $0.total }
    sometimes("page", .count, "Page mode: this page.", example: 1) { $0.page }
    sometimes("per_page", .count, "Page mode: rows a page.", example: 20) { $0.perPage }
    sometimes("total_pages", .count, "Page mode: how many pages there are.", example: 3) { $0.totalPages }
}

private struct PageMeta: Sendable {
    var nextCursor: String??
    var total: Int64?
    var page: Int64?
    var perPage: Int64?
    var totalPages: Int64?

    init<Element>(_ of: Page<Element>) {
        total = of.total
        switch of.request {
        case .cursor: nextCursor = .some(of.next?.opaque)
        case .page(let page, let perPage):
            self.page = page
            self.perPage = perPage
            totalPages = of.total.map { ($0 + perPage - 1) / perPage }
        }
    }
}

extension OutputSchema {
    /// `{"data": […], "meta": {…}}`.
    package func page(_ name: String, upTo size: Int64 = PageRequest.sizes.upperBound) -> OutputSchema<Page<Root>> {
        OutputSchema<Page<Root>>(name, uses: [self, pageMeta]) {
            field("data", .list(shape, 0...Int(size)), "The rows of this page.") { $0.elements }
            field("meta", pageMeta.shape, "Where this page stands in the list.") { PageMeta($0) }
        }
    }

    /// `{"data": […]}` of a list that is always given whole.
    package func all(_ name: String) -> OutputSchema<[Root]> {
        OutputSchema<[Root]>(name, uses: [self]) {
            field("data", .list(shape, 0...100_000), "All of them.") { $0 }
        }
    }
}

extension Success {
    /// 200 with a page and the link to the next one (RFC 8288).
    package static func page<Element>(_ schema: OutputSchema<Page<Element>>, _ description: String) -> Self where Out == Page<Element> {
        ok(schema, description).counting(\.elements.count).adding(["Link"]) { page, exchange in
            guard let next = page.next else { return [] }
            var items = exchange.input.query.filter { $0.name != "cursor" }
            items.append(("cursor", [next.opaque]))
            let query = items.flatMap { item in item.texts.map { "\(percentEncoded(item.name))=\(percentEncoded($0))" } }
            let path = exchange.target.prefix { $0 != "?" }
            return [.init("Link", "<\(path)?\(query.joined(separator: "&"))>; rel=\"next\"")]
        }
    }
}

// MARK: Preconditions

/// `If-Match` with entity tags that are versions.
struct IfMatchPart: Part {
    func read(_ input: RequestInput, _ faults: inout [Fault]) -> Precondition? {
        let lines = input.headers[values: .ifMatch]
        if lines.isEmpty { return Precondition.none }
        guard let tags = EntityTags(lines) else {
            faults.append(.init("header:If-Match", EntityTags.fault))
            return nil
        }
        return tags.versions.map { .versions($0) } ?? Precondition.none
    }

    func describe(into operation: inout Wire.Operation) {
        operation.parameters.append(
            .init(
                .header, "If-Match", isRequired: false,
                document: EntityTags.document.with(
                    "description", "The ETag that was read: the change is made only when it is still current, else 412.")))
    }
}

extension Part where Self == IfMatchPart {
    static var ifMatch: Self { .init() }
}

extension Shape where Value == String {
    static var timeZone: Self {
        Shape<String>.text(1...64).map(
            fault: "must be an IANA time zone such as Europe/Berlin", into: { User.isTimeZone($0) ? $0 : nil }, from: { $0 }
        )
        .documented(("examples", ["Europe/Berlin"]))
    }
}

// MARK: Updates

extension Part {
    /// A body that changes a thing: it may repeat what else the thing has.
    static func update<Changes, Root>(_ changes: InputSchema<Changes>, of thing: OutputSchema<Root>) -> Self
    where Self == UpdatePart<Changes, Root> { .init(changes: changes, thing: thing) }
}

extension Repeated {
    /// - Parameter shown: the thing as the request has read it.
    init<Root>(_ repetition: Repetition<Root>, _ shown: @escaping @Sendable (Entity) -> Root) {
        self.init(repetition.names) { entity in
            repetition.faults(against: shown(entity)).map { Failure.Violation(String($0.pointer.dropFirst()), $0.detail) }
        }
    }
}
