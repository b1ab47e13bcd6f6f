// What clients rely on that send back what they have read, stand behind a proxy, or spell things in their own way.
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct ClientTests {
    // MARK: Versions

    @Test("The version that a compressing proxy has marked is the same version", arguments: ["W/\"1\"", "\"1-gzip\"", "W/\"1-br\""])
    func proxiedTags(tag: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let path = "/api/v1/tasks/\(try await world.task("A", of: ada))"
            #expect(try await world.send(.get, path, as: ada, headers: [("If-None-Match", tag)]).status == 304)
            #expect(try await world.send(.patch, path, as: ada, json: ["title": "B"], headers: [("If-Match", tag)]).status == 200)
            let late = try await world.send(.patch, path, as: ada, json: ["title": "C"], headers: [("If-Match", tag)])
            #expect(late.status == 412)
            #expect(try await world.send(.get, path, as: ada, headers: [("If-None-Match", tag)]).status == 200)
        }
    }

    @Test("A condition that is none is refused, so that nobody changes blindly what was meant to be guarded")
    func malformedTags() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let path = "/api/v1/tasks/\(try await world.task("A", of: ada))"
            for tag in ["", " ", ",", "1", "W/1", "\"1", "1\"", "\"1\" \"2\"", "*, \"1\"", "w/\"1\"", "\"a b\"", "\"1\", x"] {
                let change = try await world.send(.patch, path, as: ada, json: ["title": "B"], headers: [("If-Match", tag)])
                #expect(change.status == 400, "\(tag)")
                #expect(change.string("errors", "0", "pointer") == "header:If-Match", "\(tag)")
                let read = try await world.send(.get, path, as: ada, headers: [("If-None-Match", tag)])
                #expect(read.status == 400, "\(tag)")
                #expect(read.string("errors", "0", "pointer") == "header:If-None-Match", "\(tag)")
            }
            #expect(try await world.send(.get, path, as: ada).string("title") == "A")
        }
    }

    @Test("A condition may stand in several fields, with empty elements, and a comma may be part of a tag")
    func listedTags() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let path = "/api/v1/tasks/\(try await world.task("A", of: ada))"
            for headers in [[("If-None-Match", "\"9\""), ("If-None-Match", "\"1\"")], [("If-None-Match", ", \"a,b\",, \"1\" ,")]] {
                #expect(try await world.send(.get, path, as: ada, headers: headers).status == 304)
            }
            #expect(try await world.send(.patch, path, as: ada, json: ["title": "B"], headers: [("If-Match", "\"a,1\"")]).status == 412)
        }
    }

    // MARK: Whole things

    @Test("A task that was read can be sent back whole, with a changed field or without; what only the server sets must be as it is")
    func wholeTask() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task(
                "A", of: ada,
                ["assignee_id": .int(bob.id), "labels": ["x"], "due_at": "2030-01-01T09:00:00Z", "status": "completed", "description": "d"])
            let path = "/api/v1/tasks/\(id)"
            let read = try await world.send(.get, path, as: ada).json
            for method in [HTTPRequest.Method.put, .patch] {
                let same = try await world.send(method, path, as: ada, json: read)
                #expect(same.status == 200, "\(same.text)")
                #expect(same.json == read)
            }
            let renamed = try await world.send(.put, path, as: ada, json: read.with("title", "B"))
            #expect(renamed.string("title") == "B")
            #expect(renamed.int("version") == 2)
            let stale = try await world.send(.put, path, as: ada, json: read.with("title", "C"))
            #expect(stale.status == 400)
            #expect(Set(stale.list("errors").compactMap { $0["pointer"] }).isSuperset(of: ["/version"]))
            for (field, value) in [
                ("id", .int(id + 1)), ("owner_id", .int(bob.id)), ("created_at", "2020-01-01T00:00:00Z"), ("version", "2"),
                ("completed_at", .null), ("version", .null),
            ] as [(String, JSON)] {
                let reply = try await world.send(.put, path, as: ada, json: renamed.json.with(field, value))
                #expect(reply.status == 400, "\(field)")
                #expect(reply.list("errors").map { $0["pointer"] } == [.string("/\(field)")], "\(reply.text)")
            }
            #expect(try await world.send(.patch, path, as: ada, json: ["colour": "red", "version": 2]).status == 400)
            #expect(try await world.send(.get, path, as: ada).json == renamed.json)
        }
    }

    @Test("A task that is due on a day can be sent back whole")
    func wholeDay() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let path = "/api/v1/tasks/\(try await world.task("A", of: ada, ["due_on": "2030-01-01"]))"
            let read = try await world.send(.get, path, as: ada).json
            let same = try await world.send(.put, path, as: ada, json: read)
            #expect(same.status == 200, "\(same.text)")
            #expect(same.json == read)
        }
    }

    @Test("The same moment in another spelling is the same")
    func otherSpelling() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let path = "/api/v1/tasks/\(try await world.task("A", of: ada))"
            let read = try await world.send(.get, path, as: ada)
            let time = try #require(read.string("created_at"))
            let other = time.replacing("Z", with: "000+00:00")
            #expect(try await world.send(.patch, path, as: ada, json: ["created_at": .string(other), "title": "B"]).status == 200)
        }
    }

    @Test("An account can be sent back whole by its owner and by an admin, and nobody gets a right in that way")
    func wholeAccount() async throws {
        try await World.run { world in
            let (root, ada) = (try await world.person("root", role: .admin), try await world.person("ada"))
            let path = "/api/v1/users/\(ada.id)"
            try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["email": "new@example.com", "name": "Ada"])
            let read = try await world.send(.get, path, as: ada)
            #expect(read.string("pending_email") == "new@example.com")
            for (method, path, person) in [
                (HTTPRequest.Method.patch, "/api/v1/users/me", ada), (.put, path, ada), (.patch, path, ada), (.put, path, root),
            ] {
                let same = try await world.send(method, path, as: person, json: read.json)
                #expect(same.status == 200, "\(same.text)")
                #expect(same.json == read.json)
            }
            #expect(try await world.send(.put, path, as: ada, json: read.json.with("role", "admin")).string("code") == "admin_only")
            #expect(try await world.send(.put, path, as: ada, json: read.json.with("is_active", false)).string("code") == "admin_only")
            let own = try await world.send(.patch, "/api/v1/users/me", as: ada, json: read.json.with("role", "admin"))
            #expect(own.status == 400)
            #expect(own.string("errors", "0", "pointer") == "/role")
            let verified = try await world.send(.put, path, as: root, json: read.json.with("email_verified", false))
            #expect(verified.string("errors", "0", "pointer") == "/email_verified")
            #expect(try await world.send(.get, path, as: ada).json == read.json)
        }
    }

    @Test("A webhook and the switches for mails can be sent back whole")
    func wholeWebhook() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let made = try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "https://example.com/"])
            let path = "/api/v1/webhooks/\(try #require(made.int("id")))"
            let read = try await world.send(.get, path, as: ada).json
            let changed = try await world.send(.patch, path, as: ada, json: read.with("events", ["task.created"]))
            #expect(changed.status == 200, "\(changed.text)")
            #expect(changed.at("events") == ["task.created"])
            let refused = try await world.send(.patch, path, as: ada, json: changed.json.with("scope", "all"))
            #expect(refused.string("errors", "0", "pointer") == "/scope")
            let switches = try await world.send(.get, "/api/v1/users/me/notifications", as: ada).json
            #expect(try await world.send(.patch, "/api/v1/users/me/notifications", as: ada, json: switches).json == switches)
        }
    }

    @Test("A merge patch is a partial update: null clears, and the media type says so")
    func mergePatch() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let path = "/api/v1/tasks/\(try await world.task("A", of: ada, ["description": "d"]))"
            let type = ("Content-Type", "application/merge-patch+json; charset=utf-8")
            let reply = try await world.send(.patch, path, as: ada, body: Array(#"{"description":null}"#.utf8), headers: [type])
            #expect(reply.status == 200)
            #expect(reply.at("description") == .null)
            #expect(reply.string("title") == "A")
            let other = ("Content-Type", "application/json-patch+json")
            #expect(try await world.send(.patch, path, as: ada, body: Array("{}".utf8), headers: [other]).status == 415)
        }
    }

    // MARK: Spellings

    @Test("A time with an offset may stand in a query as it is", arguments: ["+01:00", "%2B01:00", "%2b01:00"])
    func plus(offset: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("A", of: ada, ["due_at": "2030-01-01T00:30:00+01:00"])
            _ = try await world.task("B", of: ada, ["due_at": "2029-12-31T22:30:00Z"])
            let reply = try await world.send(.get, "/api/v1/tasks?due_after=2030-01-01T00:00:00\(offset)", as: ada)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.list("data").map { $0["title"] } == ["A"])
            #expect(try await world.send(.get, "/api/v1/tasks?due_after=2030-01-01T00:00:00.5\(offset)", as: ada).status == 200)
        }
    }

    @Test("In a body a blank is no plus")
    func blankOffset() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let reply = try await world.send(
                .post, "/api/v1/tasks", as: ada, json: ["title": "A", "due_at": "2030-01-01T00:00:00 01:00"])
            #expect(reply.status == 400)
        }
    }

    @Test(
        "What shows nothing is no title, label or name, wherever it is given", arguments: ["\u{a0}", "\u{200b}\u{200d}", "\u{1}\u{3000}"])
    func unseen(text: String) async throws {
        try await World.run { world in
            let (root, ada) = (try await world.person("root", role: .admin), try await world.person("ada"))
            let task = try await world.task("A", of: ada)
            let name = JSON.string(text)
            let account: JSON = ["email": "bob@example.com", "password": "a long enough one", "name": name]
            let requests: [(HTTPRequest.Method, String, Person?, JSON, String)] = [
                (.post, "/api/v1/tasks", ada, ["title": name], "/title"),
                (.post, "/api/v1/tasks", ada, ["title": "A", "labels": [name]], "/labels/0"),
                (.put, "/api/v1/tasks/\(task)", ada, ["title": name], "/title"),
                (.patch, "/api/v1/tasks/\(task)", ada, ["labels": [name]], "/labels/0"),
                (
                    .post, "/api/v1/tasks/batch", ada, ["action": "update", "ids": [.int(task)], "changes": ["title": name]],
                    "/changes/title"
                ),
                (.post, "/api/v1/auth/register", nil, account, "/name"), (.post, "/api/v1/users", root, account, "/name"),
                (.patch, "/api/v1/users/me", ada, ["name": name], "/name"),
                (.put, "/api/v1/users/\(ada.id)", root, ["name": name], "/name"),
                (.post, "/api/v1/auth/tokens", ada, ["name": name, "scopes": ["tasks:read"]], "/name"),
            ]
            for (method, path, person, json, pointer) in requests {
                let reply = try await world.send(method, path, as: person, json: json)
                #expect(reply.status == 400, "\(path)")
                #expect(reply.string("errors", "0", "pointer") == pointer, "\(path)")
            }
            let query = try await world.send(.get, "/api/v1/tasks?label=\(percentEncoded(text))", as: ada)
            #expect(query.string("errors", "0", "pointer") == "query:label/0")
        }
    }

    @Test("A browser that names itself with blanks has no name")
    func namelessDevice() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let login = try await world.send(
                .post, "/api/v1/auth/login", json: ["email": .string(ada.email), "password": .string(Person.password)],
                headers: [("User-Agent", "\u{200b}")])
            let sessions = try await world.send(.get, "/api/v1/auth/sessions", token: login.string("access_token"))
            #expect(sessions.list("data").first { $0["current"] == true }?["device"] == .null)
        }
    }

    // MARK: Proxies and pages

    @Test("The address of a client is understood with brackets and ports, and kept without them")
    func forwarded() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-trusted-proxies", "127.0.0.1"]
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            for (header, address) in [
                ("203.0.113.7", "203.0.113.7"), ("203.0.113.7:4711", "203.0.113.7"), ("[2001:db8::1]:443", "2001:db8::1"),
                ("[2001:db8::1]", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"), ("198.51.100.9, 203.0.113.7:80", "203.0.113.7"),
                ("203.0.113.7, 127.0.0.1:5000", "203.0.113.7"), ("203.0.113.7:99999", "127.0.0.1"), ("[203.0.113.7]:80", "127.0.0.1"),
                ("[2001:db8::1", "127.0.0.1"), ("[2001:db8::1]443", "127.0.0.1"), ("203.0.113.7:", "127.0.0.1"), ("unknown", "127.0.0.1"),
            ] {
                let login = try await world.send(
                    .post, "/api/v1/auth/login", json: ["email": .string(ada.email), "password": .string(Person.password)],
                    headers: [("X-Forwarded-For", header)])
                let sessions = try await world.send(.get, "/api/v1/auth/sessions", token: login.string("access_token"))
                #expect(sessions.list("data").first { $0["current"] == true }?["address"] == .string(address), "\(header)")
            }
        }
    }

    @Test("A page of another origin may read streams, and the names of files")
    func pages() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-cors-origins", "https://app.example.com"]
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            let origin = ("Origin", "https://app.example.com")
            let preflight = try await world.send(
                .options, "/api/v1/events",
                headers: [
                    origin, ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "cache-control,last-event-id"),
                ])
            let allowed = preflight["Access-Control-Allow-Headers"]?.split(separator: ", ").map { $0.lowercased() } ?? []
            #expect(Set(allowed).isSuperset(of: ["cache-control", "last-event-id"]))
            let file = try await world.send(.get, "/api/v1/tasks/export?format=csv", as: ada, headers: [origin])
            #expect(file["Content-Disposition"] != nil)
            #expect(file["Access-Control-Expose-Headers"]?.split(separator: ", ").contains("Content-Disposition") == true)
        }
    }
}
