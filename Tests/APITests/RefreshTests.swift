// What a client that stays logged in relies on, and what a thief of its token gets (P43).
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct RefreshTests {
    private func refresh(_ token: String?, _ world: World) async throws -> Reply {
        try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": token.map(JSON.string) ?? .null])
    }

    private func isAlive(_ reply: Reply, _ world: World) async throws -> Bool {
        try await world.send(.get, "/api/v1/users/me", token: reply.string("access_token")).status == 200
    }

    @Test("each refresh gives new tokens; the old access token lives on until it expires")
    func rotation() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let second = try await refresh(ada.refreshToken, world)
            #expect(second.status == 200)
            #expect(second.string("refresh_token") != ada.refreshToken)
            let third = try await refresh(second.string("refresh_token"), world)
            #expect(try await isAlive(third, world))
            #expect(try await world.send(.get, "/api/v1/users/me", as: ada).status == 200)
            world.clock.advance(by: .seconds(901))
            let expired = try await world.send(.get, "/api/v1/users/me", as: ada)
            #expect(expired.string("code") == "token_expired")
        }
    }

    @Test("64 tabs that refresh at once, and a client that lost the answer, stay logged in with the same successor")
    func grace() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<64 { group.addTask { try await refresh(ada.refreshToken, world) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.allSatisfy { $0.status == 200 })
            #expect(Set(replies.map { $0.string("refresh_token") }).count == 1)
            world.clock.advance(by: .seconds(9))
            #expect(try await refresh(ada.refreshToken, world).string("refresh_token") == replies[0].string("refresh_token"))
            let next = try await refresh(replies[0].string("refresh_token"), world)
            #expect(next.status == 200)
        }
    }

    @Test("a token used again after the grace is theft: the whole family ends, access tokens included, and it is recorded")
    func parentAfterGrace() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let root = try await world.person("root", role: .admin)
            let second = try await refresh(ada.refreshToken, world)
            world.clock.advance(by: .seconds(11))
            let theft = try await refresh(ada.refreshToken, world)
            #expect(theft.status == 401)
            #expect(theft.string("code") == "refresh_token_reused")
            #expect(try await isAlive(second, world) == false)
            #expect(try await refresh(second.string("refresh_token"), world).status == 401)
            #expect(try await world.send(.get, "/api/v1/admin/audit?action=session.refresh_reused", as: root).list("data").count == 1)
            #expect(try await world.login(ada.email).status == 200)
        }
    }

    @Test("the grandparent is theft even within the grace")
    func grandparent() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let second = try await refresh(ada.refreshToken, world)
            let third = try await refresh(second.string("refresh_token"), world)
            #expect(try await refresh(ada.refreshToken, world).string("code") == "refresh_token_reused")
            #expect(try await isAlive(third, world) == false)
        }
    }

    @Test("64 thieves that replay the grandparent at once end the family once")
    func parallelTheft() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let root = try await world.person("root", role: .admin)
            let second = try await refresh(ada.refreshToken, world)
            _ = try await refresh(second.string("refresh_token"), world)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<64 { group.addTask { try await refresh(ada.refreshToken, world).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(statuses) == [401])
            #expect(try await world.send(.get, "/api/v1/admin/audit?action=session.refresh_reused", as: root).list("data").count == 1)
        }
    }

    @Test("a session ends after 7 days without a refresh, and after 30 days in any case")
    func lifetimes() async throws {
        try await World.run { world in
            let idle = try await world.person("ada")
            world.clock.advance(by: Session.refreshLifetime)
            #expect(try await refresh(idle.refreshToken, world).string("code") == "invalid_refresh_token")

            var token = try await world.login(idle.email).string("refresh_token")
            for _ in 0..<4 {
                world.clock.advance(by: .seconds(6 * 86_400))
                token = try await refresh(token, world).string("refresh_token")
                #expect(token != nil)
            }
            world.clock.advance(by: .seconds(6 * 86_400))
            #expect(try await refresh(token, world).status == 401)
        }
    }

    @Test("an access token is no refresh token, nor the other way round, nor is nonsense either")
    func confusion() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            #expect(try await refresh(String(ada.accessToken.prefix(200)), world).status == 401)
            #expect(try await refresh("nonsense", world).status == 401)
            #expect(try await world.send(.get, "/api/v1/users/me", token: ada.refreshToken).status == 401)
            #expect(try await world.send(.post, "/api/v1/auth/refresh").status == 401)
        }
    }

    // MARK: Cookies

    @Test("with transport cookie the refresh token is only in an HttpOnly, SameSite=Strict cookie that rotates and is cleared")
    func cookie() async throws {
        try await World.run { world in
            _ = try await world.person("ada")
            let login = try await world.send(
                .post, "/api/v1/auth/login",
                json: ["email": "ada@example.com", "password": .string(Person.password), "transport": "cookie"])
            #expect(login.at("refresh_token") == nil)
            let cookie = try #require(login["Set-Cookie"])
            #expect(
                cookie.hasPrefix("rt=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"))
            let pair = String(cookie.prefix { $0 != ";" })
            let refreshed = try await world.send(.post, "/api/v1/auth/refresh", headers: [("Cookie", "a=b; \(pair)")])
            #expect(refreshed.status == 200)
            #expect(refreshed.at("refresh_token") == nil)
            let next = String(try #require(refreshed["Set-Cookie"]).prefix { $0 != ";" })
            #expect(next != pair)
            let out = try await world.send(.post, "/api/v1/auth/logout", headers: [("Cookie", next)])
            #expect(out.status == 204)
            #expect(out["Set-Cookie"]?.contains("Max-Age=0") == true)
            #expect(try await world.send(.post, "/api/v1/auth/refresh", headers: [("Cookie", next)]).status == 401)
        }
    }

    @Test("over HTTPS the cookie is Secure and has the __Host- prefix")
    func secureCookie() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-trusted-proxies", "127.0.0.1"]
        try await World.run(options) { world in
            _ = try await world.person("ada")
            let login = try await world.send(
                .post, "/api/v1/auth/login",
                json: ["email": "ada@example.com", "password": .string(Person.password), "transport": "cookie"],
                headers: [("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.1")])
            let cookie = try #require(login["Set-Cookie"])
            #expect(cookie.hasPrefix("__Host-rt=") && cookie.contains("; Secure"))
        }
    }

    @Test(
        "a page of another site cannot use the cookie",
        arguments: [
            ([("Sec-Fetch-Site", "same-origin")], 200), ([("Sec-Fetch-Site", "none")], 200), ([("Sec-Fetch-Site", "cross-site")], 403),
            ([("Sec-Fetch-Site", "same-site")], 403), ([("Origin", "https://evil.example")], 403), ([("Origin", "null")], 403),
            ([("Sec-Fetch-Site", "cross-site"), ("Origin", "https://app.example.com")], 200), ([], 200),
        ] as [([(String, String)], Int)])
    func crossSite(headers: [(String, String)], expected: Int) async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-cors-origins", "https://app.example.com"]
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            let reply = try await world.send(
                .post, "/api/v1/auth/refresh", headers: headers + [("Cookie", "rt=\(ada.refreshToken)")])
            #expect(reply.status == expected)
        }
    }
}
