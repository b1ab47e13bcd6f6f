// One page of a list, in cursor mode or page mode, from the same fetch.
package import Model

/// The rows that a page takes from a list.
package struct PageWindow: Sendable {
    package var after: Cursor?
    package var offset: Int64
    package var limit: Int64
}

extension PageRequest {
    /// - Parameters:
    ///   - order: names the list that cursors belong to.
    ///   - isText: whether its sort key is a text.
    /// - Throws: `Failure.invalid`.
    package func window(order: String, isText: Bool = false) throws -> PageWindow {
        switch self {
        case .cursor(let after, let limit, _):
            if let after, after.order != order || after.isText != isText {
                throw Failure.invalid([.init("query:cursor", "belongs to another list or another order")])
            }
            // One more than asked for tells whether there is a next page.
            return PageWindow(after: after, offset: 0, limit: limit + 1)
        case .page(let page, let perPage):
            let (offset, overflow) = (page - 1).multipliedReportingOverflow(by: perPage)
            guard !overflow, offset + perPage <= PageRequest.depth else {
                throw Failure.invalid([
                    .init("query:page", "pages end at row \(PageRequest.depth): use cursors, which have no end")
                ])
            }
            return PageWindow(after: nil, offset: offset, limit: perPage)
        }
    }

    fileprivate var wantsTotal: Bool {
        switch self {
        case .cursor(_, _, let count): count
        case .page: true
        }
    }
}

extension Page {
    /// `fetch` takes the cursor to start after, the rows to skip and how many to give; `order` names the list the cursors belong to.
    package init(
        _ request: PageRequest, order: String, isText: Bool = false, key: (Element) -> Cursor.Key, id: (Element) -> Int64,
        total: () throws -> Int64,
        fetch: (_ after: Cursor?, _ offset: Int64, _ limit: Int64) throws -> [Element]
    ) throws {
        let window = try request.window(order: order, isText: isText)
        let found = try fetch(window.after, window.offset, window.limit)
        self.init(request, found: found, order: order, key: key, id: id, total: request.wantsTotal ? try total() : nil)
    }

    /// `found` is what the request's window took from the list.
    package init(
        _ request: PageRequest, found: [Element], order: String, key: (Element) -> Cursor.Key, id: (Element) -> Int64, total: Int64?
    ) {
        guard case .cursor(_, let limit, _) = request else {
            self.init(elements: found, next: nil, total: total, request: request)
            return
        }
        let elements = Array(found.prefix(Int(limit)))
        let next = found.count > elements.count ? elements.last.map { Cursor(order: order, key: key($0), id: id($0)) } : nil
        self.init(elements: elements, next: next, total: total, request: request)
    }
}
