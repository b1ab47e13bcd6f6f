// What a client that retries relies on (P9), and clients that race (P10).
import API
import Composition
import HTTPTypes
import Model
import Services
import Testing
import TestKit
import Wire

@Suite struct IdempotencyTests {
    private func create(_ title: String, _ key: String, _ person: Person, _ world: World, path: String = "/api/v1/tasks") async throws
        -> Reply
    {
        try await world.send(.post, path, as: person, json: ["title": .string(title)], headers: [("Idempotency-Key", key)])
    }

    @Test("the same key gives the first answer again, byte for byte, and nothing happens twice")
    func replay() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let first = try await create("A", "key-1", ada, world)
            #expect(first["Idempotency-Replayed"] == nil)
            try await world.send(.patch, try #require(first["Location"]), as: ada, json: ["title": "changed since"])
            let again = try await create("A", "key-1", ada, world)
            #expect(again["Idempotency-Replayed"] == "true")
            #expect(again.status == 201)
            #expect(again.body == first.body)
            #expect(again["Location"] == first["Location"])
            #expect(again["ETag"] == first["ETag"])
            #expect(try await world.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total") == 1)
        }
    }

    @Test("64 copies of each of 25 requests at once have one effect a key; late ones replay, early ones are told to wait")
    func parallel() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for key in 0..<25 {
                let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                    for _ in 0..<64 { group.addTask { try await create("T\(key)", "key-\(key)", ada, world) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let made = replies.filter { $0.status == 201 }
                let waiting = replies.filter { $0.status == 409 }
                #expect(made.count + waiting.count == 64)
                #expect(made.count { $0["Idempotency-Replayed"] == nil } == 1)
                #expect(Set(made.map(\.body)).count == 1)
                #expect(waiting.allSatisfy { $0.string("code") == "idempotency_in_progress" && $0["Retry-After"] != nil })
            }
            #expect(try await world.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total") == 25)
        }
    }

    @Test("the same key with another body is refused; keys of other people and of other operations are other keys")
    func scope() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let eve = try await world.person("eve")
            _ = try await create("A", "key-1", ada, world)
            let mismatch = try await create("B", "key-1", ada, world)
            #expect(mismatch.status == 422)
            #expect(mismatch.string("code") == "idempotency_key_reused")
            #expect(try await create("A", "key-1", eve, world)["Idempotency-Replayed"] == nil)
            let batch = try await world.send(
                .post, "/api/v1/tasks/batch", as: ada, json: ["action": "complete", "ids": [1]], headers: [("Idempotency-Key", "key-1")])
            #expect(batch.status == 200)
            for bad in ["", "a b", String(repeating: "k", count: 256)] {
                let reply = try await create("A", bad, ada, world)
                #expect(reply.status == 400 || bad.isEmpty, "\(bad)")
            }
        }
    }

    @Test("a final failure is remembered, and what it undid stays undone; a stored answer lives 24 hours")
    func failures() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            let restore = { (id: Int64) in
                try await world.send(.post, "/api/v1/tasks/\(id)/restore", as: ada, headers: [("Idempotency-Key", "key-1")])
            }
            let missing = try await restore(999)
            #expect(missing.status == 404)
            let again = try await restore(999)
            #expect(again.body == missing.body)
            #expect(again["Idempotency-Replayed"] == "true")
            #expect(try await restore(id).status == 422)
            world.clock.advance(by: .seconds(24 * 3600 + 1))
            let token = try await world.login(ada.email).string("access_token")
            let later = try await world.send(.post, "/api/v1/tasks/\(id)/restore", token: token, headers: [("Idempotency-Key", "key-1")])
            #expect(later.status == 200)
        }
    }

    @Test("a repeated login gives the same session, and the database cannot tell its tokens to who reads it")
    func secrets() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let login = {
                try await world.send(
                    .post, "/api/v1/auth/login", json: ["email": .string(ada.email), "password": .string(Person.password)],
                    headers: [("Idempotency-Key", "login-1")])
            }
            let first = try await login()
            #expect(try await login().body == first.body)
            let token = try #require(first.string("refresh_token"))
            let stored = try await world.storedTexts()
            #expect(stored.contains { $0.contains(ada.email) })
            for text in stored {
                #expect(!text.contains(token))
                #expect(!text.contains("login-1"))
            }
        }
    }

    @Test("what one visitor's cookie got is repeated to nobody behind the same address without it, nor to a page of another site")
    func cookies() async throws {
        try await World.run { world in
            let (ada, eve) = (try await world.person("ada"), try await world.person("eve"))
            let key = ("Idempotency-Key", "key-1")
            let cookie = { (token: String) in ("Cookie", "rt=\(token)") }
            for path in ["/api/v1/auth/refresh", "/api/v1/auth/logout"] {
                let session = try await world.login(ada.email)
                let owner = cookie(try #require(session.string("refresh_token")))
                let first = try await world.send(.post, path, headers: [key, owner])
                #expect(first.status < 300)
                let bare = try await world.send(.post, path, headers: [key])
                #expect(bare.status == 401, "\(path): \(bare.text)")
                #expect(bare["Set-Cookie"] == nil)
                let other = try await world.send(.post, path, headers: [key, cookie("guess")])
                #expect(other["Idempotency-Replayed"] == nil, "\(path)")
                if path.hasSuffix("refresh") { #expect(other.status == 401) }
                for site in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")] {
                    let foreign = try await world.send(.post, path, headers: [key, owner, site])
                    #expect(foreign.string("code") == "cross_site", "\(path)")
                }
                let again = try await world.send(.post, path, headers: [key, owner])
                #expect(again["Idempotency-Replayed"] == "true", "\(path)")
                #expect(again["Set-Cookie"] == first["Set-Cookie"])
            }
            // Somebody who logs out with a token, and somebody else behind the same address.
            let token = try #require(try await world.login(ada.email).string("access_token"))
            #expect(try await world.send(.post, "/api/v1/auth/logout", token: token, headers: [key]).status == 204)
            #expect(try await world.send(.post, "/api/v1/auth/logout", headers: [key]).status == 401)
            #expect(try await world.send(.post, "/api/v1/auth/logout", as: eve, headers: [key])["Idempotency-Replayed"] == nil)
            #expect(try await world.send(.get, "/api/v1/users/me", as: eve).status == 401, "she is logged out")
        }
    }

    @Test("an answer that shows a secret is repeated to the session that asked for it, and to no other of the same user")
    func shownOnce() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let other = ada.with(accessToken: try #require(try await world.login(ada.email).string("access_token")))
            let key = [("Idempotency-Key", "1")]
            let hook = try #require(
                try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "https://example.com/"]).int("id"))
            for (path, json) in [
                ("/api/v1/auth/tokens", ["name": "x", "scopes": ["tasks:read"]]), ("/api/v1/webhooks", ["url": "https://example.com/2"]),
                ("/api/v1/webhooks/\(hook)/rotate-secret", nil),
            ] as [(String, JSON?)] {
                let first = try await world.send(.post, path, as: ada, json: json, headers: key)
                #expect(first.status < 300)
                #expect(try await world.send(.post, path, as: ada, json: json, headers: key).body == first.body)
                let stranger = try await world.send(.post, path, as: other, json: json, headers: key)
                #expect(stranger["Idempotency-Replayed"] == nil, "\(path)")
                for secret in ["token", "secret"] where first.string(secret) != nil {
                    #expect(stranger.string(secret) != first.string(secret), "\(path)")
                }
            }
        }
    }

    @Test("a retry of what cannot be done twice gets the first answer: registration, password, set-up")
    func unrepeatable() async throws {
        try await World.run { world in
            let key = [("Idempotency-Key", "once")]
            let body: JSON = ["email": "ada@example.com", "password": .string(Person.password)]
            let first = try await world.send(.post, "/api/v1/auth/register", json: body, headers: key)
            let again = try await world.send(.post, "/api/v1/auth/register", json: body, headers: key)
            #expect(again.status == 201)
            #expect(again.body == first.body)
            let change: JSON = ["current_password": .string(Person.password), "new_password": "another long one"]
            for _ in 0..<2 {
                let reply = try await world.send(
                    .post, "/api/v1/auth/password", token: first.string("access_token"), json: change, headers: key)
                #expect(reply.status == 204)
            }
            let setup = JSON.object([]).with("token", .string(world.installation.rooms.setup.invite())).with("email", "root@example.com")
                .with("password", .string(Person.password))
            for _ in 0..<2 { #expect(try await world.send(.post, "/api/v1/setup", json: setup, headers: key).status == 201) }
        }
    }

    @Test("32 clients that change one task with If-Match lose nothing: as many successes as versions (P10)")
    func lostUpdates() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
                for client in 0..<32 {
                    group.addTask {
                        var statuses: [Int] = []
                        for round in 0..<10 {
                            let tag = try await world.send(.get, "/api/v1/tasks/\(id)", as: ada)["ETag"] ?? ""
                            let reply = try await world.send(
                                .patch, "/api/v1/tasks/\(id)", as: ada, json: ["title": .string("\(client)-\(round)")],
                                headers: [("If-Match", tag)])
                            statuses.append(reply.status)
                        }
                        return statuses
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let successes = statuses.count { $0 == 200 }
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 412 })
            #expect(successes >= 10)
            let task = try await world.send(.get, "/api/v1/tasks/\(id)", as: ada)
            #expect(task.int("version") == Int64(successes + 1))
            let history = try await world.send(.get, "/api/v1/tasks/\(id)/history?count=true&limit=1", as: ada)
            #expect(history.int("meta", "total") == Int64(successes + 1))
        }
    }
}
