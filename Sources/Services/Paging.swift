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
                    .init("query:page", "pages end at row \(PageRequest.depth): use a cursor, which has no limit")
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

    /// The same for a page of more than `PageRequest.sizes` rows. It is read in portions, and ends when its rows have `PageRequest.textLimit`
    /// bytes together.
    package init(
        _ request: PageRequest, order: String, isText: Bool = false, key: (Element) -> Cursor.Key, id: (Element) -> Int64,
        bytes: (Element) -> Int, total: () throws -> Int64,
        fetch: (_ after: Cursor?, _ offset: Int64, _ limit: Int64) throws -> [Element]
    ) throws {
        let window = try request.window(order: order, isText: isText)
        var found: [Element] = []
        var (after, size, isCut) = (window.after, 0, false)
        while !isCut {
            let limit = min(window.limit - Int64(found.count), Self.portion)
            let rows = try fetch(after, window.offset, limit)
            found += rows
            guard Int64(rows.count) == limit, Int64(found.count) < window.limit, let last = rows.last else { break }
            after = Cursor(order: order, key: key(last), id: id(last))
            size += rows.reduce(0) { $0 + bytes($1) }
            isCut = size > PageRequest.textLimit
        }
        let total = request.wantsTotal ? try total() : nil
        self.init(request, found: found, isCut: isCut, order: order, key: key, id: id, total: total)
    }

    /// Four of them are the longest page, with the row that tells whether there is a next one.
    private static var portion: Int64 { PageRequest.taskSizes.upperBound / 4 + 1 }

    /// `found` is what the request's window took from the list.
    /// - Parameter isCut: whether it might have taken more.
    package init(
        _ request: PageRequest, found: [Element], isCut: Bool = false, order: String, key: (Element) -> Cursor.Key,
        id: (Element) -> Int64, total: Int64?
    ) {
        guard case .cursor(_, let limit, _) = request else {
            self.init(elements: found, next: nil, total: total, request: request)
            return
        }
        let elements = Array(found.prefix(Int(limit)))
        let next = isCut || found.count > elements.count ? elements.last.map { Cursor(order: order, key: key($0), id: id($0)) } : nil
        self.init(elements: elements, next: next, total: total, request: request)
    }
}
