// Several instances on one database are one server to their clients.
import API
import Composition
import HTTPTypes
import Model
import Services
import StoreCore
import Testing
import TestKit
import Wire

@Suite(.only(.postgres)) struct InstancesTests {
    private func run(_ test: @escaping @Sendable (_ a: World, _ b: World) async throws -> Void) async throws {
        try await World.run { a in try await a.withAnotherInstance { b in try await test(a, b) } }
    }

    /// All at once, every other one to the second instance.
    private func atOnce(
        _ count: Int, _ a: World, _ b: World, _ send: @escaping @Sendable (World, Int) async throws -> Reply
    ) async throws -> [Reply] {
        try await withThrowingTaskGroup(of: Reply.self) { group in
            for index in 0..<count { group.addTask { try await send(index % 2 == 0 ? a : b, index) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func status(_ world: World, _ path: String, _ person: Person) async throws -> Int {
        try await world.send(.get, path, as: person).status
    }

    // MARK: Once, and in order

    @Test("copies of a request that arrive at two instances at once have one effect and one answer (P9)")
    func once() async throws {
        try await run { a, b in
            let ada = try await a.person("ada")
            for key in 0..<10 {
                let replies = try await atOnce(24, a, b) { world, _ in
                    try await world.send(
                        .post, "/api/v1/tasks", as: ada, json: ["title": .string("T\(key)")], headers: [("Idempotency-Key", "key-\(key)")])
                }
                let made = replies.filter { $0.status == 201 }
                let waiting = replies.filter { $0.status == 409 }
                #expect(made.count + waiting.count == 24)
                #expect(made.count { $0["Idempotency-Replayed"] == nil } == 1)
                #expect(Set(made.map(\.body)).count == 1)
                #expect(waiting.allSatisfy { $0.string("code") == "idempotency_in_progress" && $0["Retry-After"] != nil })
                for world in [a, b] {
                    let late = try await world.send(
                        .post, "/api/v1/tasks", as: ada, json: ["title": .string("T\(key)")], headers: [("Idempotency-Key", "key-\(key)")])
                    #expect(late["Idempotency-Replayed"] == "true")
                    #expect(late.body == made.first?.body)
                }
            }
            #expect(try await b.send(.get, "/api/v1/tasks?count=true", as: ada).int("meta", "total") == 10)
        }
    }

    @Test("clients that change one task with If-Match over two instances lose nothing: as many successes as versions (P10)")
    func lostUpdates() async throws {
        try await run { a, b in
            let ada = try await a.person("ada")
            let id = try await a.task("A", of: ada)
            let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
                for client in 0..<16 {
                    group.addTask {
                        let world = client % 2 == 0 ? a : b
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
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 412 }, "\(statuses)")
            #expect(successes >= 10)
            for world in [a, b] {
                #expect(try await world.send(.get, "/api/v1/tasks/\(id)", as: ada).int("version") == Int64(successes + 1))
            }
        }
    }

    @Test("an e-mail address that is registered on two instances at once is registered once")
    func register() async throws {
        try await run { a, b in
            for round in 0..<5 {
                let replies = try await atOnce(2, a, b) { world, _ in
                    try await world.send(
                        .post, "/api/v1/auth/register",
                        json: ["email": .string("ada\(round)@example.com"), "password": .string(Person.password)])
                }
                #expect(replies.map(\.status).sorted() == [201, 409])
            }
        }
    }

    @Test("two instances that are both set up at once have one admin")
    func setup() async throws {
        try await run { a, b in
            let tokens = [a, b].map { $0.installation.rooms.setup.invite() }
            let replies = try await atOnce(8, a, b) { world, index in
                try await world.send(
                    .post, "/api/v1/setup",
                    json: [
                        "token": .string(tokens[index % 2]), "email": .string("root\(index)@example.com"),
                        "password": .string(Person.password),
                    ])
            }
            #expect(replies.count { $0.status == 201 } == 1)
            #expect(replies.count { $0.status == 409 } == 7)
            let root = try #require(replies.first { $0.status == 201 }?.string("access_token"))
            #expect(try await b.send(.get, "/api/v1/admin/users?role=admin", token: root).list("data").count == 1)
        }
    }

    @Test("of two admins that give up their role on two instances at once, one stays")
    func lastAdmin() async throws {
        try await run { a, b in
            let admins = [try await a.person("root", role: .admin), try await a.person("second", role: .admin)]
            for _ in 0..<5 {
                let replies = try await atOnce(2, a, b) { world, index in
                    try await world.send(.patch, "/api/v1/users/\(admins[index].id)", as: admins[index], json: ["role": "user"])
                }
                #expect(replies.map(\.status).sorted() == [200, 409])
                let refused = try #require(replies.first { $0.status == 409 })
                #expect(refused.string("code") == "last_admin")
                let stats = [try await status(a, "/api/v1/admin/stats", admins[0]), try await status(b, "/api/v1/admin/stats", admins[1])]
                let left = try #require(stats.firstIndex(of: 200))
                #expect(stats[1 - left] == 403)
                try await [a, b][left].send(.patch, "/api/v1/users/\(admins[1 - left].id)", as: admins[left], json: ["role": "admin"])
                await eventually(within: .seconds(1)) {
                    try await status([a, b][1 - left], "/api/v1/admin/stats", admins[1 - left]) == 200
                }
            }
        }
    }

    // MARK: Revocation

    @Test("what ends access on one instance ends it on the other within a second (P44)")
    func revocation() async throws {
        try await run { a, b in
            let root = try await a.person("root", role: .admin)
            let me = "/api/v1/users/me"
            let ends: [(String, @Sendable (Person) async throws -> Reply)] = [
                ("logout", { try await a.send(.post, "/api/v1/auth/logout", as: $0) }),
                ("everywhere", { try await a.send(.post, "/api/v1/auth/logout?all=true", as: $0) }),
                ("inactive", { try await a.send(.patch, "/api/v1/users/\($0.id)", as: root, json: ["is_active": false]) }),
                ("deleted", { try await a.send(.delete, "/api/v1/users/\($0.id)", as: root) }),
            ]
            for (name, end) in ends {
                let person = try await a.person(name)
                // Now the second instance remembers the token.
                #expect(try await status(b, me, person) == 200)
                #expect(try await end(person).status < 300, "\(name)")
                #expect(try await status(a, me, person) == 401, "\(name)")
                await eventually(within: .seconds(1)) { try await status(b, me, person) == 401 }
            }
        }
    }

    @Test("a role that changes on one instance counts on the other within a second, and for a change at once (P44)")
    func role() async throws {
        try await run { a, b in
            let root = try await a.person("root", role: .admin)
            let second = try await a.person("second", role: .admin)
            let eve = try await a.person("eve")
            #expect(try await status(b, "/api/v1/admin/stats", second) == 200)
            try await a.send(.patch, "/api/v1/users/\(second.id)", as: root, json: ["role": "user"])
            let change = try await b.send(.patch, "/api/v1/users/\(eve.id)", as: second, json: ["name": "Evil"])
            #expect([401, 403, 404].contains(change.status))
            await eventually(within: .seconds(1)) { try await status(b, "/api/v1/admin/stats", second) == 403 }
            try await a.send(.patch, "/api/v1/users/\(second.id)", as: root, json: ["role": "admin"])
            await eventually(within: .seconds(1)) { try await status(b, "/api/v1/admin/stats", second) == 200 }
        }
    }

    @Test("tabs that refresh over two instances at once stay logged in with the same successor (P43)")
    func grace() async throws {
        try await run { a, b in
            let ada = try await a.person("ada")
            let replies = try await atOnce(32, a, b) { world, _ in
                try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": .string(ada.refreshToken)])
            }
            #expect(replies.allSatisfy { $0.status == 200 })
            #expect(Set(replies.map { $0.string("refresh_token") }).count == 1)
        }
    }

    @Test("a refresh token that was stolen and comes back to another instance ends the session on both (P43)")
    func theft() async throws {
        try await run { a, b in
            let ada = try await a.person("ada")
            let refresh = { @Sendable (world: World, token: String?) in
                try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": token.map(JSON.string) ?? .null])
            }
            let second = try await refresh(a, ada.refreshToken)
            let third = try await refresh(b, second.string("refresh_token"))
            let access = try #require(third.string("access_token"))
            for world in [a, b] { #expect(try await world.send(.get, "/api/v1/users/me", token: access).status == 200) }
            let thieves = try await atOnce(16, a, b) { world, _ in try await refresh(world, ada.refreshToken) }
            #expect(Set(thieves.map(\.status)) == [401])
            #expect(thieves.contains { $0.string("code") == "refresh_token_reused" })
            for world in [a, b] {
                await eventually(within: .seconds(1)) { try await world.send(.get, "/api/v1/users/me", token: access).status == 401 }
                #expect(try await refresh(world, third.string("refresh_token")).status == 401)
            }
            let root = try await a.person("root", role: .admin)
            #expect(try await b.send(.get, "/api/v1/admin/audit?action=session.refresh_reused", as: root).list("data").count == 1)
        }
    }
}
