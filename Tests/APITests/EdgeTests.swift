// What every answer has in common, and what bad input gets.
import API
import Composition
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct EdgeTests {
    @Test("bad bodies get a precise 4xx, change nothing, and the server goes on")
    func badBodies() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let post = { @Sendable (body: [UInt8], type: String) in
                try await world.send(.post, "/api/v1/tasks", as: ada, body: body, headers: [("Content-Type", type)])
            }
            let deep = Array(repeating: UInt8(ascii: "["), count: 50_000)
            let cases: [([UInt8], String, Int)] = [
                (Array("{\"title\":\"a\"".utf8), "application/json", 400), (Array("".utf8), "application/json", 400),
                (Array("null".utf8), "application/json", 400), (Array("[]".utf8), "application/json", 400),
                (deep, "application/json", 400), (Array("{\"title\":\"".utf8) + [0xff, 0xfe] + Array("\"}".utf8), "application/json", 400),
                (Array("{\"title\":\"a\\u0000b\"}".utf8), "application/json", 400),
                (Array("{\"title\":\"\\ud800\"}".utf8), "application/json", 400),
                (Array("{\"title\":\"a\",\"title\":\"b\"}".utf8), "application/json", 400),
                (Array("{\"title\":\"a\",\"assignee_id\":92233720368547758080}".utf8), "application/json", 400),
                (Array("{\"title\":\"a\"}".utf8), "text/plain", 415),
                (Array("{\"title\":\"a\"}".utf8), "application/json; charset=latin1", 415),
                (Array("title=a".utf8), "application/x-www-form-urlencoded", 415),
                (Array(repeating: 0x61, count: 10_000_000), "application/json", 413),
            ]
            for (body, type, status) in cases {
                let reply = try await post(body, type)
                #expect(reply.status == status, "\(String(decoding: body.prefix(60), as: UTF8.self)): \(reply.text.prefix(200))")
            }
            let zipped = try await world.send(
                .post, "/api/v1/tasks", as: ada, body: [1, 2, 3],
                headers: [("Content-Type", "application/json"), ("Content-Encoding", "gzip")])
            #expect(zipped.status == 415)
            #expect(try await world.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total") == 0)
        }
    }

    @Test(
        "SQL, HTML and control characters are text like any other: stored as sent, given back as sent",
        arguments: ["'; DROP TABLE tasks; --", "<script>alert(1)</script>", "\" OR \"\"=\"", "a\tb\nc", "{{7*7}}", "\u{202e}evil", "🇩🇪👨‍👩‍👧‍👦"])
    func hostileTexts(text: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task(
                text, of: ada,
                ["description": .string(text), "labels": ["x\(text.filter { !$0.isWhitespace })x".prefix(50).description].json])
            let read = try await world.send(.get, "/api/v1/tasks/\(id)", as: ada)
            #expect(read.string("title") == text)
            #expect(read.string("description") == text)
            #expect(read["Content-Type"] == "application/json")
            #expect(read["X-Content-Type-Options"] == "nosniff")
            #expect(try await world.send(.get, "/api/v1/tasks", as: ada).list("data").count == 1)
        }
    }

    @Test("nobody sets what is not theirs to set: columns of the schema in a body are refused")
    func massAssignment() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            for field in ["id", "owner_id", "created_at", "updated_at", "version", "completed_at", "deleted_at", "title_key"] {
                let reply = try await world.send(.patch, "/api/v1/tasks/\(id)", as: ada, json: JSON.object([]).with(field, 77))
                #expect(reply.string("errors", "0", "pointer") == "/\(field)")
            }
            for field in ["id", "password_hash", "role", "is_active", "version", "email_key", "deleted_at"] {
                #expect(try await world.send(.patch, "/api/v1/users/me", as: ada, json: JSON.object([]).with(field, 77)).status == 400)
            }
            for field in ["role", "is_active"] {
                let value: JSON = field == "role" ? "admin" : false
                #expect(
                    try await world.send(.patch, "/api/v1/users/\(ada.id)", as: ada, json: JSON.object([]).with(field, value)).status == 403
                )
            }
            #expect(try await world.send(.get, "/api/v1/users/me", as: ada).string("role") == "user")
        }
    }

    @Test("every answer has a request id and the security headers, errors included")
    func headers() async throws {
        try await World.run { world in
            for path in ["/healthz", "/api/v1/tasks", "/nothing/here", "/docs", "/api/v1/openapi.json"] {
                let reply = try await world.send(.get, path)
                for header in [
                    "X-Request-Id", "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
                    "Cache-Control",
                ] {
                    #expect(reply[header] != nil, "\(path) \(header)")
                }
                #expect(reply["Server"] == nil)
                #expect(reply["Strict-Transport-Security"] == nil)
            }
            let named = try await world.send(.get, "/healthz", headers: [("X-Request-Id", "abc-123")])
            #expect(named["X-Client-Request-Id"] == "abc-123")
            #expect(named["X-Request-Id"]?.count == 24)
            for insane in ["a b", String(repeating: "a", count: 65), "<script>", ""] {
                #expect(try await world.send(.get, "/healthz", headers: [("X-Request-Id", insane)])["X-Client-Request-Id"] == nil)
            }
        }
    }

    @Test("another method of a known path is 405 with Allow, OPTIONS tells the same, an unknown path is 404")
    func methods() async throws {
        try await World.run { world in
            for endpoint in world.server.endpoints {
                let path = endpoint.operation.path.replacing(/\{[a-z_]+\}/, with: "1")
                let trace = try await world.send(.trace, path)
                #expect(trace.status == 405, "\(path)")
                #expect(trace["Allow"]?.contains(endpoint.operation.method.rawValue) == true)
                let options = try await world.send(.options, path)
                #expect(options.status == 204)
                #expect(options["Allow"] == trace["Allow"])
            }
            #expect(try await world.send(.delete, "/api/v1/tasks/stats")["Allow"] == "GET, HEAD, OPTIONS")
            #expect(try await world.send(.get, "/api/v2/tasks").string("code") == "not_found")
            #expect(try await world.send(.init("PROPFIND") ?? .get, "/api/v1/tasks").status == 405)
            #expect(try await world.send(.init("FROBNICATE") ?? .get, "/api/v1/tasks").status == 400)
        }
    }

    @Test("pages of listed origins may use the API, others get no permission")
    func crossOrigin() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-cors-origins", "https://app.example.com"]
        try await World.run(options) { world in
            let ask = { (origin: String) in
                try await world.send(
                    .options, "/api/v1/tasks", headers: [("Origin", origin), ("Access-Control-Request-Method", "POST")])
            }
            let listed = try await ask("https://app.example.com")
            #expect(listed.status == 204)
            #expect(listed["Access-Control-Allow-Origin"] == "https://app.example.com")
            #expect(listed["Access-Control-Allow-Headers"]?.contains("Idempotency-Key") == true)
            for other in ["https://evil.example", "null", "https://app.example.com.evil.example", "http://app.example.com"] {
                let reply = try await ask(other)
                #expect(reply["Access-Control-Allow-Origin"] == nil)
                #expect(reply["Vary"] == "Origin")
            }
            let error = try await world.send(.get, "/api/v1/tasks", headers: [("Origin", "https://app.example.com")])
            #expect(error.status == 401)
            #expect(error["Access-Control-Allow-Origin"] == "https://app.example.com")
        }
    }

    @Test("the last active admin cannot be demoted, deactivated or deleted, not even by two at once")
    func lastAdmin() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            for json: JSON in [["role": "user"], ["is_active": false]] {
                #expect(try await world.send(.patch, "/api/v1/users/\(root.id)", as: root, json: json).string("code") == "last_admin")
            }
            #expect(try await world.send(.delete, "/api/v1/users/\(root.id)", as: root).status == 409)
            let second = try await world.person("second", role: .admin)
            async let first = world.send(.patch, "/api/v1/users/\(second.id)", as: root, json: ["role": "user"])
            async let other = world.send(.patch, "/api/v1/users/\(root.id)", as: second, json: ["role": "user"])
            let statuses = try await [first.status, other.status].sorted()
            #expect(statuses.first == 200)
            #expect(statuses != [200, 200])
        }
    }

    @Test("people are found by username and name, never by address")
    func peopleSearch() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.person("grace")
            let find = { (text: String) in try await world.send(.get, "/api/v1/users/search?q=\(text)", as: ada).list("data").count }
            #expect(try await find("GRA") == 1)
            #expect(try await find("example.com") == 0)
            #expect(try await find("%25") == 0)
        }
    }

    @Test("a deleted account frees its address, leaves its tasks, and gives back what it was assigned")
    func deletedAccount() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let bob = try await world.person("bob")
            let root = try await world.person("root", role: .admin)
            let given = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            let own = try await world.task("B", of: bob)
            let trashed = try await world.task("C", of: ada, ["assignee_id": .int(bob.id)])
            try await world.send(.delete, "/api/v1/tasks/\(trashed)", as: ada)
            #expect(try await world.send(.delete, "/api/v1/users/\(bob.id)", as: bob).status == 204)
            #expect(try await world.send(.get, "/api/v1/users/me", as: bob).status == 401)
            #expect(try await world.send(.get, "/api/v1/tasks/\(given)", as: ada).at("assignee_id") == .null)
            let restored = try await world.send(.post, "/api/v1/tasks/\(trashed)/restore", as: ada)
            #expect(restored.status == 200)
            #expect(restored.at("assignee_id") == .null)
            let audit = try await world.send(.get, "/api/v1/admin/audit?subject=user&subject_id=\(bob.id)", as: root)
            #expect(!audit.text.contains(bob.email))
            #expect(try await world.send(.get, "/api/v1/tasks/\(own)", as: root).int("owner_id") == bob.id)
            #expect(try await world.send(.get, "/api/v1/users/\(bob.id)", as: root).status == 404)
            let again = try await world.send(
                .post, "/api/v1/auth/register",
                json: ["email": .string(bob.email), "username": "bob", "password": .string(Person.password)])
            #expect(again.status == 201)
        }
    }
}

extension [String] {
    fileprivate var json: JSON { .array(map(JSON.string)) }
}
