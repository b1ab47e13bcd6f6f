// Guesses at passwords, names and addresses: what they are counted under, and whom they do not keep out.
import API
import Composition
import HTTPTypes
import Model
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct GuessTests {
    private func run(_ limits: String, _ test: @escaping @Sendable (World) async throws -> Void) async throws {
        var options = World.Options()
        options.limits = RateLimits(limits)
        options.arguments = ["--taskflow-trusted-proxies", "127.0.0.1"]
        try await World.run(options, test)
    }

    private func login(
        _ email: String, _ password: String, _ world: World, from address: String, device: String? = nil, _ fields: JSON = [:],
        headers: [(String, String)] = []
    ) async throws -> Reply {
        try await world.send(
            .post, "/api/v1/auth/login", json: fields.with("email", .string(email)).with("password", .string(password)),
            headers: [("X-Forwarded-For", address)] + (device.map { [("Cookie", $0)] } ?? []) + headers)
    }

    private func cookies(_ reply: Reply) -> [String] {
        reply.headers[values: .setCookie].map { String($0.prefix { $0 != ";" }) }
    }

    private func deviceCookie(_ reply: Reply) -> String? { cookies(reply).first { $0.hasPrefix("device=") } }

    /// The cookie of a browser that has logged in.
    private func device(of email: String, _ world: World, from address: String = "198.51.100.1") async throws -> String {
        let reply = try await login(email, Person.password, world, from: address, headers: [("Sec-Fetch-Site", "same-origin")])
        return try #require(deviceCookie(reply), "\(reply.text)")
    }

    private func burn(_ email: String, _ world: World) async throws {
        for index in 0..<5 { _ = try await login(email, "not this one", world, from: "192.0.2.\(index)") }
    }

    @Test("Strangers who guess wrong do not keep the owner's device out, and nobody else gains by its cookie")
    func knownDevice() async throws {
        try await run("login=5/60") { world in
            let (ada, eve) = (try await world.person("ada"), try await world.person("eve"))
            world.clock.advance(by: .seconds(61))
            let known = try await device(of: ada.email, world)
            let eves = try await device(of: eve.email, world)
            world.clock.advance(by: .seconds(61))
            try await burn(ada.email, world)
            #expect(try await login(ada.email, Person.password, world, from: "198.51.100.2").status == 429)
            let renamed = known.replacing("device=\(ada.id).", with: "device=\(eve.id).")
            for useless in [eves, known + "A", renamed, "device=1.x.1.9999999999.AAAA"] {
                #expect(try await login(ada.email, Person.password, world, from: "198.51.100.3", device: useless).status == 429)
            }
            let mine = try await login(ada.email, Person.password, world, from: "198.51.100.2", device: known)
            #expect(mine.status == 200)
            // The device has a count of its own, of the same size; the good log-in was the first of it.
            var statuses: [Int] = []
            for index in 0..<5 {
                statuses.append(try await login(ada.email, "not this one", world, from: "203.0.113.\(index)", device: known).status)
            }
            #expect(statuses == [401, 401, 401, 401, 429])
        }
    }

    @Test("All known devices of an account together have a limit too, so that many cookies are not many guesses")
    func manyDevices() async throws {
        try await run("login=2/60,default=1000/60") { world in
            let ada = try await world.person("ada")
            var devices: [String] = []
            for index in 0..<6 {
                world.clock.advance(by: .seconds(61))
                devices.append(try await device(of: ada.email, world, from: "198.51.100.\(index)"))
            }
            world.clock.advance(by: .seconds(61))
            var statuses: [Int] = []
            for round in 0..<2 {
                for (index, device) in devices.enumerated() {
                    let reply = try await login(ada.email, "not this one", world, from: "203.0.113.\(round * 6 + index)", device: device)
                    statuses.append(reply.status)
                }
            }
            #expect(statuses.count { $0 == 401 } == 8)
            #expect(statuses.suffix(4) == [429, 429, 429, 429])
        }
    }

    @Test("Somebody's own cookie does not let an address guess at more accounts than without")
    func otherAccounts() async throws {
        try await run("login=5/60,default=1000/60") { world in
            let eve = try await world.person("eve")
            world.clock.advance(by: .seconds(61))
            let own = try await device(of: eve.email, world)
            world.clock.advance(by: .seconds(61))
            var statuses: [Int] = []
            for index in 0..<7 {
                statuses.append(try await login("u\(index)@example.com", "not this one", world, from: "192.0.2.1", device: own).status)
            }
            #expect(statuses == [401, 401, 401, 401, 401, 429, 429])
        }
    }

    @Test("The cookie is HttpOnly, SameSite=Strict and for a year; programs get none; over TLS it has the __Host- prefix")
    func attributes() async throws {
        try await run("login=100/60") { world in
            let ada = try await world.person("ada")
            let program = try await login(ada.email, Person.password, world, from: "192.0.2.1")
            #expect(cookies(program).isEmpty)
            let transport = try await login(ada.email, Person.password, world, from: "192.0.2.1", ["transport": "cookie"])
            #expect(cookies(transport).map { String($0.prefix { $0 != "=" }) } == ["rt", "device"])
            let attributes = try #require(transport.headers[values: .setCookie].last)
            #expect(attributes.hasSuffix("; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"))
            let secure = try await login(
                ada.email, Person.password, world, from: "192.0.2.1",
                headers: [("Sec-Fetch-Site", "same-origin"), ("X-Forwarded-Proto", "https")])
            #expect(secure["Set-Cookie"]?.hasPrefix("__Host-device=") == true)
            #expect(secure["Set-Cookie"]?.hasSuffix("; Secure") == true)
            let cookie = ("Cookie", try #require(deviceCookie(transport)))
            #expect(try await world.send(.get, "/api/v1/users/me", headers: [cookie]).status == 401)
        }
    }

    @Test("A log-out ends the session and leaves the device known")
    func logout() async throws {
        try await run("login=5/60,default=1000/60") { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(61))
            let session = try await login(ada.email, Person.password, world, from: "198.51.100.1", ["transport": "cookie"])
            let known = try #require(deviceCookie(session))
            let jar = cookies(session).joined(separator: "; ")
            let out = try await world.send(.post, "/api/v1/auth/logout", headers: [("Cookie", jar)])
            #expect(out.status == 204)
            #expect(cookies(out) == ["rt="])
            #expect(out["Clear-Site-Data"] == nil)
            world.clock.advance(by: .seconds(61))
            try await burn(ada.email, world)
            #expect(try await login(ada.email, Person.password, world, from: "198.51.100.1", device: known).status == 200)
        }
    }

    @Test("The cookie ends with a password change and after a year; a device keeps its name from one log-in to the next")
    func end() async throws {
        try await run("login=5/60,default=1000/60") { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(61))
            let first = try await device(of: ada.email, world)
            let again = try await login(
                ada.email, Person.password, world, from: "198.51.100.1", device: first, headers: [("Sec-Fetch-Site", "none")])
            let name = { (cookie: String) in cookie.split(separator: ".")[1] }
            #expect(name(try #require(deviceCookie(again))) == name(first))
            world.clock.advance(by: .seconds(61))
            let token = again.string("access_token")
            let body: JSON = ["current_password": .string(Person.password), "new_password": "another long one"]
            #expect(try await world.send(.post, "/api/v1/auth/password", token: token, json: body).status == 204)
            try await burn(ada.email, world)
            #expect(try await login(ada.email, "another long one", world, from: "198.51.100.1", device: first).status == 429)
            world.clock.advance(by: .seconds(61))
            let renewed = try await login(
                ada.email, "another long one", world, from: "198.51.100.1", headers: [("Sec-Fetch-Site", "none")])
            let second = try #require(deviceCookie(renewed))
            world.clock.advance(by: .seconds(365 * 86_400))
            try await burn(ada.email, world)
            #expect(try await login(ada.email, "another long one", world, from: "198.51.100.1", device: second).status == 429)
        }
    }

    @Test("Log-in, reset and registration are guesses at one account, by its address or its username, from wherever")
    func oneCount() async throws {
        try await run("login=5/60,default=1000/60") { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(61))
            let password = JSON.string(Person.password)
            let requests: [(String, JSON)] = [
                ("login", ["username": "ada", "password": "not this one"]),
                ("login", ["email": .string(ada.email), "password": "not this one"]),
                ("password-reset", ["email": .string(ada.email)]), ("register", ["email": "ADA@example.com", "password": password]),
                ("register", ["email": "new@example.com", "username": "ADA", "password": password]),
            ]
            for (index, (path, json)) in requests.enumerated() {
                let reply = try await world.send(
                    .post, "/api/v1/auth/\(path)", json: json, headers: [("X-Forwarded-For", "192.0.2.\(index)")])
                #expect(reply.status != 429, "\(path)")
            }
            for (index, (path, json)) in requests.enumerated() {
                let reply = try await world.send(
                    .post, "/api/v1/auth/\(path)", json: json, headers: [("X-Forwarded-For", "203.0.113.\(index)")])
                #expect(reply.status == 429, "\(path)")
            }
        }
    }

    @Test("A session that guesses at its own password has five tries a minute, whichever way, and strangers take none of them")
    func sessions() async throws {
        try await run("login=5/60,default=1000/60") { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(61))
            try await burn(ada.email, world)
            let wrong: JSON = "not this one"
            let requests: [(HTTPRequest.Method, String, JSON)] = [
                (.post, "/api/v1/auth/reauthenticate", ["password": wrong]),
                (.post, "/api/v1/auth/password", ["current_password": wrong, "new_password": "another long one"]),
                (.patch, "/api/v1/users/me", ["name": "A", "current_password": wrong]),
                (.put, "/api/v1/users/\(ada.id)", ["name": "A", "current_password": wrong]),
                (.post, "/api/v1/auth/reauthenticate", ["password": wrong]), (.post, "/api/v1/auth/reauthenticate", ["password": wrong]),
            ]
            var statuses: [Int] = []
            for (method, path, json) in requests { statuses.append(try await world.send(method, path, as: ada, json: json).status) }
            #expect(statuses == [400, 400, 400, 400, 400, 429])
        }
    }

    @Test("Naming a username or an address in one's own account is a guess at what is taken; a name and a time zone are not")
    func names() async throws {
        try await run("login=5/60,default=1000/60") { world in
            let (ada, eve) = (try await world.person("ada"), try await world.person("eve"))
            world.clock.advance(by: .seconds(61))
            let patch = { (path: String, json: JSON) in
                try await world.send(.patch, path, as: eve, json: json, headers: [("X-Forwarded-For", "192.0.2.1")]).status
            }
            var statuses: [Int] = []
            for index in 0..<6 {
                let json: JSON = index % 2 == 0 ? ["username": .string(ada.username)] : ["email": .string(ada.email)]
                let path = index % 3 == 0 ? "/api/v1/users/\(eve.id)" : "/api/v1/users/me"
                statuses.append(try await patch(path, json))
            }
            #expect(statuses == [409, 409, 409, 409, 409, 429])
            #expect(try await patch("/api/v1/users/me", ["name": "Eve", "time_zone": "Europe/Berlin"]) == 200)
            #expect(try await login("x@example.com", "not this one", world, from: "192.0.2.1").status == 429, "the address counts, too")
        }
    }
}
