// What callers are told of limits, and whom they hold back.
import API
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct RateLimitTests {
    private func options(_ limits: String, _ arguments: [String] = []) -> World.Options {
        var options = World.Options()
        options.limits = RateLimits(limits)
        options.arguments = arguments
        return options
    }

    @Test("a user may send so many requests a window, is told what is left, and then when to come back")
    func general() async throws {
        try await World.run(options("default=3/60,login=100/60")) { world in
            let ada = try await world.person("ada")
            let eve = try await world.person("eve")
            for left in [2, 1, 0] {
                let reply = try await world.send(.get, "/api/v1/tasks", as: ada)
                #expect(reply.status == 200)
                #expect(reply["RateLimit-Policy"] == "\"default\";q=3;w=60")
                #expect(reply["RateLimit"] == "\"default\";r=\(left);t=60")
            }
            world.clock.advance(by: .seconds(20))
            let refused = try await world.send(.get, "/api/v1/tasks", as: ada)
            #expect(refused.status == 429)
            #expect(refused["Retry-After"] == "40")
            #expect(refused["RateLimit"] == "\"default\";r=0;t=40")
            #expect(try await world.send(.get, "/api/v1/tasks", as: eve).status == 200)
            world.clock.advance(by: .seconds(40))
            #expect(try await world.send(.get, "/api/v1/tasks", as: ada).status == 200)
        }
    }

    @Test("a 304 is free")
    func free() async throws {
        try await World.run(options("default=3/60,login=100/60")) { world in
            let ada = try await world.person("ada")
            let id = try await world.task("A", of: ada)
            for _ in 0..<10 {
                let reply = try await world.send(.get, "/api/v1/tasks/\(id)", as: ada, headers: [("If-None-Match", "\"1\"")])
                #expect(reply.status == 304)
                #expect(reply["RateLimit"] == "\"default\";r=2;t=60")
            }
        }
    }

    @Test("guesses at one account are held back wherever they come from, whatever the spelling, the right one included")
    func account() async throws {
        try await World.run(options("login=5/60", ["--taskflow-trusted-proxies", "127.0.0.1"])) { world in
            _ = try await world.send(
                .post, "/api/v1/auth/register", json: ["email": "ada@example.com", "password": .string(Person.password)])
            let guess = { (index: Int, password: String) in
                try await world.send(
                    .post, "/api/v1/auth/login",
                    json: ["email": index % 2 == 0 ? "ada@example.com" : "ADA@example.com", "password": .string(password)],
                    headers: [("X-Forwarded-For", "192.0.2.\(index)")])
            }
            var early: [Int] = []
            for index in 0..<5 { early.append(try await guess(index, "not this one").status) }
            #expect(early == [401, 401, 401, 401, 401])
            let held = try await guess(6, Person.password)
            #expect(held.status == 429)
            #expect(held["Retry-After"] != nil)
            world.clock.advance(by: .seconds(61))
            #expect(try await guess(7, Person.password).status == 200)
        }
    }

    @Test("an account has one count, however it is named, and its password cannot be guessed with a session either")
    func oneCount() async throws {
        try await World.run(options("login=5/60,default=1000/60", ["--taskflow-trusted-proxies", "127.0.0.1"])) { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(61))
            var statuses: [Int] = []
            for index in 0..<6 {
                let name: JSON = index % 2 == 0 ? ["email": .string(ada.email)] : ["username": "ada"]
                let reply = try await world.send(
                    .post, "/api/v1/auth/login", json: name.with("password", "not this one"),
                    headers: [("X-Forwarded-For", "192.0.2.\(index)")])
                statuses.append(reply.status)
            }
            #expect(statuses == [401, 401, 401, 401, 401, 429])
            world.clock.advance(by: .seconds(61))
            statuses = []
            for _ in 0..<6 {
                let body: JSON = ["current_password": "not this one", "new_password": "another long one"]
                statuses.append(try await world.send(.post, "/api/v1/auth/password", as: ada, json: body).status)
            }
            #expect(statuses == [400, 400, 400, 400, 400, 429])
        }
    }

    @Test("one address may try five logins a minute, a whole IPv6 site counts as one, and a forged header does not help")
    func address() async throws {
        try await World.run(options("login=5/60", ["--taskflow-trusted-proxies", "127.0.0.1"])) { world in
            let attempt = { (address: String, index: Int) in
                try await world.send(
                    .post, "/api/v1/auth/login", json: ["email": .string("u\(index)@example.com"), "password": "not this one"],
                    headers: [("X-Forwarded-For", address)])
            }
            var early: [Int] = []
            for index in 0..<5 { early.append(try await attempt("1.1.1.\(index), 192.0.2.1", index).status) }
            #expect(early == [401, 401, 401, 401, 401])
            #expect(try await attempt("9.9.9.9, 192.0.2.1", 6).status == 429)
            #expect(try await attempt("192.0.2.2", 7).status == 401)
            for index in 10..<15 { #expect(try await attempt("2001:db8::\(index)", index).status == 401) }
            #expect(try await attempt("2001:db8::ffff", 20).status == 429)
            #expect(try await attempt("2001:db8:0:1::1", 21).status == 401)
        }
    }

    @Test("without trusted proxies X-Forwarded-For is ignored")
    func untrusted() async throws {
        try await World.run(options("login=5/60")) { world in
            var last = 0
            for index in 0..<6 {
                last = try await world.send(
                    .post, "/api/v1/auth/login", json: ["email": .string("u\(index)@example.com"), "password": "not this one"],
                    headers: [("X-Forwarded-For", "192.0.2.\(index)")]
                ).status
            }
            #expect(last == 429)
        }
    }

    @Test("who searches for paths that are not there is held back by address")
    func unknownPaths() async throws {
        try await World.run(options("default=4/60")) { world in
            var statuses: [Int] = []
            for index in 0..<6 { statuses.append(try await world.client.send(.get, "/cgi-bin/\(index).php").status) }
            #expect(statuses == [404, 404, 404, 404, 429, 429])
        }
    }

    @Test("guesses at tokens are counted against the address that makes them")
    func tokens() async throws {
        try await World.run(options("default=4/60")) { world in
            var statuses: [Int] = []
            for index in 0..<6 { statuses.append(try await world.send(.get, "/api/v1/tasks", token: "guess\(index)").status) }
            #expect(statuses == [401, 401, 401, 401, 429, 429])
        }
    }
}

