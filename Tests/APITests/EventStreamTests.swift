// Server-sent events: resumable, bounded, and over when the reader's access is.
import API
import Composition
import HTTPServer
import HTTPTypes
import Live
import Model
import NIOCore
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct EventStreamTests {
    private func quick(_ change: (inout World.Options) -> Void = { _ in }) -> World.Options {
        var options = World.Options()
        options.following.heartbeat = .milliseconds(200)
        change(&options)
        return options
    }

    @Test("a stream begins now, brings changes as they are made, and its head keeps proxies from holding it back")
    func follow() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await world.task("old", of: ada)
            try await world.installation.sealer.sealAll()
            try await world.follow(as: ada) { stream in
                #expect(stream.status == 200)
                #expect(stream.headers[.contentType] == "text/event-stream")
                #expect(stream.headers[.cacheControl] == "no-store")
                let first = try #require(await stream.next())
                #expect(first.id != nil && first.name == nil)
                let id = try await world.task("A", of: ada)
                let change = try #require(await stream.change())
                #expect(change.name == "task.created")
                #expect(change.data["task"]?["id"] == .int(id))
                #expect(change.data["cursor"] == change.id.map { .string($0) })
                try await world.send(.patch, "/api/v1/tasks/\(id)", as: ada, json: ["title": "B\nC"])
                #expect(await stream.change()?.data["task"]?["title"] == "B\nC")
            }
        }
    }

    @Test("who was cut off goes on behind the last event, also when none had come yet")
    func resume() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let begin = try await world.follow(as: ada) { stream in
                _ = await stream.next()
                return stream.lastID
            }
            let first = try await world.task("A", of: ada)
            let second = try await world.task("B", of: ada)
            let middle = try await world.follow(as: ada, after: begin) { stream in
                #expect(await stream.change()?.data["task_id"] == .int(first))
                return stream.lastID
            }
            try await world.follow("/api/v1/events?since=0", as: ada, after: middle) { stream in
                #expect(await stream.change()?.data["task_id"] == .int(second))
            }
            try await world.follow("/api/v1/events?since=0", as: ada) { stream in
                #expect(await stream.change()?.data["task_id"] == .int(first))
            }
            for (path, id) in [("/api/v1/events", "99-1"), ("/api/v1/events", "x"), ("/api/v1/events?since=7-7", nil)] {
                #expect(try await world.follow(path, as: ada, after: id) { $0.status } == 400)
            }
        }
    }

    @Test("a silent stream shows signs of life, for longer than a connection may be idle")
    func heartbeat() async throws {
        let options = quick {
            $0.deadlines.idle = .seconds(3)
            $0.deadlines.response = .seconds(3)
        }
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            try await world.follow(as: ada) { stream in
                var beats = 0
                while beats < 18, let event = await stream.next() { beats += event.isHeartbeat ? 1 : 0 }
                #expect(beats == 18)
                let id = try await world.task("A", of: ada)
                #expect(await stream.change()?.data["task_id"] == .int(id))
            }
        }
    }

    @Test("a stream ends when its session, its account or its access token does", arguments: ["logout", "deactivated", "expired", "token"])
    func revoked(how: String) async throws {
        try await World.run(quick()) { world in
            let root = try await world.person("root", role: .admin)
            var ada = try await world.person("ada")
            let session = ada
            var tokenID: Int64 = 0
            if how == "token" {
                let made = try await world.send(.post, "/api/v1/auth/tokens", as: ada, json: ["name": "x", "scopes": ["tasks:read"]])
                tokenID = try #require(made.int("id"))
                ada = ada.with(accessToken: try #require(made.string("token")))
            }
            try await world.follow(as: ada) { [ada, tokenID] stream in
                _ = await stream.next()
                switch how {
                case "logout": try await world.send(.post, "/api/v1/auth/logout", as: ada)
                case "deactivated": try await world.send(.patch, "/api/v1/users/\(ada.id)", as: root, json: ["is_active": false])
                case "token": try await world.send(.delete, "/api/v1/auth/tokens/\(tokenID)", as: session)
                default: world.clock.advance(by: .seconds(901))
                }
                #expect(await stream.change() == nil)
            }
            await eventually { world.installation.rooms.hub.count == 0 }
        }
    }

    @Test("who loses a task is told so and learns nothing more of it")
    func removal() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task("A", of: ada, ["assignee_id": .int(bob.id)])
            try await world.follow("/api/v1/events?since=0", as: bob) { stream in
                #expect(await stream.change()?.name == "task.created")
                try await world.send(.patch, "/api/v1/tasks/\(id)", as: ada, json: ["assignee_id": .null])
                let lost = try #require(await stream.change())
                #expect(lost.name == "task.removed")
                #expect(lost.data["task"] == .null)
                try await world.send(.patch, "/api/v1/tasks/\(id)", as: ada, json: ["title": "secret"])
                let other = try await world.task("B", of: bob)
                #expect(await stream.change()?.data["task_id"] == .int(other))
            }
        }
    }

    @Test("a user has so many streams and an instance so many; one that is closed makes room at once, and HEAD takes none")
    func limits() async throws {
        let options = quick {
            $0.following.perUser = 2
            $0.following.total = 3
        }
        try await World.run(options) { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            for _ in 0..<5 { #expect(try await world.send(.head, "/api/v1/events", as: ada).status == 200) }
            try await world.follow(as: ada) { first in
                _ = await first.next()
                try await world.follow(as: ada) { second in
                    _ = await second.next()
                    let refused = try await world.send(.get, "/api/v1/events", as: ada)
                    #expect(refused.status == 429)
                    #expect(refused["Retry-After"] != nil)
                    try await world.follow(as: bob) { third in
                        _ = await third.next()
                        let full = try await world.send(.get, "/api/v1/events", as: bob)
                        #expect(full.status == 503)
                    }
                }
                await eventually(within: .seconds(2)) { world.installation.rooms.hub.count == 1 }
            }
        }
    }

    @Test("a client that does not take its bytes is cut, and can go on later")
    func slow() async throws {
        let options = quick {
            $0.deadlines.response = .milliseconds(300)
            $0.following.heartbeat = .seconds(15)
        }
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            let text = String(repeating: "ä", count: 20_000)
            for index in 0..<10 { _ = try await world.task("T\(index)", of: ada, ["description": .string(text)]) }
            let head =
                "GET /api/v1/events?since=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(ada.accessToken)\r\n\r\n"
            let socket = try await SilentReader(port: world.port, sending: head)
            await eventually { world.installation.rooms.hub.count == 1 }
            for round in 0..<40 where world.installation.rooms.hub.count == 1 {
                _ = try await world.send(
                    .post, "/api/v1/tasks/batch", as: ada,
                    json: ["action": "update", "ids": .array((1...10).map { .int($0) }), "changes": ["title": .string("R\(round)")]])
            }
            await eventually { world.installation.rooms.hub.count == 0 }
            withExtendedLifetime(socket) {}
        }
    }

    @Test("a stop ends the streams at once")
    func drain() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let hub = world.installation.rooms.hub
            try await world.follow(as: ada) { stream in
                _ = await stream.next()
                hub.stop()
                #expect(await stream.change() == nil)
                let full = try await world.send(.get, "/api/v1/events", as: ada)
                #expect(full.status == 503)
            }
        }
    }

    @Test("a reader that is cut off at random, and goes on at any instance, misses nothing and sees nothing twice (P22)")
    func randomDisconnects() async throws {
        try await World.run { a in
            if EngineUnderTest.current == .postgres {
                try await a.withAnotherInstance { b in try await Self.race([a, b]) }
            } else {
                try await Self.race([a])
            }
        }
    }

    private static func race(_ worlds: [World]) async throws {
        let people = [try await worlds[0].person("ada"), try await worlds[0].person("bob")]
        let (done, stop) = AsyncStream<Void>.makeStream()
        let replicas = try await withThrowingTaskGroup(of: Replica?.self) { group in
            group.addTask {
                try await withThrowingTaskGroup(of: Void.self) { writers in
                    for writer in 0..<4 {
                        writers.addTask {
                            var random = SplitMix(seed: UInt64(writer + 100))
                            for _ in 0..<25 { try await ChangesTests.step(worlds[writer % worlds.count], people, &random) }
                        }
                    }
                    try await writers.waitForAll()
                }
                // Each reader stops at a last task of his own.
                for person in people { _ = try await worlds[0].task("the last one", of: person) }
                stop.finish()
                return nil
            }
            for (index, person) in people.enumerated() {
                group.addTask { try await read(worlds, person, seed: UInt64(index)) }
            }
            var replicas: [Replica] = []
            while let replica = try await group.next() { if let replica { replicas.append(replica) } }
            return replicas
        }
        for await _ in done {}
        for replica in replicas {
            #expect(Set(replica.cursors).count == replica.cursors.count, "something came twice")
            let owner = try #require(
                people.first { person in
                    replica.tasks.values.contains { $0["title"] == "the last one" && $0["owner_id"] == .int(person.id) }
                })
            let (tasks, changes) = (try await worlds[0].tasks(of: owner), try await worlds[0].changes(of: owner))
            #expect(replica.tasks == tasks)
            #expect(replica.cursors == changes.compactMap { $0["cursor"]?.word })
        }
    }

    private static func read(_ worlds: [World], _ person: Person, seed: UInt64) async throws -> Replica {
        var random = SplitMix(seed: seed)
        var replica = Replica()
        var last = "0"
        while true {
            let world = worlds[Int.random(in: 0..<worlds.count, using: &random)]
            let patience = Int.random(in: 1...9, using: &random)
            let known = replica
            let from = last
            let (next, id, isOver) = try await world.follow(as: person, after: from) { stream in
                var replica = known
                var isOver = false
                for _ in 0..<patience {
                    guard !isOver, let event = await stream.change() else { break }
                    replica.apply(event.data)
                    isOver = event.data["task"]?["title"] == "the last one" && event.data["task"]?["owner_id"] == .int(person.id)
                }
                return (replica, stream.lastID ?? from, isOver)
            }
            (replica, last) = (next, id)
            if isOver { return replica }
        }
    }
}

extension JSON {
    fileprivate var word: String? { if case .string(let text) = self { text } else { nil } }
}
