// Which route a request belongs to, and what is said where there is none.
import HTTPServer
import HTTPTypes
import Testing

@Suite struct RouteTableTests {
    private static let table = RouteTable<Int>([
        .init(.get, "/", 0), .init(.get, "/tasks", 1), .init(.post, "/tasks", 2), .init(.get, "/tasks/stats", 3),
        .init(.get, "/tasks/{id}", 4),
        .init(.delete, "/tasks/{id}", 5), .init(.get, "/tasks/{id}/history", 6),
        .init(.post, "/hooks/{id}/deliveries/{delivery}/replay", 7),
        .init(.get, "/web/{version}/**", 8), .init(.get, "/docs", 9), .init(.get, "/docs/", 10),
    ])

    private func found(_ method: HTTPRequest.Method, _ path: String) -> String {
        switch Self.table.match(method, path[...]) {
        case .found(let value, let variables): ([String(value)] + variables.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
        case .otherMethod(let allowed): allowed
        case .none: "none"
        }
    }

    @Test(
        "a path finds its route and its variables",
        arguments: [
            (HTTPRequest.Method.get, "/", "0"), (.get, "/tasks", "1"), (.post, "/tasks", "2"), (.head, "/tasks", "1"),
            (.get, "/tasks/stats", "3"),
            (.get, "/tasks/7", "4 id=7"), (.delete, "/tasks/a%2fb", "5 id=a%2fb"), (.get, "/tasks/stats/history", "6 id=stats"),
            (.post, "/hooks/1/deliveries/2/replay", "7 id=1 delivery=2"), (.get, "/web/v/a/b.js", "8 version=v **=a/b.js"),
            (.get, "/docs", "9"),
            (.get, "/docs/", "10"),
        ])
    func routes(method: HTTPRequest.Method, path: String, route: String) { #expect(found(method, path) == route) }

    @Test(
        "another method of a known path learns which ones there are; a literal path hides the template that it also fits",
        arguments: [
            (HTTPRequest.Method.put, "/tasks", "GET, POST, HEAD, OPTIONS"), (.options, "/tasks", "GET, POST, HEAD, OPTIONS"),
            (.delete, "/tasks/stats", "GET, HEAD, OPTIONS"), (.head, "/hooks/1/deliveries/2/replay", "POST, OPTIONS"),
            (.post, "/web/v/a", "GET, HEAD, OPTIONS"),
        ])
    func methods(method: HTTPRequest.Method, path: String, allowed: String) { #expect(found(method, path) == allowed) }

    @Test(
        "an empty segment is a segment, and no variable takes it",
        arguments: [
            "", "*", "tasks", "//", "//tasks", "/tasks/", "/tasks//history", "/web/v", "/web/v/", "/web/v//a", "/web/v/a/", "/web//a",
            "/docs//",
        ])
    func nothing(path: String) { #expect(found(.get, path) == "none") }
}
