// Saved views over HTTP.
import ChangeLedger
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct ViewEndpoints {
    let views: ViewService

    private static let path = "/api/v1/views"
    private static let one = "/api/v1/views/{id}"

    var list: Endpoint {
        .read(
            .listViews, Self.path, "List your saved views", tag: .users, for: .session,
            gives: .ok(ViewSchemas.all, "The views in their order.")
        ) { try await views.list(by: $0) }
    }

    var create: Endpoint {
        .change(
            .createView, .post, Self.path, "Save a view", tag: .users, for: .session, .body(ViewSchemas.draft),
            gives: .created(ViewSchemas.view, "The new view.") { "\(Self.path)/\($0.id)" }.tagged(\.version), fails: [409]
        ) { views.create($1, by: $0) }
    }

    var get: Endpoint {
        .read(
            .getView, Self.one, "Get a saved view", tag: .users, for: .session, .path("id", .id(SavedView.self)),
            gives: .ok(ViewSchemas.view, "The view.").tagged(forChanges: \.version)
        ) { try await views.get($1, by: $0) }
    }

    var update: Endpoint {
        .change(
            .updateView, .patch, Self.one, "Change or move a saved view", tag: .users, for: .session, .path("id", .id(SavedView.self)),
            .ifMatch, .update(ViewSchemas.changes, of: ViewSchemas.view),
            gives: .ok(ViewSchemas.view, "The view after the change.").tagged(\.version)
        ) { views.update($1, $3.changes, if: $2, repeating: Repeated($3.repetition) { $0 }, by: $0) }
    }

    var delete: Endpoint {
        .change(
            .deleteView, .delete, Self.one, "Delete a saved view", tag: .users, for: .session, .path("id", .id(SavedView.self)), .ifMatch,
            gives: .noContent("The view is deleted; its tasks stay.")
        ) { views.delete($1, if: $2, by: $0) }
    }
}

enum ViewSchemas {
    private static let name = Shape<String>.visible(SavedView.nameLength)
    private static let layout = Shape<SavedView.Layout>.word(SavedView.Layout.allCases.map { ($0.rawValue, $0) })
    private static let query = Shape<String>.text(SavedView.queryLength)
    private static let position = Shape<Int64>.integer(1...1_000_000)

    static let view = OutputSchema<SavedView>("View") {
        field("id", .id(), example: 7) { $0.id }
        field("name", name, example: "This week") { $0.name }
        field("layout", layout, example: "board") { $0.layout }
        field(
            "query", query,
            "The query of the page that shows the view: filters, order, search.", example: "status=pending&sort=-due_at"
        ) {
            $0.query
        }
        field("pinned", .flag, "Whether the page shows a link to the view.", example: false) { $0.pinned }
        unversioned(
            field(
                "position", position,
                "Its place among your views, from 1. It changes without a new version when other views move.", example: 1
            ) { $0.position })
        field("created_at", .instant) { $0.createdAt }
        field("updated_at", .instant) { $0.updatedAt }
        field("version", .count, "Increases by one with each change; also the ETag.", example: 1) { $0.version }
    }

    static let all = view.all("ViewList")

    static let draft = InputSchema<NewView>("NewView", NewView.init(name:layout:query:pinned:position:)) {
        required("name", name, example: "This week")
        defaulted("layout", layout, to: .list)
        defaulted("query", query, to: "", "The query of the page that shows the view.", example: "status=pending&sort=-due_at")
        defaulted("pinned", .flag, to: false)
        filter("position", position, "Its place among your views, from 1; by default the last place.", example: 1)
    }

    static let changes = InputSchema<ViewChanges>("ViewChanges", ViewChanges.init(name:layout:query:pinned:position:)) {
        filter("name", name, example: "This week")
        filter("layout", layout)
        filter("query", query)
        filter("pinned", .flag, example: true)
        filter("position", position, "Moves the view to this place; other views move on.")
    }
}
