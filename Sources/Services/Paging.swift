// One page of a list, in cursor mode or page mode, from the same fetch.
package import Model

extension Page {
    /// `fetch` takes the cursor to start after, the rows to skip and how many to give; `order` names the list the cursors belong to.
    package init(
        _ request: PageRequest, order: String, isText: Bool = false, key: (Element) -> Cursor.Key, id: (Element) -> Int64,
        total: () throws -> Int64,
        fetch: (_ after: Cursor?, _ offset: Int64, _ limit: Int64) throws -> [Element]
    ) throws {
        switch request {
        case .cursor(let after, let limit, let count):
            if let after, after.order != order || after.isText != isText {
                throw Failure.invalid([.init("query:cursor", "belongs to another list or another order")])
            }
            // One more than asked for tells whether there is a next page.
            let found = try fetch(after, 0, limit + 1)
            let elements = Array(found.prefix(Int(limit)))
            let next = found.count > elements.count ? elements.last.map { Cursor(order: order, key: key($0), id: id($0)) } : nil
            self.init(elements: elements, next: next, total: count ? try total() : nil, request: request)
        case .page(let page, let perPage):
            let (offset, overflow) = (page - 1).multipliedReportingOverflow(by: perPage)
            guard !overflow, offset + perPage <= PageRequest.depth else {
                throw Failure.invalid([
                    .init("query:page", "pages end at row \(PageRequest.depth): use cursors, which have no end")
                ])
            }
            self.init(elements: try fetch(nil, offset, perPage), next: nil, total: try total(), request: request)
        }
    }
}