@Suite struct RateLimiterTests {
    private let limit = RateLimit("login", count: 5, seconds: 60)

    private func address(_ text: String) -> RateSubject { .address(IPAddress(text)) }

    @Test("One IPv6 /48 that fills the table holds back itself: no other network, no user, no account")
    func oneNetwork() throws {
        let limiter = RateLimiter(clock: ManualClock().wallClock, capacity: 1000)
        for site in 0..<3000 {
            for _ in 0..<6 { _ = limiter.take(limit, address("2001:db8:1:\(String(site, radix: 16))::1")) }
        }
        #expect(!limiter.take(limit, address("2001:db8:1:bb9::1")).isAllowed)
        for other in ["2001:db8:2::1", "2001:db9::1", "192.0.2.1", "198.51.100.1"] {
            #expect(limiter.take(limit, address(other)).isAllowed, "\(other)")
        }
        #expect(limiter.take(limit, .user(ID(1))).isAllowed)
        #expect(limiter.take(limit, .account("account 1")).isAllowed)
    }

    @Test("However many networks and names come, a newcomer is counted alone")
    func manyNetworks() throws {
        let limiter = RateLimiter(clock: ManualClock().wallClock, capacity: 100)
        for network in 0..<1000 {
            for _ in 0..<6 { _ = limiter.take(limit, address("10.\(network / 250).\(network % 250).1")) }
            for _ in 0..<6 { _ = limiter.take(limit, .account("email:\(network)")) }
            for _ in 0..<6 { _ = limiter.take(limit, .user(ID(Int64(network)))) }
        }
        #expect(limiter.take(limit, address("192.0.2.1")).remaining == 4)
        #expect(limiter.take(limit, .account("account 1")).remaining == 4)
        #expect(limiter.take(limit, .user(ID(5000))).remaining == 4)
    }

    @Test("A full table forgets the windows that have ended")
    func sweep() throws {
        let clock = ManualClock()
        let limiter = RateLimiter(clock: clock.wallClock, capacity: 10)
        for host in 0..<10 { _ = limiter.take(limit, address("192.0.2.\(host)")) }
        clock.advance(by: .seconds(61))
        for _ in 0..<5 { _ = limiter.take(limit, address("192.0.2.100")) }
        #expect(limiter.take(limit, address("192.0.2.101")).isAllowed)
    }
}
