// Quick add over HTTP: by the habits and the people of the caller's account. The grammar itself is tested in ModelTests.
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct QuickAddServerTests {
    private func parse(_ text: String, _ person: Person, _ world: World) async throws -> Reply {
        try await world.send(.post, "/api/v1/tasks/parse", as: person, json: ["text": .string(text)])
    }

    @Test("a line becomes fields that make the task, and chips that count in UTF-16")
    func parse() async throws {
        try await World.run { world in
            let (ada, grace) = (try await world.person("ada"), try await world.person("grace"))
            let reply = try await parse("🎉 Pay rent tomorrow 5pm !high #home @Grace // by transfer", ada, world)
            #expect(reply.status == 200)
            let fields = try #require(reply.at("fields"))
            #expect(
                fields == [
                    "title": "🎉 Pay rent", "description": "by transfer", "priority": "high", "labels": ["home"],
                    "assignee_id": .int(grace.id), "due_at": "2026-11-21T17:00:00.000Z",
                ])
            #expect(reply.list("ranges").map { $0["kind"] } == ["due", "priority", "label", "assignee", "description"])
            #expect(reply.at("ranges", "0") == ["start": 12, "end": 24, "kind": "due", "text": "tomorrow 5pm"])
            #expect(reply.at("offered") == .null)
            #expect(reply.list("hints").isEmpty)
            let made = try await world.send(.post, "/api/v1/tasks", as: ada, json: fields)
            #expect(made.status == 201)
            #expect(made.string("due_at") == "2026-11-21T17:00:00.000Z")
            #expect(try await world.send(.get, "/api/v1/tasks", as: ada).list("data").count == 1, "reading makes no task")
        }
    }

    @Test("dates are meant as the account has its time zone, its order of dates and its first weekday")
    func habits() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            #expect(try await parse("Pay 1/2", ada, world).list("hints").count == 1)
            #expect(try await parse("Pay 17:00", ada, world).string("fields", "due_at") == "2026-11-20T17:00:00.000Z")
            #expect(try await parse("Pay next sunday", ada, world).string("fields", "due_on") == "2026-11-29")
            try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["time_zone": "Europe/Berlin"])
            try await world.send(
                .patch, "/api/v1/users/me/preferences", as: ada, json: ["date_order": "mdy", "first_weekday": "sunday"])
            #expect(try await parse("Pay 1/2", ada, world).string("fields", "due_on") == "2027-01-02")
            #expect(try await parse("Pay 17:00", ada, world).string("fields", "due_at") == "2026-11-20T16:00:00.000Z")
            #expect(try await parse("Pay next sunday", ada, world).string("fields", "due_on") == "2026-11-22")
        }
    }

    @Test("a name is one active person's, or it stays in the title with a hint")
    func people() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let (ada, dan) = (try await world.person("ada"), try await world.person("dan"))
            let (sam, pam) = (try await world.person("sam"), try await world.person("pam"))
            try await world.send(.patch, "/api/v1/users/\(dan.id)", as: root, json: ["is_active": false])
            try await world.send(.patch, "/api/v1/users/me", as: sam, json: ["name": "Åsa Lee"])
            let called = try await parse("Ask @\"asa lee\"", ada, world)
            #expect(called.int("fields", "assignee_id") == sam.id)
            #expect(try await parse("Ask @me", ada, world).int("fields", "assignee_id") == ada.id)
            try await world.send(.patch, "/api/v1/users/me", as: pam, json: ["name": "Asa Lee"])
            for (text, hint) in [
                ("Ask @\"asa lee\"", "several people are called asa lee"), ("Ask @dan", "nobody is called dan"),
                ("Ask @nobody", "nobody is called nobody"),
            ] {
                let reply = try await parse(text, ada, world)
                #expect(reply.string("fields", "title") == text)
                #expect(reply.list("hints") == [.string(hint)])
                #expect(reply.at("fields", "assignee_id") == nil)
            }
        }
    }

    @Test("a date in the middle is offered, and a text that is too long is refused")
    func offers() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let reply = try await parse("Fetch tomorrow the milk", ada, world)
            #expect(reply.at("offered") == ["start": 6, "end": 14, "due_on": "2026-11-21"])
            #expect(reply.at("fields") == ["title": "Fetch tomorrow the milk"])
            #expect(try await parse("", ada, world).status == 400)
            #expect(try await parse(String(repeating: "#\"a ", count: 5500), ada, world).status == 200)
            #expect(try await parse(String(repeating: "a", count: 22_001), ada, world).status == 400)
        }
    }
}
