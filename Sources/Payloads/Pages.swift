// One page of a list, and the cursor that leads to the next one.
import Foundation
package import Model
package import Wire

extension Shape where Value == Cursor {
    /// Base64url of a JSON array: opaque to clients, checked when it comes back.
    package static var cursor: Self {
        Shape<String>.text(1...4000).map(fault: "is not a cursor of this server", into: Cursor.init(opaque:), from: \.opaque)
            .replacingDocument(["type": "string", "maxLength": 4000, "description": "The meta.next_cursor of the previous page."])
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

    package init?(opaque: String) {
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

private let pageMeta = OutputSchema<PageMeta>("PageMeta") {
    sometimes("next_cursor", .nullable(.text(1...4000)), "Cursor mode: the cursor of the next page; null at the end.") { $0.nextCursor }
    sometimes("total", .count, "The number of all matching rows; in cursor mode only with count=true.", example: 42) { $0.total }
    sometimes("page", .count, "Page mode: the number of this page.", example: 1) { $0.page }
    sometimes("per_page", .count, "Page mode: rows on a page.", example: 20) { $0.perPage }
    sometimes("total_pages", .count, "Page mode: the number of pages.", example: 3) { $0.totalPages }
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
            field("meta", pageMeta.shape, "The place of this page in the list.") { PageMeta($0) }
        }
    }

    /// `{"data": […]}` of a list that is always given whole.
    package func all(_ name: String) -> OutputSchema<[Root]> {
        OutputSchema<[Root]>(name, uses: [self]) {
            field("data", .list(shape, 0...100_000), "The whole list.") { $0 }
        }
    }
}
