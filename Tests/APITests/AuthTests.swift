// What somebody who logs in relies on.
import API
import Composition
import HTTPTypes
import Model
import Services
import Testing
import TestKit
import Wire

@Suite struct AuthTests {
    private let password: JSON = .string(Person.password)

    @Test("registration gives a session; e-mail and username are taken whatever their case; roles are not for the asking")
    func register() async throws {
        try await World.run { world in
            let path = "/api/v1/auth/register"
            let first = try await world.send(.post, path, json: ["email": "Ada@Example.com", "password": password, "username": "Ada"])
            #expect(first.status == 201)
            #expect(first.string("user", "role") == "user")
            #expect(first.int("expires_in") == 900)
            #expect(
                try await world.send(.get, "/api/v1/users/me", token: first.string("access_token")).string("email") == "Ada@Example.com")
            let again = try await world.send(.post, path, json: ["email": "ADA@example.COM", "password": password])
            #expect(again.status == 409)
            #expect(again.string("code") == "email_taken")
            let name = try await world.send(.post, path, json: ["email": "b@example.com", "password": password, "username": "aDA"])
            #expect(name.string("code") == "username_taken")
            let role = try await world.send(.post, path, json: ["email": "c@example.com", "password": password, "role": "admin"])
            #expect(role.status == 400)
            #expect(role.string("errors", "0", "pointer") == "/role")
        }
    }

    @Test(
        "weak passwords are refused with a reason",
        arguments: [
            "short", "password123", "12345678", "aaaaaaaa", "abcdefghij", "ada.lovelace1", "my-taskflow-pw", "321drowssap", "QWERTYUIOP",
        ])
    func weakPasswords(weak: String) async throws {
        try await World.run { world in
            let reply = try await world.send(
                .post, "/api/v1/auth/register", json: ["email": "ada.lovelace@example.com", "password": .string(weak)])
            #expect(reply.status == 400)
            #expect(reply.string("errors", "0", "pointer") == "/password")
        }
    }

    @Test("a password of 128 characters of any script works, one of 129 is refused, and none is cut")
    func longPasswords() async throws {
        try await World.run { world in
            let long = String(repeating: "\u{e4}b字🔑", count: 32)
            let register = { (password: String) in
                try await world.send(.post, "/api/v1/auth/register", json: ["email": "ada@example.com", "password": .string(password)])
            }
            let tooLong = try await register(long + "x")
            #expect(tooLong.status == 400)
            #expect(try await register(long).status == 201)
            #expect(try await world.login("ada@example.com", password: long).status == 200)
            #expect(try await world.login("ada@example.com", password: String(long.dropLast())).status == 401)
        }
    }

    @Test("a password typed on a keyboard that composes its letters differently is the same password")
    func composedPasswords() async throws {
        try await World.run { world in
            let body: JSON = ["email": "ada@example.com", "password": "\u{e4}rger im b\u{fc}ro"]
            let registered = try await world.send(.post, "/api/v1/auth/register", json: body)
            #expect(registered.status == 201)
            #expect(try await world.login("ada@example.com", password: "a\u{308}rger im bu\u{308}ro").status == 200)
        }
    }

    @Test("login takes e-mail or username in any case, and says the same of a wrong password and an unknown account")
    func login() async throws {
        try await World.run { world in
            _ = try await world.person("ada")
            let attempt = { (body: JSON) in try await world.send(.post, "/api/v1/auth/login", json: body) }
            for body: JSON in [
                ["email": "ADA@example.com", "password": password], ["username": "aDa", "password": password],
                ["identifier": "ada", "password": password], ["identifier": "ada@EXAMPLE.com", "password": password],
            ] { #expect(try await attempt(body).status == 200) }
            let wrong = try await attempt(["email": "ada@example.com", "password": "not this one"])
            let unknown = try await attempt(["email": "nobody@example.com", "password": "not this one"])
            #expect(wrong.status == 401)
            #expect(wrong["WWW-Authenticate"] != nil)
            let withoutInstance = { (reply: Reply) in reply.json.with("instance", "") }
            #expect(withoutInstance(wrong) == withoutInstance(unknown))
            #expect(wrong.headers.map(\.name) == unknown.headers.map(\.name))
            #expect(try await attempt(["email": "ada@example.com", "username": "ada", "password": password]).status == 400)
            #expect(try await attempt(["password": password]).status == 400)
        }
    }

    @Test("an inactive account is told so only after the right password, and its tokens are worth nothing at once (P44)")
    func inactive() async throws {
        try await World.run { world in
            let dan = try await world.person("dan")
            let root = try await world.person("root", role: .admin)
            #expect(try await world.send(.get, "/api/v1/users/me", as: dan).status == 200)
            let personal = try await world.send(.post, "/api/v1/auth/tokens", as: dan, json: ["name": "x", "scopes": ["tasks:read"]])
            try await world.send(.patch, "/api/v1/users/\(dan.id)", as: root, json: ["is_active": false])
            #expect(try await world.send(.get, "/api/v1/users/me", as: dan).status == 401)
            #expect(try await world.login(dan.email, password: "not this one").status == 401)
            let inactive = try await world.login(dan.email)
            #expect(inactive.status == 403)
            #expect(inactive.string("code") == "account_inactive")
            let refresh = { try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": .string(dan.refreshToken)]) }
            #expect(try await refresh().status == 401)
            #expect(try await world.send(.get, "/api/v1/tasks", token: personal.string("token")).status == 401)
            try await world.send(.patch, "/api/v1/users/\(dan.id)", as: root, json: ["is_active": true])
            #expect(try await refresh().status == 401)
            #expect(try await world.send(.get, "/api/v1/tasks", token: personal.string("token")).status == 401)
            #expect(try await world.login(dan.email).status == 200)
        }
    }

    @Test("logging out ends the session's tokens at once, twice is no failure, and ?all ends every session (P44)")
    func logout() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let other = try #require(try await world.login(ada.email).string("access_token"))
            #expect(try await world.send(.post, "/api/v1/auth/logout", as: ada).status == 204)
            #expect(try await world.send(.get, "/api/v1/users/me", as: ada).status == 401)
            #expect(try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": .string(ada.refreshToken)]).status == 401)
            #expect(try await world.send(.post, "/api/v1/auth/logout", as: ada).status == 204)
            #expect(try await world.send(.post, "/api/v1/auth/logout").status == 401)
            #expect(try await world.send(.get, "/api/v1/users/me", token: other).status == 200)
            let third = try #require(try await world.login(ada.email).string("access_token"))
            #expect(try await world.send(.post, "/api/v1/auth/logout?all=true", token: other).status == 204)
            #expect(try await world.send(.get, "/api/v1/users/me", token: third).status == 401)
        }
    }

    @Test("who comes back too late still logs out, alone or everywhere, by token or cookie, as often as he likes")
    func lateLogout() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let isAlive = { (token: String) in
                try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": .string(token)]).status == 200
            }
            world.clock.advance(by: .seconds(3600))
            #expect(try await world.send(.post, "/api/v1/auth/logout", as: ada).status == 204)
            #expect(try await isAlive(ada.refreshToken) == false)
            let second = try await world.login(ada.email)
            let third = try await world.login(ada.email)
            world.clock.advance(by: .seconds(599))
            #expect(try await world.send(.post, "/api/v1/auth/logout?all=true", token: second.string("access_token")).status == 204)
            #expect(try await isAlive(third.string("refresh_token") ?? "") == false)
            let fourth = try await world.login(ada.email)
            let fifth = try await world.login(ada.email)
            let cookie = [("Cookie", "rt=\(fourth.string("refresh_token") ?? "")")]
            #expect(try await world.send(.post, "/api/v1/auth/logout?all=true", headers: cookie).status == 204)
            #expect(try await isAlive(fifth.string("refresh_token") ?? "") == false)
            let sixth = try await world.login(ada.email)
            let token = sixth.string("access_token")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 { group.addTask { try await world.send(.post, "/api/v1/auth/logout", token: token).status } }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(statuses == [204])
            #expect(try await world.send(.post, "/api/v1/auth/logout", token: "nonsense").status == 401)
        }
    }

    @Test("a demoted admin has lost the rights on the very next request, and a promoted user has them (P44)")
    func demotion() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let second = try await world.person("second", role: .admin)
            #expect(try await world.send(.get, "/api/v1/admin/stats", as: second).status == 200)
            try await world.send(.patch, "/api/v1/users/\(second.id)", as: root, json: ["role": "user"])
            #expect(try await world.send(.get, "/api/v1/admin/stats", as: second).status == 403)
            try await world.send(.patch, "/api/v1/users/\(second.id)", as: root, json: ["role": "admin"])
            #expect(try await world.send(.get, "/api/v1/admin/stats", as: second).status == 200)
        }
    }

    @Test("a new password ends every other session and every token, keeps this one, and needs the old one")
    func changePassword() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let other = try #require(try await world.login(ada.email).string("access_token"))
            let personal = try await world.send(.post, "/api/v1/auth/tokens", as: ada, json: ["name": "x", "scopes": ["tasks:read"]])
            let change = { (current: String, new: String) in
                try await world.send(
                    .post, "/api/v1/auth/password", as: ada, json: ["current_password": .string(current), "new_password": .string(new)])
            }
            #expect(try await change("not this one", "another long one").status == 400)
            #expect(try await change(Person.password, "password1").status == 400)
            #expect(try await change(Person.password, "another long one").status == 204)
            #expect(try await world.send(.get, "/api/v1/users/me", as: ada).status == 200)
            #expect(try await world.send(.get, "/api/v1/users/me", token: other).status == 401)
            #expect(try await world.send(.get, "/api/v1/tasks", token: personal.string("token")).status == 401)
            #expect(try await world.login(ada.email).status == 401)
            #expect(try await world.login(ada.email, password: "another long one").status == 200)
        }
    }

    @Test("sessions can be looked at and ended one by one, but only one's own")
    func sessions() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let eve = try await world.person("eve")
            let other = try await world.login(ada.email)
            let list = try await world.send(.get, "/api/v1/auth/sessions", as: ada)
            #expect(list.list("data").map { $0["current"] } == [false, true])
            let id = try #require(list.int("data", "0", "id"))
            #expect(try await world.send(.delete, "/api/v1/auth/sessions/\(id)", as: eve).status == 404)
            #expect(try await world.send(.delete, "/api/v1/auth/sessions/\(id)", as: ada).status == 204)
            #expect(try await world.send(.get, "/api/v1/users/me", token: other.string("access_token")).status == 401)
            #expect(try await world.send(.get, "/api/v1/auth/sessions", as: ada).list("data").count == 1)
        }
    }

    @Test("a personal access token does what its scopes say, is shown once, and ends when revoked or expired")
    func personalTokens() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let create = { (body: JSON) in try await world.send(.post, "/api/v1/auth/tokens", as: ada, json: body) }
            let made = try await create(["name": "reader", "scopes": ["tasks:read"]])
            #expect(made.status == 201)
            let reader = try #require(made.string("token"))
            #expect(reader.hasPrefix("tfp_"))
            #expect(try await world.send(.get, "/api/v1/auth/tokens", as: ada).at("data", "0", "token") == nil)
            #expect(try await world.send(.get, "/api/v1/tasks", token: reader).status == 200)
            #expect(try await world.send(.get, "/api/v1/users/me", token: reader).status == 200)
            let write = try await world.send(.post, "/api/v1/tasks", token: reader, json: ["title": "A"])
            #expect(write.status == 403)
            #expect(write.string("code") == "insufficient_scope")
            #expect(try await world.send(.get, "/api/v1/auth/sessions", token: reader).string("code") == "session_only")
            for path in ["/api/v1/auth/logout", "/api/v1/auth/logout?all=true"] {
                #expect(try await world.send(.post, path, token: reader).string("code") == "session_only")
            }
            #expect(try await world.send(.get, "/api/v1/auth/sessions", as: ada).list("data").count == 1)
            let writer = try await create([
                "name": "writer", "scopes": ["tasks:write"], "expires_at": .string((world.clock.now + .seconds(60)).description),
            ])
            #expect(try await world.send(.post, "/api/v1/tasks", token: writer.string("token"), json: ["title": "A"]).status == 201)
            world.clock.advance(by: .seconds(61))
            #expect(try await world.send(.get, "/api/v1/tasks", token: writer.string("token")).status == 401)
            let id = try #require(made.int("id"))
            #expect(try await world.send(.delete, "/api/v1/auth/tokens/\(id)", as: ada).status == 204)
            #expect(try await world.send(.get, "/api/v1/tasks", token: reader).status == 401)
            #expect(try await create(["name": "x", "scopes": ["admin"]]).status == 403)
            #expect(try await create(["name": "x", "scopes": ["tasks:read"], "expires_at": "2020-01-01T00:00:00Z"]).status == 400)
            for broken in [reader + "x", String(reader.dropLast()), "tfp_" + String(repeating: "a", count: 58), "tfp_"] {
                #expect(try await world.send(.get, "/api/v1/tasks", token: broken).status == 401)
            }
        }
    }

    @Test("the first admin is claimed once, with the token only, by one of many who try")
    func setup() async throws {
        try await World.run { world in
            let claim = { @Sendable (token: String, index: Int) in
                try await world.send(
                    .post, "/api/v1/setup",
                    json: ["token": .string(token), "email": .string("root\(index)@example.com"), "password": .string(Person.password)])
            }
            #expect(try await claim("guess", 0).status == 401)
            let expired = world.installation.rooms.setup.invite()
            world.clock.advance(by: SetupService.lifetime)
            #expect(try await claim(expired, 0).status == 401)
            let token = world.installation.rooms.setup.invite()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<12 { group.addTask { try await claim(token, index).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 201 } == 1)
            #expect(statuses.count { $0 == 409 } == 11)
            #expect(try await claim(token, 99).status == 409)
        }
    }

    @Test("the public keys are published, and nothing private with them")
    func keys() async throws {
        try await World.run { world in
            let reply = try await world.send(.get, "/.well-known/jwks.json")
            #expect(reply.list("keys").count == 1)
            #expect(reply.string("keys", "0", "crv") == "Ed25519")
            #expect(reply.at("keys", "0", "d") == nil)
        }
    }
}
