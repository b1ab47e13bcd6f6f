// A list of tasks that somebody comes back to: how it looks, and what is in it.

package struct SavedView: Equatable, Sendable {
    package enum Layout: String, CaseIterable, Sendable {
        case list, board, calendar, dashboard
    }

    package var id: ID<SavedView>
    package var name: String
    package var layout: Layout
    /// The query of the page that shows it; the server does not read it.
    package var query: String
    package var pinned: Bool
    /// From 1, without gaps among the views of one owner.
    package var position: Int64
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64

    package init(
        id: ID<SavedView>, name: String, layout: Layout, query: String, pinned: Bool, position: Int64, createdAt: Instant,
        updatedAt: Instant, version: Int64
    ) {
        self.id = id
        self.name = name
        self.layout = layout
        self.query = query
        self.pinned = pinned
        self.position = position
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    package static let nameLength: ClosedRange<Int> = 1...100
    package static let queryLength: ClosedRange<Int> = 0...2000
}

/// What a new view is made of.
package struct NewView: Sendable {
    package var name: String
    package var layout: SavedView.Layout
    package var query: String
    package var pinned: Bool
    /// Behind all others without one, or with one that is greater.
    package var position: Int64?

    package init(name: String, layout: SavedView.Layout, query: String, pinned: Bool, position: Int64?) {
        self.name = name
        self.layout = layout
        self.query = query
        self.pinned = pinned
        self.position = position
    }
}

/// A partial update: `nil` keeps a field.
package struct ViewChanges: Sendable {
    package var name: String?
    package var layout: SavedView.Layout?
    package var query: String?
    package var pinned: Bool?
    package var position: Int64?

    package init(name: String?, layout: SavedView.Layout?, query: String?, pinned: Bool?, position: Int64?) {
        self.name = name
        self.layout = layout
        self.query = query
        self.pinned = pinned
        self.position = position
    }
}

extension SavedView {
    /// The view after `changes`. Version and `updatedAt` are the caller's business.
    package func applying(_ changes: ViewChanges) -> SavedView {
        var view = self
        view.name = changes.name ?? name
        view.layout = changes.layout ?? layout
        view.query = changes.query ?? query
        view.pinned = changes.pinned ?? pinned
        view.position = changes.position ?? position
        return view
    }
}
