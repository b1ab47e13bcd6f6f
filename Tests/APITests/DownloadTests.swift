// Links to files: good once, for a minute, for what their maker may see.
import Composition
import HTTPTypes
import Model
import StoreCore
import TestKit
import Testing
import Wire

@Suite struct DownloadTests {
    private static let export = "/api/v1/tasks/export?format=csv&status=pending"

    private func link(
        _ path: String = export, _ person: Person, _ world: World, token: String? = nil, headers: [(String, String)] = []
    ) async throws -> String {
        let reply = try await world.send(
            .post, "/api/v1/downloads", as: person, token: token, json: ["path": .string(path)], headers: headers)
        #expect(reply.status == 201)
        #expect(reply["Location"] == reply.string("url"))
        return try #require(reply.string("url"), "\(reply.text)")
    }

    @Test("a link gives the file once, without credentials, and nothing more")
    func once() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            _ = try await world.task("Mine", of: ada)
            _ = try await world.task("Not mine", of: bob)
            let url = try await link(Self.export, ada, world)
            #expect(try await world.storedTexts().allSatisfy { !$0.contains(String(url.suffix(43))) }, "its secret is not kept")
            let file = try await world.send(.get, url)
            #expect(file.status == 200)
            #expect(file["Content-Type"] == "text/csv; charset=utf-8")
            #expect(file["Content-Disposition"] == "attachment; filename=\"tasks.csv\"")
            #expect(file.text.contains("Mine") && !file.text.contains("Not mine"))
            #expect(try await world.send(.get, url).status == 404)
        }
    }

    @Test("a link leads to what came of a job, for whoever may see the job")
    func result() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let report = try await world.send(.post, "/api/v1/reports", as: ada, json: ["format": "csv"])
            let path = try #require(report["Location"]) + "/result"
            let body: JSON = ["path": .string(path)]
            #expect(try await world.send(.post, "/api/v1/downloads", as: ada, json: body).status == 404, "there is none yet")
            try await world.work()
            #expect(try await world.send(.post, "/api/v1/downloads", as: bob, json: body).status == 404)
            let file = try await world.send(.get, try await link(path, ada, world))
            #expect(file.status == 200)
            #expect(file.body == (try await world.send(.get, path, as: ada)).body)
        }
    }

    @Test("after a minute it is over")
    func expiry() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let (early, late) = (try await link(Self.export, ada, world), try await link(Self.export, ada, world))
            world.clock.advance(by: .seconds(59))
            #expect(try await world.send(.get, early).status == 200)
            world.clock.advance(by: .seconds(1))
            #expect(try await world.send(.get, late).status == 404)
            _ = try await link(Self.export, ada, world)
            let left = try await world.installation.store.read { try $0.value("SELECT count(*) FROM download_links", as: Int64.self) }
            #expect(left == 1, "what has expired is removed")
        }
    }

    @Test("it ends with the session or the token that made it")
    func ended() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let made = try await world.send(.post, "/api/v1/auth/tokens", as: ada, json: ["name": "x", "scopes": ["tasks:read"]])
            let token = try #require(made.string("token"))
            let good = try await link(Self.export, ada, world, token: token)
            #expect(try await world.send(.get, good).status == 200)
            let bad = try await link(Self.export, ada, world, token: token)
            try await world.send(.delete, "/api/v1/auth/tokens/\(try #require(made.int("id")))", as: ada)
            #expect(try await world.send(.get, bad).status == 404)
            let url = try await link(Self.export, ada, world)
            try await world.send(.post, "/api/v1/auth/logout", as: ada)
            #expect(try await world.send(.get, url).status == 404)
        }
    }

    @Test("whose rights have shrunk meanwhile gets what they may see now")
    func demoted() async throws {
        try await World.run { world in
            let (root, admin) = (try await world.person("root", role: .admin), try await world.person("admin", role: .admin))
            let url = try await link("/api/v1/tasks/export?scope=all", admin, world)
            try await world.send(.patch, "/api/v1/users/\(admin.id)", as: root, json: ["role": "user"])
            #expect(try await world.send(.get, url).status == 403)
        }
    }

    @Test("what is no file, or nothing for the caller, is refused when the link is asked for")
    func refused() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for (path, status) in [
                ("/api/v1/tasks", 400), ("/api/v1/admin/audit", 400), ("https://example.com/api/v1/tasks/export", 400), ("", 400),
                ("/api/v1/tasks/export/", 400), ("/api/v1/tasks/export?format=pdf", 400), ("/api/v1/jobs/x/result", 400),
                ("/api/v1/tasks/export?scope=all", 403), ("/api/v1/jobs/99/result", 404),
            ] {
                let reply = try await world.send(.post, "/api/v1/downloads", as: ada, json: ["path": .string(path)])
                #expect(reply.status == status, "\(path)")
                if status == 400 { #expect(reply.string("errors", "0", "pointer") == "/path", "\(path)") }
            }
            let format = try await world.send(
                .post, "/api/v1/downloads", as: ada, json: ["path": "/api/v1/tasks/export?format=pdf"])
            #expect(format.string("errors", "0", "detail") == "query:format must be one of csv, json, ics")
        }
    }

    @Test("an Idempotency-Key repeats the link to the session that asked for it")
    func repeated() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let key = [("Idempotency-Key", "one")]
            let url = try await link(Self.export, ada, world, headers: key)
            #expect(try await link(Self.export, ada, world, headers: key) == url)
        }
    }

    @Test("two who use one link at once: one gets the file")
    func race() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let url = try await link(Self.export, ada, world)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await world.send(.get, url).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + Array(repeating: 404, count: 7))
        }
    }
}
