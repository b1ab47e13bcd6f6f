// Shapes that several payloads share: identifiers, times, pages, preconditions.
import Foundation
import HTTPTypes
package import Model
import Payloads
import Services
package import Wire

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

// MARK: Pages

/// The five query fields of every list.
enum PageFields {
    static let limit = limit(PageRequest.sizes, "Cursor mode: rows on a page.")
    static let cursor = filter("cursor", .cursor, "Cursor mode: the page after meta.next_cursor.")
    static let count = filter("count", .flag, "Cursor mode: also return meta.total.")
    static let page = filter(
        "page", .integer(1...PageRequest.depth), "Page mode: the number of the page, from 1; at most 10 000 rows deep.", example: 1)
    static let perPage = filter("per_page", .integer(PageRequest.sizes), "Page mode: rows on a page.", example: 20)

    static let request = request("PageQuery", limit)

    /// Of tasks: more at a time.
    static let taskRequest = request(
        "TaskPageQuery",
        limit(
            PageRequest.taskSizes,
            "Cursor mode: rows on a page. A page of more than \(PageRequest.sizes.upperBound) rows ends early when its tasks have long texts."
        ))

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
            throw Faults(foreign.map { Fault("query:\($0.0)", "is for cursor mode, but page or per_page selects page mode") })
        }
        self = .page(page ?? 1, perPage: perPage ?? Self.defaultSize)
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
                    "description",
                    "The ETag that you have read: the change is made only if it is still current, otherwise the answer is 412.")))
    }
}

extension Part where Self == IfMatchPart {
    static var ifMatch: Self { .init() }
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
